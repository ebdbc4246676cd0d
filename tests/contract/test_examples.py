"""The workflows of examples/, run on act, with the substitutes that tests.support.act lists."""

import io
import json
import re
import subprocess
import tarfile
import urllib.request
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.act import USES, USES_NATIVE, Act, Event, Run
from tests.support.certificate import make_certificate
from tests.support.job import ROOT, Job
from tests.support.sandbox import Sandbox

pytestmark = [pytest.mark.timeout(300), pytest.mark.slow]

EXAMPLES = {path.name: path for path in sorted((ROOT / "examples").glob("[!.]*.yml"))}
USES_OURS = {USES, USES_NATIVE}
OURS = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
Start = Callable[..., Run]


@pytest.fixture
def act(base_image: str, machine: Path, tmp_path: Path) -> Act:
    return Act(home=tmp_path / "home", base=base_image, lock=machine / "docker.lock")


@pytest.fixture
def run(act: Act, job: Job, sandbox: Sandbox) -> Start:
    """Run an example in a repository with a public release, v0."""
    sandbox.seed(repository(releases=[{"tag": "v0", "created_at": "2020-01-01", "assets": []}]))

    def start(name: str, event: Event | None = None, edit: tuple[str, str] = ("", "")) -> Run:
        text = EXAMPLES[name].read_text("utf-8")
        assert edit[0] in text
        edited = text.replace(*edit) if edit[0] else text

        def push(commit: str) -> None:
            sandbox.seed(repository(commits=[commit]))

        return act.run(edited, job, event or Event.push("refs/tags/v1"), pushed=push)

    return start


def repository(**what: Any) -> dict[str, Any]:
    """Return a seed that adds these fields to the repository."""
    return {"repositories": [{"name": "octo-org/app", **what}]}


def contents(sandbox: Sandbox, tag: str) -> dict[str, bytes]:
    """Return name and content of the assets of a tag's only release; all must be complete."""
    assert [release["tag_name"] for release in sandbox.releases()].count(tag) == 1
    assert {asset["state"] for asset in sandbox.assets(tag)} <= {"uploaded"}
    return {name: sandbox.content(tag, name) for name in sandbox.asset_names(tag)}


def state(sandbox: Sandbox, tag: str) -> str:
    """Return "draft", "prerelease" or "public", and whether the release is the latest."""
    release = sandbox.release(tag)
    if release["draft"]:
        return "draft"
    url = f"{sandbox.api_url}/repos/{sandbox.repository}/releases/latest"
    with urllib.request.urlopen(url) as answer:
        latest = json.load(answer)["tag_name"]
    kind = "prerelease" if release["prerelease"] else "public"
    return f"{kind}, latest" if latest == tag else kind


def is_published_last(sandbox: Sandbox) -> bool:
    """Whether the release was published once, after all other writes."""
    writes = [one.method for one in sandbox.requests() if one.method != "GET"]
    return writes.index("PATCH") == len(writes) - 1


def is_checksums_of(listed: bytes, others: dict[str, bytes]) -> bool:
    """Whether `listed` is the output of `sha256sum` for these files."""
    lines = {f"{sha256(content).hexdigest()}  {name}" for name, content in others.items()}
    return set(listed.decode().splitlines()) == lines


def members(archive: bytes) -> list[str]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        return opened.getnames()


def urls(sandbox: Sandbox, tag: str) -> set[str]:
    return {asset["browser_download_url"] for asset in sandbox.assets(tag)}


@pytest.mark.docker
def test_tag_push_continues_after_a_failed_run(run: Start, sandbox: Sandbox) -> None:
    match = {"origin": "uploads", "query": "MANUAL"}
    sandbox.fault(do="status", status=403, match=match, leave=None)
    failed = run("tag-push.yml")
    assert failed.exit_code == 1, failed.log
    assert state(sandbox, "v1") == "draft"
    assert list(contents(sandbox, "v1")) == ["app.tar.gz"]

    again = run("tag-push.yml")
    assert again.exit_code == 0, again.log
    assert state(sandbox, "v1") == "public, latest"
    assert len(again.downloaded()) == 3
    assert set(again.downloaded()) == urls(sandbox, "v1")
    assets = contents(sandbox, "v1")
    assert is_checksums_of(assets.pop("SHA256SUMS"), assets)
    assert members(assets.pop("app.tar.gz")) == ["README.md"]
    assert assets == {"MANUAL.md": b"# App\n"}
    assert sandbox.count("POST", "/assets") == 4, "only what was missing is sent again"


@pytest.mark.docker
def test_matrix_publishes_the_files_of_all_jobs(run: Start, sandbox: Sandbox) -> None:
    done = run("matrix.yml")
    assert done.exit_code == 0, done.log
    assert done.log.count("Job succeeded") == 4
    assert state(sandbox, "v1") == "public, latest"
    assert contents(sandbox, "v1") == {
        f"app-{target}.txt": f"app for {target}\n".encode()
        for target in ("linux-arm64", "linux-x64", "macos", "windows")
    }
    assert is_published_last(sandbox)


@pytest.mark.docker
def test_final_publish_publishes_in_its_last_job(run: Start, sandbox: Sandbox) -> None:
    done = run("final-publish.yml")
    assert done.exit_code == 0, done.log
    assert done.log.count("Job succeeded") == 4
    assert state(sandbox, "v1") == "public, latest"
    assets = contents(sandbox, "v1")
    assert is_checksums_of(assets.pop("SHA256SUMS"), assets)
    assert assets == {
        f"{target}-v1.txt": f"{target} v1\n".encode() for target in ("cli", "server", "docs")
    }
    assert is_published_last(sandbox)
    assert f"| Released: {sandbox.release('v1')['html_url']}\n" in done.log


@pytest.mark.docker
def test_immutable_publishes_only_a_complete_set(run: Start, sandbox: Sandbox) -> None:
    sandbox.seed(repository(immutable_releases=True))
    # One build is missing, but `expect` still names its file.
    short = run("immutable.yml", edit=("[amd64, arm64]", "[amd64]"))
    assert short.exit_code == 1, short.log
    assert "the release is still a draft" in short.log
    assert state(sandbox, "v1") == "draft"

    done = run("immutable.yml")
    assert done.exit_code == 0, done.log
    assert state(sandbox, "v1") == "public, latest"
    assert sandbox.release("v1")["immutable"]
    assets = contents(sandbox, "v1")
    assert is_checksums_of(assets.pop("SHA256SUMS"), assets)
    assert assets == {"app-amd64.txt": b"app for amd64\n", "app-arm64.txt": b"app for arm64\n"}


@pytest.mark.docker
def test_nightly_creates_the_first_release(run: Start, sandbox: Sandbox) -> None:
    sandbox.seed(repository(tags=["nightly"]))
    done = run("nightly.yml", Event(name="workflow_dispatch"))
    assert done.exit_code == 0, done.log
    assert state(sandbox, "nightly") == "prerelease"
    assert sandbox.release("nightly")["name"] == "Nightly build"
    assert len(contents(sandbox, "nightly")) == 2


@pytest.mark.docker
def test_nightly_replaces_the_assets_of_the_last_night(run: Start, sandbox: Sandbox) -> None:
    old = {"app-0.tar.gz": "old", "nightly.txt": "old", "by-hand.txt": "kept"}
    assets = [{"name": name, "text": text} for name, text in old.items()]
    night = {"tag": "nightly", "name": "Mine", "prerelease": True, "assets": assets}
    sandbox.seed(repository(releases=[night]))
    done = run("nightly.yml", Event(name="schedule", payload={"schedule": "17 3 * * *"}))
    assert done.exit_code == 0, done.log
    assert done.log.index("git push --force") < done.log.index("Run Main Publish")
    assert state(sandbox, "nightly") == "prerelease"
    found = contents(sandbox, "nightly")
    sha = found["nightly.txt"].decode().strip()
    made = sandbox.release("nightly")
    assert made["name"] == "Nightly build"
    assert sha in made["body"]
    assert found.keys() == {f"app-{sha[:12]}.tar.gz", "by-hand.txt", "nightly.txt"}
    assert members(found[f"app-{sha[:12]}.tar.gz"]) == ["README.md"]
    assert len(done.downloaded()) == 2


@pytest.mark.docker
def test_immutable_nightlies_are_dated_and_the_last_seven_stay(
    run: Start, sandbox: Sandbox
) -> None:
    dates = [f"2025-07-{day:02}" for day in range(1, 11)]
    nights = [{"tag": f"nightly-{date}", "prerelease": True} for date in dates]
    others = [{"tag": "v1"}, {"tag": "nightly-9999-01-01", "draft": True}]
    sandbox.seed(repository(releases=[*nights, *others], immutable_releases=True))
    for _ in range(2):  # the second time, the release of today is there
        done = run("nightly-immutable.yml", Event(name="workflow_dispatch"))
        assert done.exit_code == 0, done.log
        releases = {one["tag_name"]: one for one in sandbox.releases()}
        (today,) = [tag for tag in releases if tag.startswith("nightly-2") and tag[8:] not in dates]
        assert releases[today]["immutable"]
        kept = [f"nightly-{date}" for date in dates[-6:]]
        assert releases.keys() == {today, *kept, "v0", "v1", "nightly-9999-01-01"}
        assert members(contents(sandbox, today)["app.tar.gz"]) == ["README.md"]


def test_nightly_moves_its_tag(tmp_path: Path) -> None:
    step = next(one for one in steps("nightly.yml") if one.get("name") == "Move the tag")

    def git(*command: str) -> str:
        who = ("-c", "user.name=Octocat", "-c", "user.email=octocat@example.com")
        return subprocess.check_output(["git", *who, *command], cwd=tmp_path, text=True).strip()

    git("init", "--quiet", "--bare", "remote.git")
    git("clone", "--quiet", "remote.git", "clone")
    for night in ("first", "second"):
        git("-C", "clone", "commit", "--quiet", "--allow-empty", "--message", night)
        sha = git("-C", "clone", "rev-parse", "HEAD")
        environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "GITHUB_SHA": sha}
        subprocess.run(
            ["bash", "-e", "-c", step["run"]], cwd=tmp_path / "clone", env=environment, check=True
        )
        assert git("-C", "remote.git", "rev-parse", "refs/tags/nightly") == sha


@pytest.mark.docker
def test_promote_publishes_a_draft(run: Start, sandbox: Sandbox) -> None:
    draft = {"tag": "v1", "draft": True, "body": "Mine", "assets": [{"name": "a", "text": "a"}]}
    sandbox.seed(repository(releases=[draft], tags=["v11"]))

    def promote(tag: str) -> Run:
        asked = {"tag": tag, "make-latest": "false"}
        return run("promote.yml", Event(name="workflow_dispatch", payload={"inputs": asked}))

    mistyped = promote("v11")
    assert mistyped.exit_code == 1, mistyped.log
    assert "there is no release `v11`" in mistyped.log
    assert state(sandbox, "v1") == "draft"

    done = promote("v1")
    assert done.exit_code == 0, done.log
    assert state(sandbox, "v1") == "public"
    assert contents(sandbox, "v1") == {"a": b"a"}
    assert sandbox.release("v1")["body"] == "Mine"
    assert done.downloaded() == [sandbox.release("v1")["html_url"]]


@pytest.mark.docker
def test_release_please_adds_assets_to_its_release(run: Start, sandbox: Sandbox) -> None:
    main = Event.push("refs/heads/main")
    nothing = run("release-please.yml", main)
    assert nothing.exit_code == 0, nothing.log
    assert nothing.log.count("Job succeeded") == 1, "no release, no files"

    sandbox.seed(repository(releases=[{"tag": "v1", "body": "Features"}]))
    done = run("release-please.yml", main)
    assert done.exit_code == 0, done.log
    assert state(sandbox, "v1") == "public, latest"
    assert members(contents(sandbox, "v1")["app.tar.gz"]) == ["README.md"]
    assert sandbox.release("v1")["body"] == "Features"
    assert set(done.downloaded()[-1:]) == urls(sandbox, "v1")


@pytest.mark.docker
def test_provenance_attests_the_published_files(run: Start, sandbox: Sandbox) -> None:
    done = run("provenance.yml")
    assert done.exit_code == 0, done.log
    assert state(sandbox, "v1") == "public, latest"
    assert contents(sandbox, "v1").keys() == {"app.tar.gz", "manual.md"}
    assert "| attested 2 files" in done.log
    assert done.log.count("| app.tar.gz: OK") == 2, "by the substitute, and by the step after it"
    assert set(done.downloaded()) == urls(sandbox, "v1")


@pytest.mark.docker
def test_ghes_publishes_to_an_enterprise_server(
    act: Act, sandbox_with: Callable[..., Sandbox], tmp_path: Path
) -> None:
    certificate, key = make_certificate(tmp_path)
    tls = ("--tls-cert", str(certificate), "--tls-key", str(key))
    server = sandbox_with("--flavour", "ghes", "--tag", "v1", *tls)
    done = act.run(
        EXAMPLES["ghes.yml"].read_text("utf-8"),
        Job.at(tmp_path / "runner", server),
        Event.push("refs/tags/v1"),
        {"CA_BUNDLE": certificate.read_text()},
    )
    assert done.exit_code == 0, done.log
    assert not server.release("v1")["draft"]
    assert members(contents(server, "v1")["app.tar.gz"]) == ["README.md"]
    assert set(done.downloaded()) == urls(server, "v1")
    read_back = [one for one in server.requests() if one.origin == "storage" and one.bytes_out]
    assert len(read_back) == 2, "by the action and by the step after it"


def steps(example: str) -> list[dict[str, Any]]:
    workflow = yaml.safe_load(EXAMPLES[example].read_text("utf-8"))
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_every_example_is_tested_and_listed() -> None:
    source = Path(__file__).read_text("utf-8")
    assert [name for name in EXAMPLES if f'"{name}"' not in source] == []
    table = (ROOT / "examples" / "README.md").read_text("utf-8")
    assert re.findall(r"^\| \[([\w-]+\.yml)\]\(\1\) \|", table, re.MULTILINE) == list(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_input_and_output_in_an_example_is_declared(name: str) -> None:
    ours = [step for step in steps(name) if step.get("uses") in USES_OURS]
    assert ours
    assert set().union(*(step["with"] for step in ours)) <= OURS["inputs"].keys()
    text = EXAMPLES[name].read_text("utf-8")
    named = {step["id"] for step in ours if "id" in step}
    used = re.findall(r"steps\.([\w-]+)\.outputs\.([\w-]+)", text)
    assert {output for step, output in used if step in named} <= OURS["outputs"].keys()
    assert re.match(r"(# .+\n){3}name: ", text), "three lines say what it is for and what to change"
    for other in set(re.findall(r"uses: (.+)", text)) - USES_OURS:
        assert re.fullmatch(r"\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+", other)
