"""Desired release x actual release -> one step for the release, and warnings. Pure."""

from collections.abc import Iterator

from release_assets.errors import ReleaseAssetsError
from release_assets.light_dataclasses import dataclass
from release_assets.models import Release
from release_assets.plan.desired_release import (
    INPUT_OF_FIELD,
    ActualRelease,
    DesiredRelease,
    Fields,
)
from release_assets.plan.draft_mark import Mark, find_mark, set_id, without_mark
from release_assets.plan.errors import ReleaseExistsError, TargetsDifferError
from release_assets.plan.release_fields import creation_notes
from release_assets.plan.release_warnings import (
    PlanWarning,
    disagreement_warnings,
    unchanged_warnings,
    unpublished_warnings,
)


@dataclass(frozen=True, kw_only=True)
class CreateRelease:
    """The release does not exist: create a draft."""

    tag: str
    fields: Fields
    publishes: bool  # at the end


@dataclass(frozen=True, kw_only=True)
class EditRelease:
    """Change these fields, after all uploads."""

    release: Release
    fields: Fields
    publishes: bool  # later, once the set is complete


@dataclass(frozen=True, kw_only=True)
class PublishRelease:
    """Publish the draft, and change these fields."""

    release: Release
    fields: Fields


@dataclass(frozen=True, kw_only=True)
class KeepRelease:
    """Leave the release as it is."""

    release: Release


ReleaseStep = CreateRelease | EditRelease | PublishRelease | KeepRelease


@dataclass(frozen=True, kw_only=True)
class ReleasePlan:
    """The step for the release, and what to report about it."""

    step: ReleaseStep
    warnings: tuple[PlanWarning, ...] = ()
    refusals: tuple[ReleaseAssetsError, ...] = ()
    skips: bool = False  # the run does nothing: `if-release-exists: skip`

    @property
    def publishes(self) -> bool:
        """Whether the run publishes the release, once the set is complete."""
        return isinstance(self.step, PublishRelease) or (
            isinstance(self.step, CreateRelease | EditRelease) and self.step.publishes
        )

    @property
    def fields(self) -> Fields:
        """The fields to send."""
        return {} if isinstance(self.step, KeepRelease) else self.step.fields

    @property
    def writes(self) -> bool:
        """Whether the step changes the release."""
        return not isinstance(self.step, KeepRelease)


def plan_creation(desired: DesiredRelease, *, tag_exists: bool) -> ReleasePlan:
    """Return the plan if the release does not exist."""
    fields: dict[str, object] = {
        "name": desired.title or desired.tag,
        "body": creation_notes(desired, tag_exists=tag_exists),
        "prerelease": bool(desired.prerelease),
    }
    if desired.target is not None and not tag_exists:
        fields["target_commitish"] = desired.target.sent
    return ReleasePlan(
        step=CreateRelease(tag=desired.tag, fields=fields, publishes=desired.publish != "never")
    )


def plan_release(desired: DesiredRelease, actual: ActualRelease) -> ReleasePlan:
    """Return the plan for a release that exists.

    A draft that this action created gets the values of this run's inputs. For any other release,
    `if-release-exists` decides. A public release never becomes a draft again.
    """
    release = actual.release
    mark = find_mark(release.body) if release.draft else None
    if mark is not None:
        return _plan_ours(desired, actual, mark)
    if desired.if_exists == "error":
        refusal = ReleaseExistsError(release.tag, release.html_url, draft=release.draft)
        return ReleasePlan(step=KeepRelease(release=release), refusals=(refusal,))
    if desired.if_exists == "skip":
        return ReleasePlan(step=KeepRelease(release=release), skips=True)
    return _plan_others(desired, actual)


def _plan_ours(desired: DesiredRelease, actual: ActualRelease, mark: Mark) -> ReleasePlan:
    """Return the plan for a draft that this action created."""
    release = actual.release
    changes = dict(_changes(desired, actual)) | _draft_target(desired, actual)
    contested = _contested(changes, desired, mark)
    if desired.target is not None and "target_commitish" in contested:
        given = desired.target.given
        refusal = TargetsDifferError(desired.tag, release.target, given, release.html_url)
        return ReleasePlan(step=KeepRelease(release=release), refusals=(refusal,))
    warnings = [*disagreement_warnings(contested, release)]
    changes = {name: value for name, value in changes.items() if name not in contested}
    is_for_these_files = mark.files == set_id(desired.names)
    publishes = desired.publish == "always" or (
        desired.publish == "auto" and (desired.expects or is_for_these_files)
    )
    if not publishes:
        warnings += unpublished_warnings(desired, release)
    step = _step(release, changes, publishes=publishes, expects=desired.expects)
    return ReleasePlan(step=step, warnings=tuple(warnings))


def _contested(changes: Fields, desired: DesiredRelease, mark: Mark) -> list[str]:
    """Return the fields that another job of this workflow run has set otherwise."""
    if not mark.run or mark.run != desired.run:
        return []
    return [name for name in changes if INPUT_OF_FIELD[name] in mark.given]


def _plan_others(desired: DesiredRelease, actual: ActualRelease) -> ReleasePlan:
    """Return the plan for a release that this action did not create, or that is public."""
    release = actual.release
    changes: Fields = dict(_changes(desired, actual))
    target = _draft_target(desired, actual)
    publishes = release.draft and (desired.publish == "always" or _publishes_complete(desired))
    warnings: list[PlanWarning] = []
    if release.draft and not publishes:
        warnings += unpublished_warnings(desired, release)
    if desired.if_exists == "use":
        ignored = changes if publishes else {**changes, **target}
        warnings += unchanged_warnings(release, ignored, desired)
        changes = {}
    if publishes or desired.if_exists == "update":
        changes = {**changes, **target}  # GitHub creates the tag at this commit
    step = _step(release, changes, publishes=publishes, expects=desired.expects)
    return ReleasePlan(step=step, warnings=tuple(warnings))


def _step(release: Release, changes: Fields, *, publishes: bool, expects: bool) -> ReleaseStep:
    """Return the step. If another job may publish, the changes need a request of their own."""
    if publishes and (not changes or not expects):
        return PublishRelease(release=release, fields=changes)
    if changes:
        return EditRelease(release=release, fields=changes, publishes=publishes)
    return KeepRelease(release=release)


def _changes(desired: DesiredRelease, actual: ActualRelease) -> Iterator[tuple[str, object]]:
    """Yield each field that an input sets, and whose value on the release differs."""
    release = actual.release
    if desired.title is not None and not _is_same_text(desired.title, release.name or ""):
        yield "name", desired.title
    if desired.notes is not None and not _is_same_text(desired.notes, without_mark(release.body)):
        yield "body", desired.notes
    if desired.prerelease is not None and desired.prerelease != release.prerelease:
        yield "prerelease", desired.prerelease
    if release.draft:
        return
    wanted = {"true": True, "false": False}.get(desired.make_latest or "")
    if wanted is not None and actual.is_latest is not None and wanted != actual.is_latest:
        yield "make_latest", desired.make_latest
    if desired.discussion_category and not release.has_discussion:
        yield "discussion_category_name", desired.discussion_category


def _draft_target(desired: DesiredRelease, actual: ActualRelease) -> dict[str, object]:
    """Return the new target of a draft, if it differs and the git tag does not exist yet."""
    release = actual.release
    if not release.draft or desired.target is None or actual.tag_commit is not None:
        return {}
    if desired.target.sent == release.target:
        return {}
    return {"target_commitish": desired.target.sent}


def _publishes_complete(desired: DesiredRelease) -> bool:
    return desired.publish == "auto" and desired.expects


def _is_same_text(one: str, other: str) -> bool:
    """Compare texts, ignoring line endings and surrounding white space, which GitHub changes."""
    return "\n".join(one.splitlines()).strip() == "\n".join(other.splitlines()).strip()
