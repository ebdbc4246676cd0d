"""What is known of the release, and since when; it knows how to refresh itself."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from release_assets.github import GitHub, NotFoundError, UnexpectedAnswerError
from release_assets.models import Asset, Release
from release_assets.names import is_untagged

_EMBEDDED = 250  # assets, below which a release shows them all


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseView:
    """The release as it was read last."""

    release: Release
    tag: str  # as it is to be: that of a draft may have got lost
    by_id: bool = False  # whether the inputs name the release by its id
    duplicates: tuple[Release, ...] = ()  # other drafts of the tag
    began: float = 0.0  # clock.elapsed() when reading it began
    ended: float = 0.0  # and when it ended
    listed: tuple[Asset, ...] | None = None  # its assets, if they were listed since

    def refresh(self, github: GitHub) -> "ReleaseView":
        """Read the release again, and elect the one that all jobs use.

        A draft that has lost its tag gets it back.

        Raises: NotFoundError when there is none any more, GitHubError.
        """
        clock = github.session.clock
        began = clock.elapsed()
        found = [one for one in self._candidates(github) if self._is_of_tag(one)]
        release = elect_confirmed(found, self.tag, github, known=self.release.id)
        if release is None:
            raise self._gone(github)
        if release.tag != self.tag:
            release = github.update_release(release.id, self.tag, {})
        return replace(
            self,
            release=release,
            duplicates=tuple(one for one in found if one.id != release.id),
            began=began,
            ended=clock.elapsed(),
            listed=None,
        )

    def with_release(self, release: Release, github: GitHub) -> "ReleaseView":
        """Return the view with the release as an answer has just shown it."""
        return replace(self, release=release, ended=github.session.clock.elapsed(), listed=None)

    def with_assets(self, github: GitHub, *, listed_again: bool = False) -> "ReleaseView":
        """Return the view with all assets; the list is read only where the release has many.

        Raises: GitHubError.
        """
        if self.listed is not None and not listed_again:
            return self
        if listed_again:
            return replace(self, listed=github.list_assets(self.release.id))
        return replace(self, listed=assets_of(self.release, github))

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The assets, as `with_assets` has read them."""
        return self.release.assets if self.listed is None else self.listed

    def assets_with(self, ours: Iterable[Asset]) -> tuple[Asset, ...]:
        """Return the assets, with those of ours that GitHub does not show yet."""
        names = {asset.name for asset in self.assets}
        return self.assets + tuple(asset for asset in ours if asset.name not in names)

    def _candidates(self, github: GitHub) -> list[Release]:
        if self.by_id:
            return [github.get_release(self.release.id, retry_not_found=True)]
        found = list_releases_of_tag(self.tag, github)
        if all(one.id != self.release.id for one in found):
            # It is public and far down the list, or the list lags, or its tag is lost, or it is gone.
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
            fix="see who deletes it while the job runs, and run the job again",
        )

    def _is_of_tag(self, release: Release) -> bool:
        lost = release.draft and is_untagged(release.tag)
        return release.tag == self.tag or lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded:
    """Another job's draft was elected: the run begins anew with that one."""

    before: Release
    by: Release


def elect(found: Iterable[Release], tag: str) -> Release:
    """Return the release that all jobs use: the public one, else the oldest draft of the tag.

    A draft that has lost its tag comes last: other jobs cannot find it.
    """
    return min(found, key=lambda release: (release.draft, release.tag != tag, release.id))


def elect_confirmed(
    found: Iterable[Release], tag: str, github: GitHub, *, known: int | None = None
) -> Release | None:
    """Return the release that all jobs use, as GitHub shows it by its id; None: there is none.

    known: id of a release that was read by its id, or created.

    Raises: GitHubError.
    """
    left = list(found)
    while left:
        first = elect(left, tag)
        if first.id == known:
            return first
        if confirmed := _confirm(first, tag, github):
            return confirmed
        left.remove(first)
    return None


def _confirm(listed: Release, tag: str, github: GitHub) -> Release | None:
    """Return a release of the list as GitHub shows it by its id; None once the list has lost it.

    A list may be older than what it shows, or wrong. Nothing is written to a release, and no
    other is created in its place, while the two answers contradict each other.

    Raises: GitHubError, also when they contradict each other for good.
    """
    where = f"release {listed.id} of {github.repository}"

    def attempt(number: int) -> Release | None:
        there: Release | None = listed
        if number > 1:
            there = next(
                (one for one in list_releases_of_tag(tag, github) if one.id == listed.id), None
            )
        if there is None:
            return None
        shown = github.find_release(listed.id)
        if shown is not None and _identity(shown) == _identity(there):
            return shown
        raise UnexpectedAnswerError(
            f"GitHub lists a {'draft' if there.draft else 'release'} of `{tag}`, and by its id "
            f"shows {'nothing' if shown is None else 'another'}",
            where=where,
            fix="run the job again; see https://www.githubstatus.com",
        )

    return github.session.retry(attempt, where, (UnexpectedAnswerError,))


def _identity(release: Release) -> tuple[str, bool, bool]:
    return release.tag, release.draft, release.prerelease


def list_releases_of_tag(tag: str, github: GitHub) -> list[Release]:
    """Return the releases of a tag that the list shows: all drafts, or the one that is public.

    Raises: GitHubError.
    """
    return filter_by_tag(tag, github.list_releases())


def filter_by_tag(tag: str, pages: Iterable[tuple[Release, ...]]) -> list[Release]:
    """Return the releases of a tag, reading no more pages than needed."""
    found: list[Release] = []
    for page in pages:
        same = [release for release in page if release.tag == tag]
        found += same
        # Drafts of one tag have one date (that of its commit) and so are listed side by side.
        if found and not (same and page[-1] in same):
            break
    return found


def assets_of(release: Release, github: GitHub) -> tuple[Asset, ...]:
    """Return the assets of a release that was just read, with a call only where there are many.

    Source: https://github.com/microsoft/azure-pipelines-tasks/issues/14095 (near 1000 assets a
    release does not show them all)
    """
    if len(release.assets) < _EMBEDDED:
        return release.assets
    return github.list_assets(release.id)


def may_have_assets(release: Release, count: int, github: GitHub) -> bool:
    """Say whether a release that was just read may hold so many assets, with one call at most."""
    shown = len(release.assets)
    if shown < _EMBEDDED or shown >= count:
        return True  # it shows them itself
    return github.has_asset_at(release.id, count)
