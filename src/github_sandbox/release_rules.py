"""What GitHub refuses about releases, apart from their tags and assets."""

from github_sandbox.errors import ApiError, FieldError, invalid
from github_sandbox.models import Release, Repository
from github_sandbox.settings import Settings
from github_sandbox.store import find_release
from github_sandbox.tag_rules import RULESET, is_protected, needs_valid_tag

LONGEST_NAME = 256  # characters
LONGEST_BODY = 125_000  # characters


def check_lengths(name: str | None, body: str | None) -> None:
    """Refuse a title or notes that are too long.

    Source: https://github.com/softprops/action-gh-release (cuts the body at 125000 characters) and
    https://github.com/goreleaser/goreleaser (likewise).
    """
    errors = []
    if name is not None and len(name) > LONGEST_NAME:
        errors.append(
            _field_error("name", f"name is too long (maximum is {LONGEST_NAME} characters)")
        )
    if body is not None and len(body) > LONGEST_BODY:
        errors.append(
            _field_error("body", f"body is too long (maximum is {LONGEST_BODY} characters)")
        )
    if errors:
        raise invalid(*errors)


def check_publication(repository: Repository, release: Release, settings: Settings) -> None:
    """Refuse to publish a second release of a tag, or one whose tag a ruleset protects.

    Source: https://github.com/hub4j/github-api (recorded: a second release of a tag).
    """
    other = find_release(repository, release.tag_name)
    if other is not None and other.id != release.id:
        raise invalid(FieldError(resource="Release", code="already_exists", field="tag_name"))
    if is_protected(repository, release.tag_name):
        if settings.ruleset_refusal == 403:
            raise ApiError(403, RULESET)
        raise invalid(_field_error("pre_receive", f"pre_receive {RULESET}"), needs_valid_tag())


def check_immutable(old: Release, new: Release) -> None:
    """Refuse a change to the locked fields of an immutable release.

    Title, notes, `prerelease` and `make_latest` stay editable.
    Source: https://github.com/AprilNEA/OpenLogi/pull/55 (the message about a target) and
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
        message = "cannot be changed when release is immutable"
        raise invalid(*(_field_error(name, f"{name} {message}") for name in changed))


def check_category(repository: Repository, category: str | None) -> None:
    """Refuse a discussion category that does not exist.

    Source: https://github.com/hub4j/github-api (recorded answer).
    """
    names = {known.lower() for known in repository.categories}
    if category and category.lower() not in names:
        raise ApiError(
            404,
            "Discussion could not be created. Make sure you passed a valid category name.",
        )


def check_latest(release: Release, make_latest: str | None, *, new: bool) -> None:
    """Refuse to make a draft or a prerelease the latest release.

    No refusal of a new draft is known, only of a change to a draft.
    Source: https://github.com/openclaw/openclaw/pull/139297 (drafts) and
    https://github.com/getsentry/craft/pull/583 (prereleases).
    """
    if make_latest != "true" or (release.draft and new):
        return
    if release.draft or release.prerelease:
        message = "Latest release cannot be draft or prerelease."
        raise invalid(FieldError(resource="Release", code="custom", message=message))


def _field_error(field: str, message: str) -> FieldError:
    return FieldError(resource="Release", code="custom", field=field, message=message)
