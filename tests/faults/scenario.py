"""What a run may be about: what stands before, what is asked, and how all stands in the end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.support.engine import Engine


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A release, files and inputs; and how all stands in the end."""

    name: str
    calls: str  # of a run in which nothing goes wrong, by kind
    again: str  # of a run after that
    afresh: str = ""  # of a run on what a clean-up made of the release
    files: Mapping[str, bytes]  # in dist
    holds: Mapping[str, bytes]  # what the release holds in the end
    release: Mapping[str, Any] | None = None  # what is there before, as a seed
    inputs: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)  # that were asked for
    pruned: tuple[str, ...] = ()
    draft: bool = False  # whether it is one in the end
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the sandbox
    repository: Mapping[str, Any] = field(default_factory=dict)  # more of its seed
    # What the release has in the end, by the names of the API; `commit`: of its git tag.
    fields: Mapping[str, Any] = field(default_factory=dict)
    tidying: int = 0  # how many calls come after the one that reads the release back
    paged: str = ""  # the calls where lists have two items a page, and there are other releases
    prepare: Callable[[Engine], None] = lambda _: None  # what no seed can say

    @property
    def tag(self) -> str:
        """The tag of the release."""
        return self.inputs.get("tag", "v1")

    @property
    def digests(self) -> bool:
        """Whether GitHub tells digests."""
        return bool(self.settings.get("digests", True))

    def set_up(self, engine: Engine, others: Sequence[Mapping[str, Any]] = ()) -> None:
        """Make what is there before, and the files. others: seeds of releases of other tags."""
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
