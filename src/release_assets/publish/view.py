"""The latest view of a release, and how to refresh it."""

from collections.abc import Iterable

from release_assets.github import GitHub, NotFoundError
from release_assets.light_dataclasses import dataclass, replace
from release_assets.models import Asset, Release
from release_assets.names import is_untagged
from release_assets.publish.elected_release import elect_confirmed
from release_assets.publish.lists import assets_of, list_releases_of_tag
from release_assets.wording import words


@dataclass(frozen=True, kw_only=True)
class ReleaseView:
    """The release as it was read last, with its assets."""

    release: Release
    tag: str  # the desired one: a draft may have lost its tag
    by_id: bool = False  # whether the inputs name the release by its id
    duplicates: tuple[Release, ...] = ()  # other drafts of the tag
    read_started: float = 0.0  # clock.elapsed() at the start of the last read
    read_ended: float = 0.0  # and at its end
    listed: tuple[Asset, ...] | None = None  # its assets, if they were listed after that

    def refresh(self, github: GitHub) -> "ReleaseView":
        """Read the releases of the tag again, and elect the one that all jobs use.

        If the elected draft has lost its tag, the tag is restored.

        Raises: NotFoundError when there is none any more, GitHubError.
        """
        clock = github.session.clock
        started = clock.elapsed()
        found = [one for one in self._candidates(github) if self._is_of_tag(one)]
        release = self._elect(found, github)
        return replace(
            self,
            release=release,
            duplicates=tuple(one for one in found if one.id != release.id),
            read_started=started,
            read_ended=clock.elapsed(),
            listed=None,
        )

    def with_release(self, release: Release, github: GitHub) -> "ReleaseView":
        """Return the view with the release of a response."""
        return replace(
            self, release=release, read_ended=github.session.clock.elapsed(), listed=None
        )

    def with_assets(self, github: GitHub, *, listed_again: bool = False) -> "ReleaseView":
        """Return the view with all assets; they are listed only if the release has many.

        Raises: GitHubError.
        """
        if self.listed is not None and not listed_again:
            return self
        if listed_again:
            return replace(self, listed=github.list_assets(self.release.id))
        return replace(self, listed=assets_of(self.release, github))

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The assets that `with_assets` read."""
        return self.release.assets if self.listed is None else self.listed

    def assets_with(self, ours: Iterable[Asset]) -> tuple[Asset, ...]:
        """Return the assets, with those of ours that GitHub does not list yet."""
        names = {asset.name for asset in self.assets}
        return self.assets + tuple(asset for asset in ours if asset.name not in names)

    def _elect(self, found: list[Release], github: GitHub) -> Release:
        """Return the release that all jobs use, after its tag is restored.

        Raises: NotFoundError when there is none, GitHubError.
        """
        release = elect_confirmed(found, self.tag, github, known=self.release.id)
        if release is None:
            raise self._gone(github)
        if release.tag != self.tag:
            return github.update_release(release.id, self.tag, {})
        return release

    def _candidates(self, github: GitHub) -> list[Release]:
        if self.by_id:
            return [github.get_release(self.release.id, retry_not_found=True)]
        found = list_releases_of_tag(self.tag, github)
        if all(one.id != self.release.id for one in found):
            # It is public and on a later page, or the list lags, or its tag is lost, or it is gone.
            try:
                found.append(github.get_release(self.release.id))
            except NotFoundError:
                if not found:
                    raise
        return found

    def _gone(self, github: GitHub) -> NotFoundError:
        return NotFoundError(
            f"the release `{self.tag}` is gone",
            where=github.repository,
            fix=words("find out what deletes it while the job runs, then {RUN_AGAIN}"),
        )

    def _is_of_tag(self, release: Release) -> bool:
        lost = release.draft and is_untagged(release.tag)
        return release.tag == self.tag or lost


@dataclass(frozen=True, kw_only=True)
class Superseded:
    """Another draft was elected: the run restarts with that one."""

    before: Release
    by: Release
