"""What all uploads of a run share."""

import threading
from dataclasses import dataclass, field

from release_assets.github.client import GitHub
from release_assets.github.errors import NotFoundError, TransientError
from release_assets.looks import Looks
from release_assets.models import Asset, LocalFile, Release
from release_assets.plan import Known, Overwrite
from release_assets.say import Say


@dataclass(slots=True, kw_only=True)
class Work:
    """What all uploads of a run share."""

    github: GitHub
    release: Release
    files: tuple[LocalFile, ...]  # of the whole run
    overwrite: Overwrite
    download_to_verify: bool
    say: Say
    digests: dict[str, str]  # asset name -> `sha256:<hex>` of the file, as they become known
    besides: list[Release] = field(default_factory=list)  # drafts of the tag that are not the one
    looked: float = 0.0  # clock.elapsed() when the last look at the release began
    seen: float = 0.0  # and when it ended
    shown: tuple[Asset, ...] | None = None  # what it held then, if that was asked for
    hopeless: threading.Event = field(default_factory=threading.Event)  # nothing new is begun
    unwritable: set[str] = field(default_factory=set)  # names for which GitHub knew no release
    spoiled: set[int] = field(default_factory=set)  # ids of what this run put there, and is wrong
    began: dict[str, float] = field(default_factory=dict)  # asset name -> clock.elapsed() when its
    # bytes last began to move: before that a file waits for its turn, which is no part of its time
    looks: Looks = field(init=False)
    swaps: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(1_000))

    def __post_init__(self) -> None:
        self.looks = Looks(lambda: self.github.list_assets(self.release.id))

    def known(self, remote: dict[int, str] | None = None) -> Known:
        """Return the digests that are known by now."""
        return Known(local=dict(self.digests), remote=remote or {})

    def discard(self, asset: Asset) -> None:
        """Delete what this run has put there, and is wrong.

        GitHub may not know it yet, and would show it later: 404 is not taken for an answer at once.

        Raises: GitHubError.
        """
        self.spoiled.add(asset.id)
        session = self.github.session
        for attempt in range(1, session.max_attempts + 1):
            if self.github.delete_asset(asset.id):
                return
            if attempt < session.max_attempts:
                unknown = NotFoundError("GitHub does not know it yet", where=asset.name)
                session.wait_to_look(unknown, f"deleting {asset.name}", attempt)

    def delete(self, asset: Asset) -> None:
        """Delete an asset; where no answer comes through, look whether it is gone.

        Raises: GitHubError.
        """
        try:
            self.github.delete_asset(asset.id)
        except TransientError:
            if any(asset.id == other.id for other in self.looks.now()):
                raise
