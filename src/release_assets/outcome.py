"""What a run came to. Pure."""

from dataclasses import dataclass, field

from release_assets.errors import ReleaseAssetsError
from release_assets.models import Asset, Release, Result
from release_assets.plan import Plan


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a run came to; filled in as it goes, so that it is true whenever the run ends."""

    tag: str | None = None  # as it was asked for
    release: Release | None = None
    created: bool = False
    plan: Plan | None = None
    results: tuple[Result, ...] = ()
    pruned: tuple[Asset, ...] = ()
    published: bool = False
    awaited: tuple[str, ...] = ()  # of `expect`: what no asset matches yet
    warnings: list[str] = field(default_factory=list)
    errors: tuple[ReleaseAssetsError, ...] = ()
    seconds: float = 0.0

    @property
    def changed(self) -> bool:
        """Whether this run changed anything on the release."""
        done = any(result.changed for result in self.results)
        return done or self.created or self.published or bool(self.pruned)
