"""The end of a run: elect who publishes, the list of checksums, prune, edit, publish, read back."""

from release_assets import text
from release_assets.errors import ReleaseAssetsError, raise_all
from release_assets.events import (
    Edited,
    ListDone,
    Pruned,
    Published,
    ReleaseRead,
    SetMissing,
    WarningGiven,
)
from release_assets.expect import to_prune
from release_assets.inputs import Inputs
from release_assets.journal import Journal
from release_assets.models import Asset, Release, Result
from release_assets.outcome import Outcome
from release_assets.plan.leader import LAG_SECONDS, newest, takeover_delay
from release_assets.plan.release import Edit, Publish
from release_assets.plan.release_fields import edit_fields, publication_fields
from release_assets.publish.checksum_list import add_list
from release_assets.publish.context import UploadContext
from release_assets.publish.decide import Decision
from release_assets.publish.drafts import delete_duplicates
from release_assets.publish.expected_set import missing_of
from release_assets.publish.look import Found
from release_assets.publish.publication import TagCheck, edit_release, publish_release
from release_assets.publish.read_back import read_assets_back, read_release_back
from release_assets.publish.view import ReleaseView, Superseded, assets_of
from release_assets.refusals import TagMovedError
from release_assets.report import result_line

_FRESH_SECONDS = 0.5  # for which a view may be relied on


class Finalizer:
    """Does what comes after the last upload, on the release as it is by then."""

    def __init__(
        self,
        inputs: Inputs,
        found: Found,
        decision: Decision,
        context: UploadContext,
        journal: Journal,
    ) -> None:
        self._inputs = inputs
        self._desired = found.desired
        self._tag = TagCheck.of(found, context.github)
        self._decision = decision
        self._context = context
        self._github = context.github
        self._clock = context.github.session.clock
        self._say = context.say
        self._journal = journal
        self._is_stale = True  # whether the view was read before the last write
        self._tag_moved: list[ReleaseAssetsError] = []
        self._may_be_draft = True  # at the end: not if it was public at any moment of this run

    def finalize(self, view: ReleaseView) -> Superseded | None:
        """Do it, and return the release that supersedes this one, if any does.

        Raises: ReleaseAssetsError.
        """
        self._view = view
        self._may_be_draft = view.release.draft
        if view.release.draft and (superseded := self._refresh()):
            return superseded
        self._edit()
        leads = True
        if self._view.release.draft and self._inputs.expect:
            elected = self._elect()
            if isinstance(elected, Superseded):
                return elected
            leads = elected
        if leads:
            self._add_list()
            self._prune()
            if superseded := self._publish():
                return superseded
        self._read_back()
        if self._inputs.expect and self._outcome.published:
            assets = assets_of(self._view.release, self._github)
            delete_duplicates(self._view.duplicates, assets, self._github, self._say)
        return None

    def _refresh(self) -> Superseded | None:
        """Read the release again.

        Raises: GitHubError.
        """
        before = self._view.release
        self._view = self._view.refresh(self._github)
        now = self._view.release
        if now.id != before.id:
            return Superseded(before=before, by=now)
        self._is_stale = before.draft and not now.draft  # that it is public is read twice
        self._may_be_draft = self._may_be_draft and now.draft
        self._journal.append(ReleaseRead(release=now))
        if before.draft and not now.draft:
            self._say.line(f"{now.tag} was published by another job: {now.html_url}")
        return None

    def _edit(self) -> None:
        """Change the fields that the plan names, in a request of their own.

        Raises: GitHubError.
        """
        step = self._decision.release_plan.step
        if not isinstance(step, Edit):
            return
        release = self._view.release
        fields = edit_fields(self._desired, release, step.fields)
        edited = edit_release(release.id, self._desired.tag, fields, self._github)
        self._take(edited)
        self._journal.append(Edited(release=edited))
        self._say.line(f"changed {', '.join(step.fields)} of {edited.tag}")

    def _take(self, release: Release) -> None:
        """Note what an answer shows after a write."""
        self._view = self._view.with_release(release, self._github)
        self._is_stale = True
        self._may_be_draft = self._may_be_draft and release.draft

    # Who publishes

    def _elect(self) -> bool | Superseded:
        """Say whether this job finishes the work of all.

        The leader is the job that uploaded the last asset of the complete set. If it was killed,
        or read the release before GitHub showed the set, another takes over a little later.

        Raises: ReleaseAssetsError.
        """
        names = self._note_missing()
        if names:
            self._clock.sleep(LAG_SECONDS)
            if superseded := self._refresh():
                return superseded
            names = self._note_missing()
        if names and self._view.release.draft:
            self._say_missing(names)
        if names or not self._view.release.draft:
            return False
        delay = takeover_delay(
            [one for one in self._all_assets() if one.name != self._inputs.checksums],
            {one.asset.id: one.changed for one in self._outcome.results if one.asset},
            now=self._github.session.server.now(),
            refresh_seconds=self._clock.elapsed() - self._view.began,
            chance=self._clock.chance(),
        )
        if delay:
            last = newest(self._all_assets())
            name = last.name if last else ""
            self._say.line(f"the set is complete; {name} came last, and its job publishes it")
            self._clock.sleep(delay)
            if superseded := self._refresh():
                return superseded
        return self._view.release.draft

    def _note_missing(self) -> tuple[str, ...]:
        self._view, names = missing_of(
            self._view, self._inputs, self._ours, self._github, self._say
        )
        self._journal.append(SetMissing(names=names))
        return names

    def _say_missing(self, names: tuple[str, ...]) -> None:
        if self._view.listed is not None:
            there = sorted(asset.name for asset in self._all_assets())
            self._say.line(f"there is: {text.some(there) or 'nothing'}")
        told = f"stays a draft until there is {text.some(names)}"
        if self._inputs.publish == "always":
            self._warn(
                "Set not complete",
                f"{told}. To fix: run the jobs that bring it, or correct `expect`",
            )
        else:
            self._say.line(told)

    def _warn(self, title: str, what: str) -> None:
        self._journal.append(WarningGiven(text=what))
        self._say.warning(title, what)

    # What concerns the whole set

    def _add_list(self) -> None:
        """Put the list of checksums on the release.

        Raises: ReleaseAssetsError.
        """
        if not self._inputs.checksums:
            return

        def assets() -> tuple[Asset, ...]:
            there = self._all_assets(listed_again=True)
            pruned = {asset.id for asset in self._still_to_prune(there)}
            return tuple(one for one in there if one.id not in pruned)

        def done(result: Result) -> None:
            self._is_stale = True
            self._journal.append(ListDone(result=result))
            self._say.line(result_line(result))
            raise_all([result.error] if result.error else [])

        add_list(self._inputs.checksums, assets, self._context, done)

    def _still_to_prune(self, assets: tuple[Asset, ...]) -> tuple[Asset, ...]:
        """Return what was planned to go, and is still the same: other jobs may have swapped it."""
        planned = {asset.id: asset.name for asset in self._decision.plan.prune}
        return tuple(
            asset
            for asset in to_prune(
                self._inputs.prune,
                assets,
                keep=self._outcome.names,
                expected=self._inputs.expect,
            )
            if planned.get(asset.id) == asset.name
        )

    def _prune(self) -> None:
        if not self._decision.plan.prune:
            return
        for asset in self._still_to_prune(self._github.list_assets(self._view.release.id)):
            self._context.delete(asset)
            self._is_stale = True
            self._journal.append(Pruned(asset=asset))
            self._say.line(f"deleted {asset.name}")
        self._context.deleted.update({one.id: one.name for one in self._decision.plan.prune})

    # Publishing

    def _publish(self) -> Superseded | None:
        """Publish the draft, if this run is to do so.

        Raises: ReleaseAssetsError.
        """
        if not self._view.release.draft or not self._decision.release_plan.publishes:
            return None
        commit = self._tag.check_before(self._view.release)
        seconds = self._clock.elapsed() - self._view.ended
        if seconds > _FRESH_SECONDS and (superseded := self._refresh()):
            return superseded
        view = read_assets_back(self._view, self._outcome, self._desired.tag, self._github)
        self._view, release, step = view, view.release, self._decision.release_plan.step
        if not view.release.draft:
            return None
        planned = step.fields if isinstance(step, Publish) else {}
        fields = publication_fields(self._desired, release, planned)
        published = publish_release(release, self._desired.tag, fields, self._inputs, self._github)
        self._take(published)
        self._journal.append(Published(release=published))
        self._say.line(f"{published.tag} is published: {published.html_url}")
        try:
            self._tag.check_after(published, commit)
        except TagMovedError as error:
            self._tag_moved = [error]  # raised once the release is read back, too
        return None

    def _read_back(self) -> None:
        """Compare the release with what was asked for, as GitHub shows it at the end.

        Raises: ReleaseChangedError when it is not what was asked for, TagMovedError, GitHubError.
        """
        errors = list(self._tag_moved)
        try:
            release = read_release_back(
                self._view,
                None if self._is_stale else self._view,
                self._outcome,
                self._desired,
                self._decision.release_plan,
                self._github,
                self._journal,
                deleted=self._context.deleted,
                is_draft=self._may_be_draft,
            )
            self._view = self._view.with_release(release, self._github)
        except ReleaseAssetsError as error:
            errors.append(error)
        raise_all(errors)

    def _all_assets(self, *, listed_again: bool = False) -> tuple[Asset, ...]:
        """Return the release's assets, with those of this run that GitHub does not show yet.

        Raises: GitHubError.
        """
        self._view = self._view.with_assets(self._github, listed_again=listed_again)
        return self._view.assets_with(self._ours)

    @property
    def _ours(self) -> tuple[Asset, ...]:
        results = self._outcome.results
        return tuple(result.asset for result in results if result.asset is not None)

    @property
    def _outcome(self) -> Outcome:
        return self._journal.outcome
