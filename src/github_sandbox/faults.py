"""What goes wrong on request: which call, how often, and in which way."""

import dataclasses
import re
import threading
from dataclasses import dataclass, field
from typing import Any

KINDS = (
    "status", "reset", "lose", "early", "delay", "throttle", "stall", "corrupt", "truncate",
    "garbage", "primary-limit", "secondary-limit", "lag", "lie", "list", "interim", "interfere",
)  # fmt: skip
ACTIONS = (
    "edit-body", "edit-title", "publish", "unpublish", "delete-release", "create-draft", "upload",
    "delete-asset", "rename-asset", "replace-asset", "create-tag", "move-tag", "delete-tag",
)  # fmt: skip
UNSET = "unset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Which requests a fault is for; None matches all."""

    origin: str | None = None
    method: str | None = None
    path: str | None = None  # regular expression, searched in the path as sent
    query: str | None = None  # regular expression, searched in the query as sent
    job: str | None = None  # of those that a seed has named

    def fits(self, origin: str, method: str, path: str, query: str, job: str | None = None) -> bool:
        """Whether a request is one of these."""
        return (
            self.origin in {None, origin}
            and self.method in {None, method}
            and self.job in {None, job}
            and (self.path is None or re.search(self.path, path) is not None)
            and (self.query is None or re.search(self.query, query) is not None)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that another party does; None leaves the choice to the action.

    It applies to every release of `tag`, and without `tag` to the release that was made last.
    """

    do: str
    tag: str | None = None
    name: str | None = None  # of an asset, or the title of a release
    new_name: str | None = None  # of an asset that is renamed
    text: str | None = None  # notes, or the bytes of an asset
    sha: str | None = None  # the commit of a tag; for a draft, its target
    # Whether an edit sends `tag_name`. An edit of a draft without it takes the draft's tag away.
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
    """One fault. Which fields count depends on `do`; the rest are ignored."""

    do: str
    match: Match = field(default_factory=Match)
    skip: int = 0  # matching requests that pass before it strikes
    times: int | None = 1  # how often it strikes; None: always
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None  # JSON, or text when it is a string
    when: str = "after"  # "before", "during" or "after" the request's body
    bytes: int = 0  # of the request's body, for "during", early and stall
    leave: str | None = UNSET  # of an upload: None, "starter" or "uploaded"
    # Of any other request: whether it is carried out. Of a lie, where it is True unless said
    # otherwise, also of an upload; a lie without effect is still answered as a success.
    effect: bool = False
    # How long a delay, a stall, a limit or a lag lasts; how long a connection is silent before it is
    # reset, or before it is closed in the middle of an answer.
    seconds: float = 0.0
    bytes_per_second: float = 0.0
    drain: bool | None = None  # None: as the settings say
    # Where a stall is: after the request's "head", and then nothing is done; in its "body", which
    # is taken after all; or before the "answer", when all is done.
    at: str = "body"
    hidden: bool = False  # a corruption that the digest does not show
    retry_after: int | None = 60  # seconds; None: no such header
    requests: int = 0  # lists that do not show what a lagging request made
    # What the answer of a lie shows: the object as "asked" for, the "old" one as it was before, or
    # the "other" one, which the request was not about. None: "asked" for a request with effect;
    # without effect "old" for a PATCH and "other" for a POST.
    object: str | None = None
    # Values that replace those of a lie's answer, by path: "name", "assets.0.size", "*.draft".
    # The value {"$delete": true} removes a field. A path that does not exist changes nothing, but
    # the last name of a path is added. "" stands for the whole answer.
    fields: dict[str, Any] = field(default_factory=dict)
    # How a list is wrong: see pagination.py.
    change: str | None = None
    interim: tuple[Interim, ...] = (
        INTERIM  # sent before the answer, or "before" the request is read
    )
    actions: tuple[Action, ...] = ()  # of another party, "before" or "after" the request is handled


_CHOICES: dict[str, tuple[str | None, ...]] = {
    "when": ("before", "during", "after"),
    "leave": (None, "starter", "uploaded"),
    "at": ("head", "body", "answer"),
    "object": (None, "asked", "old", "other"),
    "change": (None, "shift", "shrink", "repeat", "reverse", "empty"),
}


class Faults:
    """The faults that are armed, counted exactly however many requests come at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[_Armed] = []

    def add(self, fault: Fault) -> None:
        """Arm a fault."""
        with self._lock:
            self._armed.append(_Armed(fault))

    def clear(self) -> None:
        """Disarm all."""
        with self._lock:
            self._armed.clear()

    def take(
        self, origin: str, method: str, path: str, query: str, job: str | None = None
    ) -> Fault | None:
        """Return the fault that strikes this request, or None.

        Of several that are due the first strikes, and the others wait for the next request. Every
        fault counts every request that fits it towards its skip.
        """
        with self._lock:
            struck: Fault | None = None
            for armed in self._armed:
                if not armed.fault.match.fits(origin, method, path, query, job):
                    continue
                if armed.skipped < armed.fault.skip:
                    armed.skipped += 1
                elif struck is None and armed.due:
                    armed.struck += 1
                    struck = armed.fault
            return struck

    def as_json(self) -> list[dict[str, Any]]:
        """Return all faults, with how often each passed and struck."""
        with self._lock:
            return [
                {
                    **dataclasses.asdict(armed.fault),
                    "skipped": armed.skipped,
                    "struck": armed.struck,
                }
                for armed in self._armed
            ]


@dataclass(slots=True)
class _Armed:
    fault: Fault
    skipped: int = 0
    struck: int = 0

    @property
    def due(self) -> bool:
        return self.fault.times is None or self.struck < self.fault.times


def parse(document: object) -> Fault:
    """Return the fault that a JSON object describes.

    Raises:
        ValueError, TypeError: it describes none.
    """
    if not isinstance(document, dict) or document.get("do") not in KINDS:
        raise ValueError(f'a fault is an object whose "do" is one of {", ".join(KINDS)}')
    known = {item.name for item in dataclasses.fields(Fault)}
    if unknown := sorted(set(document) - known):
        raise ValueError(f"a fault has no {unknown[0]!r}")
    for name, values in _CHOICES.items():
        if name in document and document[name] not in values:
            raise ValueError(f"{name} is one of {values}, not {document[name]!r}")
    match = document.get("match", {})
    places = {item.name for item in dataclasses.fields(Match)}
    if not isinstance(match, dict) or not set(match) <= places:
        raise ValueError(f"match is an object with some of {', '.join(sorted(places))}")
    for name in ("path", "query"):
        try:
            re.compile(match.get(name) or "")
        except (re.error, TypeError) as error:
            raise ValueError(f"match.{name} is not a regular expression") from error
    return Fault(**{**document, **_parts(document), "match": Match(**match)})


def _parts(document: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a fault that are objects themselves, and those with other defaults."""
    do = document["do"]
    parts: dict[str, Any] = {"effect": document.get("effect", do == "lie")}
    if not isinstance(document.get("fields", {}), dict):
        raise TypeError("fields is an object with a value for each path")
    if do == "list" and document.get("change") is None:
        raise ValueError(f"a fault of a list needs a change: {_CHOICES['change'][1:]}")
    if "interim" in document:
        parts["interim"] = tuple(_interim(item) for item in _list_in(document, "interim"))
    if do == "interfere":
        parts["actions"] = tuple(_action(item) for item in _list_in(document, "actions"))
        if not parts["actions"] or document.get("when") == "during":
            raise ValueError("an interference has actions, before or after the request")
    return parts


def _list_in(document: dict[str, Any], name: str) -> list[Any]:
    items = document.get(name, [])
    if not isinstance(items, list):
        raise TypeError(f"{name} is a list")
    return items


def _interim(item: object) -> Interim:
    known = {part.name for part in dataclasses.fields(Interim)}
    if not isinstance(item, dict) or not set(item) <= known:
        raise ValueError(f"an interim answer is an object with some of {', '.join(sorted(known))}")
    if item.get("status", 103) not in range(100, 200) or item.get("status") == 101:
        raise ValueError("an interim answer has a status of 1xx, but not 101")
    return Interim(**item)


def _action(item: object) -> Action:
    """Return an action; its name alone is enough."""
    given = {"do": item} if isinstance(item, str) else item
    if not isinstance(given, dict) or given.get("do") not in ACTIONS:
        raise ValueError(f'an action is one of {", ".join(ACTIONS)}, or an object with it as "do"')
    known = {part.name for part in dataclasses.fields(Action)}
    if unknown := sorted(set(given) - known):
        raise ValueError(f"an action has no {unknown[0]!r}")
    return Action(**given)
