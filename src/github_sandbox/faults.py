"""The faults of the sandbox: which requests go wrong, how often, and in which way."""

import re
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from github_sandbox.journal import Entry

KINDS = (
    "status", "reset", "lose", "early", "delay", "throttle", "stall", "corrupt", "truncate",
    "garbage", "primary-limit", "secondary-limit", "lag", "lie", "list", "interim", "interfere",
)  # fmt: skip
ACTIONS = (
    "edit-body", "edit-title", "publish", "unpublish", "delete-release", "create-draft", "upload",
    "delete-asset", "rename-asset", "replace-asset", "create-tag", "move-tag", "delete-tag",
)  # fmt: skip
UNSET: Final = "unset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which requests a fault is for; None matches all."""

    origin: str | None = None
    method: str | None = None
    path: str | None = None  # regular expression, searched in the path as sent
    query: str | None = None  # regular expression, searched in the query as sent
    job: str | None = None  # of those that a seed has named

    def fits(self, request: Entry) -> bool:
        """Whether a request is one of these."""
        return (
            self.origin in {None, request.origin}
            and self.method in {None, request.method}
            and self.job in {None, request.job}
            and (self.path is None or re.search(self.path, request.path) is not None)
            and (self.query is None or re.search(self.query, request.query) is not None)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action of another party; None leaves the choice to the action.

    It applies to every release of `tag`, and without `tag` to the newest release.
    """

    do: str
    tag: str | None = None
    name: str | None = None  # of an asset, or the title of a release
    new_name: str | None = None  # of an asset to rename
    text: str | None = None  # notes, or the content of an asset
    sha: str | None = None  # the commit of a tag; for a draft, its target
    # Whether an edit sends `tag_name`. A draft that is edited without it loses its tag.
    keep_tag: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim:
    """An answer with status 1xx, which comes before the real one."""

    status: int = 103
    headers: dict[str, str] = field(default_factory=dict)


INTERIM = (
    Interim(status=103, headers={"Link": "</style.css>; rel=preload; as=style"}),
    Interim(status=100),
    Interim(status=103),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault. `do` decides which fields count; the others are ignored."""

    do: str
    match: Match = field(default_factory=Match)
    skip: int = 0  # how many matching requests pass before the first one fails
    times: int | None = 1  # how many requests it affects; None: all
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None  # JSON; a string is sent as text
    when: str = "after"  # "before", "during" or "after" the request's body
    bytes: int = 0  # of the request's body, for "during", early and stall
    leave: Literal["starter", "uploaded", "unset"] | None = (
        UNSET  # the result of an upload: None, "starter" or "uploaded"
    )
    # Whether a request other than an upload is carried out. For a lie, also an upload; there the
    # default is True, and a request that is not carried out is still answered as a success.
    effect: bool = False
    # How long a delay, a stall, a limit or a lag lasts; how long a connection is silent before it
    # is reset, or before it is closed in the middle of an answer.
    seconds: float = 0.0
    bytes_per_second: float = 0.0
    drain: bool | None = None  # whether an unread body is read; None: as the settings say
    # Where a stall is: after the request's "head", and then the request is not carried out; within
    # its "body", which is received in the end; or before the "answer" to a completed request.
    at: str = "body"
    hidden: bool = False  # a corruption that the digest does not show
    retry_after: int | None = 60  # seconds; None: no such header
    requests: int = 0  # how many lists do not show what a lagging request created
    # The object in the answer of a lie: as "asked" for, the "old" state of the object, or an
    # "other" object. None: "asked" for a request with effect; without effect "old" for a PATCH
    # and "other" for a POST.
    object: str | None = None
    # Values to replace in the answer of a lie, by path: "name", "assets.0.size", "*.draft".
    # The value {"$delete": true} removes a field. A path that does not exist changes nothing,
    # except that its last name is added. "" stands for the whole answer.
    fields: dict[str, Any] = field(default_factory=dict)
    change: str | None = None  # how a list is wrong: see pagination.py
    interim: tuple[Interim, ...] = INTERIM  # sent "before" or after the request is carried out
    actions: tuple[Action, ...] = ()  # of another party, "before" or after that


CHOICES: dict[str, tuple[str | None, ...]] = {
    "when": ("before", "during", "after"),
    "leave": (None, "starter", "uploaded"),
    "at": ("head", "body", "answer"),
    "object": (None, "asked", "old", "other"),
    "change": (None, "shift", "shrink", "repeat", "reverse", "empty"),
}
"""The values that a field of a fault may have, for fields with few of them."""
