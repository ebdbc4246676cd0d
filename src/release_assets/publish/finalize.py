"""The end of a run: elect who publishes, the list of checksums, prune, edit, publish, read back."""

from collections.abc import Sequence

from release_assets import text
from release_assets.errors import ReleaseAssetsError, raise_all
from release_assets.inputs import Inputs
from release_assets.models import Asset, Result
from release_assets.plan import (
    EditRelease,
    PublishRelease,
    TagMovedError,
    assets_to_prune,
    edit_fields,
    publication_fields,
)
from release_assets.publish.checksum_list import add_list
from release_assets.publish.current_release import CurrentRelease
from release_assets.publish.decide import Decision
from release_assets.publish.differences import Expected
from release_assets.publish.discover import Discovery
from release_assets.publish.duplicate_drafts import delete_duplicates
from release_assets.publish.election import elect_leader
from release_assets.publish.publication import TagCheck, edit_release, publish_release
from release_assets.publish.read_back import read_draft_back, read_release_back
from release_assets.publish.upload_context import UploadContext
from release_assets.publish.view import ReleaseView, Superseded, assets_of
from release_assets.report import Edited, Journal, ListDone, Pruned, Published, result_line

_FRESH_SECONDS = 0.5  # for which a view may be relied on


class Finalizer:
    """Does what comes after the last upload, on the release as it is by then."""

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
        self._tag = TagCheck.of(found, context.github)
        self._decision = decision
        self._context = context
        self._github = context.github
        self._journal = journal
        self._current = CurrentRelease(view, context, journal)
        self._tag_moved: list[ReleaseAssetsError] = []
        self._reported = {asset.id for asset in decision.assets if asset.digest is not None}

    def finalize(self) -> Superseded | None:
        """Do it, and return the release that supersedes this one, if any does.

        Raises: ReleaseAssetsError.
        """
        current, inputs = self._current, self._inputs
        if current.release.draft and (superseded := current.refresh()):
            return superseded
        self._edit()
        leads = True
        if current.release.draft and inputs.expect:
            elected = elect_leader(current, inputs)
            if isinstance(elected, Superseded):
                return elected
            leads = elected
        if leads:
            self._add_list()
            self._prune()
            if superseded := self._publish():
                return superseded
        assets = self._read_back()
        if leads:
            self._warn_of_unpruned(assets)
        if inputs.expect and current.outcome.published:
            assets = assets_of(current.release, self._github)
            delete_duplicates(current.view.duplicates, assets, self._github, current.reporter)
        return None

    def _edit(self) -> None:
        """Change the fields that the plan names, in a request of their own.

        Raises: GitHubError.
        """
        step = self._decision.release_plan.step
        if not isinstance(step, EditRelease):
            return
        release = self._current.release
        fields = edit_fields(self._desired, release, step.fields)
        edited = edit_release(release.id, self._desired.tag, fields, self._github)
        self._current.take(edited)
        self._journal.append(Edited(release=edited))
        self._current.reporter.line(f"changed {', '.join(step.fields)} of {edited.tag}")

    # What concerns the whole set

    def _add_list(self) -> None:
        """Put the list of checksums on the release.

        Raises: ReleaseAssetsError.
        """
        if not self._inputs.checksums:
            return

        def assets() -> tuple[Asset, ...]:
            there = self._current.assets(listed_again=True)
            pruned = {asset.id for asset in self._still_to_prune(there)}
            return tuple(one for one in there if one.id not in pruned)

        def done(result: Result) -> None:
            self._current.is_stale = True
            self._journal.append(ListDone(result=result))
            self._current.reporter.line(result_line(result))
            raise_all([result.error] if result.error else [])

        add_list(self._inputs.checksums, assets, self._context, done)

    def _still_to_prune(self, assets: tuple[Asset, ...]) -> tuple[Asset, ...]:
        """Return what was planned to go, and is still the same: other jobs may have swapped it."""
        planned = {asset.id: asset.name for asset in self._decision.plan.prune}
        return tuple(one for one in self._matching(assets) if planned.get(one.id) == one.name)

    def _matching(self, assets: Sequence[Asset]) -> tuple[Asset, ...]:
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

    # Publishing

    def _publish(self) -> Superseded | None:
        """Publish the draft, if this run is to do so.

        Raises: ReleaseAssetsError.
        """
        current, step = self._current, self._decision.release_plan.step
        if not current.release.draft or not self._decision.release_plan.publishes:
            return None
        commit = self._tag.check_before(current.release)
        seconds = current.clock.elapsed() - current.view.ended
        if seconds > _FRESH_SECONDS and (superseded := current.refresh()):
            return superseded
        tag = self._desired.tag
        draft = read_draft_back(current, tag, self._reported)
        if not draft.draft:
            return None
        planned = step.fields if isinstance(step, PublishRelease) else {}
        fields = publication_fields(self._desired, draft, planned)
        published = publish_release(draft, tag, fields, self._inputs, self._github)
        current.take(published)
        self._journal.append(Published(release=published))
        current.reporter.line(f"{published.tag} is published: {published.html_url}")
        try:
            self._tag.check_after(published, commit)
        except TagMovedError as error:
            self._tag_moved = [error]  # raised once the release is read back, too
        return None

    def _read_back(self) -> Sequence[Asset]:
        """Compare the release with what was asked for, and return its assets at the end.

        Raises: ReleaseChangedError when it is not what was asked for, TagMovedError, GitHubError.
        """
        errors = list(self._tag_moved)
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
        """Warn of what matches `prune` and was not there, or not shown, when the run began."""
        if not self._decision.plan.steps:
            return  # against no files at all, every asset would be one too many
        names = [asset.name for asset in self._matching(assets)]
        if names:
            self._current.warn(
                "Not pruned",
                f"{text.shortened_list(names)} match `prune` and stay, since GitHub did not show them when "
                "the run began. To fix: run the job again once nothing else uploads to the release",
            )
