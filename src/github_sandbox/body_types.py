"""The types of the values in a JSON body, which the endpoints check first."""

from collections.abc import Mapping
from typing import Any

from github_sandbox.errors import ApiError

RELEASE_TYPES: Mapping[str, type] = {
    "tag_name": str,
    "target_commitish": str,
    "name": str,
    "body": str,
    "draft": bool,
    "prerelease": bool,
    "discussion_category_name": str,
    "generate_release_notes": bool,
    "make_latest": str,
}
ASSET_TYPES: Mapping[str, type] = {"name": str, "label": str, "state": str}
NOTES_TYPES: Mapping[str, type] = {
    "tag_name": str,
    "target_commitish": str,
    "previous_tag_name": str,
    "configuration_file_path": str,
}
_NAMES_OF_TYPES = {str: "a string", bool: "a boolean"}


def check_types(body: Mapping[str, Any], types: Mapping[str, type]) -> None:
    """Refuse values of the wrong type; null counts as left out.

    Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    for name, expected in types.items():
        value = body.get(name)
        if value is not None and not isinstance(value, expected):
            shown = "true" if value is True else "false" if value is False else repr(value)
            message = f"{shown} is not {_NAMES_OF_TYPES[expected]}."
            raise ApiError(422, f"Invalid request.\n\nFor 'properties/{name}', {message}")
    latest = body.get("make_latest")
    if latest is not None and latest not in {"true", "false", "legacy"}:
        raise ApiError(
            422,
            f"Invalid request.\n\nFor 'properties/make_latest', {latest} is not a possible value. "
            "Must be one of the following: true, false, legacy.",
        )
