"""What must be true after a run whose server lies, or beside which another party acts."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from release_assets.report.outcome import Outcome
from release_assets.report.run_report import step_outputs
from release_assets.report.summary import job_summary
from tests.faults.calls import kind_of
from tests.faults.invariants import check_the_token_is_nowhere, digest_of
from tests.faults.scenario import Scenario
from tests.faults.snapshot import HeldAsset, HeldRelease, Snapshot
from tests.support.engine import Engine
from tests.support.sandbox import Request

PARTY = "another party"  # as the sandbox calls it in its history


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """What another party did, so that the run is not to blame for it."""

    names: frozenset[str] = frozenset()  # of assets that it deleted, renamed or replaced
    everything: bool = False  # it deleted the release, or took the tag of a draft away
    fields: bool = False  # it edited title or notes
    tag: bool = False  # it moved the git tag
    drafts: int = 0  # that it created
    anything: bool = False  # it did anything at all
    is_published: bool = False  # it published the draft


NOTHING = Touched()


def check_run(
    outcome: Outcome,
    before: Snapshot,
    after: Snapshot,
    engine: Engine,
    scenario: Scenario,
    touched: Touched = NOTHING,
) -> None:
    """Check all that must be true after a run, whatever it was told."""
    check_nothing_is_lost(before, after, scenario, touched)
    check_only_ours_was_changed(before, after, engine.sandbox.requests(), scenario, touched)
    check_reports(outcome, before, after, scenario, touched)
    check_the_token_is_nowhere(outcome, engine)
    if not outcome.errors:
        found = list(flaws(outcome, after, scenario, engine, touched))
        assert not found, f"green, but {found}"


def check_nothing_is_lost(
    before: Snapshot, after: Snapshot, scenario: Scenario, touched: Touched
) -> None:
    """Check that each name that had complete content still has it, old or new."""
    assert after.others == before.others, "another release was changed"
    if touched.everything:
        return
    brought = {*scenario.files, "SUMS"}
    for final in {asset.final for asset in before.assets if before.digests_of(asset.final)}:
        old, now = before.digests_of(final), after.digests_of(final)
        if final in touched.names or (final in scenario.pruned and not now):
            continue
        # The list of checksums lists what was there when it was written.
        new = now if final == "SUMS" else {digest_of(scenario.holds.get(final, b""))}
        assert now & (old | new if final in brought else old), f"{final} is lost: {after.ours}"


def check_only_ours_was_changed(
    before: Snapshot,
    after: Snapshot,
    requests: Sequence[Request],
    scenario: Scenario,
    touched: Touched,
) -> None:
    """Check that no request renamed or deleted what the run neither made nor was told to change."""
    named = {*scenario.files, *scenario.pruned, "SUMS"}
    known = {asset.id for asset in before.assets}
    # What the run uploaded may have been renamed by the other party.
    added = [a for a in after.assets if a.id not in known and a.name not in touched.names]
    foreign = {
        asset.id
        for asset in (*before.assets, *added)
        if asset.final not in named or digest_of(b"written by another party") == asset.sha256
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
        if kind == "give-up":
            assert number not in releases, f"deleted the release {number} of another"
        if kind == "update":
            assert number not in {one.id for one in before.others}, "changed another release"
    for event in after.history:
        if (
            event["what"] == "asset deleted"
            and event["job"] != PARTY
            and event["state"] != "starter"
        ):
            assert _final(event["name"]) in named, f"deleted {event['name']}"


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
    outcome: Outcome, before: Snapshot, after: Snapshot, scenario: Scenario, touched: Touched
) -> None:
    """Check that outputs and summary can be made, and say what is so."""
    assert job_summary(outcome)
    told = step_outputs(outcome)
    held = {a.id: a for release in after.releases for a in release.assets}
    for asset in json.loads(told["assets"]):
        if asset["id"] is None:
            assert asset["result"] == "failed"
            continue
        if outcome.errors and asset["id"] not in held:
            continue  # an error says so
        now = held[asset["id"]]
        if not outcome.errors:
            assert now.name == asset["name"]
            assert asset["digest"] in {None, f"sha256:{now.sha256}"}
        if asset["digest"] is None and not outcome.errors:
            assert not scenario.digests, "the digest is known"
    release = after.release(outcome.release.id) if outcome.release else None
    if told["published"] == "true":
        assert release is not None
        assert not release.draft
        assert touched.anything or all(one.draft for one in before.ours)
    if not outcome.errors and release is not None:
        assert told["draft"] == ("true" if release.draft else "false")
        assert told["tag"] == release.tag
    assert outcome.changed or after.ours == before.ours or touched.anything
    assert {asset.id for asset in outcome.pruned}.isdisjoint(held)


def flaws(
    outcome: Outcome, after: Snapshot, scenario: Scenario, engine: Engine, touched: Touched
) -> Iterator[str]:
    """Yield in what the release is other than what was asked for, and what no warning says."""
    release = after.release(outcome.release.id) if outcome.release else None
    if release is None:
        yield "there is no release"
        return
    warned = {warning.partition(":")[0] for warning in engine.reporter.warnings}
    if outcome.missing:
        warned.add("Draft not published")  # it says what it waits for
    yield from _release_flaws(release, after, scenario, touched, warned)
    yield from _asset_flaws(release, scenario, touched, warned)
    # A person's edit takes the tag of a draft away, which then belongs to no tag.
    others = [one for one in after.ours if one.tag == scenario.tag or not touched.fields]
    duplicates = len([one for one in others if one.id != release.id])
    told = sum(warning.startswith("Duplicate drafts") for warning in engine.reporter.warnings)
    if duplicates > told + touched.drafts:
        yield f"{duplicates} duplicate drafts"


def _release_flaws(
    release: HeldRelease,
    after: Snapshot,
    scenario: Scenario,
    touched: Touched,
    warned: Collection[str],
) -> Iterator[str]:
    if release.tag != scenario.tag:
        yield f"the tag is {release.tag}"
    is_said = "Draft not published" in warned if release.draft else touched.is_published
    if release.draft != scenario.draft and not is_said:
        yield f"draft is {release.draft}"
    for name, wanted in scenario.fields.items():
        if name == "commit":
            now = after.tags.get(scenario.tag)
            is_said = touched.tag or touched.is_published or "Target has no effect" in warned
            if not release.draft and now != wanted and not is_said:
                yield f"the tag names {now}"
        elif release.fields[name] != wanted and not (
            touched.fields or touched.everything or "Release not changed" in warned
        ):
            yield f"{name} is {release.fields[name]!r}"
    is_marked = "publish-release-assets" in (release.fields["body"] or "")
    if not release.draft and is_marked and not touched.is_published:
        yield "the mark is public"


def _asset_flaws(
    release: HeldRelease, scenario: Scenario, touched: Touched, warned: Collection[str]
) -> Iterator[str]:
    kept: Collection[str] = scenario.holds
    if touched.everything:
        kept = scenario.files
    for name in kept:
        if name in touched.names and name not in scenario.files:
            continue
        wanted = digest_of(scenario.holds[name])
        if name == "SUMS" and (touched != NOTHING or "Not pruned" in warned):
            continue  # it lists what was there when it was written
        if release.complete.get(name) != wanted:
            yield f"{name} is {release.complete.get(name)}"
    for asset in release.assets:
        is_left = asset.state != "uploaded" or asset.name != asset.final
        if is_left and asset.name not in touched.names:
            yield f"{asset.name} is left, {asset.state}"
        wanted_label = scenario.labels.get(asset.name, asset.label)
        if asset.label != wanted_label and asset.name not in touched.names:
            yield f"the label of {asset.name} is {asset.label}"
        is_said = "Not pruned" in warned
        if asset.name in scenario.pruned and asset.name not in touched.names and not is_said:
            yield f"{asset.name} was to be deleted"
