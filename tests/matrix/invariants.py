"""What must be true when all jobs have ended, whatever went wrong."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import requests

from tests.matrix.crowd import Ended, Member, is_publishing
from tests.matrix.variants import Variant
from tests.support.job import Step
from tests.support.sandbox import Sandbox

TAG = "v1"
SUMS = "SHA256SUMS"
CROSSING_SECONDS = 0.6  # a look that is older is not relied on
TOLD_OF_A_STRAY = "delete the empty one by hand"
# What is there before the jobs begin, and is none of their business.
KEPT = {"tag": "v0", "assets": [{"name": "app-00-0.bin", "text": "of another release"}]}
PUBLIC = {"tag": TAG, "assets": [{"name": "read-me.txt", "text": "there before"}]}


def plant(sandbox: Sandbox, variant: Variant) -> None:
    """Make what is there before the jobs begin."""
    releases = [KEPT, PUBLIC] if variant.public else [KEPT]
    repository = {
        "name": sandbox.repository,
        "immutable_releases": variant.immutable,
        "releases": releases,
    }
    sandbox.seed({"repositories": [repository]})


def check_the_release(
    sandbox: Sandbox, variant: Variant, crowd: Sequence[Member], ended: Ended
) -> dict[str, dict[str, Any]]:
    """Check that there is one release, public, with every asset; return its assets by name."""
    releases = sandbox.releases()
    told = sum(TOLD_OF_A_STRAY in step.log for step in ended.steps.values())
    if any(event["job"] in ended.killed for event in sandbox.history() if event["complete"]):
        # Who makes the release public clears away empty drafts afterwards, if it lives.
        told += len(ended.killed)
    strays = [one for one in releases if one["draft"] and not one["assets"]][:told]
    left = [one for one in releases if one not in strays]
    found = [(one["tag_name"], one["draft"], len(one["assets"])) for one in left]
    assert sorted(tag for tag, *_ in found) == ["v0", TAG], found
    assert ("v0", False, 1) in found, found
    release = sandbox.release(TAG)
    assert not release["draft"], found
    assert release["immutable"] == variant.immutable
    assets = {asset["name"]: asset for asset in release["assets"]}
    expected = {name for member in crowd for name in member.files}
    expected |= {SUMS} if variant.checksums else set()
    expected |= {"read-me.txt"} if variant.public else set()
    assert sorted(assets) == sorted(expected)
    for member in crowd:
        for name, content in member.files.items():
            asset = assets[name]
            assert (asset["state"], asset["sha256"]) == ("uploaded", digest_of(content)), name
    return assets


def check_the_history(sandbox: Sandbox, variant: Variant, ended: Ended) -> None:
    """Check that the release was made public once, whole, and nobody removed what others brought."""
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
            # Of a draft that all jobs left: the one that is public holds it by then.
            continue
        # Of the list, which is whoever's writes it: swapped, or it did not arrive as it was.
        of_the_list = name == SUMS or name.startswith(f"{SUMS}.release-assets-")
        # Its own, when the bytes did not arrive as they were.
        own = name.startswith(f"app-{(job or '').removeprefix('job-')}-")
        assert of_the_list or own, f"{job} deleted {name}"
    told = [name for name, step in ended.steps.items() if step.outputs["published"] == "true"]
    by = [event["job"] for event in published]
    if told == [] and by and by[0] in ended.killed:
        return  # who did it did not live to tell
    if variant.faults and variant.checksums and len(told) == 2:
        # Wrong bytes may look like the last that was missing, until they are taken back: two jobs
        # are the last then. GitHub has no conditional writes, but a look comes right before.
        publishing = filter(is_publishing, sandbox.requests())
        first, *_, last = (one.time for one in publishing if one.status == 200)
        assert last - first < CROSSING_SECONDS, told
        assert set(by) <= set(told), told
        return
    assert told == by


def check_the_steps(
    ended: Ended, crowd: Sequence[Member], release_id: int, assets: Mapping[str, dict[str, Any]]
) -> None:
    """Check that all went well, and that what each job says is so."""
    for member in crowd:
        step = ended.steps[member.name]
        assert step.exit_code == 0, step.log
        assert "::error" not in step.log, step.log
        assert member.job.token not in step.log.replace(f"::add-mask::{member.job.token}", "")
        assert step.outputs["release-id"] == str(release_id), step.log
        results = step.assets()
        assert results.keys() - {SUMS} == member.files.keys()
        for name, result in results.items():
            assert result["result"] in {"uploaded", "replaced", "unchanged"}, (member.name, result)
            there = (assets[name]["id"], assets[name]["digest"])
            # The list may have been written anew, by a job that came later.
            assert (result["id"], result["digest"]) == there or name == SUMS, (member.name, result)
        _check_the_addresses(step, assets)


def check_the_checksums(urls: Mapping[str, str], directory: Path) -> None:
    """Check with sha256sum that the list has every asset, with the digest of its bytes."""
    directory.mkdir()
    for name, url in urls.items():
        (directory / name).write_bytes(download(url))
    lines = (directory / SUMS).read_text().splitlines()
    assert sorted(line.split()[1] for line in lines) == sorted(urls.keys() - {SUMS})
    command = ["sha256sum", "--check", "--strict", "--quiet", SUMS]
    done = subprocess.run(command, cwd=directory, capture_output=True, encoding="utf-8")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def download(url: str) -> bytes:
    """Return what anybody gets from an address."""
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(url, timeout=30)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hex."""
    return sha256(content).hexdigest()


def _check_the_addresses(step: Step, assets: Mapping[str, dict[str, Any]]) -> None:
    """Check that a job which knows the public release gives addresses that work.

    Others know only a draft, whose addresses die with it.
    """
    if step.outputs["published"] != "true" and "/untagged-" in step.outputs["release-url"]:
        return
    for name, url in json.loads(step.outputs["asset-urls"]).items():
        assert digest_of(download(url)) == assets[name]["sha256"], (name, url)
