"""Cases: wrong values for each field that the program reads of an answer, and other wrong answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.calls import match_of
from tests.faults.cases import numbered_calls
from tests.faults.invariants import digest_of
from tests.faults.scenario import Scenario
from tests.faults.scenarios import NEW, scenarios
from tests.faults.snapshot import Snapshot

# Placeholders for values that are known only when the lie is armed.
OTHER_ASSET, OTHER_RELEASE, OTHER_UPLOADS = "$other-asset", "$other-release", "$other-uploads"
OUR_TAG = "$our-tag"
FAR_ID = 999_999_999
DATES = (None, "2001-01-01T00:00:00Z", "long ago", 5)
ADDRESSES = (None, "https://example.com/elsewhere", 5)

RELEASE: Mapping[str, tuple[Any, ...]] = {
    "id": (None, FAR_ID, OTHER_RELEASE, "7"),
    "tag_name": (None, "v9", OUR_TAG, "untagged-0123456789abcdef", 5),
    "target_commitish": (None, "elsewhere", 5),
    "discussion_url": (None, "https://example.com/discussion", 5),
    "name": (None, "Another title", 5),
    "body": (None, "Another text", 5),
    "draft": (None, True, False, "false"),
    "prerelease": (None, True, False, "false"),
    "immutable": (None, True, "true"),
    "html_url": ADDRESSES,
    "upload_url": (*ADDRESSES, OTHER_UPLOADS),
    "assets": (None, [], {}),
    # They are only shown, by the command line.
    **dict.fromkeys(("author", "node_id", "url", "tarball_url", "zipball_url"), (5,)),
    **dict.fromkeys(("created_at", "published_at"), (5,)),
}
ACCOUNT = {"login": (5,)}
ASSET: Mapping[str, tuple[Any, ...]] = {
    "id": (None, FAR_ID, OTHER_ASSET, "7"),
    "name": (None, "other.bin", "A.ZIP", 5),
    "label": (None, "Another label", 5),
    "state": (None, "starter", "open", 5),
    "size": (None, 1, len(NEW), "7"),
    "digest": (None, f"sha256:{'0' * 64}", f"sha256:{digest_of(NEW)}", "md5:0", 5),
    "content_type": (None, "text/x-other", 5),
    "url": ADDRESSES,
    "browser_download_url": ADDRESSES,
    "created_at": DATES,
    "updated_at": DATES,
    "node_id": (5,),  # only shown
    "download_count": ("7",),
}
COMMIT = {"sha": (None, "0" * 40, "not a commit", 5)}
NOTES = {"body": (None, "Another text", 5)}

# Kind of call -> the fields of its answer, by the path that leads to them.
ANSWERS: Mapping[str, tuple[tuple[str, Mapping[str, tuple[Any, ...]]], ...]] = {
    "find": (("", RELEASE), ("assets.0.", ASSET)),
    "get": (("", RELEASE), ("assets.0.", ASSET)),
    "latest": (("", RELEASE), ("author.", ACCOUNT)),
    "create": (("", RELEASE),),
    "update": (("", RELEASE), ("assets.0.", ASSET)),
    "drafts": (("*.", RELEASE), ("*.assets.0.", ASSET)),
    "send": (("", ASSET),),
    "rename": (("", ASSET),),
    "list": (("0.", ASSET),),
    "commit": (("", COMMIT),),
    "notes": (("", NOTES),),
}
WRITES = frozenset({"create", "update", "send", "rename", "delete", "delete-draft"})
OBJECTS = frozenset({"find", "get", "latest", "create", "update", "send", "rename"})
LISTS = frozenset({"drafts", "list"})
CHANGES = ("shift", "shrink", "repeat", "reverse", "empty")
# Scenarios in which each lie is also tried permanently, and with values of another type.
STAYING = frozenset({"create", "found-draft", "update", "ours-corrected", "swap", "mix", "expect"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """A wrong answer in a scenario, given once or from then on."""

    scenario: Scenario
    kind: str  # of the call
    number: int  # of the call among its kind, from 0
    name: str
    fault: Mapping[str, Any]
    stays: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the sandbox during the first run

    @property
    def id(self) -> str:
        """The id of the parametrized test."""
        stays = "-stays" if self.stays else ""
        return f"{self.scenario.name}-{self.kind}{self.number + 1}-{self.name}{stays}"

    def armed(self, before: Snapshot, uploads_url: str) -> dict[str, Any]:
        """Return the fault as the sandbox takes it."""
        fault = {**self.fault, "match": match_of(self.kind), "skip": self.number}
        fault["times"] = None if self.stays else 1
        if "fields" in fault:
            values = fault["fields"].items()
            known = {OUR_TAG: self.scenario.tag, **_placeholder_values(before, uploads_url)}
            fault["fields"] = {
                path: known.get(v, v) if isinstance(v, str) else v for path, v in values
            }
        return fault


def lies() -> tuple[Lie, ...]:
    """Return all lies."""
    return tuple(lie for scenario in scenarios() for lie in _of_scenario(scenario))


def _of_scenario(scenario: Scenario) -> Iterator[Lie]:
    for kind, number in numbered_calls(scenario.calls):
        for name, fault in (
            *_about_fields(kind, mistyped=scenario.name in STAYING),
            *_about_objects(kind),
            ("interim", _INTERIM),
        ):
            lie = Lie(scenario=scenario, kind=kind, number=number, name=name, fault=fault)
            yield lie
            if kind == "drafts" and "*.tag_name" in name:
                continue  # a release that no list shows cannot be found
            if scenario.name in STAYING and number == 0:
                yield Lie(
                    scenario=scenario, kind=kind, number=0, name=name, fault=fault, stays=True
                )
    for order in ("id", "name"):
        yield from _about_lists(scenario, order)


_INTERIM = {"do": "interim", "interim": [{"status": 103}, {"status": 100}, {"status": 103}]}


def _about_fields(kind: str, *, mistyped: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield wrong fields. mistyped: also values of another type, which one place in the code refuses for all calls."""
    for prefix, fields in ANSWERS.get(kind, ()):
        for path, values in fields.items():
            for value in values:
                if _is_mistyped(value, values) and not mistyped:
                    continue
                shown = str(value).rpartition("/")[2][:20] or "text"
                yield f"{prefix}{path}={shown}", {"do": "lie", "fields": {prefix + path: value}}


def _is_mistyped(value: Any, values: tuple[Any, ...]) -> bool:
    """Return whether a value's type differs from that of the second value, which is plausible.

    A field that is only shown has a single value, of a wrong type.
    """
    if value in (None, OTHER_ASSET, OTHER_RELEASE, OUR_TAG):
        return False
    return len(values) == 1 or type(value) is not type(values[1])


def _about_objects(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if kind in OBJECTS:
        yield "other-object", {"do": "lie", "object": "other"}
    if kind in WRITES:
        yield "no-effect", {"do": "lie", "effect": False}
    if kind in WRITES & OBJECTS:
        yield "no-effect-as-asked", {"do": "lie", "effect": False, "object": "asked"}


def _about_lists(scenario: Scenario, order: str) -> Iterator[Lie]:
    """Yield lies about lists of several pages."""
    for kind, number in numbered_calls(scenario.paged or scenario.calls):
        for change in CHANGES if kind in LISTS else ():
            yield Lie(
                scenario=scenario,
                kind=kind,
                number=number,
                name=f"{change}-by-{order}",
                fault={"do": "list", "change": change},
                settings={"most_per_page": 2, "list_order": order},
            )


def _placeholder_values(before: Snapshot, uploads_url: str) -> dict[Any, Any]:
    """Return the values of the placeholders, from what the sandbox holds."""
    other = before.others[0]
    ours = [asset.id for asset in before.assets]
    uploads = f"{uploads_url}/repos/octo-org/app/releases/{other.id}/assets{{?name,label}}"
    return {
        OTHER_RELEASE: other.id,
        OTHER_ASSET: ours[-1] if ours else other.assets[0].id,
        OTHER_UPLOADS: uploads,
    }
