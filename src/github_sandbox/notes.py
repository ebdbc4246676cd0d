"""Generated release notes, for a history without pull requests, and their endpoint."""

from github_sandbox.answers import json_response
from github_sandbox.body_types import NOTES_TYPES, check_types
from github_sandbox.call import Call, json_object
from github_sandbox.errors import ApiError
from github_sandbox.messages import Response
from github_sandbox.models import Repository
from github_sandbox.origins import Origins, escaped
from github_sandbox.store import order_of_list


def generate_notes(call: Call) -> Response:
    """Return a title and notes, and store nothing.

    Source: https://docs.github.com/en/rest/releases/releases#generate-release-notes-content-for-a-release
    and, for the refusal, https://github.com/googleapis/release-please/issues/1787
    """
    body = json_object(call.request)
    check_types(body, NOTES_TYPES)
    tag, previous = body.get("tag_name"), body.get("previous_tag_name")
    if tag is None:
        raise ApiError(422, 'Invalid request.\n\n"tag_name" wasn\'t supplied.')
    if previous is not None and previous not in call.repository.tags:
        status = call.world.settings.unknown_previous_tag
        raise ApiError(status, "Invalid previous_tag parameter")
    name, text = generated_notes(call.world.origins, call.repository, tag, previous)
    if path := body.get("configuration_file_path"):
        target = body.get("target_commitish") or call.repository.default_branch
        comment = f"Release notes generated using configuration in {path} at {target}"
        text = f"<!-- {comment} -->\n\n\n\n{text}"
    return json_response(200, {"name": name, "body": text})


def generated_notes(
    origins: Origins, repository: Repository, tag: str, previous: str | None
) -> tuple[str, str]:
    """Return title and notes since a previous tag; None: since the last published release.

    Source: https://docs.github.com/en/repositories/releasing-projects-on-github/automatically-generated-release-notes
    """
    if previous is None:
        previous = _last_published_tag(repository, tag)
    commits = (
        f"compare/{escaped(previous)}...{escaped(tag)}" if previous else f"commits/{escaped(tag)}"
    )
    page = f"{origins.server_url}/{repository.full_name}"
    return tag, f"**Full Changelog**: {page}/{commits}"


def _last_published_tag(repository: Repository, tag: str) -> str | None:
    """Return the tag of the last published release of another tag."""
    published = [
        release
        for release in repository.releases.values()
        if not release.draft and release.tag_name != tag
    ]
    last = max(published, key=order_of_list, default=None)
    return last.tag_name if last else None
