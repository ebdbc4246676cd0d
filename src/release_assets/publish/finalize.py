"""Finalizes a release: edit, elect, upload checksums, prune, publish, and read back."""

from collections.abc import Sequence

from release_assets.errors import ReleaseAssetsError, raise_all
from release_assets.models import Asset, Release, Result
from release_assets.plan import (
    INPUT_OF_FIELD,
    EditRelease,
    Fields,
    PublishRelease,
    TagMovedError,
    edit_fields,
    publication_fields,
)
from release_assets.publish.checksum_list import upload_checksum_list
from release_assets.publish.current_release import CurrentRelease
from release_assets.publish.decide import Decision
from release_assets.publish.differences import Expected
from release_assets.publish.discover import Discovery
from release_assets.publish.duplicate_drafts import delete_duplicates, warn_of_unmarked_drafts
from release_assets.publish.election import elect_leader
from release_assets.publish.lists import assets_of
from release_assets.publish.pruning import Pruning
from release_assets.publish.publication import (
    NotPublished,
    PublicationAttempts,
    TagCheck,
    edit_release,
    publish_release,
)
from release_assets.publish.read_back import read_draft_back, read_release_back
from release_assets.publish.upload_context import UploadContext
from release_assets.publish.view import ReleaseView, Superseded
from release_assets.report import Edited, Journal, ListDone, Published, result_line

_MAX_VIEW_AGE_SECONDS = 0.5  # an older view is refreshed before publishing


class Finalizer:
    """Performs what remains to be done on the release after the last upload."""

    def __init__(
        self,
        found: Discovery,
        decision: Decision,
        context: UploadContext,
        journal: Journal,
        view: ReleaseView,
    ) -> None:
        self._inputs = decision.inputs
        self._desired = found.desired
        self._tag_check = TagCheck.of(found, context.github)
        self._decision = decision
        self._context = context
        self._github = context.github
        self._journal = journal
        self._current = CurrentRelease(view, context, journal)
        self._pruning = Pruning(decision, context, self._current)
        self._tag_errors: list[ReleaseAssetsError] = []
        self._reported = {asset.id for asset in decision.assets if asset.digest is not None}

    def finalize(self) -> Superseded | None:
        """Finalize the release; return what supersedes it, if anything does.

        Raises: ReleaseAssetsError.
        """
        current, inputs = self._current, self._inputs
        if current.release.draft and (superseded := current.refresh()):
            return superseded
        self._edit()
        is_leader = self._lead()
        if isinstance(is_leader, Superseded):
            return is_leader
        assets = self._read_back()
        warn_of_unmarked_drafts(current.view.duplicates, current)
        if is_leader:
            self._pruning.warn_of_unpruned(assets)
        if inputs.expect and current.outcome.published:
            assets = assets_of(current.release, self._github)
            delete_duplicates(current.view.duplicates, assets, self._github, current.reporter)
        return None

    def _lead(self) -> bool | Superseded:
        """Complete and publish the release if this job is the leader, and say whether it is.

        Raises: ReleaseAssetsError.
        """
        current = self._current
        attempts = PublicationAttempts(current.clock, self._github.session.max_attempts)
        while isinstance(done := self._complete_and_publish(attempts.number), NotPublished):
            attempts.add_failed(done)
            if not done.is_rate_limited:
                current.publication_unconfirmed = True
            if superseded := current.refresh():
                return superseded
            if current.publication_unconfirmed and not current.release.draft:
                # GitHub showed it as a draft right after the lost response: its answers lag.
                self._record_publication(current.release, self._tag_check.commit)
                return True
        return done

    def _complete_and_publish(self, attempt: int) -> bool | Superseded | NotPublished:
        """Try once to complete and to publish the release, if this job is the leader.

        Return whether it is, or what supersedes or delays the release.

        Raises: ReleaseAssetsError.
        """
        if self._current.release.draft and self._inputs.expect:
            elected = elect_leader(self._current, self._inputs)
            if elected is not True:
                return elected
        self._upload_checksum_list()
        self._pruning.prune()
        return self._publish(attempt) or True

    def _edit(self) -> None:
        """Change the fields in the plan, in a request of its own.

        Raises: GitHubError.
        """
        step = self._decision.release_plan.step
        if not isinstance(step, EditRelease):
            return

        def fields_of(release: Release) -> Fields:
            return edit_fields(self._desired, release, step.fields)

        edited = edit_release(self._current.release, self._desired.tag, fields_of, self._github)
        self._current.record_response(edited)
        self._journal.append(Edited(release=edited))
        changed = ", ".join(INPUT_OF_FIELD[field] for field in step.fields)
        self._current.reporter.line(f"changed {changed} of {edited.tag}")

    def _upload_checksum_list(self) -> None:
        """Upload the list of checksums, if the inputs ask for it.

        Raises: ReleaseAssetsError.
        """
        if not self._inputs.checksums:
            return
        upload_checksum_list(
            self._inputs.checksums, self._assets_to_list, self._context, self._record_checksum_list
        )

    def _assets_to_list(self) -> tuple[Asset, ...]:
        """Return the assets of the release without those that will be pruned."""
        listed = self._current.assets(listed_again=True)
        pruned = {asset.id for asset in self._pruning.still_to_prune(listed)}
        return tuple(one for one in listed if one.id not in pruned)

    def _record_checksum_list(self, result: Result) -> None:
        """Report the result of an upload of the list. Raises: its error."""
        self._current.is_stale = True
        self._journal.append(ListDone(result=result))
        self._current.reporter.line(result_line(result))
        raise_all([result.error] if result.error else [])

    def _publish(self, attempt: int) -> Superseded | NotPublished | None:
        """Publish the draft, if the plan says so; return what supersedes or delays it, if any.

        Raises: ReleaseAssetsError.
        """
        current = self._current
        if not current.release.draft or not self._decision.release_plan.publishes:
            return None
        commit = self._tag_check.check_before(current.release)
        if current.age_seconds > _MAX_VIEW_AGE_SECONDS and (superseded := current.refresh()):
            return superseded
        checksum_list = self._inputs.checksums
        draft = read_draft_back(current, self._desired.tag, self._reported, checksum_list)
        if not draft.draft:
            return None
        published = self._send_publication(draft, attempt)
        if isinstance(published, NotPublished):
            return published
        self._record_publication(published, commit)
        return None

    def _send_publication(self, draft: Release, attempt: int) -> Release | NotPublished:
        """Publish the draft with the fields of the plan. Raises: GitHubError."""
        step = self._decision.release_plan.step
        planned = step.fields if isinstance(step, PublishRelease) else {}
        fields = publication_fields(self._desired, draft, planned)
        tag, inputs, github = self._desired.tag, self._inputs, self._github
        return publish_release(draft, tag, fields, inputs, github, attempt=attempt)

    def _record_publication(self, release: Release, commit: str | None) -> None:
        """Record that this run published the release. commit: of the tag before, if it existed."""
        self._current.record_response(release)
        self._journal.append(Published(release=release))
        self._current.reporter.line(f"{release.tag} is published: {release.html_url}")
        try:
            self._tag_check.check_after(release, commit)
        except TagMovedError as error:
            self._tag_errors = [error]  # raised after the release is read back

    def _read_back(self) -> Sequence[Asset]:
        """Compare the release with what is expected, and return its assets at the end.

        Raises: ReleaseChangedError when it differs from that, TagMovedError, GitHubError.
        """
        errors = list(self._tag_errors)
        assets: Sequence[Asset] = ()
        try:
            whole = bool(self._inputs.prune)
            assets = read_release_back(self._current, self._expected(), whole=whole)
        except ReleaseAssetsError as error:
            errors.append(error)
        raise_all(errors)
        return assets

    def _expected(self) -> Expected:
        return Expected(
            desired=self._desired,
            plan=self._decision.release_plan,
            may_be_draft=self._current.may_be_draft,
            deleted=self._context.deleted,
            reported=self._reported,
            checksum_list=self._inputs.checksums,
        )
