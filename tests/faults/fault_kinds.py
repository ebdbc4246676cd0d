"""Every kind of fault that can strike a call, and which kinds of calls it can strike."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.calls import KINDS
from tests.faults.scenario import Scenario

ALL = frozenset(KINDS)
DELETES = frozenset({"delete", "delete-draft"})
SENT_WITH_BODY = frozenset({"create", "update", "rename", "send"})
EFFECTS = SENT_WITH_BODY - {"send"} | DELETES  # without uploads, which can leave more states
# The answers to DELETE, and redirects, have no body.
ANSWERED_WITH_BODY = ALL - DELETES - {"fetch"}
CREATIONS = frozenset({"create", "send"})
# Calls for objects that exist, which GitHub may answer with 404 for a moment. Not among them: a
# DELETE, for which 404 is success; a commit, for which 404 means that no such tag or branch exists;
# and calls for what may not exist.
EXISTING = ALL - DELETES - {"commit", "latest", "notes", "create", "drafts", "bytes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultKind:
    """One kind of fault, as the sandbox injects it into a call."""

    name: str
    fault: Mapping[str, Any]  # as the sandbox takes it
    on: frozenset[str] = ALL  # the kinds of calls that it can strike
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the sandbox during the first run
    upload_completes: bool = False  # whether an upload that it strikes is complete nevertheless
    digests: bool | None = (
        None  # tried only if GitHub does, or does not, report digests; None: always
    )
    recoverable: bool = True  # whether a run must succeed if it strikes once
    stays: bool = False  # whether it is also tried at every call from then on
    only: frozenset[str] | None = None  # the scenarios in which it is tried; None: all
    stall_seconds: float | None = None  # stall timeout of the run; None: the default

    def strikes(self, scenario: Scenario, kind: str) -> bool:
        """Return whether it can strike this call."""
        if self.only is not None and scenario.name not in self.only:
            return False
        return kind in self.on and self.digests in {None, scenario.digests}


def fault_kinds() -> tuple[FaultKind, ...]:
    """Return all kinds of faults."""
    return (
        *_failures(),
        *_limits(),
        *_broken_connections(),
        *_malformed_answers(),
        *_refusals(),
        *_lags(),
        *_stalls(),
    )


def _status(status: int, **more: Any) -> dict[str, Any]:
    return {"do": "status", "status": status, **more}


def _failures() -> Iterator[FaultKind]:
    yield FaultKind(name="500", fault=_status(500), stays=True)
    yield FaultKind(name="502", fault=_status(502))
    yield FaultKind(name="504", fault=_status(504))
    yield FaultKind(name="503-retry-after", fault=_status(503, headers={"Retry-After": "7"}))
    effect = _status(502, effect=True)
    yield FaultKind(name="502-effect", fault=effect, on=EFFECTS, stays=True)
    send = frozenset({"send"})
    yield FaultKind(name="502-starter", fault=_status(502, leave="starter"), on=send, stays=True)
    stored = _status(502, leave="uploaded")
    yield FaultKind(name="502-whole", fault=stored, on=send, upload_completes=True, stays=True)
    for drain in (True, False):
        fault = {"do": "early", "status": 503, "bytes": 1, "drain": drain}
        name = "early" if drain else "early-cut"
        yield FaultKind(name=name, fault=fault, on=SENT_WITH_BODY, stays=drain)


def _limits() -> Iterator[FaultKind]:
    for status in (403, 429):
        for wait in (60, None):
            yield FaultKind(
                name=f"{status}-secondary" + ("" if wait else "-no-header"),
                fault={"do": "secondary-limit", "status": status, "retry_after": wait},
                on=ALL - {"bytes"},
                stays=wait is None,
            )
    fault = {"do": "primary-limit", "status": 403, "seconds": 600}
    yield FaultKind(name="403-primary", fault=fault, on=ALL - {"bytes"})


def _broken_connections() -> Iterator[FaultKind]:
    """Yield broken connections."""
    before = {"do": "reset", "when": "before", "leave": None}
    yield FaultKind(name="reset-before", fault=before)
    during = {"do": "reset", "when": "during", "bytes": 3}
    yield FaultKind(name="reset-during", fault=during, on=SENT_WITH_BODY)
    after = {"do": "reset", "when": "after", "leave": None}
    yield FaultKind(name="reset-after", fault=after, stays=True)
    yield FaultKind(name="reset-after-effect", fault={**after, "effect": True}, on=EFFECTS)
    send = frozenset({"send"})
    yield FaultKind(name="reset-after-starter", fault={**after, "leave": "starter"}, on=send)
    stored = {**after, "leave": "uploaded"}
    yield FaultKind(name="reset-after-whole", fault=stored, on=send, upload_completes=True)
    yield FaultKind(name="lose", fault={"do": "lose"}, upload_completes=True, stays=True)


def _malformed_answers() -> Iterator[FaultKind]:
    """Yield malformed answers and corrupt bytes."""
    yield FaultKind(
        name="truncate",
        fault={"do": "truncate"},
        on=ANSWERED_WITH_BODY,
        upload_completes=True,
        stays=True,
    )
    garbage = {"do": "garbage"}
    yield FaultKind(
        name="garbage",
        fault=garbage,
        on=ANSWERED_WITH_BODY | {"fetch"},
        upload_completes=True,
        stays=True,
    )
    send, stored = frozenset({"send"}), frozenset({"bytes"})
    yield FaultKind(name="corrupt", fault={"do": "corrupt"}, on=send, digests=True, stays=True)
    hidden = {"do": "corrupt", "hidden": True}
    yield FaultKind(name="corrupt-hidden", fault=hidden, on=send, digests=False, stays=True)
    yield FaultKind(name="corrupt-download", fault={"do": "corrupt"}, on=stored)


def _refusals() -> Iterator[FaultKind]:
    """Yield refusals; permanent errors are not retried."""
    lagging = _status(404, body={"message": "Not Found"})
    yield FaultKind(name="404", fault=lagging, on=EXISTING, stays=True)
    for status, message in (
        (401, "Bad credentials"),
        (403, "Resource not accessible by integration"),
        (422, "Validation Failed"),
    ):
        fault = _status(status, body={"message": message})
        yield FaultKind(
            name=str(status), fault=fault, on=ALL - {"bytes"}, recoverable=False, stays=True
        )


def _lags() -> Iterator[FaultKind]:
    """Yield objects that GitHub has created but does not show yet."""
    for requests in (1, 2):
        fault = {"do": "lag", "requests": requests}
        yield FaultKind(name=f"lag-{requests}", fault=fault, on=CREATIONS, upload_completes=True)
        covered = {"lag_covers_ids": True}
        yield FaultKind(
            name=f"lag-{requests}-ids",
            fault=fault,
            on=CREATIONS,
            settings=covered,
            upload_completes=True,
        )
        behind = {"lag_requests": requests}
        yield FaultKind(
            name=f"lose-lag-{requests}",
            fault={"do": "lose"},
            on=CREATIONS,
            settings=behind,
            upload_completes=True,
        )


def _stalls() -> Iterator[FaultKind]:
    """Yield stalls in either direction; these wait in real time."""
    every_kind = frozenset({"by-id", "create-twice", "mix", "swap-read-back"})
    silent = {"seconds": 2}
    in_body = {"do": "reset", "when": "during", "bytes": 3, **silent}
    for name, fault, on, only in (
        ("head", {"do": "stall", "at": "head", **silent}, ALL, every_kind),
        ("in-body", in_body, SENT_WITH_BODY, every_kind | {"fresh"}),
        ("answer", {"do": "stall", "at": "answer", **silent}, ALL, every_kind),
        ("in-answer", {"do": "truncate", **silent}, ANSWERED_WITH_BODY, every_kind),
    ):
        yield FaultKind(
            name=f"stall-{name}",
            fault=fault,
            on=on,
            upload_completes=name in {"answer", "in-answer"},
            only=only,
            stall_seconds=0.5,
        )
