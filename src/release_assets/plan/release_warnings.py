"""Warnings about inputs that have no effect on the release. Pure."""

from collections.abc import Iterator

from release_assets.light_dataclasses import dataclass
from release_assets.models import Release
from release_assets.plan.desired_release import INPUT_OF_FIELD, DesiredRelease, Fields, is_ours
from release_assets.wording import input_name, joined, words


@dataclass(frozen=True, kw_only=True)
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
            text=words(
                "the tag `{}` already exists at commit {}; {target} (`{}`) is commit {}, and GitHub "
                "uses it only to create a tag. To fix: move the tag with git, or remove {target}",
                desired.tag,
                (tag_commit or "")[:12],
                target.given,
                target.commit[:12],
            ),
        ),
    )


def unpublished_warnings(desired: DesiredRelease, release: Release) -> Iterator[PlanWarning]:
    """Yield a warning that an existing draft is not published, and how to publish it."""
    if desired.publish == "never":
        return
    others = words("by a person, another program, or a run with {publish: never}")
    origin = "for other files" if is_ours(release) else others
    yield PlanWarning(
        title="Draft not published",
        text=words(
            "`{}` stays a draft, because draft {} was created {}. To fix: set {publish: always} to "
            "publish it, or list the complete set in {expect} ({})",
            desired.tag,
            release.id,
            origin,
            release.html_url,
        ),
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
        text=words(
            "the {} `{}` already exists and is not changed, although {} {}. To fix: set "
            "{if-release-exists: update} to change it, or remove {} ({})",
            kind,
            desired.tag,
            _join_names(names),
            "differs" if is_single else "differ",
            "this input" if is_single else "these inputs",
            release.html_url,
        ),
    )


def disagreement_warnings(contested: list[str], release: Release) -> Iterator[PlanWarning]:
    """Yield a warning that another job of the workflow run set some inputs differently.

    contested: fields of the API.
    """
    if contested:
        names = [INPUT_OF_FIELD[name] for name in contested]
        yield PlanWarning(
            title="Jobs disagree",
            text=words(
                "another job of this workflow run has already set {} to another value, which "
                "stays. To fix: set the same value in all jobs, or set it in one job only ({})",
                _join_names(names),
                release.html_url,
            ),
        )


def _input_of(name: str, desired: DesiredRelease) -> str:
    return desired.notes_input if name == "body" else INPUT_OF_FIELD[name]


def _join_names(names: list[str]) -> str:
    *first, last = map(input_name, names)
    return words("{} and {}", joined(", ", first), last) if first else last
