"""The variants of the matrix: which faults occur, how many jobs, and how many seeds."""

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One way in which many jobs publish to one release."""

    name: str
    jobs: int
    seeds: int  # of `make matrix`
    faults: bool = False  # whether calls fail, different ones in each job
    lag: bool = False  # whether GitHub's lists are outdated
    slow: bool = False  # whether every answer has a high latency
    checksums: bool = False  # whether every job requests a checksums file
    kills: bool = False  # whether some of the processes are killed and started again
    immutable: bool = False  # whether a release becomes immutable when it is published
    public: bool = False  # whether a public release exists already


VARIANTS = (
    Variant(name="plain", jobs=64, seeds=1),
    Variant(name="slow", jobs=32, seeds=1, slow=True),
    Variant(name="faults", jobs=32, seeds=1, faults=True),
    Variant(name="lag", jobs=32, seeds=1, lag=True),
    Variant(name="faults-lag", jobs=32, seeds=1, faults=True, lag=True),
    Variant(name="checksums", jobs=32, seeds=1, checksums=True),
    Variant(name="checksums-faults-lag", jobs=24, seeds=1, checksums=True, faults=True, lag=True),
    Variant(name="kills", jobs=24, seeds=1, kills=True),
    Variant(name="kills-slow", jobs=24, seeds=1, kills=True, slow=True),
    Variant(name="kills-faults-lag", jobs=24, seeds=1, kills=True, faults=True, lag=True),
    Variant(name="kills-checksums", jobs=24, seeds=1, kills=True, checksums=True),
    Variant(name="immutable", jobs=24, seeds=1, immutable=True, faults=True),
    Variant(name="public", jobs=24, seeds=1, public=True, faults=True),
)
SAMPLE = Variant(name="sample", jobs=16, seeds=1, faults=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A variant with one seed."""

    variant: Variant
    seed: int

    @property
    def id(self) -> str:
        """The id of the parametrized test."""
        return f"{self.variant.name}-{self.seed}"


def trials(seeds: int | None = None, jobs: int | None = None) -> Iterator[Trial]:
    """Yield all trials; seeds, jobs: override those of each variant."""
    for variant in VARIANTS:
        chosen = variant if jobs is None else dataclasses.replace(variant, jobs=jobs)
        for seed in range(seeds or variant.seeds):
            yield Trial(variant=chosen, seed=seed)
