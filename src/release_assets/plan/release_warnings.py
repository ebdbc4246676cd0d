"""Warnings about inputs that have no effect on the release. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from release_assets.models import Release
from release_assets.plan.desired_release import INPUT_OF_FIELD, DesiredRelease, Fields, is_ours


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanWarning:
    """A warning that an input has no effect."""

    title: str
    text: str


def target_warnings(desired: DesiredRelease, tag_commit: str | None) -> tuple[PlanWarning, ...]:
    """Return a warning if the git tag exists, and points to another commit than `target`."""
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


def unpublished_warnings(desired: DesiredRelease, release: Release) -> Iterator[PlanWarning]:
    """Yield a warning that an existing draft is not published, and how to publish it."""
    if desired.publish == "never":
        return
    origin = "for files of other names" if is_ours(release) else "by somebody else"
    yield PlanWarning(
        title="Draft not published",
        text=f"`{desired.tag}` stays a draft, since the draft that was found, id {release.id}, was "
        f"created {origin}. To fix: set `publish: always` to publish it, or name in `expect` what "
        f"makes it complete ({release.html_url})",
    )


def unchanged_warnings(
    release: Release, changes: Fields, desired: DesiredRelease
) -> Iterator[PlanWarning]:
    """Yield a warning that some inputs do not change the release, since it is not ours.

    changes: the fields that would be sent with `if-release-exists: update`.
    """
    names = [_input_of(name, desired) for name in changes]
    if not names:
        return
    kind = "draft" if release.draft else "release"
    is_single = len(names) == 1
    yield PlanWarning(
        title="Release not changed",
        text=f"the {kind} `{desired.tag}` exists and stays as it is; {_join_names(names)} "
        f"{'differs' if is_single else 'differ'} from what it has. To fix: set "
        f"`if-release-exists: update` to change it, or leave {'it' if is_single else 'them'} out "
        f"({release.html_url})",
    )


def disagreement_warnings(contested: list[str], release: Release) -> Iterator[PlanWarning]:
    """Yield a warning that another job of the workflow run set some inputs differently.

    contested: fields of the API.
    """
    if contested:
        names = [INPUT_OF_FIELD[name] for name in contested]
        yield PlanWarning(
            title="Jobs disagree",
            text=f"another job of this workflow run gave {_join_names(names)} otherwise, and came "
            f"first. To fix: give all jobs the same, or only one of them ({release.html_url})",
        )


def _input_of(name: str, desired: DesiredRelease) -> str:
    return desired.notes_input if name == "body" else INPUT_OF_FIELD[name]


def _join_names(names: list[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
