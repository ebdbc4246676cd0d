"""The latest view of a release, how to refresh it, and which of several drafts is used."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

from release_assets.github import GitHub, NotFoundError, UnexpectedAnswerError
from release_assets.models import Asset, Release
from release_assets.names import is_untagged
from release_assets.wording import words

_MAX_EMBEDDED = 250  # assets; a release with fewer shows all of them itself


@dataclass(frozen=True, slots=True, kw_only=True)
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
            fix=words("see who deletes it while the job runs, and {RUN_AGAIN}"),
        )

    def _is_of_tag(self, release: Release) -> bool:
        lost = release.draft and is_untagged(release.tag)
        return release.tag == self.tag or lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded:
    """Another draft was elected: the run restarts with that one."""

    before: Release
    by: Release


def elect(found: Iterable[Release], tag: str) -> Release:
    """Return the release that all jobs use: the public one, or else the oldest draft of the tag.

    A draft that has lost its tag comes last, since other jobs cannot find it.
    """
    return min(found, key=lambda release: (release.draft, release.tag != tag, release.id))


def elect_confirmed(
    found: Iterable[Release], tag: str, github: GitHub, *, known: int | None = None
) -> Release | None:
    """Return the release that all jobs use, confirmed by its id; None if there is none.

    known: id of a release that was read by its id, or created.

    Raises: GitHubError.
    """
    candidates = list(found)
    while candidates:
        first = elect(candidates, tag)
        if first.id == known:
            return first
        if confirmed := _confirm(first, tag, github):
            return confirmed
        candidates.remove(first)
    return None


def _confirm(listed: Release, tag: str, github: GitHub) -> Release | None:
    """Read a listed release by its id, and return it; None once the list omits it.

    The list may be stale or wrong. As long as the two responses contradict each other, this run
    neither writes to the release nor creates another one.

    Raises: GitHubError, also if they still contradict each other after all attempts.
    """
    where = f"release {listed.id} of {github.repository}"
    attempt = partial(_read_listed, listed, tag, github)
    return github.session.retry(attempt, where, (UnexpectedAnswerError,))


def _read_listed(listed: Release, tag: str, github: GitHub, attempt: int) -> Release | None:
    """Read a listed release by its id, and return it; None if the list omits it by now.

    Raises: UnexpectedAnswerError if the two responses contradict each other, GitHubError.
    """
    candidate = listed if attempt == 1 else find_listed(listed.id, tag, github)
    if candidate is None:
        return None
    shown = github.find_release(listed.id)
    if shown is not None and _identity(shown) == _identity(candidate):
        return shown
    raise UnexpectedAnswerError(
        f"GitHub lists a {'draft' if candidate.draft else 'release'} of `{tag}`, but "
        f"{'finds nothing' if shown is None else 'shows another state'} under its id",
        where=f"release {listed.id} of {github.repository}",
        fix=words("{RUN_AGAIN}; see https://www.githubstatus.com"),
    )


def _identity(release: Release) -> tuple[str, bool, bool]:
    return release.tag, release.draft, release.prerelease


def find_listed(release_id: int, tag: str, github: GitHub) -> Release | None:
    """Return the release of a tag with this id from the list; None if the list omits it.

    Raises: GitHubError.
    """
    return next((one for one in list_releases_of_tag(tag, github) if one.id == release_id), None)


def list_releases_of_tag(tag: str, github: GitHub) -> list[Release]:
    """Return the listed releases of a tag: all drafts, or the public release.

    Raises: GitHubError.
    """
    return filter_by_tag(tag, github.list_releases())


def filter_by_tag(tag: str, pages: Iterable[tuple[Release, ...]]) -> list[Release]:
    """Return the releases of a tag, reading no more pages than needed."""
    found: list[Release] = []
    for page in pages:
        same = [release for release in page if release.tag == tag]
        found += same
        # Drafts of one tag have the date of its commit, so the list shows them next to each other.
        if found and not (same and page[-1] in same):
            break
    return found


def assets_of(release: Release, github: GitHub) -> tuple[Asset, ...]:
    """Return the assets of a release that was just read; list them only if there are many.

    Source: https://github.com/microsoft/azure-pipelines-tasks/issues/14095 (near 1000 assets a
    release does not show them all)
    """
    if len(release.assets) < _MAX_EMBEDDED:
        return release.assets
    return github.list_assets(release.id)


def may_have_assets(release: Release, count: int, github: GitHub) -> bool:
    """Say whether a release that was just read may have so many assets, with at most one call."""
    embedded = len(release.assets)
    if embedded < _MAX_EMBEDDED or embedded >= count:
        return True  # the release shows all of them
    return github.has_asset_at(release.id, count)
