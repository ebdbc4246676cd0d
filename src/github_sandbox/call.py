"""A call of an endpoint: the request, the identity of its token, and its repository."""

import json
from dataclasses import dataclass
from typing import Any

from github_sandbox.errors import ApiError
from github_sandbox.messages import Request
from github_sandbox.models import Account, Identity, Repository
from github_sandbox.visibility import Lag
from github_sandbox.world import HUBOT, World


@dataclass(slots=True, kw_only=True)
class Call:
    """A call of an endpoint by somebody who may make it."""

    world: World
    request: Request
    identity: Identity | None
    found: Repository | None = None

    @property
    def repository(self) -> Repository:
        """The repository in the path."""
        if self.found is None:
            raise AssertionError("this endpoint has no repository")
        return self.found

    @property
    def account(self) -> Account:
        """The author of what the call creates."""
        return self.identity.account if self.identity else HUBOT

    def hide_by_lag(self, item_id: int) -> None:
        """Hide a created object from lists, for as long as a fault or the settings say."""
        settings = self.world.settings
        usual = Lag(seconds=settings.lag, requests=settings.lag_requests)
        self.world.store.visibility.hide(item_id, self.request.alterations.lag or usual)


def json_object(request: Request) -> dict[str, Any]:
    """Return the request's body.

    Raises:
        ApiError: 400, it is not a JSON object.

    Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """
    text = request.body.read()
    if not text.strip():
        return {}
    try:
        document = json.loads(text)
        json.dumps(document, ensure_ascii=False).encode()  # fails for half of a surrogate pair
    except (ValueError, RecursionError) as error:
        raise ApiError(400, "Problems parsing JSON") from error
    if not isinstance(document, dict):
        raise ApiError(400, "Body should be a JSON object")
    return document
