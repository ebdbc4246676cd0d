"""A scenario: the release before a run, the files and inputs, and the expected release after it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.engine import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A release, files and inputs; the expected calls, and the expected release."""

    name: str
    calls: str  # of a run without faults, by kind
    again: str  # of a second run after that
    after_cleanup: str = ""  # of a run after the runner's clean-up step
    files: Mapping[str, bytes]  # in dist
    holds: Mapping[str, bytes]  # content of each asset after the run
    release: Mapping[str, Any] | None = None  # seed of the release before the run
    inputs: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)  # requested labels by asset name
    pruned: tuple[str, ...] = ()
    draft: bool = False  # whether the release is a draft after the run
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the sandbox
    repository: Mapping[str, Any] = field(
        default_factory=dict
    )  # further fields of the repository's seed
    # Fields of the release after the run, by the names of the API; `commit`: of its git tag.
    fields: Mapping[str, Any] = field(default_factory=dict)
    calls_after_verification: int = 0  # how many calls follow the one that verifies the release
    paged: str = ""  # the calls when lists have two items a page and other releases exist
    prepare: Callable[[Engine], None] = lambda _: None  # set-up that a seed cannot express

    @property
    def tag(self) -> str:
        """The tag of the release."""
        return self.inputs.get("tag", "v1")

    @property
    def digests(self) -> bool:
        """Whether GitHub reports digests."""
        return bool(self.settings.get("digests", True))

    def set_up(self, engine: Engine, others: Sequence[Mapping[str, Any]] = ()) -> None:
        """Create the release before the run, and the files. others: seeds of releases of other tags."""
        engine.sandbox.settings(**self.settings)
        releases = [] if self.release is None else [{"tag": self.tag, **self.release}]
        repository = {
            "name": engine.sandbox.repository,
            **self.repository,
            "releases": [*others, *releases],
        }
        engine.sandbox.seed({"repositories": [repository]})
        engine.write({f"dist/{name}": content for name, content in self.files.items()})
        self.prepare(engine)
        engine.sandbox.forget_requests()
