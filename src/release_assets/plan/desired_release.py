"""The desired release, as the inputs describe it, and the actual release. Pure."""

from collections.abc import Mapping
from typing import Literal

from release_assets.light_dataclasses import dataclass
from release_assets.models import Release
from release_assets.plan.draft_mark import find_mark

Fields = Mapping[str, object]
"""Fields of a release in GitHub's API, without the tag."""

# Field of the API -> the input that sets it.
INPUT_OF_FIELD: Mapping[str, str] = {
    "name": "title",
    "body": "notes",
    "prerelease": "prerelease",
    "target_commitish": "target",
    "make_latest": "make-latest",
    "discussion_category_name": "discussion-category",
}


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where the git tag is created when it does not exist."""

    given: str  # as the input says
    sent: str  # a branch, or a full commit id: GitHub accepts nothing else
    commit: str  # full commit id, at the time of planning
    is_branch: bool = False


@dataclass(frozen=True, kw_only=True)
class DesiredRelease:
    """The release that the inputs describe; None for an input that is not set."""

    tag: str
    names: tuple[str, ...]  # of the assets that the run uploads or keeps
    publish: Literal["auto", "always", "never"] = "auto"
    if_exists: Literal["use", "update", "skip", "error"] = "use"
    expects: bool = False  # whether the input `expect` is set
    title: str | None = None
    notes: str | None = None  # with the generated ones
    notes_input: str = "notes"  # the input that set them
    prerelease: bool | None = None
    target: Target | None = None
    make_latest: str | None = None
    discussion_category: str | None = None
    run: str = ""  # id and attempt of the workflow run

    @property
    def given(self) -> frozenset[str]:
        """The inputs that set a field, without those for a public release only."""
        fields = {
            "name": self.title,
            "body": self.notes,
            "prerelease": self.prerelease,
            "target_commitish": self.target,
        }
        return frozenset(
            INPUT_OF_FIELD[name] for name, value in fields.items() if value is not None
        )


@dataclass(frozen=True, kw_only=True)
class ActualRelease:
    """The release as it is, and the other facts that the plan depends on."""

    release: Release
    is_latest: bool | None = None  # None: not read
    tag_commit: str | None = None  # full commit id; None: the tag does not exist, or was not read


def is_ours(release: Release) -> bool:
    """Say whether a release is a draft that this action created, in any run."""
    return release.draft and find_mark(release.body) is not None
