import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from release_assets import report
from release_assets.errors import InputError, NotBegunError, ReleaseAssetsError, TransientError
from release_assets.models import Asset, LocalFile, Result, ResultName
from release_assets.outcome import Outcome
from release_assets.plan import Keep, Plan, Refuse, Relabel, Replace, Restore, Skip, Step, Upload
from tests.support.samples import A, B, asset, local_file, release

ROOT = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
FULL = 1024 * 1024  # bytes of a summary that the runner no longer shows


def result(
    name: ResultName = "uploaded",
    *,
    file: LocalFile | None = None,
    there: Asset | None = None,
    digest: str | None = A,
    error: ReleaseAssetsError | None = None,
) -> Result:
    return Result(
        file=file or local_file(),
        name=name,
        asset=there,
        digest=digest,
        seconds=1.5,
        error=error,
        changed=name in {"uploaded", "replaced"},
    )


def outcome(*results: Result, **said: Any) -> Outcome:
    """A run of uploads that came to these results."""
    steps = tuple(Upload(file=one.file) for one in results)
    return Outcome(
        **{
            "tag": "v1",
            "release": release(),
            "plan": Plan(steps=steps),
            "done": dict(enumerate(results)),
            "seconds": 2.0,
            **said,
        }
    )


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
        release=release(), plan=Plan(steps=(Refuse(file=local_file(), error=NotBegunError("a")),))
    ),
    "planned only": Outcome(plan=Plan(steps=(Upload(file=local_file()),)), planned_only=True),
}


@pytest.mark.parametrize("case", OUTCOMES)
def test_the_outputs_are_those_of_action_yml_however_the_run_ends(case: str) -> None:
    outputs = report.outputs(OUTCOMES[case])
    # The door alone knows where it has written the list of checksums.
    assert set(outputs) | {"checksums-file"} == set(ACTION["outputs"])
    assert outputs["published"] in {"true", "false"}
    assert outputs["changed"] in {"true", "false"}
    for name in ("assets", "asset-urls", "plan"):
        assert outputs[name].isascii()
        json.loads(outputs[name])


def test_outputs() -> None:
    other = asset("b.zip", id=6, digest=None, url="https://github.com/b")
    second = result("replaced", file=local_file("b.zip"), there=other, digest=B)
    outputs = report.outputs(outcome(STANDING, second, FAILED, published=True))
    standing = asset(id=5)
    assert {name: outputs[name] for name in outputs if name not in {"assets", "plan"}} == {
        "release-id": "7",
        "tag": "v1",
        "release-url": "https://github.com/octo-org/app/releases/tag/v1",
        "upload-url": release().upload_url,
        "published": "true",
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
    assert (replaced["digest"], replaced["result"]) == (B, "replaced")
    assert (failed["id"], failed["url"], failed["result"]) == (None, None, "failed")


def test_assets_hold_what_action_yml_says() -> None:
    (described,) = json.loads(report.outputs(outcome(STANDING))["assets"])
    told = ACTION["outputs"]["assets"]["description"]
    assert [name for name in described if f"`{name}`" not in told] == []


def test_one_url() -> None:
    assert report.outputs(outcome(STANDING, FAILED))["url"] == asset().browser_download_url
    assert report.outputs(outcome())["url"] == ""


STEPS: tuple[tuple[Step, str], ...] = (
    (Upload(file=local_file()), "upload"),
    (Keep(file=local_file(), asset=asset()), "keep"),
    (Relabel(file=local_file(), asset=asset()), "relabel"),
    (Replace(file=local_file(), old=asset()), "replace"),
    (Restore(file=local_file(), asset=asset()), "restore"),
    (Skip(file=local_file(), asset=asset()), "skip"),
    (Refuse(file=local_file(), error=NotBegunError("a")), "refuse"),
)


@pytest.mark.parametrize(("step", "word"), STEPS)
def test_every_step_has_a_word(step: Step, word: str) -> None:
    assert report.action_of(step) == word
    plan = Plan(steps=(step,), prune=(asset("old.zip"),))
    told = json.loads(report.outputs(Outcome(plan=plan))["plan"])
    assert told["steps"] == [
        {"action": word, "name": "app.zip", "path": "dist/app.zip", "size": 10}
    ]
    assert told["prune"] == ["old.zip"]
    assert len(told["refusals"]) == (word == "refuse")


def test_plan_lines_stand_in_columns() -> None:
    plan = Plan(
        steps=(
            Upload(file=local_file("a long name.zip", size=123456)),
            Keep(file=local_file("b"), asset=asset("b")),
        ),
        prune=(asset("old.zip"),),
    )
    assert list(report.plan_lines(plan)) == [
        "upload  a.long.name.zip  120.6 KiB  from dist/a long name.zip",
        "keep    b                     10 B  from dist/b",
        "prune   old.zip               10 B",
    ]
    assert list(report.plan_lines(Plan(steps=()))) == []


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (STANDING, f"uploaded app.zip, 10 B in 1.5 s, {A}"),
        (result("unchanged", there=asset()), f"unchanged app.zip, 10 B, {A}"),
        (FAILED, "failed app.zip, 10 B: GitHub failed with 502"),
        (result("skipped", digest=None), "skipped app.zip, 10 B"),
    ],
)
def test_result_line(one: Result, line: str) -> None:
    assert report.result_line(one) == line


def test_totals() -> None:
    ended = outcome(STANDING, FAILED, STANDING, pruned=(asset("old.zip"),))
    assert report.totals(ended) == "2 uploaded, 1 failed, 1 pruned, 20 B sent in 2.0 s"


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (STANDING, [("app.zip", A)]),
        (result(there=asset(digest=None), digest=B), [("app.zip", B)]),
        (result(there=asset(digest=None), digest=None), []),
        (result("planned", there=asset()), []),
        (FAILED, []),
    ],
)
def test_digests_of_what_stands(one: Result, expected: list[tuple[str, str]]) -> None:
    assert report.digests(outcome(one)) == expected


def test_one_annotation_tells_all_errors() -> None:
    one, other = InputError("tag", "v 1", "a tag"), TransientError("GitHub failed", fix="wait")
    assert report.annotation([one]) == ("Invalid input", str(one))
    assert report.annotation([one, one]) == ("Invalid input", f"- {one}\n- {one}")
    assert report.annotation([one, other]) == ("2 problems", f"- {one}\n- {other}")


# The summary


def test_a_summary() -> None:
    ended = outcome(
        STANDING, FAILED, warnings=["`!x` leaves out nothing"], errors=(TransientError("oh"),)
    )
    shown = report.summary(ended)
    address = asset().browser_download_url
    assert "### Release <a href=" in shown
    assert f'| <a href="{address}">app.zip</a> | 10 B | <code>aaaaaaaaaaaa…</code> |' in shown
    assert "| app.zip | 10 B |  | ❌ failed |" in shown
    assert "**GitHub failed**: oh" in shown
    assert "⚠️ <code>&#33;x</code> leaves out nothing" in shown
    assert "1 uploaded, 1 failed" in shown


def test_what_is_awaited_is_named() -> None:
    shown = report.summary(outcome(awaited=("*.dmg", "a.zip"), pruned=(asset("old.zip"),)))
    assert "Stays a draft until there is &#42;.dmg, a.zip." in shown
    assert "Deleted: old.zip" in shown


@pytest.mark.parametrize("count", [1, 1000, 5000])
@pytest.mark.parametrize("length", [10, 250])
def test_a_summary_is_never_too_long_to_be_shown(count: int, length: int) -> None:
    names = [f"{i:0{length}}.zip" for i in range(count)]
    failed = TransientError("y" * 200, where="z" * 200)
    ended = outcome(
        *(
            result(file=local_file(name), there=asset(name, url=f"https://h/{name}"))
            for name in names
        ),
        errors=(failed,) * (count // 10),
        warnings=["w" * 200] * (count // 10),
    )
    size = len(report.summary(ended).encode())
    assert size < FULL
    assert count < 1000 or size > 100_000
    if count == 5000 and length == 10:
        assert "… and 4000 more; the `assets` output has them all." in report.summary(ended)
