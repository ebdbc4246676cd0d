"""Invariants that hold when all jobs have ended, whatever faults there were."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import requests

from tests.matrix.processes import Finished, MatrixJob, is_publishing
from tests.matrix.variants import Variant
from tests.support.job import Step
from tests.support.sandbox import Sandbox

TAG = "v1"
SUMS = "SHA256SUMS"
RACE_SECONDS = 0.6  # two jobs that publish within this time may both report it
LEFTOVER_WARNING = "delete the duplicate by hand"
# A release that exists before the jobs begin, and that they must not change.
UNRELATED = {"tag": "v0", "assets": [{"name": "app-00-0.bin", "text": "of another release"}]}
PUBLIC = {"tag": TAG, "assets": [{"name": "read-me.txt", "text": "there before"}]}


def seed_releases(sandbox: Sandbox, variant: Variant) -> None:
    """Create the releases that exist before the jobs begin."""
    releases = [UNRELATED, PUBLIC] if variant.public else [UNRELATED]
    repository = {
        "name": sandbox.repository,
        "immutable_releases": variant.immutable,
        "releases": releases,
    }
    sandbox.seed({"repositories": [repository]})


def check_release(
    sandbox: Sandbox, variant: Variant, matrix_jobs: Sequence[MatrixJob], finished: Finished
) -> dict[str, dict[str, Any]]:
    """Check that there is one release, public, with every asset; return its assets by name."""
    releases = sandbox.releases()
    reported = sum(LEFTOVER_WARNING in step.log for step in finished.steps.values())
    if any(event["job"] in finished.killed for event in sandbox.history() if event["complete"]):
        # The job that publishes deletes empty drafts afterwards, unless it is killed.
        reported += len(finished.killed)
    leftovers = [one for one in releases if one["draft"] and not one["assets"]][:reported]
    others = [one for one in releases if one not in leftovers]
    found = [(one["tag_name"], one["draft"], len(one["assets"])) for one in others]
    assert sorted(tag for tag, *_ in found) == ["v0", TAG], found
    assert ("v0", False, 1) in found, found
    release = sandbox.release(TAG)
    assert not release["draft"], found
    assert release["immutable"] == variant.immutable
    assets = {asset["name"]: asset for asset in release["assets"]}
    expected = {name for matrix_job in matrix_jobs for name in matrix_job.files}
    expected |= {SUMS} if variant.checksums else set()
    expected |= {"read-me.txt"} if variant.public else set()
    assert sorted(assets) == sorted(expected)
    for matrix_job in matrix_jobs:
        for name, content in matrix_job.files.items():
            asset = assets[name]
            assert (asset["state"], asset["sha256"]) == ("uploaded", digest_of(content)), name
    return assets


def check_history(sandbox: Sandbox, variant: Variant, finished: Finished) -> None:
    """Check that the release was published once and complete, and no job deleted others' assets."""
    history = sandbox.history()
    published = [event for event in history if event["what"] == "published"]
    assert len(published) == (0 if variant.public else 1), published
    assert not [event for event in history if event["what"] == "unpublished"]
    for event in published:
        assert event["complete"] == len(sandbox.assets(TAG))
    release = sandbox.release(TAG)
    there = {asset["name"] for asset in release["assets"]}
    is_public = variant.public
    for event in history:
        is_public = is_public or event["what"] == "published"
        if event["what"] != "asset deleted" or event["state"] != "uploaded":
            continue
        name, job = event["name"], event["job"]
        if is_public and event["release_id"] != release["id"] and name in there:
            # In a superseded draft: the public release has the asset by then.
            continue
        # The checksums file, which any job may swap, or delete when it is corrupt.
        is_checksums = name == SUMS or name.startswith(f"{SUMS}.release-assets-")
        # The job's own asset, which it deletes when it is corrupt.
        is_own = name.startswith(f"app-{(job or '').removeprefix('job-')}-")
        assert is_checksums or is_own, f"{job} deleted {name}"
    reported = [
        name for name, step in finished.steps.items() if step.outputs["published"] == "true"
    ]
    by = [event["job"] for event in published]
    if reported == [] and by and by[0] in finished.killed:
        return  # the job that published was killed before it could report it
    if variant.faults and variant.checksums and len(reported) == 2:
        # A corrupt asset may count as the last missing one until it is deleted, so that two jobs
        # publish. GitHub has no conditional writes; the release is refreshed right before.
        publishing = filter(is_publishing, sandbox.requests())
        first, *_, last = (one.time for one in publishing if one.status == 200)
        assert last - first < RACE_SECONDS, reported
        assert set(by) <= set(reported), reported
        return
    assert reported == by


def check_steps(
    finished: Finished,
    matrix_jobs: Sequence[MatrixJob],
    release_id: int,
    assets: Mapping[str, dict[str, Any]],
) -> None:
    """Check that every job succeeded and reports accurately."""
    for matrix_job in matrix_jobs:
        step = finished.steps[matrix_job.name]
        assert step.exit_code == 0, step.log
        assert "::error" not in step.log, step.log
        assert matrix_job.job.token not in step.log.replace(
            f"::add-mask::{matrix_job.job.token}", ""
        )
        assert step.outputs["release-id"] == str(release_id), step.log
        results = step.assets()
        assert results.keys() - {SUMS} == matrix_job.files.keys()
        for name, result in results.items():
            assert result["result"] in {"uploaded", "replaced", "unchanged"}, (
                matrix_job.name,
                result,
            )
            stored = (assets[name]["id"], assets[name]["digest"])
            # A later job may have replaced the checksums file.
            assert (result["id"], result["digest"]) == stored or name == SUMS, (
                matrix_job.name,
                result,
            )
        _check_asset_urls(step, assets)


def check_checksums(urls: Mapping[str, str], directory: Path) -> None:
    """Check with sha256sum that the checksums file has the digest of every asset."""
    directory.mkdir()
    for name, url in urls.items():
        (directory / name).write_bytes(download(url))
    lines = (directory / SUMS).read_text().splitlines()
    assert sorted(line.split()[1] for line in lines) == sorted(urls.keys() - {SUMS})
    command = ["sha256sum", "--check", "--strict", "--quiet", SUMS]
    done = subprocess.run(command, cwd=directory, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def download(url: str) -> bytes:
    """Return what anyone can download from a URL."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(url, timeout=30)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return sha256(content).hexdigest()


def _check_asset_urls(step: Step, assets: Mapping[str, dict[str, Any]]) -> None:
    """Check that the asset URLs work of each job that has seen the public release.

    Other jobs have seen only a draft, whose URLs stop working when it is published.
    """
    if step.outputs["published"] != "true" and "/untagged-" in step.outputs["release-url"]:
        return
    for name, url in json.loads(step.outputs["asset-urls"]).items():
        assert digest_of(download(url)) == assets[name]["sha256"], (name, url)
