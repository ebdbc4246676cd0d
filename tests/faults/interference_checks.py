"""Invariants that hold after a run with wrong answers, or with changes by another party."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from release_assets.report.outcome import Outcome
from release_assets.report.run_report import step_outputs
from release_assets.summary.document import job_summary
from tests.faults.calls import kind_of
from tests.faults.invariants import check_token_is_not_revealed, digest_of
from tests.faults.scenario import Scenario
from tests.faults.snapshot import HeldAsset, HeldRelease, Snapshot
from tests.support.engine import Engine
from tests.support.sandbox import Request

PARTY = "another party"  # as the sandbox calls it in its history


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignChanges:
    """What another party changed during the run."""

    names: frozenset[str] = frozenset()  # of assets that it deleted, renamed or replaced
    release_lost: bool = False  # it deleted the release, or removed the tag of a draft
    fields: bool = False  # it edited title or notes
    tag: bool = False  # it moved the git tag
    drafts: int = 0  # that it created
    anything: bool = False  # it did anything at all
    is_published: bool = False  # it published the draft


NO_FOREIGN_CHANGES = ForeignChanges()


def check_run(
    outcome: Outcome,
    before: Snapshot,
    after: Snapshot,
    engine: Engine,
    scenario: Scenario,
    foreign_changes: ForeignChanges = NO_FOREIGN_CHANGES,
) -> None:
    """Check all invariants of a run, and that it did not succeed wrongly."""
    check_nothing_is_lost(before, after, scenario, foreign_changes)
    check_only_ours_was_changed(before, after, engine.sandbox.requests(), scenario, foreign_changes)
    check_reports(outcome, before, after, scenario, foreign_changes)
    check_token_is_not_revealed(outcome, engine)
    if not outcome.errors:
        found = list(unreported_differences(outcome, after, scenario, engine, foreign_changes))
        assert not found, f"the run succeeded, but {found}"


def check_nothing_is_lost(
    before: Snapshot, after: Snapshot, scenario: Scenario, foreign_changes: ForeignChanges
) -> None:
    """Check that each complete asset still has its old or new content."""
    assert after.others == before.others, "another release was changed"
    if foreign_changes.release_lost:
        return
    uploaded = {*scenario.files, "SUMS"}
    for final in {asset.final for asset in before.assets if before.digests_of(asset.final)}:
        old, now = before.digests_of(final), after.digests_of(final)
        if final in foreign_changes.names or (final in scenario.pruned and not now):
            continue
        # The checksums file lists the assets that existed when it was written.
        new = now if final == "SUMS" else {digest_of(scenario.holds.get(final, b""))}
        assert now & (old | new if final in uploaded else old), f"{final} is lost: {after.ours}"


def check_only_ours_was_changed(
    before: Snapshot,
    after: Snapshot,
    requests: Sequence[Request],
    scenario: Scenario,
    foreign_changes: ForeignChanges,
) -> None:
    """Check that the run renamed and deleted only what it created or was requested to change."""
    requested = {*scenario.files, *scenario.pruned, "SUMS"}
    known = {asset.id for asset in before.assets}
    # The other party may have renamed assets that the run uploaded.
    added = [a for a in after.assets if a.id not in known and a.name not in foreign_changes.names]
    foreign = {
        asset.id
        for asset in (*before.assets, *added)
        if asset.final not in requested or digest_of(b"written by another party") == asset.sha256
    }
    if scenario.inputs.get("overwrite") != "true":
        kept = [
            a.id
            for a in before.assets
            if a.state == "uploaded" and a.final == a.name and a.name != "SUMS"
        ]
        foreign |= {one for one in kept if not _is_pruned(one, before, scenario)}
    foreign |= {asset.id for release in before.others for asset in release.assets}
    releases = {release.id for release in before.releases}
    for request in requests:
        kind, number = kind_of(request), _number(request)
        if kind == "delete":
            assert number not in foreign, f"deleted the asset {number} of another"
        if kind == "rename" and number in foreign:
            assert number in _relabeled(before, scenario), f"renamed the asset {number} of another"
        if kind == "delete-draft":
            assert number not in releases, f"deleted the release {number} of another"
        if kind == "update":
            assert number not in {one.id for one in before.others}, "changed another release"
    for event in after.history:
        if (
            event["what"] == "asset deleted"
            and event["job"] != PARTY
            and event["state"] != "starter"
        ):
            assert _final(event["name"]) in requested, f"deleted {event['name']}"


def _is_pruned(asset_id: int, before: Snapshot, scenario: Scenario) -> bool:
    return any(a.id == asset_id and a.name in scenario.pruned for a in before.assets)


def _relabeled(before: Snapshot, scenario: Scenario) -> set[int]:
    return {asset.id for asset in before.assets if asset.name in scenario.labels}


def _final(name: str) -> str:
    return HeldAsset(id=0, name=name, label="", state="", sha256=None).final


def _number(request: Request) -> int:
    found = re.search(r"/(\d+)$", request.path)
    return int(found[1]) if found else 0


def check_reports(
    outcome: Outcome,
    before: Snapshot,
    after: Snapshot,
    scenario: Scenario,
    foreign_changes: ForeignChanges,
) -> None:
    """Check that outputs and summary can be created, and are accurate."""
    assert job_summary(outcome)
    outputs = step_outputs(outcome)
    held = {a.id: a for release in after.releases for a in release.assets}
    for asset in json.loads(outputs["assets"]):
        if asset["id"] is None:
            assert asset["result"] == "failed"
            continue
        if outcome.errors and asset["id"] not in held:
            continue  # an error reports it
        now = held[asset["id"]]
        if not outcome.errors:
            assert now.name == asset["name"]
            assert asset["digest"] in {None, f"sha256:{now.sha256}"}
        if asset["digest"] is None and not outcome.errors:
            assert not scenario.digests, "the digest is known"
    release = after.release(outcome.release.id) if outcome.release else None
    if outputs["published"] == "true":
        assert release is not None
        assert not release.draft
        assert foreign_changes.anything or all(one.draft for one in before.ours)
    if not outcome.errors and release is not None:
        assert outputs["draft"] == ("true" if release.draft else "false")
        assert outputs["tag"] == release.tag
    assert outcome.changed or after.ours == before.ours or foreign_changes.anything
    assert {asset.id for asset in outcome.pruned}.isdisjoint(held)


def unreported_differences(
    outcome: Outcome,
    after: Snapshot,
    scenario: Scenario,
    engine: Engine,
    foreign_changes: ForeignChanges,
) -> Iterator[str]:
    """Yield the differences between the release and the request that no warning reports."""
    release = after.release(outcome.release.id) if outcome.release else None
    if release is None:
        yield "there is no release"
        return
    warned = {warning.partition(":")[0] for warning in engine.reporter.warnings}
    if outcome.missing:
        warned.add("Draft not published")  # the report lists what is missing
    yield from _release_differences(release, after, scenario, foreign_changes, warned)
    yield from _asset_differences(release, scenario, foreign_changes, warned)
    # Editing a draft on github.com may remove its tag; it is no duplicate then.
    others = [one for one in after.ours if one.tag == scenario.tag or not foreign_changes.fields]
    duplicates = len([one for one in others if one.id != release.id])
    reported = sum(warning.startswith("Duplicate drafts") for warning in engine.reporter.warnings)
    if duplicates > reported + foreign_changes.drafts:
        yield f"{duplicates} duplicate drafts"


def _release_differences(
    release: HeldRelease,
    after: Snapshot,
    scenario: Scenario,
    foreign_changes: ForeignChanges,
    warned: Collection[str],
) -> Iterator[str]:
    if release.tag != scenario.tag:
        yield f"the tag is {release.tag}"
    is_reported = "Draft not published" in warned if release.draft else foreign_changes.is_published
    if release.draft != scenario.draft and not is_reported:
        yield f"draft is {release.draft}"
    for name, wanted in scenario.fields.items():
        if name == "commit":
            now = after.tags.get(scenario.tag)
            is_reported = (
                foreign_changes.tag
                or foreign_changes.is_published
                or "Target has no effect" in warned
            )
            if not release.draft and now != wanted and not is_reported:
                yield f"the tag names {now}"
        elif release.fields[name] != wanted and not (
            foreign_changes.fields
            or foreign_changes.release_lost
            or "Release not changed" in warned
        ):
            yield f"{name} is {release.fields[name]!r}"
    is_marked = "publish-release-assets" in (release.fields["body"] or "")
    if not release.draft and is_marked and not foreign_changes.is_published:
        yield "the draft mark is in public notes"


def _asset_differences(
    release: HeldRelease,
    scenario: Scenario,
    foreign_changes: ForeignChanges,
    warned: Collection[str],
) -> Iterator[str]:
    kept: Collection[str] = scenario.holds
    if foreign_changes.release_lost:
        kept = scenario.files
    for name in kept:
        if name in foreign_changes.names and name not in scenario.files:
            continue
        wanted = digest_of(scenario.holds[name])
        if name == "SUMS" and (foreign_changes != NO_FOREIGN_CHANGES or "Not pruned" in warned):
            continue  # it lists the assets that existed when it was written
        if release.complete.get(name) != wanted:
            yield f"{name} is {release.complete.get(name)}"
    for asset in release.assets:
        is_leftover = asset.state != "uploaded" or asset.name != asset.final
        if is_leftover and asset.name not in foreign_changes.names:
            yield f"{asset.name} is a leftover, {asset.state}"
        wanted_label = scenario.labels.get(asset.name, asset.label)
        if asset.label != wanted_label and asset.name not in foreign_changes.names:
            yield f"the label of {asset.name} is {asset.label}"
        is_reported = "Not pruned" in warned
        if (
            asset.name in scenario.pruned
            and asset.name not in foreign_changes.names
            and not is_reported
        ):
            yield f"{asset.name} was to be deleted"
