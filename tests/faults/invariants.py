"""Invariants that hold after a run in which a call failed or the process was killed."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from release_assets.names import parse_swap_name
from release_assets.report.outcome import Outcome, exit_code
from release_assets.report.run_report import step_outputs
from release_assets.summary.document import job_summary
from tests.faults.calls import kind_of, kinds_of
from tests.faults.scenario import Scenario
from tests.support.engine import Engine
from tests.support.sandbox import Request, Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAsset:
    """An asset as the sandbox stores it."""

    id: int
    name: str
    label: str
    digest: str | None  # of the content as downloaded; None: it is a starter

    @property
    def final(self) -> str:
        """The name of the asset that it is, or is a staged or backup asset of."""
        mark = parse_swap_name(self.name)
        return mark.final if mark else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that the sandbox stores of the repository."""

    drafts: tuple[bool, ...]  # of each release, whether it is a draft
    fields: tuple[Mapping[str, Any], ...]  # of each release, by the names of the API
    assets: tuple[StoredAsset, ...]

    @property
    def is_public(self) -> bool:
        return False in self.drafts

    @property
    def leftovers(self) -> int:
        """The number of leftover assets: starters, staged assets and backup assets."""
        return sum(a.digest is None or a.name != a.final for a in self.assets)

    def digests_of(self, final: str) -> set[str]:
        """Return the digests of all complete assets that are `final` or staged or backup assets of it."""
        return {a.digest for a in self.assets if a.digest is not None and a.final == final}


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return sha256(content).hexdigest()


def read_state(sandbox: Sandbox) -> State:
    """Return what the sandbox stores now."""
    releases = sandbox.releases()
    return State(
        drafts=tuple(release["draft"] for release in releases),
        fields=tuple(
            {name: release[name] for name in ("name", "body", "prerelease")} for release in releases
        ),
        assets=tuple(
            StoredAsset(
                id=asset["id"],
                name=asset["name"],
                label=asset["label"] or "",
                # If the API reports no digest, the stored bytes may differ from those that arrived.
                digest=asset["sha256"]
                if asset["digest"] or asset["state"] != "uploaded"
                else digest_of(sandbox.content_of(asset["id"])),
            )
            for release in releases
            for asset in release["assets"]
        ),
    )


def check_nothing_is_lost(before: State, after: State, scenario: Scenario) -> None:
    """Check that each complete asset still has its old or new content, and that pruning came last."""
    for final in {asset.final for asset in before.assets if asset.digest}:
        there = after.digests_of(final)
        if final in scenario.pruned and not there:
            missing = [
                name
                for name in scenario.holds
                if digest_of(scenario.holds[name]) not in after.digests_of(name)
            ]
            assert not missing, f"{final} was pruned before {missing} were complete"
            continue
        good = before.digests_of(final) | {digest_of(scenario.holds.get(final, b""))}
        assert there & good, f"{final} is lost: {after}"
        assert final in scenario.files or final == "SUMS" or there == before.digests_of(final)


def check_every_asset_is_downloadable(before: State, after: State, scenario: Scenario) -> None:
    """Check that each asset that could be downloaded before the run can be downloaded after it."""
    downloadable = {asset.name for asset in after.assets if asset.digest}
    for asset in before.assets:
        if asset.digest and asset.name == asset.final and asset.name not in scenario.pruned:
            assert asset.name in downloadable, f"{asset.name} is missing: {after}"


def check_outputs_and_errors(
    outcome: Outcome,
    before: State,
    after: State,
    engine: Engine,
    scenario: Scenario,
    *,
    unreadable: bool,
) -> None:
    """Check that outputs and errors agree with what the sandbox stores.

    unreadable: whether the run could not read the release, so that it must report errors.
    """
    outputs = step_outputs(outcome)
    there = {asset.id: asset for asset in after.assets}
    for asset in json.loads(outputs["assets"]):
        if asset["result"] == "failed":
            assert asset["id"] is None
            continue
        assert asset["result"] in {"uploaded", "replaced", "unchanged"}
        assert there[asset["id"]].name == asset["name"]
        assert there[asset["id"]].digest == digest_of(scenario.holds[asset["name"]])
    found = list(differences(after, scenario, reported_leftovers(engine)))
    if not (unreadable and outcome.errors):
        assert bool(outcome.errors) == bool(found), f"reported {outcome.errors}, but found {found}"
    assert exit_code(outcome.errors, None) == (1 if outcome.errors else 0)
    if not (unreadable and outcome.errors):
        assert outcome.published == (after.is_public and not before.is_public)
    assert outputs["published"] == ("true" if outcome.published else "false")
    assert outcome.changed or after == before
    assert {asset.id for asset in outcome.pruned}.isdisjoint(there)


def check_token_is_not_revealed(outcome: Outcome, engine: Engine) -> None:
    """Check that no report contains the token."""
    reported = [
        *engine.reporter.lines,
        *engine.reporter.warnings,
        *map(str, outcome.errors),
        *outcome.warnings,
    ]
    reported += [job_summary(outcome), *step_outputs(outcome).values(), repr(outcome)]
    assert not [text for text in reported if engine.sandbox.token in text]


def reported_leftovers(engine: Engine) -> int:
    """Return how many warnings asked the user to delete an empty draft."""
    return sum("delete the duplicate by hand" in warning for warning in engine.reporter.warnings)


def differences(state: State, scenario: Scenario, leftover_drafts: int = 0) -> Iterator[str]:
    """Yield the differences between a state and what the scenario requests.

    leftover_drafts: how many empty drafts may remain, since a warning reported them.
    """
    count = len(state.drafts) - 1
    if sorted(state.drafts) != sorted([scenario.draft] + [True] * count) or count > leftover_drafts:
        yield f"releases: {state.drafts}"
    wanted = {name: value for name, value in scenario.fields.items() if name != "commit"}
    if not any(wanted.items() <= fields.items() for fields in state.fields):
        yield f"fields: {state.fields}"
    found = sorted((asset.name, asset.digest) for asset in state.assets if asset.digest)
    if found != sorted((name, digest_of(content)) for name, content in scenario.holds.items()):
        yield f"assets: {found}"
    if state.leftovers:
        yield f"leftovers: {[asset.name for asset in state.assets]}"
    for asset in state.assets:
        label = scenario.labels.get(asset.name, asset.label)
        if asset.label != label:
            yield f"label of {asset.name}: {asset.label}"


def check_the_next_run(
    before: State,
    after: State,
    requests: Sequence[Request],
    scenario: Scenario,
    leftover_drafts: int = 0,
) -> None:
    """Check that a run without faults completes the release with as few calls as possible.

    before: the state at its start.
    """
    assert list(differences(after, scenario, leftover_drafts)) == []
    calls = kinds_of(requests)
    if not list(differences(before, scenario, leftover_drafts)):
        assert calls == scenario.again
    missing = [
        name
        for name, content in scenario.holds.items()
        if digest_of(content) not in before.digests_of(name)
    ]
    assert len(uploads_of(requests)) <= len(missing), f"only {missing} were missing: {calls}"
    expected = max(len(scenario.calls.split()), len(scenario.after_cleanup.split()))
    most = expected + before.leftovers
    assert len(calls.split()) <= most, f"more than {most} calls: {calls}"


def uploads_of(requests: Sequence[Request]) -> list[Request]:
    """Return the requests that uploaded content, without those refused because the name exists."""
    return [r for r in requests if kind_of(r) == "send" and r.bytes_in and r.status != 422]
