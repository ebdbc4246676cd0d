"""What the inputs ask of a release and the run does not do, as warnings. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from release_assets.models import Release
from release_assets.plan.desired_release import INPUT_OF_FIELD, DesiredRelease, Fields, is_ours


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWarning:
    """What the inputs ask for and the run does not do."""

    title: str
    text: str


def target_warnings(desired: DesiredRelease, tag_commit: str | None) -> tuple[PlanWarning, ...]:
    """Return a warning where the git tag exists, and names another commit than `target`."""
    target = desired.target
    if target is None or tag_commit in {None, target.commit}:
        return ()
    return (
        PlanWarning(
            title="Target has no effect",
            text=f"the tag `{desired.tag}` exists and names the commit {(tag_commit or '')[:12]}; "
            f"`target` (`{target.given}`) is {target.commit[:12]}, and GitHub uses it only to "
            "create a tag. To fix: move the tag with git, or leave `target` out",
        ),
    )


def stays_draft(desired: DesiredRelease, release: Release) -> Iterator[PlanWarning]:
    """Yield why a draft that is found is not published, and which input would publish it."""
    if desired.publish == "never":
        return
    made = "for files of other names" if is_ours(release) else "by somebody else"
    yield PlanWarning(
        title="Draft not published",
        text=f"`{desired.tag}` stays a draft, since the draft that was found, id {release.id}, was "
        f"created {made}. To fix: set `publish: always` to publish it, or name in `expect` what "
        f"makes it complete ({release.html_url})",
    )


def unused(release: Release, changes: Fields, desired: DesiredRelease) -> Iterator[PlanWarning]:
    """Yield which inputs a release that is not ours does not follow.

    changes: what would be sent with `if-release-exists: update`.
    """
    names = [_input_of(name, desired) for name in changes]
    if not names:
        return
    kind = "draft" if release.draft else "release"
    one = len(names) == 1
    yield PlanWarning(
        title="Release not changed",
        text=f"the {kind} `{desired.tag}` exists and stays as it is; {_listed(names)} "
        f"{'differs' if one else 'differ'} from what it has. To fix: set "
        f"`if-release-exists: update` to change it, or leave {'it' if one else 'them'} out "
        f"({release.html_url})",
    )


def disagreement(contested: list[str], release: Release) -> Iterator[PlanWarning]:
    """Yield which inputs another job of the same workflow run gave with other values.

    contested: fields of the API.
    """
    if contested:
        names = [INPUT_OF_FIELD[name] for name in contested]
        yield PlanWarning(
            title="Jobs disagree",
            text=f"another job of this workflow run gave {_listed(names)} otherwise, and came "
            f"first. To fix: give all jobs the same, or only one of them ({release.html_url})",
        )


def _input_of(name: str, desired: DesiredRelease) -> str:
    return desired.notes_input if name == "body" else INPUT_OF_FIELD[name]


def _listed(names: list[str]) -> str:
    shown = [f"`{name}`" for name in names]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
