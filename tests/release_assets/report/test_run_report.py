import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from release_assets.errors import NotStartedError
from release_assets.github.errors import TransientError
from release_assets.inputs.errors import InputError
from release_assets.light_dataclasses import replace
from release_assets.models import Result
from release_assets.plan.assets import Plan
from release_assets.plan.cost import Cost
from release_assets.plan.release import KeepRelease, ReleasePlan
from release_assets.plan.steps import Keep, Refuse, Relabel, Replace, Restore, Skip, Step, Upload
from release_assets.report.outcome import Outcome
from release_assets.report.plan_report import (
    action_of,
    cost_line,
    plan_lines,
    plan_total,
    release_line,
)
from release_assets.report.run_report import (
    annotation,
    asset_digests,
    is_annotation_cut,
    result_line,
    step_outputs,
    totals_line,
)
from tests.support.outcomes import outcome, result
from tests.support.samples import A, B, asset, local_file, release

ROOT = Path(__file__).resolve().parents[3]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

STANDING = result(there=asset(id=5))
FAILED = result("failed", error=TransientError("GitHub failed with 502"), digest=None)
OUTCOMES = {
    "nothing": Outcome(),
    "a fault before the release is known": Outcome(
        tag="v1", errors=(InputError("tag", "v 1", "a tag"),)
    ),
    "no files": outcome(),
    "one": outcome(STANDING),
    "one failed": outcome(STANDING, FAILED, errors=(TransientError("x"),)),
    "refused": Outcome(
        release=release(), plan=Plan(steps=(Refuse(file=local_file(), error=NotStartedError("a")),))
    ),
    "planned only": Outcome(plan=Plan(steps=(Upload(file=local_file()),)), planned_only=True),
}


@pytest.mark.parametrize("case", OUTCOMES)
def test_the_outputs_are_those_of_action_yml_however_the_run_ends(case: str) -> None:
    outputs = step_outputs(OUTCOMES[case])
    # Only the entry point knows where it has written the checksums file.
    assert set(outputs) | {"checksums-file"} == set(ACTION["outputs"])
    assert outputs["published"] in {"true", "false"}
    assert outputs["changed"] in {"true", "false"}
    for name in ("assets", "asset-urls", "plan"):
        assert outputs[name].isascii()
        json.loads(outputs[name])


def test_the_outputs_of_a_complete_run() -> None:
    other = asset("b.zip", id=6, digest=None, url="https://github.com/b")
    second = result("replaced", file=local_file("b.zip"), there=other, digest=B)
    outputs = step_outputs(outcome(STANDING, second, FAILED, published=True))
    standing = asset(id=5)
    assert {name: outputs[name] for name in outputs if name not in {"assets", "plan"}} == {
        "release-id": "7",
        "tag": "v1",
        "release-url": "https://github.com/octo-org/app/releases/tag/v1",
        "upload-url": release().upload_url,
        "published": "true",
        "draft": "false",
        "immutable": "false",
        "missing": "",
        "changed": "true",
        "asset-urls": json.dumps(
            {"app.zip": standing.browser_download_url, "b.zip": "https://github.com/b"},
            separators=(",", ":"),
        ),
        "urls": f"{standing.browser_download_url}\nhttps://github.com/b",
        "url": "",
    }
    first, replaced, failed = json.loads(outputs["assets"])
    assert first == {
        "name": "app.zip",
        "requested_name": "app.zip",
        "path": "dist/app.zip",
        "label": "",
        "id": 5,
        "url": standing.url,
        "browser_download_url": standing.browser_download_url,
        "size": 10,
        "digest": A,
        "content_type": "application/zip",
        "result": "uploaded",
    }
    assert (replaced["digest"], replaced["result"]) == (None, "replaced")
    assert (failed["id"], failed["url"], failed["result"]) == (None, None, "failed")


@pytest.mark.parametrize(("draft", "line"), [(True, "keep v1, a draft"), (False, "keep v1")])
def test_a_release_that_stays_has_a_line(draft: bool, line: str) -> None:
    assert release_line(ReleasePlan(step=KeepRelease(release=release(draft=draft)))) == line


def test_a_skipped_run_says_so_in_its_last_line() -> None:
    plan = ReleasePlan(step=KeepRelease(release=release()), skips=True)
    assert totals_line(outcome(release_plan=plan)).startswith("skipped: ")


def test_the_output_assets_has_the_documented_fields() -> None:
    (described,) = json.loads(step_outputs(outcome(STANDING))["assets"])
    text = ACTION["outputs"]["assets"]["description"]
    assert [name for name in described if f"`{name}`" not in text] == []


def test_the_output_url_is_set_only_for_one_asset() -> None:
    assert step_outputs(outcome(STANDING, FAILED))["url"] == asset().browser_download_url
    assert step_outputs(outcome())["url"] == ""


STEPS: tuple[tuple[Step, str], ...] = (
    (Upload(file=local_file()), "upload"),
    (Keep(file=local_file(), asset=asset()), "keep"),
    (Relabel(file=local_file(), asset=asset()), "relabel"),
    (Replace(file=local_file(), old=asset()), "replace"),
    (Restore(file=local_file(), asset=asset()), "restore"),
    (Skip(file=local_file(), asset=asset()), "skip"),
    (Refuse(file=local_file(), error=NotStartedError("a")), "refuse"),
)


ALL_TO_DO = (
    "1 to upload, 1 unchanged, 1 to relabel, 1 to replace, 1 to restore, 1 to skip, 1 refused, "
    "1 to delete"
)


@pytest.mark.parametrize(("step", "word"), STEPS)
def test_every_step_has_an_action_name(step: Step, word: str) -> None:
    assert action_of(step) == word
    plan = Plan(steps=(step,), prune=(asset("old.zip"),))
    reported = json.loads(step_outputs(Outcome(plan=plan))["plan"])
    assert reported["steps"] == [
        {"action": word, "name": "app.zip", "path": "dist/app.zip", "size": 10}
    ]
    assert reported["prune"] == ["old.zip"]
    assert len(reported["refusals"]) == (word == "refuse")
    assert reported["cost"] == {"calls": 0, "points": 0, "bytes": 0}


def test_the_output_plan_has_the_cost() -> None:
    reported = json.loads(step_outputs(outcome(cost=Cost(calls=4, uploads=1, size=9)))["plan"])
    assert reported["cost"] == {"calls": 4, "points": 5, "bytes": 9}


def test_plan_lines_are_aligned_in_columns() -> None:
    plan = Plan(
        steps=(
            Upload(file=local_file("a long name.zip", size=123456)),
            Keep(file=local_file("b"), asset=asset("b")),
        ),
        prune=(asset("old.zip"),),
    )
    assert list(plan_lines(plan)) == [
        "upload  a.long.name.zip  120.6 KiB  from dist/a long name.zip",
        "keep    b                     10 B  from dist/b",
        "prune   old.zip               10 B",
    ]
    assert list(plan_lines(Plan(steps=()))) == []


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (STANDING, f"uploaded app.zip, 10 B in 1.5 s, {A}"),
        (result("unchanged", there=asset()), f"unchanged app.zip, 10 B, {A}"),
        (FAILED, "failed app.zip, 10 B: GitHub failed with 502"),
        (result("skipped", digest=None), "skipped app.zip, 10 B"),
    ],
)
def test_the_line_of_a_result(one: Result, line: str) -> None:
    assert result_line(one) == line


def test_a_rate_is_shown_for_large_files_only() -> None:
    large = local_file(size=3 * 1024**2)
    assert result_line(result(file=large)) == f"uploaded app.zip, 3.0 MiB in 1.5 s, 2.0 MiB/s, {A}"


@pytest.mark.parametrize(
    ("plan", "line"),
    [
        (Plan(steps=()), "nothing to do"),
        (Plan(steps=tuple(step for step, _ in STEPS), prune=(asset(),)), ALL_TO_DO),
        (Plan(steps=(Upload(file=local_file()),) * 1200), "1200 to upload"),
    ],
)
def test_the_total_of_a_plan(plan: Plan, line: str) -> None:
    assert plan_total(plan) == line


@pytest.mark.parametrize(
    ("cost", "line"),
    [
        (Cost(), "A real run would find nothing to do"),
        (Cost(calls=1), "A real run would send 0 B and make 1 more call than this one"),
        (
            Cost(calls=1200, uploads=300, size=2048),
            (
                "A real run would send 2.0 KiB and make 1,200 more calls than this one "
                "(1,500 for the rate limit, which counts an upload twice)"
            ),
        ),
    ],
)
def test_the_line_of_the_cost(cost: Cost, line: str) -> None:
    assert cost_line(cost) == line


def test_bytes_that_an_earlier_run_staged_are_not_counted_as_sent() -> None:
    one, other = local_file("a.zip"), local_file("b.zip")
    steps = (Restore(file=one, asset=asset()), Replace(file=other, old=None, staged=asset()))
    results = (result("replaced", file=one), result("replaced", file=other))
    ended = outcome(*results, plan=Plan(steps=steps))
    assert totals_line(ended) == "2 replaced, nothing sent in 2.0 s"


def test_the_totals_of_a_dry_run() -> None:
    ended = outcome(plan=Plan(steps=(Upload(file=local_file()),)), planned_only=True)
    assert totals_line(ended) == "dry run: nothing was changed"


def test_the_totals_of_a_run() -> None:
    ended = outcome(STANDING, FAILED, STANDING, pruned=(asset("old.zip"),))
    assert totals_line(ended) == "2 uploaded, 1 failed, 1 deleted, 20 B sent in 2.0 s"
    one = replace(ended, calls=1)
    assert totals_line(one).endswith(" in 2.0 s, with 1 call to GitHub")
    many = replace(ended, calls=1234)
    assert totals_line(many).endswith(" in 2.0 s, with 1,234 calls to GitHub")


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (STANDING, [("app.zip", A)]),
        (result(there=asset(digest=None), digest=B), [("app.zip", B)]),
        (result(there=asset(digest=None), digest=None), []),
        (result("unchanged", there=asset()), [("app.zip", A)]),
        (result("skipped", there=asset(digest=B), digest=A), []),
        (result("planned", there=asset()), []),
        (FAILED, []),
    ],
)
def test_checksums_are_of_files_that_are_not_skipped(
    one: Result, expected: list[tuple[str, str]]
) -> None:
    assert asset_digests(outcome(one)) == expected


def test_one_annotation_has_all_errors() -> None:
    one, other = InputError("tag", "v 1", "a tag"), TransientError("GitHub failed", fix="wait")
    assert annotation([one]) == ("Invalid input", str(one))
    assert annotation([one, one]) == ("Invalid input", f"- {one}\n- {one}")
    assert annotation([one, other]) == ("2 problems", f"- {one}\n- {other}")


@pytest.mark.parametrize("count", [1, 2, 30, 1000])
@pytest.mark.parametrize("length", [10, 3000, 5000])
def test_an_annotation_is_never_cut_by_github(count: int, length: int) -> None:
    faults = [TransientError(f"{number}: " + "x" * length) for number in range(count)]
    title, message = annotation(faults)
    assert title == "GitHub failed"
    assert len(message) <= 4096
    whole = [fault for fault in faults if fault.what in message]
    assert is_annotation_cut(faults) or whole == faults
    if count > 1 and is_annotation_cut(faults):
        shown = message.count("\n")
        assert message.endswith(
            f"- and {count - shown} more: the log above and the job summary list them all"
        )


def test_a_very_long_error_leaves_room_for_another() -> None:
    long, short = TransientError("x" * 5000), TransientError("GitHub failed", fix="wait")
    _, message = annotation([long, short])
    assert len(message) < 4096
    assert message.endswith(f"\n- {short}")
