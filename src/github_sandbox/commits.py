"""The endpoint of commits: the commit of a branch, tag, other reference or SHA."""

import re
from typing import Any

from github_sandbox.answers import json_response, node_id
from github_sandbox.call import Call
from github_sandbox.errors import ApiError
from github_sandbox.messages import Response
from github_sandbox.models import Commit, Repository, stamp

SHA_ALONE = "application/vnd.github.sha"
SHORTEST_SHA = 7  # digits


def get_commit(call: Call) -> Response:
    """Return the commit of a reference.

    Source: https://docs.github.com/en/rest/commits/commits#get-a-commit and, for the refusal,
    https://github.com/squalrus/merge-bot/issues/54
    """
    name = call.request.params["ref"]
    commit = resolve(call.repository, name)
    if commit is None:
        raise ApiError(422, f"No commit found for SHA: {name}")
    if SHA_ALONE in call.request.headers.get("accept", ""):
        headers = (("Content-Type", f"{SHA_ALONE}; charset=utf-8"),)
        return Response(status=200, headers=headers, body=commit.sha.encode())
    return json_response(200, _commit_json(call, commit))


def resolve(repository: Repository, name: str) -> Commit | None:
    """Return the commit of a reference, a branch, a tag, or the start of one commit's SHA."""
    if name == "HEAD":
        return repository.branches[repository.default_branch]
    known = {
        **{f"tags/{tag}": commit for tag, commit in repository.tags.items()},
        **{f"heads/{branch}": commit for branch, commit in repository.branches.items()},
        **repository.references,
    }
    if name.startswith("refs/"):
        return known.get(name.removeprefix("refs/"))
    for full_name in (f"heads/{name}", f"tags/{name}", name):
        if full_name in known:
            return known[full_name]
    return _find_by_sha(repository, name)


def _find_by_sha(repository: Repository, start: str) -> Commit | None:
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST_SHA},40}}", start):
        return None
    found = {commit.sha: commit for commit in repository.commits.values()}
    matching = [commit for sha, commit in found.items() if sha.startswith(start)]
    return matching[0] if len(matching) == 1 else None


def _commit_json(call: Call, commit: Commit) -> dict[str, Any]:
    origins, repository = call.world.origins, call.repository
    api = f"{origins.api_url}/repos/{repository.full_name}"
    page = f"{origins.server_url}/{repository.full_name}/commit/{commit.sha}"
    person = {"name": "Mona Lisa", "email": "mona@example.com", "date": stamp(commit.date)}
    return {
        "sha": commit.sha,
        "node_id": node_id("C", repository.id),
        "commit": {
            "author": person,
            "committer": person,
            "message": "A commit",
            "tree": {"sha": commit.sha, "url": f"{api}/git/trees/{commit.sha}"},
            "url": f"{api}/git/commits/{commit.sha}",
            "comment_count": 0,
        },
        "url": f"{api}/commits/{commit.sha}",
        "html_url": page,
        "comments_url": f"{api}/commits/{commit.sha}/comments",
        "author": None,
        "committer": None,
        "parents": [],
    }
