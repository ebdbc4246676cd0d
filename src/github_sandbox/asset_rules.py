"""What GitHub refuses about assets: size, number, names, and changes to immutable releases."""

from github_sandbox.errors import ApiError, FieldError, invalid
from github_sandbox.models import Release
from github_sandbox.settings import Settings


def check_upload_to(release: Release) -> None:
    """Refuse an upload to an immutable release.

    Source: https://github.com/concourse/github-release-resource/issues/151
    """
    if release.immutable:
        raise ApiError(422, "Cannot upload assets to an immutable release.")


def check_change_of_asset(release: Release, verb: str) -> None:
    """Refuse a change to an asset of an immutable release; verb: "update" or "delete".

    Source: https://github.com/uutils/coreutils/issues/13839
    """
    if release.immutable:
        message = f"Cannot {verb} asset from an immutable release"
        raise invalid(FieldError(resource="ReleaseAsset", code="custom", message=message))


def check_size(size: int, settings: Settings) -> None:
    """Refuse a size that GitHub does not store; size: bytes.

    Source: https://github.com/cli/cli/issues/10182
    """
    if size < 1:
        raise invalid(_asset_error("size", "size must be greater than or equal to 1"))
    limit = settings.largest_asset
    if size > limit:
        raise invalid(_asset_error("size", f"size must be less than or equal to {limit}"))


def check_count(count: int, settings: Settings) -> None:
    """Refuse one more asset on a release that already has count assets.

    Source: https://github.com/astral-sh/python-build-standalone/issues/691
    """
    limit = settings.most_assets
    if count >= limit:
        message = f"file_count limited to {limit} assets per release"
        raise invalid(_asset_error("file_count", message))


def name_taken() -> ApiError:
    """Return the refusal of a second asset with the same name.

    Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset
    """
    return invalid(FieldError(resource="ReleaseAsset", code="already_exists", field="name"))


def _asset_error(field: str, message: str) -> FieldError:
    return FieldError(resource="ReleaseAsset", code="custom", field=field, message=message)
