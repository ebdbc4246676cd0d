import re
import subprocess
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from release_assets.digest import Digest
from release_assets.errors import CancelledRunError, NotStartedError
from release_assets.github.errors import TransientError
from release_assets.light_dataclasses import replace
from release_assets.models import Result
from release_assets.plan.assets import Plan
from release_assets.plan.cost import Cost
from release_assets.plan.release import KeepRelease, ReleasePlan
from release_assets.plan.steps import Keep, Replace, Upload
from release_assets.report.outcome import Outcome
from release_assets.summary.document import job_summary
from tests.support.outcomes import outcome, result
from tests.support.samples import A, asset, local_file, release

FULL = 1024 * 1024  # bytes: the runner shows only shorter summaries
STANDING = result(there=asset(id=5))
KEPT = result("unchanged", there=asset(id=5))
FAILED = result("failed", error=TransientError("GitHub failed with 502"), digest=None)
DRAFT = release(draft=True)
OH = (TransientError("oh"),)
SKIPPED = ReleasePlan(step=KeepRelease(release=release()), skips=True)

HEADLINES: list[tuple[str, Outcome]] = [
    ("✅ Release v1: public", outcome(STANDING)),
    ("✅ Release v1: public, nothing to do", outcome(KEPT)),
    ("🎉 Release v1: published", outcome(STANDING, published=True)),
    ("📝 Release v1: a draft", outcome(STANDING, release=DRAFT)),
    ("⏳ Release v1: a draft, not complete yet", outcome(release=DRAFT, missing=("b.zip",))),
    ("❌ Release v1: failed; the release is public", outcome(STANDING, FAILED, errors=OH)),
    ("❌ Release v1: failed; nothing was changed", outcome(FAILED, errors=OH)),
    ("❌ Release v1: failed; nothing was changed", Outcome(tag="v1", errors=OH)),
    ("❌ Release v1: failed; some changes were made", Outcome(tag="v1", errors=OH, changed=True)),
    (
        "🛑 Release v1: cancelled; the release is public",
        outcome(STANDING, errors=(CancelledRunError(),)),
    ),
    (
        "❌ Release v1: failed; the release is a draft",
        outcome(STANDING, FAILED, release=DRAFT, errors=OH),
    ),
    (
        "🛑 Release v1: cancelled; nothing was changed",
        Outcome(tag="v1", errors=(CancelledRunError(),)),
    ),
    ("📋 Release v1: dry run; nothing was changed", outcome(planned_only=True)),
    ("➖ Release v1: not created", Outcome(tag="v1")),
    ("⏭️ Release v1: already exists; nothing was changed", outcome(release_plan=SKIPPED)),
    (
        "✏️ Release v1: prerelease, edited",
        outcome(edited=True, release=replace(release(), prerelease=True)),
    ),
]


@pytest.mark.parametrize(("headline", "ended"), HEADLINES)
def test_the_headline_shows_the_state_of_the_release(headline: str, ended: Outcome) -> None:
    shown = job_summary(ended).partition("\n")[0]
    assert re.sub(r"<[^>]+>", "", shown) == f"### {headline}"
    assert ("<a href=" in shown) is (ended.release is not None)


def test_the_summary_has_all_results_and_errors() -> None:
    failed = TransientError("no `answer`", where="uploading `a`", fix="run `it` again")
    shown = job_summary(outcome(STANDING, FAILED, warnings=("`!x` leaves out",), errors=(failed,)))
    address = asset().browser_download_url
    digest = "a" * 64
    assert (
        f'| ✅&nbsp;uploaded | <a href="{address}">app.zip</a> | 10&nbsp;B '
        f'| <code title="sha256&#58;{digest}">aaaaaaaaaaaa…</code> |\n'
    ) in shown
    assert "| ❌&nbsp;failed | app.zip | 10&nbsp;B |  |" in shown
    assert "> ❌ **GitHub failed**: no <code>answer</code>\n" in shown
    assert "> <br>Where: uploading <code>a</code>\n" in shown
    assert "> <br>To fix: run <code>it</code> again\n" in shown
    assert "> ⚠️ <code>&#33;x</code> leaves out" in shown
    assert "1 uploaded, 1 failed" in shown


def test_a_file_that_github_renames_is_found_by_its_own_name() -> None:
    renamed = result(file=local_file("a b.zip"), there=asset("a.b.zip"))
    assert ">a.b.zip</a><br><sub>a b.zip</sub> |" in job_summary(outcome(renamed))


def test_a_long_name_wraps_and_is_the_same_when_copied() -> None:
    long = "x" * 50 + "-&.zip"
    shown = job_summary(outcome(result(file=local_file(long), there=asset(long)), FAILED))
    _, _, cell = shown.partition('.zip">')
    cell = cell.partition("</a>")[0]
    assert cell == f"{'x' * 24}<wbr>{'x' * 24}<wbr>xx&#45;&#38;.zip"
    assert "app<wbr>" not in shown


def test_the_summary_names_missing_assets_of_a_draft() -> None:
    shown = job_summary(outcome(release=DRAFT, missing=("*.dmg", "a.zip")))
    assert "<code>&#42;.dmg</code>, <code>a.zip</code>" in shown
    assert "can see a draft" in job_summary(outcome(STANDING, release=DRAFT))
    assert "draft" not in job_summary(outcome(STANDING))


def test_the_summary_shows_how_to_verify_an_immutable_release() -> None:
    immutable = replace(release("v1;x"), immutable=True)
    shown = job_summary(outcome(STANDING, release=immutable))
    assert "<code>gh release verify &#39;v1;x&#39;</code>" in shown
    for other in (release(), replace(immutable, draft=True)):
        assert "release verify" not in job_summary(outcome(STANDING, release=other))
    assert "release verify" not in job_summary(outcome(release=immutable, planned_only=True))


def test_the_summary_names_deleted_assets() -> None:
    pruned = tuple(asset(f"{number}.zip") for number in range(25))
    assert "Deleted: <code>0.zip</code>, " in job_summary(outcome(pruned=pruned))
    assert "<code>19.zip</code> and 5 more" in job_summary(outcome(pruned=pruned))


def test_the_summary_of_a_dry_run_has_plan_and_cost() -> None:
    steps = (
        Upload(file=local_file("a b.zip")),
        Keep(file=local_file("k"), asset=asset("k")),
        Replace(file=local_file("r"), old=asset("r")),
    )
    plan = Plan(steps=steps, prune=(asset("old.zip"),))
    shown = job_summary(
        outcome(plan=plan, planned_only=True, cost=Cost(calls=7, uploads=2, size=20))
    )
    assert "1 to upload, 1 unchanged, 1 to replace, 1 to delete.\n" in shown
    assert all(token in shown for token in ("20 B", "7 more calls"))
    assert "| ⬆️&nbsp;upload | a.b.zip | 10&nbsp;B | dist/a b.zip |" in shown
    assert "| 🗑️&nbsp;delete | <a href=" in shown
    assert "sha256sum" not in shown


def test_few_files_are_open_many_are_folded_and_failures_never() -> None:
    few, many = [STANDING] * 30, [STANDING] * 31
    assert "30 files" not in job_summary(outcome(*few))
    shown = job_summary(outcome(*many, FAILED, errors=OH))
    assert "<summary>32 files</summary>" in shown
    assert shown.index("dist/") < shown.index("<summary>32 files</summary>")  # the path as well
    assert shown.index("❌&nbsp;failed") < shown.index("<summary>32 files</summary>")
    assert shown.count("❌&nbsp;failed") == 2


def test_a_file_that_was_not_started_did_not_fail() -> None:
    waiting = result("failed", error=NotStartedError("dist/app.zip"))
    shown = job_summary(outcome(KEPT, FAILED, *[waiting] * 40, errors=OH))
    assert "1 unchanged, 1 failed, 40 not started" in shown
    assert "<summary>40" not in shown
    assert shown.count("❌&nbsp;failed") == 2  # above the folded table and in it
    assert shown.count("| ➖&nbsp;not&nbsp;started | app.zip |") == 40


def test_many_errors_are_folded() -> None:
    assert "<summary>and 1 more problem</summary>" in job_summary(outcome(errors=OH * 6))
    shown = job_summary(outcome(FAILED, errors=OH * 8))
    assert "<summary>and 3 more problems</summary>" in shown
    assert shown.count("**GitHub failed**: oh") == 8


def test_the_digests_can_be_copied_and_check_downloads(tmp_path: Path) -> None:
    contents = {"a.zip": b"a", "b-1.0_x+y@z.zip": b"b", "gone.zip": b"gone"}
    results = [
        result(
            file=local_file(name),
            there=asset(name),
            digest=Digest.of(sha256(content)),
        )
        for name, content in contents.items()
    ]
    found = re.search(r"(?s)```sh\n(.*?)```\n", job_summary(outcome(*results)))
    assert found
    for name, content in contents.items():
        if name != "gone.zip":
            (tmp_path / name).write_bytes(content)
    assert check(found[1], tmp_path) == (0, "a.zip: OK\nb-1.0_x+y@z.zip: OK\n")
    (tmp_path / "a.zip").write_bytes(b"other")
    code, said = check(found[1], tmp_path)
    assert code == 1
    assert said.startswith("a.zip: FAILED\n")


def check(script: str, directory: Path) -> tuple[int, str]:
    done = subprocess.run(
        ["bash", "-c", script], cwd=directory, capture_output=True, encoding="utf-8"
    )
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("END", None),
        ("a.zip", Digest("sha256:x")),
        ("a b", A),
        ("-c", A),
        ("$(x)", A),
        ("a\nEND\nrm x", A),
        ("a`", A),
    ],
)
def test_the_shell_command_has_only_plain_names_and_digits(
    name: str, digest: Digest | None
) -> None:
    one = result(there=asset(name), digest=digest)
    assert "sha256sum" not in job_summary(outcome(one))


@pytest.mark.parametrize("count", [1, 1000, 5000])
@pytest.mark.parametrize("length", [10, 250])
def test_a_summary_is_never_too_long_to_be_shown(count: int, length: int) -> None:
    shown = job_summary(outcome(*published_results(count, length), **error_of_length(count // 10)))
    size = len(shown.encode())
    assert size < FULL
    assert count < 1000 or size > 100_000
    for tag in ("details", "code", "summary", "a"):
        assert len(re.findall(rf"<{tag}[ >]", shown)) == shown.count(f"</{tag}>"), tag
    assert shown.count("```") in {0, 2}
    if count == 5000:
        assert re.search(r"… and \d+ more; the <code>assets</code> output lists them all\.", shown)
    if length == 250 and count > 1:
        assert "<code>checksums-file</code>" in shown


def published_results(count: int, length: int) -> list[Result]:
    names = [f"{number:0{length}}.zip" for number in range(count)]
    return [
        result(file=local_file(name), there=asset(name, url=f"https://h/{name}")) for name in names
    ]


def error_of_length(count: int) -> dict[str, Any]:
    failed = TransientError("y" * 200, where="z" * 200)
    return {"errors": (failed,) * count, "warnings": ["w" * 200] * count}


@pytest.mark.parametrize("size", [10, 60_000, 500_000])
def test_very_long_errors_do_not_exceed_the_size_limit(size: int) -> None:
    shown = job_summary(outcome(FAILED, errors=(TransientError("x" * size),) * 20))
    assert len(shown.encode()) < FULL
    assert shown.count("<details>") == shown.count("</details>")
    if size > 10:
        assert "the log lists them all" in shown


def test_a_thousand_files_with_very_long_names_are_all_in_the_table() -> None:
    shown = job_summary(outcome(*published_results(1000, 250)))
    assert shown.count("✅&nbsp;uploaded") == 1000
