"""The release workflow of this project, as far as it runs without GitHub."""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from release_assets import __version__
from scripts.owner import current_owner
from tests.support.document import read, sections
from tests.support.git_data import IDENTITY, GitData, serve
from tests.support.job import ROOT, Job
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))
DIGEST = "sha256:" + "0123456789abcdef" * 4
REPOSITORY = f"{current_owner()}/publish-release-assets"
NAME = "ghcr.io/octo-org/app"
IMAGE = f"{NAME}@{DIGEST}"
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n- Later\n\n## [1.2.3] - 2026-11-21\n\n- Now\n\n## [1.2.2]\n\n- Before\n"
# A substitute for docker, whose registry is GitHub's: records each call and its standard input.
DOCKER = f"""#!/bin/bash
printf '%s\\n' "$*" >> "$HOME/docker.log"
case "$*" in
login*) grep -qx secret ;;
*--metadata-file*) echo '{{"containerimage.digest": "{DIGEST}"}}' > metadata.json ;;
*imagetools\\ inspect*) echo "${{SAID:-{DIGEST}}}" ;;
export*) cat "$HOME/image.tar" ;;
create*) echo container ;;
esac
"""
FILES_OF_THE_IMAGE = {
    "usr/lib/os-release": "ID=debian\nVERSION_ID=13\n",
    "var/lib/dpkg/status": "Package: libc6\nStatus: install ok installed\nArchitecture: any\nVersion: 1\n",
}


def step(job: str, name: str) -> dict[str, Any]:
    """Return a step of the workflow by the start of its name."""
    steps: list[dict[str, Any]] = WORKFLOW["jobs"][job]["steps"]
    (found,) = [one for one in steps if one.get("name", "").startswith(name)]
    return found


class Checkout:
    """A repository that is ready for version 1.2.3, locally and on GitHub."""

    def __init__(self, directory: Path, github: GitData) -> None:
        self.directory = directory
        self.github = github

    def run(self, job: str, name: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        """Run a step like a runner does."""
        home = self.directory.parent
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step(job, name)["run"]],
            cwd=self.directory,
            env={
                # The directory of Python also contains gh.
                "PATH": f"{home}:{Path(sys.executable).parent}:{os.environ['PATH']}",
                "HOME": str(home),
                "GITHUB_ACTOR": "octocat",
                "GITHUB_REPOSITORY": "Octo-Org/App",
                "GITHUB_OUTPUT": str(home / "output"),
                "GITHUB_SHA": self.github.git("rev-parse", "main"),
                "GH_TOKEN": "secret",
                "GH_ENTERPRISE_TOKEN": "secret",
                "TOKEN": "secret",
                # gh uses plain HTTP with this host only, and reaches it through the proxy.
                "GH_HOST": "github.localhost",
                "HTTP_PROXY": self.github.url,
                **variables,
            },
            capture_output=True,
            text=True,
            timeout=60,
        )

    def outputs(self) -> dict[str, str]:
        """Return the outputs of the steps."""
        lines = (self.directory.parent / "output").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def docker(self) -> list[str]:
        """Return the recorded calls of docker."""
        return (self.directory.parent / "docker.log").read_text().splitlines()


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Checkout]:
    if sys.platform != "linux":
        pytest.skip("the workflow runs on Linux, and its steps take GNU's sed, base64 and sort")
    if shutil.which("jq") is None:
        pytest.skip("there is no jq command, which GitHub's runners have")
    directory = tmp_path / "checkout"
    (directory / "scripts").mkdir(parents=True)
    for name in ("action.yml", "Dockerfile", "scripts/sbom.py"):
        (directory / name).write_bytes((ROOT / name).read_bytes())
    (directory / "src/release_assets").mkdir(parents=True)
    (directory / "src/release_assets/__init__.py").write_text(
        '"""Doc."""\n\n__version__ = "1.2.3"\n'
    )
    (directory / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "docker").chmod(0o755)
    (tmp_path / "output").touch()
    with tarfile.open(tmp_path / "image.tar", "w") as tar:
        for path, text in FILES_OF_THE_IMAGE.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    for command in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        ("commit", "-qm", "Ready"),
        ("clone", "-q", "--bare", ".", "../github.git"),
    ):
        subprocess.run(["git", *IDENTITY, *command], cwd=directory, check=True)
    with serve(tmp_path / "github.git") as github:
        yield Checkout(directory, github)


def test_a_prepared_version_is_accepted(checkout: Checkout) -> None:
    done = checkout.run("version", "Check the version", VERSION="1.2.3")
    assert done.returncode == 0, done.stderr
    outputs = checkout.outputs()
    assert outputs["tag"] == "v1.2.3"
    assert outputs["image"] == NAME
    assert re.fullmatch(rf"python:[\w.-]+@{DIGEST}", outputs["base"])
    assert outputs["time"] == checkout.github.git("log", "-1", "--format=%ct", "main")


@pytest.mark.parametrize("version", ["1.2.2", "1.2", "v1.2.3", "1.2.3\nx=y", "1.2.3; id", ""])
def test_an_invalid_or_unprepared_version_is_refused(version: str, checkout: Checkout) -> None:
    assert checkout.run("version", "Check the version", VERSION=version).returncode != 0
    assert checkout.outputs() == {}


def test_a_base_image_without_a_digest_is_refused(checkout: Checkout) -> None:
    done = checkout.run("version", "Check the version", VERSION="1.2.3", SAID="none")
    assert "python:" in done.stdout
    assert done.returncode != 0
    assert checkout.outputs() == {}


def test_a_version_released_from_another_commit_is_refused(checkout: Checkout) -> None:
    old = checkout.github.git("commit-tree", "main^{tree}", "-p", "main", "-m", "Release v1.2.3")
    checkout.github.git("update-ref", "refs/tags/v1.2.3", old)
    again = checkout.run("version", "Check the version", VERSION="1.2.3")
    assert again.returncode == 0, "the tag was created from this commit: the release may continue"
    newer = checkout.github.git("commit-tree", "main^{tree}", "-p", "main", "-m", "Fix")
    checkout.github.git("update-ref", "refs/heads/main", newer)
    (checkout.directory.parent / "output").write_text("")
    refused = checkout.run("version", "Check the version", VERSION="1.2.3")
    assert refused.returncode != 0
    assert "take another version" in refused.stdout
    assert checkout.outputs() == {}, "the image of a release must not change"


@pytest.mark.parametrize("call", ["GET git/matching-refs", "GET git/commits"])
def test_a_version_is_refused_if_github_does_not_answer(call: str, checkout: Checkout) -> None:
    checkout.github.git("tag", "v1.2.3", "main")
    checkout.github.failing = call
    assert checkout.run("version", "Check the version", VERSION="1.2.3").returncode != 0
    assert checkout.outputs() == {}


def test_the_image_is_built_from_the_resolved_base(checkout: Checkout) -> None:
    base = f"python:3@{DIGEST}"
    done = checkout.run("build", "Build", ARCHITECTURE="arm64", IMAGE=NAME, BASE=base)
    assert done.returncode == 0, done.stderr
    assert checkout.outputs() == {"arm64": DIGEST}
    (build,) = [call for call in checkout.docker() if call.startswith("buildx build")]
    assert f"--build-arg PYTHON_IMAGE={base}" in build
    assert f"name={NAME},push-by-digest=true" in build
    assert "secret" not in "".join(checkout.docker())


def test_the_images_are_combined_under_one_tag(checkout: Checkout) -> None:
    tag = {"IMAGE": NAME, "TAG": "v1.2.3", "AMD64": DIGEST, "ARM64": DIGEST}
    assert checkout.run("image", "Put", **tag, SAID="nonsense").returncode != 0
    assert checkout.outputs() == {}
    assert checkout.run("image", "Put", **tag).returncode == 0
    assert checkout.outputs() == {"digest": DIGEST}


def test_the_release_names_the_image_by_its_digest(checkout: Checkout) -> None:
    done = checkout.run("release", "Name the image", IMAGE=IMAGE)
    assert done.returncode == 0, done.stderr
    before: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    after: dict[str, Any] = yaml.safe_load((checkout.directory / "action.yml").read_text("utf-8"))
    assert after["runs"].pop("image") == f"docker://{IMAGE}"
    assert before["runs"].pop("image") == "Dockerfile"
    assert after == before
    again = checkout.run("release", "Name the image", IMAGE="ghcr.io/other")
    assert again.returncode != 0, "it must not continue with another image"


def prepare(checkout: Checkout, image: str = IMAGE) -> None:
    """Run the steps of the release job that come before the first write to GitHub."""
    variables = {"IMAGE": image, "TAG": "v1.2.3", "BASE": f"python:3@{DIGEST}", "AMD64": DIGEST}
    variables |= {"ARM64": DIGEST.replace("0", "f"), "SOURCE_DATE_EPOCH": "1"}
    for name in ("Name the image", "List what is in", "Pack"):
        done = checkout.run("release", name, **variables)
        assert done.returncode == 0, done.stderr


def packed(checkout: Checkout) -> dict[str, str]:
    """Return name -> digest of the files to publish."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (checkout.directory / "dist").iterdir()
    }


def test_the_packed_files_are_complete_and_reproducible(checkout: Checkout) -> None:
    prepare(checkout)
    dist = checkout.directory / "dist"
    first = packed(checkout)
    source = "publish-release-assets-v1.2.3.tar.gz"
    sboms = ["sbom-amd64.cdx.json", "sbom-arm64.cdx.json"]
    assert sorted(first) == ["base-image.txt", "image.txt", source, *sboms]
    assert (checkout.directory / "notes.md").read_text().strip() == "- Now"
    assert (dist / "image.txt").read_text() == f"{IMAGE}\n"
    assert json.loads((dist / sboms[1]).read_text())["components"][0]["name"] == "libc6"
    assert f"create --platform linux/amd64 {NAME}@{DIGEST}" in checkout.docker()

    checkout.run("release", "Pack", IMAGE=IMAGE, TAG="v1.2.3", BASE=f"python:3@{DIGEST}")
    assert packed(checkout) == first, "a second run must create the same files"


def test_an_unreadable_image_is_an_error(checkout: Checkout) -> None:
    (checkout.directory.parent / "image.tar").write_bytes(b"no archive")
    done = checkout.run("release", "List what is in", IMAGE=IMAGE, TAG="v1", AMD64="x", ARM64="x")
    assert done.returncode != 0


def test_the_tagged_commit_is_main_with_the_image_in_action_yml(checkout: Checkout) -> None:
    prepare(checkout)
    github = checkout.github
    done = checkout.run("release", "Tag a commit", TAG="v1.2.3", IMAGE=IMAGE)
    assert done.returncode == 0, done.stderr
    assert github.git("rev-parse", "v1.2.3^") == github.git("rev-parse", "main")
    assert github.git("diff", "--name-only", "main", "v1.2.3") == "action.yml"
    changed = github.git("diff", "--unified=0", "main", "v1.2.3").splitlines()[-2:]
    assert changed == ["-  image: Dockerfile", f"+  image: docker://{IMAGE}"]


WRITES = ["POST git/blobs", "POST git/trees", "POST git/commits", "POST git/refs"]


@pytest.mark.parametrize("call", [*WRITES, "GET git/matching-refs"])
def test_the_tag_is_created_once_after_any_interruption(call: str, checkout: Checkout) -> None:
    prepare(checkout)
    github = checkout.github
    github.failing = call
    broken = checkout.run("release", "Tag a commit", TAG="v1.2.3", IMAGE=IMAGE)
    assert broken.returncode != 0, "a call without an answer must not be ignored"
    left = github.tags()
    github.failing = ""
    assert checkout.run("release", "Tag a commit", TAG="v1.2.3", IMAGE=IMAGE).returncode == 0
    assert left.items() <= github.tags().items(), "a tag is never moved"
    assert github.git("show", "v1.2.3:action.yml").count(IMAGE) == 1
    writes = len(github.writes)
    assert checkout.run("release", "Tag a commit", TAG="v1.2.3", IMAGE=IMAGE).returncode == 0
    assert len(github.writes) == writes, "a third time there is nothing to do"


def test_a_tag_with_another_image_is_not_changed(checkout: Checkout) -> None:
    prepare(checkout)
    assert checkout.run("release", "Tag a commit", TAG="v1.2.3", IMAGE=IMAGE).returncode == 0
    tags = checkout.github.tags()
    action = checkout.directory / "action.yml"
    action.write_text(action.read_text().replace(DIGEST, DIGEST.replace("0", "1")))
    assert checkout.run("release", "Tag a commit", TAG="v1.2.3", IMAGE=IMAGE).returncode != 0
    assert checkout.github.tags() == tags


def test_the_action_publishes_the_packed_files_after_interruptions(
    checkout: Checkout, sandbox: Sandbox, tmp_path: Path
) -> None:
    prepare(checkout)
    job = Job.at(tmp_path / "runner", sandbox)
    job.write({"notes.md": (checkout.directory / "notes.md").read_bytes()})
    for path in (checkout.directory / "dist").iterdir():
        job.write({f"dist/{path.name}": path.read_bytes()})
    given = step("release", "Publish")["with"]
    inputs = {**given, "tag": given["tag"].replace("${{ env.TAG }}", job.tag)}
    assert inputs.pop("publish").endswith("== 'true' && 'never' || 'auto' }}")
    for call, times in (("POST", 2), ("PATCH", 1)):
        for _ in range(times):
            sandbox.fault(match={"method": call}, do="status", status=500, times=5)
            broken = job.run_program(inputs | {"max-attempts": "1"})
            sandbox.disarm()
            assert broken.exit_code == 1, broken.log
    done = job.run_program(inputs)
    assert done.exit_code == 0, done.log
    again = job.run_program(inputs)
    assert (again.exit_code, again.outputs["changed"]) == (0, "false")
    assert sandbox.asset_names(job.tag) == sorted([*packed(checkout), "SHA256SUMS"])
    # The attestation reads this file, which must exist even if nothing was sent.
    listed = (job.workspace / again.outputs["checksums-file"]).read_text()
    digests = {name: digest for digest, name in (line.split() for line in listed.splitlines())}
    assert digests.pop("SHA256SUMS")
    assert digests == packed(checkout)


@pytest.mark.parametrize(
    ("tags", "tag", "expected"),
    [
        pytest.param(["v1.2.3"], "v1.2.3", "v1.2.3", id="the first"),
        pytest.param(["v1", "v1.2.3", "v1.2.4"], "v1.2.4", "v1.2.4", id="the next"),
        pytest.param(["v1", "v1.9.0", "v1.10.0"], "v1.10.0", "v1.10.0", id="by number"),
        pytest.param(["v1", "v1.2.3", "v1.2.4"], "v1.2.3", "old", id="an old one, again"),
        pytest.param(["v1", "v1.2.3", "v10.0.0", "v1-x"], "v1.2.3", "v1.2.3", id="others"),
    ],
)
def test_the_major_tag_points_to_the_latest_release(
    tags: list[str], tag: str, expected: str, checkout: Checkout
) -> None:
    github = checkout.github
    commits = {"old": github.git("rev-parse", "main")}
    before = commits["old"]
    for name in tags:
        made = github.git("commit-tree", "main^{tree}", "-p", "main", "-p", before, "-m", name)
        commits[name] = commits["old"] if name == "v1" else made
        before = commits[name]
        github.git("update-ref", f"refs/tags/{name}", commits[name])
    for _ in range(2):
        done = checkout.run("major", "Move them", TAG=tag)
        assert done.returncode == 0, done.stderr
        assert github.tags()["v1"] == commits[expected]
    branch = github.commit_of("refs/heads/release/v1")
    assert branch == ("" if expected == "old" else commits[expected])


def test_the_major_tag_does_not_move_to_a_commit_that_is_no_descendant(checkout: Checkout) -> None:
    github = checkout.github
    for name in ("v1", "v1.2.3"):
        made = github.git("commit-tree", "main^{tree}", "-p", "main", "-m", name)
        github.git("update-ref", f"refs/tags/{name}", made)
    before = github.tags()
    done = checkout.run("major", "Move them", TAG="v1.2.3")
    assert done.returncode != 0
    assert "fast forward" in done.stderr
    assert github.tags() == before


def release(checkout: Checkout, version: str, change: tuple[str, ...]) -> str:
    """Change main, release it, and return the commit of the release."""
    git = ["git", *IDENTITY]
    for command in (
        ["checkout", "-q", "--", "action.yml"],
        list(change),
        ["commit", "-q", "--allow-empty", "-m", f"Prepare {version}"],
        ["push", "-q", "../github.git", "main"],
    ):
        subprocess.run([*git, *command], cwd=checkout.directory, check=True)
    (checkout.directory / "src/release_assets/__init__.py").write_text(
        f'__version__ = "{version}"\n'
    )
    (checkout.directory / "CHANGELOG.md").write_text(f"## [{version}]\n")
    tag = f"v{version}"
    for job, name in (
        ("version", "Check the version"),
        ("release", "Name the image"),
        ("release", "Tag a commit"),
        ("major", "Move them"),
    ):
        done = checkout.run(job, name, VERSION=version, TAG=tag, IMAGE=IMAGE)
        assert done.returncode == 0, done.stderr + done.stdout
    return checkout.github.tags()[tag]


def test_releases_move_the_major_tag_forward_even_when_one_is_taken_back(
    checkout: Checkout,
) -> None:
    """As lockfiles of workflows check it: what was recorded for `v1` stays in its history."""
    github = checkout.github
    new_file = checkout.directory / "fault.py"
    new_file.write_text("1 / 0\n")
    good = release(checkout, "1.2.3", ("status", "-s"))
    faulty = release(checkout, "1.2.4", ("add", "fault.py"))
    # The content before is released as the next version.
    again = release(checkout, "1.2.10", ("revert", "--no-edit", "HEAD"))
    other = release(checkout, "2.0.0", ("status", "-s"))

    for commit, previous in ((good, None), (faulty, good), (again, faulty), (other, None)):
        parents = github.git("rev-parse", f"{commit}^@").split()
        assert parents[1:] == ([previous] if previous else [])
        assert github.is_ancestor(parents[0], github.git("rev-parse", "main"))
        assert previous is None or github.is_ancestor(previous, commit)
    assert github.git("diff", "--name-only", good, again) == ""
    assert github.git("diff", "--name-only", good, faulty) == "fault.py"
    assert (github.tags()["v1"], github.tags()["v2"]) == (again, other)
    assert github.commit_of("refs/heads/release/v1") == again
    refused = checkout.run("version", "Check the version", VERSION="1.2.5")
    assert refused.returncode != 0, "v1 would have to move back"


def test_every_step_fails_if_any_program_of_a_pipe_fails() -> None:
    assert WORKFLOW["defaults"] == {"run": {"shell": "bash"}}, (
        "these tests run the steps in the same way"
    )


def test_the_wheel_is_built_for_this_repository_only(tmp_path: Path) -> None:
    for name in ("README.md", "LICENSE", "CHANGELOG.md", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "src", tmp_path / "src")
    script = step("wheel", "Build")["run"]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for repository, exit_code in (("fork/publish-release-assets", 1), (REPOSITORY.upper(), 0)):
        done = subprocess.run(
            ["bash", "-eo", "pipefail", "-c", script],
            cwd=tmp_path,
            env={"PATH": path, "SOURCE_DATE_EPOCH": "1", "GITHUB_REPOSITORY": repository},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == exit_code, done.stdout
        assert ("make owner" in done.stdout) == (exit_code != 0)
        assert (tmp_path / "dist").exists() == (exit_code == 0)
    assert {path.suffix for path in (tmp_path / "dist").iterdir()} == {".gz", ".whl"}


def test_pypi_gets_what_was_built_once_the_release_is_public_and_the_owner_wants_it() -> None:
    jobs = WORKFLOW["jobs"]
    assert jobs["wheel"]["if"] == "vars.PUBLISH_TO_PYPI == 'true'"
    assert set(jobs["pypi"]["needs"]) == {"wheel", "release"}, "it is skipped if one of them is"
    assert "if" not in jobs["pypi"]
    assert not any("wheel" in job.get("needs", ()) for name, job in jobs.items() if name != "pypi")
    built = jobs["wheel"]["steps"][-1]["with"]
    fetched = jobs["pypi"]["steps"][0]["with"]
    assert (built["name"], built["path"]) == (fetched["name"], fetched["path"])
    assert jobs["pypi"]["environment"]["name"] == "pypi"


def test_the_guide_names_what_pypi_must_know() -> None:
    guide = read("docs/releasing.md")
    for what in ("`release.yml`", "`pypi`", "PUBLISH_TO_PYPI", f"`{REPOSITORY.partition('/')[2]}`"):
        assert what in sections(guide)["Publish to PyPI"], what


# Job -> third-party code that it may run: commands, or an action.
THIRD_PARTY = {
    "check": r"make .*",
    "wheel": r"python -m (pip install --require-hashes|hatchling build) .*",
    "pypi": r"pypa/gh-action-pypi-publish@[0-9a-f]{40}",
}
COMMAND = re.compile(r"(?m)^\s*((?:python -m )?(?:hatchling|make|npm|pip|uv) .*)$")


def test_third_party_code_runs_only_where_it_cannot_change_the_release() -> None:
    """It runs in jobs that pass nothing to those that make the release, and may write nothing there."""
    for name, job in WORKFLOW["jobs"].items():
        known = THIRD_PARTY.get(name, "(?!)")
        assert name not in THIRD_PARTY or "outputs" not in job
        commands = [found for one in job["steps"] for found in COMMAND.findall(one.get("run", ""))]
        assert all(re.fullmatch(known, command) for command in commands), name
        actions = [one["uses"] for one in job["steps"] if "uses" in one]
        own = r"\./|actions/[\w-]+@[0-9a-f]{40}"
        assert all(re.fullmatch(f"{own}|{known}", action) for action in actions), name


def test_each_job_has_only_the_permissions_it_needs() -> None:
    assert WORKFLOW["permissions"] == {}
    writes = {
        name: {what for what, level in job["permissions"].items() if level == "write"}
        for name, job in WORKFLOW["jobs"].items()
    }
    assert writes == {
        "version": set(),
        "check": set(),
        "build": {"packages"},
        "image": {"packages", "id-token", "attestations"},
        "release": {"contents", "id-token", "attestations"},
        "wheel": set(),
        "pypi": {"id-token"},
        "major": {"contents"},
    }


def test_the_version_of_the_project_has_three_numbers() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


def test_dependabot_watches_the_base_image_in_use() -> None:
    watched = re.findall(
        r"^FROM (\S+)$", (ROOT / ".github/base-image/Dockerfile").read_text(), re.MULTILINE
    )
    used = re.findall(r"^ARG PYTHON_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert used == watched, "write the newer of the two into the other file"
    configured = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]
    (docker,) = [one for one in configured if one["package-ecosystem"] == "docker"]
    assert docker["directory"] == "/.github/base-image"
