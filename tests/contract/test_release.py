"""The workflow that makes a release, as far as it can be run without GitHub."""

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.job import ROOT

WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text("utf-8"))
DIGEST = "sha256:" + "0123456789abcdef" * 4
IMAGE = f"ghcr.io/octo-org/app@{DIGEST}"
DOCKER = f'#!/bin/bash\n[[ "$*" == *SBOM* ]] && echo "{{}}" || echo "{DIGEST}"\n'
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n- Later\n\n## [1.2.3] - 2026-11-21\n\n- Now\n\n## [1.2.2]\n\n- Before\n"


def step(job: str, name: str) -> str:
    """Return what a step runs."""
    steps = WORKFLOW["jobs"][job]["steps"]
    (found,) = [one["run"] for one in steps if one.get("name", "").startswith(name)]
    return str(found)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository that is ready for version 1.2.3."""
    directory = tmp_path / "checkout"
    directory.mkdir()
    for name in ("action.yml", "Dockerfile"):
        (directory / name).write_bytes((ROOT / name).read_bytes())
    (directory / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    (directory / "CHANGELOG.md").write_text(CHANGELOG)
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "docker").chmod(0o755)
    for command in (("init", "-q"), ("add", "."), ("commit", "-qm", "Ready")):
        identity = ("-c", "user.name=Octocat", "-c", "user.email=octocat@example.com")
        subprocess.run(["git", *identity, *command], cwd=directory, check=True)
    return directory


def run(script: str, directory: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a step as a runner does."""
    path = f"{directory.parent}:{os.environ['PATH']}"
    output = directory.parent / "output"
    output.touch()
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=directory,
        env={
            "PATH": path,
            "HOME": str(directory.parent),
            "GITHUB_REPOSITORY": "Octo-Org/App",
            "GITHUB_OUTPUT": str(output),
            **variables,
        },
        capture_output=True,
        text=True,
    )


def test_a_version_that_is_ready(checkout: Path) -> None:
    done = run(step("check", "Check the version"), checkout, VERSION="1.2.3")
    assert done.returncode == 0, done.stderr
    told = dict(line.split("=", 1) for line in (checkout.parent / "output").read_text().split())
    assert told["tag"] == "v1.2.3"
    assert told["image"] == "ghcr.io/octo-org/app"
    assert re.fullmatch(rf"python:[\w.-]+@{DIGEST}", told["base"])


@pytest.mark.parametrize("version", ["1.2.2", "1.2", "v1.2.3", "1.2.3\nx=y", "1.2.3; id", ""])
def test_a_version_that_is_not(version: str, checkout: Path) -> None:
    assert run(step("check", "Check the version"), checkout, VERSION=version).returncode != 0
    assert (checkout.parent / "output").read_text() == ""


def test_the_release_names_the_image_by_its_digest(checkout: Path) -> None:
    done = run(step("release", "Name the image"), checkout, IMAGE=IMAGE)
    assert done.returncode == 0, done.stderr
    before: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    after: dict[str, Any] = yaml.safe_load((checkout / "action.yml").read_text("utf-8"))
    assert after["runs"].pop("image") == f"docker://{IMAGE}"
    assert before["runs"].pop("image") == "Dockerfile"
    assert after == before
    again = run(step("release", "Name the image"), checkout, IMAGE="ghcr.io/other")
    assert again.returncode != 0, "it must not go on with another image"


def test_what_is_packed(checkout: Path) -> None:
    variables = {"IMAGE": IMAGE, "TAG": "v1.2.3", "BASE": f"python:3@{DIGEST}"}
    done = run(step("release", "Pack"), checkout, **variables)
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (checkout / "dist").iterdir()) == [
        *("base-image.txt", "image.txt", "publish-release-assets-v1.2.3.tar.gz", "sbom.json")
    ]
    assert (checkout / "notes.md").read_text().strip() == "- Now"
    assert (checkout / "dist/image.txt").read_text() == f"{IMAGE}\n"


def test_each_job_may_no_more_than_it_must() -> None:
    assert WORKFLOW["permissions"] == {}
    writes = {
        name: {what for what, level in job["permissions"].items() if level == "write"}
        for name, job in WORKFLOW["jobs"].items()
    }
    assert writes == {
        "check": set(),
        "build": {"packages"},
        "image": {"packages", "id-token", "attestations"},
        "release": {"contents", "id-token", "attestations"},
        "major": {"contents"},
    }


def test_the_version_of_the_project_can_be_released() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", project["version"])
