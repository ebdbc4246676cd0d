"""What must be true after a run, whatever went wrong."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from release_assets.names import parse_swap_name
from release_assets.report.outcome import Outcome, exit_code
from release_assets.report.run_report import step_outputs
from release_assets.report.summary import job_summary
from tests.faults.calls import kind_of, kinds_of
from tests.faults.scenario import Scenario
from tests.support.engine import Engine
from tests.support.sandbox import Request, Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """One asset as the sandbox holds it."""

    id: int
    name: str
    label: str
    digest: str | None  # of the bytes that anyone would download; None: it is a husk

    @property
    def final(self) -> str:
        """The name that it stands for."""
        mark = parse_swap_name(self.name)
        return mark.final if mark else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All that the sandbox holds of the repository."""

    drafts: tuple[bool, ...]  # of each release, whether it is a draft
    fields: tuple[Mapping[str, Any], ...]  # of each release, by the names of the API
    assets: tuple[Stand, ...]

    @property
    def is_public(self) -> bool:
        return False in self.drafts

    @property
    def leftovers(self) -> int:
        """How many assets nobody asked for: husks, and what a swap has in between."""
        return sum(a.digest is None or a.name != a.final for a in self.assets)

    def digests_of(self, final: str) -> set[str]:
        """Return the digests of all complete assets that stand for a name."""
        return {a.digest for a in self.assets if a.digest is not None and a.final == final}


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return sha256(content).hexdigest()


def look(sandbox: Sandbox) -> State:
    """Return what the sandbox holds."""
    releases = sandbox.releases()
    return State(
        drafts=tuple(release["draft"] for release in releases),
        fields=tuple(
            {name: release[name] for name in ("name", "body", "prerelease")} for release in releases
        ),
        assets=tuple(
            Stand(
                id=asset["id"],
                name=asset["name"],
                label=asset["label"] or "",
                # Where no digest is told, bytes may be others than those that arrived.
                digest=asset["sha256"]
                if asset["digest"] or asset["state"] != "uploaded"
                else digest_of(sandbox.content_of(asset["id"])),
            )
            for release in releases
            for asset in release["assets"]
        ),
    )


def check_nothing_is_lost(before: State, after: State, scenario: Scenario) -> None:
    """Check that each name that had bytes still has them, old or new; what is pruned goes last."""
    for final in {asset.final for asset in before.assets if asset.digest}:
        there = after.digests_of(final)
        if final in scenario.pruned and not there:
            missing = [
                name
                for name in scenario.holds
                if digest_of(scenario.holds[name]) not in after.digests_of(name)
            ]
            assert not missing, f"{final} was pruned before {missing} stood"
            continue
        good = before.digests_of(final) | {digest_of(scenario.holds.get(final, b""))}
        assert there & good, f"{final} is lost: {after}"
        assert final in scenario.files or final == "SUMS" or there == before.digests_of(final)


def check_every_name_is_borne(before: State, after: State, scenario: Scenario) -> None:
    """Check that no name which readers could download is missing when a run has ended."""
    borne = {asset.name for asset in after.assets if asset.digest}
    for asset in before.assets:
        if asset.digest and asset.name == asset.final and asset.name not in scenario.pruned:
            assert asset.name in borne, f"{asset.name} is missing: {after}"


def check_what_is_told(
    outcome: Outcome,
    before: State,
    after: State,
    engine: Engine,
    scenario: Scenario,
    *,
    blind: bool,
) -> None:
    """Check that what is told is so, and that nothing is hidden.

    blind: whether GitHub never let the run see what stands. Then it must not claim that all does.
    """
    told = step_outputs(outcome)
    there = {asset.id: asset for asset in after.assets}
    for asset in json.loads(told["assets"]):
        if asset["result"] == "failed":
            assert asset["id"] is None
            continue
        assert asset["result"] in {"uploaded", "replaced", "unchanged"}
        assert there[asset["id"]].name == asset["name"]
        assert there[asset["id"]].digest == digest_of(scenario.holds[asset["name"]])
    flaws = list(differences(after, scenario, told_strays(engine)))
    if not (blind and outcome.errors):
        assert bool(outcome.errors) == bool(flaws), f"told {outcome.errors}, but there is {flaws}"
    assert exit_code(outcome.errors, None) == (1 if outcome.errors else 0)
    if not (blind and outcome.errors):
        assert outcome.published == (after.is_public and not before.is_public)
    assert told["published"] == ("true" if outcome.published else "false")
    assert outcome.changed or after == before
    assert {asset.id for asset in outcome.pruned}.isdisjoint(there)


def check_the_token_is_nowhere(outcome: Outcome, engine: Engine) -> None:
    """Check that nothing that is told holds the token."""
    told = [
        *engine.reporter.lines,
        *engine.reporter.warnings,
        *map(str, outcome.errors),
        *outcome.warnings,
    ]
    told += [job_summary(outcome), *step_outputs(outcome).values(), repr(outcome)]
    assert not [text for text in told if engine.sandbox.token in text]


def told_strays(engine: Engine) -> int:
    """Return how many empty drafts a run said that the user may have to delete."""
    return sum("delete the empty one by hand" in warning for warning in engine.reporter.warnings)


def differences(state: State, scenario: Scenario, strays: int = 0) -> Iterator[str]:
    """Yield in what a state is other than all that was asked for.

    strays: how many empty drafts may be left to the user, who was told so.
    """
    count = len(state.drafts) - 1
    if sorted(state.drafts) != sorted([scenario.draft] + [True] * count) or count > strays:
        yield f"releases: {state.drafts}"
    wanted = {name: value for name, value in scenario.fields.items() if name != "commit"}
    if not any(wanted.items() <= fields.items() for fields in state.fields):
        yield f"fields: {state.fields}"
    found = sorted((asset.name, asset.digest) for asset in state.assets if asset.digest)
    if found != sorted((name, digest_of(content)) for name, content in scenario.holds.items()):
        yield f"assets: {found}"
    if state.leftovers:
        yield f"left: {[asset.name for asset in state.assets]}"
    for asset in state.assets:
        label = scenario.labels.get(asset.name, asset.label)
        if asset.label != label:
            yield f"label of {asset.name}: {asset.label}"


def check_the_next_run(
    before: State,
    after: State,
    requests: Sequence[Request],
    scenario: Scenario,
    strays: int = 0,
) -> None:
    """Check that a run in which nothing goes wrong ends the work, with the least of it.

    before: what it found.
    """
    assert list(differences(after, scenario, strays)) == []
    calls = kinds_of(requests)
    if not list(differences(before, scenario, strays)):
        assert calls == scenario.again
    missing = [
        name
        for name, content in scenario.holds.items()
        if digest_of(content) not in before.digests_of(name)
    ]
    assert len(sends(requests)) <= len(missing), f"only {missing} were missing: {calls}"
    expected = max(len(scenario.calls.split()), len(scenario.afresh.split()))
    most = expected + before.leftovers
    assert len(calls.split()) <= most, f"more than {most} calls: {calls}"


def sends(requests: Sequence[Request]) -> list[Request]:
    """Return the requests that sent bytes of files; a name that is taken is refused before them."""
    return [r for r in requests if kind_of(r) == "send" and r.bytes_in and r.status != 422]
