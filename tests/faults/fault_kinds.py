"""Everything that can go wrong with a call, and with which calls."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.calls import KINDS
from tests.faults.scenario import Scenario

ALL = frozenset(KINDS)
DELETES = frozenset({"delete", "give-up"})
BODIES = frozenset({"create", "update", "rename", "send"})
EFFECTS = BODIES - {"send"} | DELETES  # but for uploads, which have more to leave
# The answer to a DELETE has no body, nor has a redirect.
TELLS = ALL - DELETES - {"fetch"}
MADE = frozenset({"create", "send"})
# What may be unknown to GitHub for a moment although it is there. A DELETE that finds nothing has
# nothing to delete, 404 for a commit means that there is no such tag or branch, and an id that a
# workflow gives may be wrong.
KNOWN = ALL - DELETES - {"commit", "latest", "notes", "create", "drafts", "bytes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One way in which a call goes wrong."""

    name: str
    fault: Mapping[str, Any]  # as the sandbox takes it
    on: frozenset[str] = ALL  # the kinds of calls that it can strike
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the sandbox meanwhile
    whole: bool = False  # whether an upload that it strikes stands all the same
    digests: bool | None = None  # whether it needs a GitHub that tells digests; None: either
    survived: bool = True  # whether a run must end well if it strikes once
    stays: bool = False  # whether it is tried as something that stays
    only: frozenset[str] | None = None  # the scenarios in which it is tried; None: all
    stall_seconds: float | None = None  # after which an answer is no longer waited for

    def strikes(self, scenario: Scenario, kind: str) -> bool:
        """Say whether it can happen to this call."""
        if self.only is not None and scenario.name not in self.only:
            return False
        return kind in self.on and self.digests in {None, scenario.digests}


def troubles() -> tuple[Trouble, ...]:
    """Return all."""
    return (*_failures(), *_limits(), *_breaks(), *_nonsense(), *_refusals(), *_lags(), *_stalls())


def _status(status: int, **more: Any) -> dict[str, Any]:
    return {"do": "status", "status": status, **more}


def _failures() -> Iterator[Trouble]:
    yield Trouble(name="500", fault=_status(500), stays=True)
    yield Trouble(name="502", fault=_status(502))
    yield Trouble(name="504", fault=_status(504))
    yield Trouble(name="503-retry-after", fault=_status(503, headers={"Retry-After": "7"}))
    effect = _status(502, effect=True)
    yield Trouble(name="502-effect", fault=effect, on=EFFECTS, stays=True)
    send = frozenset({"send"})
    yield Trouble(name="502-husk", fault=_status(502, leave="starter"), on=send, stays=True)
    whole = _status(502, leave="uploaded")
    yield Trouble(name="502-whole", fault=whole, on=send, whole=True, stays=True)
    for drain in (True, False):
        fault = {"do": "early", "status": 503, "bytes": 1, "drain": drain}
        name = "early" if drain else "early-cut"
        yield Trouble(name=name, fault=fault, on=BODIES, stays=drain)


def _limits() -> Iterator[Trouble]:
    for status in (403, 429):
        for wait in (60, None):
            yield Trouble(
                name=f"{status}-secondary" + ("" if wait else "-no-header"),
                fault={"do": "secondary-limit", "status": status, "retry_after": wait},
                on=ALL - {"bytes"},
                stays=wait is None,
            )
    fault = {"do": "primary-limit", "status": 403, "seconds": 600}
    yield Trouble(name="403-primary", fault=fault, on=ALL - {"bytes"})


def _breaks() -> Iterator[Trouble]:
    """Yield connections that break."""
    before = {"do": "reset", "when": "before", "leave": None}
    yield Trouble(name="reset-before", fault=before)
    during = {"do": "reset", "when": "during", "bytes": 3}
    yield Trouble(name="reset-during", fault=during, on=BODIES)
    after = {"do": "reset", "when": "after", "leave": None}
    yield Trouble(name="reset-after", fault=after, stays=True)
    yield Trouble(name="reset-after-effect", fault={**after, "effect": True}, on=EFFECTS)
    send = frozenset({"send"})
    yield Trouble(name="reset-after-husk", fault={**after, "leave": "starter"}, on=send)
    whole = {**after, "leave": "uploaded"}
    yield Trouble(name="reset-after-whole", fault=whole, on=send, whole=True)
    yield Trouble(name="lose", fault={"do": "lose"}, whole=True, stays=True)


def _nonsense() -> Iterator[Trouble]:
    """Yield answers that are none, and bytes that are others."""
    yield Trouble(name="truncate", fault={"do": "truncate"}, on=TELLS, whole=True, stays=True)
    garbage = {"do": "garbage"}
    yield Trouble(name="garbage", fault=garbage, on=TELLS | {"fetch"}, whole=True, stays=True)
    send, stored = frozenset({"send"}), frozenset({"bytes"})
    yield Trouble(name="corrupt", fault={"do": "corrupt"}, on=send, digests=True, stays=True)
    hidden = {"do": "corrupt", "hidden": True}
    yield Trouble(name="corrupt-hidden", fault=hidden, on=send, digests=False, stays=True)
    yield Trouble(name="corrupt-download", fault={"do": "corrupt"}, on=stored)


def _refusals() -> Iterator[Trouble]:
    """Yield refusals; those that GitHub means are not asked about again."""
    lagging = _status(404, body={"message": "Not Found"})
    yield Trouble(name="404", fault=lagging, on=KNOWN, stays=True)
    for status, message in (
        (401, "Bad credentials"),
        (403, "Resource not accessible by integration"),
        (422, "Validation Failed"),
    ):
        fault = _status(status, body={"message": message})
        yield Trouble(name=str(status), fault=fault, on=ALL - {"bytes"}, survived=False, stays=True)


def _lags() -> Iterator[Trouble]:
    """Yield what is made but not yet shown."""
    for requests in (1, 2):
        fault = {"do": "lag", "requests": requests}
        yield Trouble(name=f"lag-{requests}", fault=fault, on=MADE, whole=True)
        covered = {"lag_covers_ids": True}
        yield Trouble(
            name=f"lag-{requests}-ids", fault=fault, on=MADE, settings=covered, whole=True
        )
        behind = {"lag_requests": requests}
        yield Trouble(
            name=f"lose-lag-{requests}", fault={"do": "lose"}, on=MADE, settings=behind, whole=True
        )


def _stalls() -> Iterator[Trouble]:
    """Yield bytes that move no more, either way; these wait in real time."""
    every_kind = frozenset({"by-id", "create-twice", "mix", "swap-read-back"})
    silent = {"seconds": 2}
    in_body = {"do": "reset", "when": "during", "bytes": 3, **silent}
    for name, fault, on, only in (
        ("head", {"do": "stall", "at": "head", **silent}, ALL, every_kind),
        ("in-body", in_body, BODIES, every_kind | {"fresh"}),
        ("answer", {"do": "stall", "at": "answer", **silent}, ALL, every_kind),
        ("in-answer", {"do": "truncate", **silent}, TELLS, every_kind),
    ):
        yield Trouble(
            name=f"stall-{name}",
            fault=fault,
            on=on,
            whole=name in {"answer", "in-answer"},
            only=only,
            stall_seconds=0.5,
        )
