"""The release at the end of a run, refreshed as needed and recorded in the journal."""

from release_assets.models import Asset, Release
from release_assets.publish.upload_context import UploadContext
from release_assets.publish.view import ReleaseView, Superseded
from release_assets.report import Journal, Outcome, ReleaseRead, WarningGiven


class CurrentRelease:
    """The latest view of the release, and whether it is stale."""

    def __init__(self, view: ReleaseView, context: UploadContext, journal: Journal) -> None:
        self.view = view
        self.github = context.github
        self.clock = context.github.session.clock
        self.reporter = context.reporter
        self.journal = journal
        self.is_stale = True  # whether the last write came after the last read
        self.may_be_draft = view.release.draft  # False once it was public
        self.publication_unconfirmed = False  # whether the response to a publication was lost

    @property
    def release(self) -> Release:
        """The release itself."""
        return self.view.release

    @property
    def age_seconds(self) -> float:
        """How long ago the release was read."""
        return self.clock.elapsed() - self.view.read_ended

    @property
    def outcome(self) -> Outcome:
        """What the run has done so far."""
        return self.journal.outcome

    @property
    def uploaded(self) -> tuple[Asset, ...]:
        """The assets of this run's files, even if GitHub does not list them yet."""
        results = self.outcome.results
        return tuple(result.asset for result in results if result.asset is not None)

    def refresh(self) -> Superseded | None:
        """Read the release again, and return what supersedes it, if anything does.

        Raises: GitHubError.
        """
        before = self.release
        self.view = self.view.refresh(self.github)
        now = self.release
        if now.id != before.id:
            return Superseded(before=before, by=now)
        self.is_stale = before.draft and not now.draft  # read a new publication twice
        self.may_be_draft = self.may_be_draft and now.draft
        self.journal.append(ReleaseRead(release=now))
        if before.draft and not now.draft and not self.publication_unconfirmed:
            self.reporter.line(f"{now.tag} was published by another job: {now.html_url}")
        return None

    def read_by_id(self) -> None:
        """Read the release again by its id, whatever other releases the tag has.

        Raises: GitHubError.
        """
        release = self.github.get_release(self.release.id, retry_not_found=True)
        self.view = self.view.with_release(release, self.github)

    def record_response(self, release: Release) -> None:
        """Use the release in the response to a write as the latest view."""
        self.view = self.view.with_release(release, self.github)
        self.is_stale = True
        self.may_be_draft = self.may_be_draft and release.draft

    def assets(self, *, listed_again: bool = False) -> tuple[Asset, ...]:
        """Return the release's assets, with those of this run that GitHub does not list yet.

        Raises: GitHubError.
        """
        self.view = self.view.with_assets(self.github, listed_again=listed_again)
        return self.view.assets_with(self.uploaded)

    def warn(self, title: str, text: str) -> None:
        """Report a warning in the log and in the journal."""
        self.journal.append(WarningGiven(text=text))
        self.reporter.warning(title, text)
