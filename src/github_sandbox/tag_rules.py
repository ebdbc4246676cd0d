"""What GitHub refuses about git tags: names, targets, and tags that a ruleset protects."""

import re
from fnmatch import fnmatchcase

from github_sandbox.errors import FieldError, invalid, not_accessible, not_found
from github_sandbox.models import Commit, Identity, Release, Repository
from github_sandbox.settings import Settings

RULESET = (
    "Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n"
)
# The characters that git-check-ref-format(1) forbids.
_FORBIDDEN_IN_TAGS = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)")


def is_tag_name(tag: str) -> bool:
    """Whether git allows this name for a tag.

    Source: https://git-scm.com/docs/git-check-ref-format
    """
    bad_end = tag[:1] in {"/", "-", "."} or tag[-1:] in {"/", "."}
    return bool(tag) and tag != "@" and not bad_end and _FORBIDDEN_IN_TAGS.search(tag) is None


def is_protected(repository: Repository, tag: str) -> bool:
    """Whether a ruleset forbids to create a tag.

    Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/
    managing-rulesets/available-rules-for-rulesets
    """
    rules = repository.protected_tags
    return tag not in repository.tags and any(fnmatchcase(tag, rule) for rule in rules)


def check_tag(repository: Repository, release: Release) -> None:
    """Refuse a tag name that git does not allow, or that an immutable release has used.

    Source: https://github.com/semantic-release/github/issues/212 (a draft may have none) and
    https://github.com/github-community-projects/ospo-reusable-workflows/issues/83 (burned names).
    """
    if release.draft and not release.tag_name:
        return
    if not is_tag_name(release.tag_name):
        errors = [
            tag_error("tag_name is not a valid tag"),
            tag_error("tag_name is not well-formed"),
        ]
        raise invalid(*errors, *([] if release.draft else [needs_valid_tag()]))
    if release.tag_name in repository.burned_tags and not release.immutable:
        raise invalid(tag_error("tag_name was used by an immutable release"))


def check_target(
    repository: Repository, release: Release, identity: Identity | None, settings: Settings
) -> None:
    """Refuse a target at which the tag cannot be created; for a draft, too.

    Source: https://github.com/softprops/action-gh-release/issues/213 (the three errors),
    https://github.com/release-drafter/release-drafter/issues/1125 (of a draft), and
    https://github.com/microsoft/AL-Go/issues/987 (not needed for a tag that exists).
    """
    has_tag = release.tag_name in repository.tags
    if has_tag and not settings.target_checked_with_tag:
        return
    commit = repository.find_target(release.target_commitish)
    if commit is None:
        target = FieldError(resource="Release", code="invalid", field="target_commitish")
        no_tag = (tag_error("tag_name is not a valid tag"), needs_valid_tag())
        raise invalid(*(() if release.draft else no_tag), target)
    if not has_tag and not (release.draft and settings.workflow_refusal_at == "publish"):
        _check_workflow_permission(commit, identity, settings)


def _check_workflow_permission(
    commit: Commit, identity: Identity | None, settings: Settings
) -> None:
    """Refuse a tag of GITHUB_TOKEN at a commit that changes workflows.

    Source: https://github.com/cli/cli/issues/9514
    """
    if commit.changes_workflows and (identity is None or identity.integration):
        raise not_found() if settings.workflow_refusal == 404 else not_accessible()


def tag_error(message: str) -> FieldError:
    """Return an error about the field `tag_name`."""
    return FieldError(resource="Release", code="custom", field="tag_name", message=message)


def needs_valid_tag() -> FieldError:
    """Return the error about a published release without a valid tag."""
    message = "Published releases must have a valid tag"
    return FieldError(resource="Release", code="custom", message=message)
