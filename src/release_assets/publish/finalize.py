"""Finalizes a release: edit, elect, upload checksums, prune, publish, and read back."""

from collections.abc import Sequence

from release_assets import text
from release_assets.errors import ReleaseAssetsError, raise_all
from release_assets.github import MAX_THROTTLED_SECONDS
from release_assets.inputs import Inputs
from release_assets.models import Asset, Release, Result
from release_assets.plan import (
    EditRelease,
    Fields,
    PublishRelease,
    TagMovedError,
    assets_to_prune,
    edit_fields,
    publication_fields,
)
from release_assets.publish.checksum_list import upload_checksum_list
from release_assets.publish.current_release import CurrentRelease
from release_assets.publish.decide import Decision
from release_assets.publish.differences import Expected
from release_assets.publish.discover import Discovery
from release_assets.publish.duplicate_drafts import delete_duplicates
from release_assets.publish.election import elect_leader
from release_assets.publish.publication import (
    NotPublished,
    TagCheck,
    edit_release,
    publish_release,
)
from release_assets.publish.read_back import read_draft_back, read_release_back
from release_assets.publish.upload_context import UploadContext
from release_assets.publish.view import ReleaseView, Superseded, assets_of
from release_assets.report import Edited, Journal, ListDone, Pruned, Published, result_line
from release_assets.wording import words

_MAX_VIEW_AGE_SECONDS = 0.5  # an older view is refreshed before publishing


class Finalizer:
    """Performs what remains to be done on the release after the last upload."""

    def __init__(
        self,
        inputs: Inputs,
        found: Discovery,
        decision: Decision,
        context: UploadContext,
        journal: Journal,
        view: ReleaseView,
    ) -> None:
        self._inputs = inputs
        self._desired = found.desired
        self._tag_check = TagCheck.of(found, context.github)
        self._decision = decision
        self._context = context
        self._github = context.github
        self._journal = journal
        self._current = CurrentRelease(view, context, journal)
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
        if is_leader:
            self._warn_of_unpruned(assets)
        if inputs.expect and current.outcome.published:
            assets = assets_of(current.release, self._github)
            delete_duplicates(current.view.duplicates, assets, self._github, current.reporter)
        return None

    def _lead(self) -> bool | Superseded:
        """Complete and publish the release if this job is the leader, and say whether it is.

        Raises: ReleaseAssetsError.
        """
        current, clock = self._current, self._current.clock
        started, failures = clock.elapsed(), 0
        while True:
            if current.release.draft and self._inputs.expect:
                elected = elect_leader(current, self._inputs)
                if elected is not True:
                    return elected
            self._upload_checksum_list()
            self._prune()
            done = self._publish()
            if not isinstance(done, NotPublished):
                return done or True
            if not done.is_rate_limited:
                failures += 1
                current.publication_unconfirmed = True
            is_late = clock.elapsed() - started > MAX_THROTTLED_SECONDS
            if failures >= self._github.session.max_attempts or is_late:
                raise done.error
            if superseded := current.refresh():
                return superseded
            if failures and not current.release.draft:
                # GitHub showed it as a draft right after the lost response: its answers lag.
                self._record_publication(current.release, self._tag_check.commit)
                return True

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
        self._current.reporter.line(f"changed {', '.join(step.fields)} of {edited.tag}")

    def _upload_checksum_list(self) -> None:
        """Upload the list of checksums, if the inputs ask for it.

        Raises: ReleaseAssetsError.
        """
        if not self._inputs.checksums:
            return

        def assets() -> tuple[Asset, ...]:
            listed = self._current.assets(listed_again=True)
            pruned = {asset.id for asset in self._still_to_prune(listed)}
            return tuple(one for one in listed if one.id not in pruned)

        def done(result: Result) -> None:
            self._current.is_stale = True
            self._journal.append(ListDone(result=result))
            self._current.reporter.line(result_line(result))
            raise_all([result.error] if result.error else [])

        upload_checksum_list(self._inputs.checksums, assets, self._context, done)

    def _still_to_prune(self, assets: tuple[Asset, ...]) -> tuple[Asset, ...]:
        """Return the assets to prune that no other job has replaced since they were planned."""
        planned = {asset.id: asset.name for asset in self._decision.plan.prune}
        return tuple(one for one in self._prunable(assets) if planned.get(one.id) == one.name)

    def _prunable(self, assets: Sequence[Asset]) -> tuple[Asset, ...]:
        keep = self._current.outcome.names
        return assets_to_prune(self._inputs.prune, assets, keep=keep, expected=self._inputs.expect)

    def _prune(self) -> None:
        if not self._decision.plan.prune:
            return
        for asset in self._still_to_prune(self._github.list_assets(self._current.release.id)):
            self._context.delete(asset)
            self._current.is_stale = True
            self._journal.append(Pruned(asset=asset))
            self._current.reporter.line(f"deleted {asset.name}")
        self._context.deleted.update({one.id: one.name for one in self._decision.plan.prune})

    def _publish(self) -> Superseded | NotPublished | None:
        """Publish the draft, if the plan says so; return what supersedes or delays it, if any.

        Raises: ReleaseAssetsError.
        """
        current, step = self._current, self._decision.release_plan.step
        if not current.release.draft or not self._decision.release_plan.publishes:
            return None
        commit = self._tag_check.check_before(current.release)
        seconds = current.clock.elapsed() - current.view.read_ended
        if seconds > _MAX_VIEW_AGE_SECONDS and (superseded := current.refresh()):
            return superseded
        tag = self._desired.tag
        draft = read_draft_back(current, tag, self._reported)
        if not draft.draft:
            return None
        planned = step.fields if isinstance(step, PublishRelease) else {}
        fields = publication_fields(self._desired, draft, planned)
        published = publish_release(draft, tag, fields, self._inputs, self._github)
        if isinstance(published, NotPublished):
            return published
        self._record_publication(published, commit)
        return None

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
        expected = Expected(
            desired=self._desired,
            plan=self._decision.release_plan,
            may_be_draft=self._current.may_be_draft,
            deleted=self._context.deleted,
            reported=self._reported,
        )
        assets: Sequence[Asset] = ()
        try:
            whole = bool(self._inputs.prune)
            assets = read_release_back(self._current, expected, whole=whole)
        except ReleaseAssetsError as error:
            errors.append(error)
        raise_all(errors)
        return assets

    def _warn_of_unpruned(self, assets: Sequence[Asset]) -> None:
        """Warn of assets that match `prune` and that were not listed when the run started."""
        if not self._decision.plan.steps:
            return  # without any files, every asset would be pruned
        names = [asset.name for asset in self._prunable(assets)]
        if names:
            self._current.warn(
                "Not pruned",
                words(
                    "{} match {prune} and stay, since GitHub did not show them when the run "
                    "began. To fix: {RUN_AGAIN} once nothing else uploads to the release",
                    text.shortened_list(names),
                ),
            )
