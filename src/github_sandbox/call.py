"""A request that has found its endpoint: what a handler is given."""

import json
from dataclasses import dataclass
from typing import Any

from github_sandbox.errors import ApiError
from github_sandbox.messages import Request
from github_sandbox.models import Account, Identity, Repository
from github_sandbox.world import STRANGER, World


@dataclass(slots=True, kw_only=True)
class Call:
    """One call of an endpoint, by somebody who may make it."""

    world: World
    request: Request
    identity: Identity | None
    found: Repository | None = None

    @property
    def repository(self) -> Repository:
        """The repository of the path."""
        if self.found is None:
            raise AssertionError("this endpoint has no repository")
        return self.found

    @property
    def account(self) -> Account:
        """Who makes what is made."""
        return self.identity.account if self.identity else STRANGER


def json_object(request: Request) -> dict[str, Any]:
    """Return the request's body.

    Raises:
        ApiError: 400, it is no JSON object.

    Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    text = request.body.read()
    if not text.strip():
        return {}
    try:
        document = json.loads(text)
        json.dumps(document, ensure_ascii=False).encode()  # half of a pair is no text to keep
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "Problems parsing JSON") from error
    if not isinstance(document, dict):
        raise ApiError(400, "Body should be a JSON object")
    return document
