"""What GitHub enforces on releases and assets, and where it says so."""

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from github_sandbox.errors import ApiError, Fault422, invalid, not_accessible, not_found
from github_sandbox.models import Identity, Release, Repository
from github_sandbox.settings import Settings
from github_sandbox.store import find_release

RELEASE_TYPES: dict[str, tuple[str, type]] = {
    "tag_name": ("a string", str),
    "target_commitish": ("a string", str),
    "name": ("a string", str),
    "body": ("a string", str),
    "draft": ("a boolean", bool),
    "prerelease": ("a boolean", bool),
    "discussion_category_name": ("a string", str),
    "generate_release_notes": ("a boolean", bool),
    "make_latest": ("a string", str),
}
ASSET_TYPES: dict[str, tuple[str, type]] = {
    "name": ("a string", str),
    "label": ("a string", str),
    "state": ("a string", str),
}
NOTES_TYPES: dict[str, tuple[str, type]] = {
    "tag_name": ("a string", str),
    "target_commitish": ("a string", str),
    "previous_tag_name": ("a string", str),
    "configuration_file_path": ("a string", str),
}
RULESET = (
    "Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n"
)
LONGEST_NAME = 256  # characters
LONGEST_BODY = 125_000  # characters
# The characters that git-check-ref-format(1) forbids.
FORBIDDEN_IN_TAGS = re.compile(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|\.lock(/|$)")


def check_types(body: Mapping[str, Any], types: Mapping[str, tuple[str, type]]) -> None:
    """Let pass values of the right types; null counts as left out.

    Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    for name, (wanted, type_) in types.items():
        value = body.get(name)
        if value is not None and not isinstance(value, type_):
            shown = "true" if value is True else "false" if value is False else repr(value)
            raise ApiError(
                422, f"Invalid request.\n\nFor 'properties/{name}', {shown} is not {wanted}."
            )
    latest = body.get("make_latest")
    if latest is not None and latest not in {"true", "false", "legacy"}:
        raise ApiError(
            422,
            f"Invalid request.\n\nFor 'properties/make_latest', {latest} is not a possible value. "
            "Must be one of the following: true, false, legacy.",
        )


def check_lengths(name: str | None, body: str | None) -> None:
    """Let pass a title and notes that are not too long.

    Source: https://github.com/softprops/action-gh-release (cuts the body at 125000 characters) and
    https://github.com/goreleaser/goreleaser (likewise).
    """
    errors = []
    if name is not None and len(name) > LONGEST_NAME:
        errors.append(_custom("name", f"name is too long (maximum is {LONGEST_NAME} characters)"))
    if body is not None and len(body) > LONGEST_BODY:
        errors.append(_custom("body", f"body is too long (maximum is {LONGEST_BODY} characters)"))
    if errors:
        raise invalid(*errors)


def is_tag_name(tag: str) -> bool:
    """Whether git takes this as the name of a tag.

    Source: https://git-scm.com/docs/git-check-ref-format
    """
    ends = tag[:1] in {"/", "-", "."} or tag[-1:] in {"/", "."}
    return bool(tag) and tag != "@" and not ends and FORBIDDEN_IN_TAGS.search(tag) is None


def check_tag(repository: Repository, release: Release) -> None:
    """Let pass a tag name that may be used at all.

    Source: https://github.com/semantic-release/github/issues/212 (a draft may have none) and
    https://github.com/github-community-projects/ospo-reusable-workflows/issues/83 (burned names).
    """
    if release.draft and not release.tag_name:
        return
    if not is_tag_name(release.tag_name):
        errors = [
            _custom("tag_name", "tag_name is not a valid tag"),
            _custom("tag_name", "tag_name is not well-formed"),
        ]
        raise invalid(*errors, *([] if release.draft else [_needs_valid_tag()]))
    if release.tag_name in repository.burned_tags and not release.immutable:
        raise invalid(_custom("tag_name", "tag_name was used by an immutable release"))


def check_target(
    repository: Repository, release: Release, identity: Identity | None, settings: Settings
) -> None:
    """Let pass a target at which the tag can be made, if it has to be: a draft's target too.

    Source: https://github.com/softprops/action-gh-release/issues/213 (the three errors),
    https://github.com/release-drafter/release-drafter/issues/1125 (of a draft),
    https://github.com/cli/cli/issues/9514 (the workflow permission), and
    https://github.com/microsoft/AL-Go/issues/987 (not needed for a tag that exists).
    """
    has_tag = release.tag_name in repository.tags
    if has_tag and not settings.target_checked_with_tag:
        return
    commit = repository.find_target(release.target_commitish)
    if commit is None:
        target = Fault422(resource="Release", code="invalid", field="target_commitish")
        no_tag = (_custom("tag_name", "tag_name is not a valid tag"), _needs_valid_tag())
        raise invalid(*(() if release.draft else no_tag), target)
    if has_tag or (release.draft and settings.workflow_refusal_at == "publish"):
        return
    if commit.changes_workflows and (identity is None or identity.integration):
        hidden = settings.workflow_refusal == 404
        raise not_found() if hidden else not_accessible()


def check_publication(repository: Repository, release: Release, settings: Settings) -> None:
    """Let pass a release that may stand as the published one of its tag.

    Source: https://github.com/hub4j/github-api (recorded: a second release of a tag).
    """
    other = find_release(repository, release.tag_name)
    if other is not None and other.id != release.id:
        raise invalid(Fault422(resource="Release", code="already_exists", field="tag_name"))
    if is_protected(repository, release.tag_name):
        if settings.ruleset_refusal == 403:
            raise ApiError(403, RULESET)
        raise invalid(_custom("pre_receive", f"pre_receive {RULESET}"), _needs_valid_tag())


def is_protected(repository: Repository, tag: str) -> bool:
    """Whether a ruleset keeps a tag from being made.

    Source: https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/
    managing-rulesets/available-rules-for-rulesets
    """
    rules = repository.protected_tags
    return tag not in repository.tags and any(fnmatchcase(tag, rule) for rule in rules)


def check_locked(old: Release, new: Release) -> None:
    """Let pass a change to a release that leaves alone what is locked when it is immutable.

    Title, notes, `prerelease` and `make_latest` stay editable.
    Source: https://github.com/AprilNEA/OpenLogi/pull/55 (the words for a target) and
    https://github.com/github/docs/issues/45718 (what stays editable).
    """
    if not old.immutable:
        return
    changed = []
    if new.tag_name != old.tag_name:
        changed.append("tag_name")
    if new.target_commitish != old.target_commitish:
        changed.append("target_commitish")
    if new.draft:
        changed += ["state", "immutable"]
    if changed:
        end = "cannot be changed when release is immutable"
        raise invalid(*(_custom(name, f"{name} {end}") for name in changed))


def check_category(repository: Repository, category: str | None) -> None:
    """Let pass a category of discussions that exists.

    Source: https://github.com/hub4j/github-api (recorded answer).
    """
    names = {known.lower() for known in repository.categories}
    if category and category.lower() not in names:
        raise ApiError(
            404,
            "Discussion could not be created. Make sure you passed a valid category name.",
        )


def check_latest(release: Release, make_latest: str | None, *, new: bool) -> None:
    """Let pass what may be the latest release: drafts and prereleases may not.

    A new draft is not known to be refused; a change to a draft is.
    Source: https://github.com/openclaw/openclaw/pull/139297 (drafts) and
    https://github.com/getsentry/craft/pull/583 (prereleases).
    """
    if make_latest != "true" or (release.draft and new):
        return
    if release.draft or release.prerelease:
        message = "Latest release cannot be draft or prerelease."
        raise invalid(Fault422(resource="Release", code="custom", message=message))


def check_upload_to(release: Release) -> None:
    """Let pass an upload to a release that is not locked.

    Source: https://github.com/concourse/github-release-resource/issues/151
    """
    if release.immutable:
        raise ApiError(422, "Cannot upload assets to an immutable release.")


def check_change_of_asset(release: Release, verb: str) -> None:
    """Let pass a change to an asset of a release that is not locked.

    Source: https://github.com/uutils/coreutils/issues/13839
    """
    if release.immutable:
        message = f"Cannot {verb} asset from an immutable release"
        raise invalid(Fault422(resource="ReleaseAsset", code="custom", message=message))


def check_size(size: int, settings: Settings) -> None:
    """Let pass a size that GitHub stores.

    Source: https://github.com/cli/cli/issues/10182
    """
    if size < 1:
        raise invalid(_asset("size", "size must be greater than or equal to 1"))
    if size > settings.largest_asset:
        limit = settings.largest_asset
        raise invalid(_asset("size", f"size must be less than or equal to {limit}"))


def check_count(count: int, settings: Settings) -> None:
    """Let pass one more asset on a release that has count.

    Source: https://github.com/astral-sh/python-build-standalone/issues/691
    """
    most = settings.most_assets
    if count >= most:
        raise invalid(_asset("file_count", f"file_count limited to {most} assets per release"))


def name_taken() -> ApiError:
    """Return the refusal of a second asset of a name.

    Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset
    """
    return invalid(Fault422(resource="ReleaseAsset", code="already_exists", field="name"))


def _custom(field: str, message: str) -> Fault422:
    return Fault422(resource="Release", code="custom", field=field, message=message)


def _asset(field: str, message: str) -> Fault422:
    return Fault422(resource="ReleaseAsset", code="custom", field=field, message=message)


def _needs_valid_tag() -> Fault422:
    message = "Published releases must have a valid tag"
    return Fault422(resource="Release", code="custom", message=message)
