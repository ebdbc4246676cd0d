"""The native action, for runners without Docker: the same inputs, outputs and program."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from release_assets.inputs.unknown_inputs import REPLACEMENTS
from scripts.native import native_action
from tests.support.act import USES_NATIVE, Act, Event
from tests.support.job import ROOT, Job, Step
from tests.support.runner import decode_commands
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

TEXT = (ROOT / "native/action.yml").read_text("utf-8")
NATIVE: dict[str, Any] = yaml.safe_load(TEXT)
DOCKER: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
PUBLISH, CLEAN_UP = NATIVE["runs"]["steps"]
OLD, NEW = b"old", b"new bytes"


def test_the_native_action_is_generated_from_action_yml() -> None:
    assert native_action(DOCKER) == TEXT, "run `make tables`"


def test_inputs_and_outputs_match_action_yml() -> None:
    assert {name: NATIVE["inputs"][name] for name in DOCKER["inputs"]} == DOCKER["inputs"]
    described = {
        name: {"description": one["description"]} for name, one in NATIVE["outputs"].items()
    }
    assert described == DOCKER["outputs"]
    values = {name: one["value"] for name, one in NATIVE["outputs"].items()}
    assert values == {name: f"${{{{ steps.publish.outputs.{name} }}}}" for name in values}


def test_each_input_of_another_action_is_declared_with_its_replacement() -> None:
    others = {name: one for name, one in NATIVE["inputs"].items() if name not in DOCKER["inputs"]}
    assert others.keys() == REPLACEMENTS.keys()
    for name, declared in others.items():
        assert "default" not in declared, "an input that is not given stays empty"
        assert declared["deprecationMessage"].endswith(f"; {REPLACEMENTS[name].instead}")


@pytest.mark.parametrize(
    ("step", "passed"),
    [(PUBLISH, NATIVE["inputs"]), (CLEAN_UP, DOCKER["inputs"])],
    ids=["publish", "clean up"],
)
def test_no_shell_command_contains_an_input(step: dict[str, Any], passed: dict[str, Any]) -> None:
    assert "${{" not in step["run"]
    given = {name: value for name, value in step["env"].items() if name.startswith("INPUT_")}
    assert list(given.values()) == [f"${{{{ inputs.{name} }}}}" for name in passed]
    assert all(re.fullmatch(r"[A-Z_]+", name) for name in given), "no shell loses a name"


class Runner:
    """A minimal runner for this composite action."""

    def __init__(self, job: Job, pip: Mapping[str, str]) -> None:
        self.job = job
        self.pip = pip  # variables that configure pip

    def variables(
        self, step: Mapping[str, Any], inputs: Mapping[str, str], outputs: Mapping[str, str]
    ) -> dict[str, str]:
        """Return the environment variables of a step of the action."""
        own = {name: value for name, value in inputs.items() if name in DOCKER["inputs"]}
        everything = self.job.start_step(own)
        values = {
            f"${{{{ inputs.{name} }}}}": everything.pop(f"INPUT_{name.upper()}", "")
            for name in NATIVE["inputs"]
        }
        values |= {f"${{{{ inputs.{name} }}}}": value for name, value in inputs.items()}
        values |= {f"${{{{ steps.publish.outputs.{n} }}}}": v for n, v in outputs.items()}
        given = {name: values.get(value, value) for name, value in step["env"].items()}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        return (
            everything
            | given
            | dict(self.pip)
            | {"PATH": path, "GITHUB_ACTION_PATH": str(ROOT / "native")}
        )

    def start(
        self, step: Mapping[str, Any], variables: Mapping[str, str]
    ) -> "subprocess.Popen[str]":
        """Start a step like the runner does for `shell: bash`."""
        script = self.job.temp / "script.sh"
        script.write_text(step["run"])
        return subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.job.workspace,
            env=dict(variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    def run(
        self,
        step: Mapping[str, Any],
        inputs: Mapping[str, str],
        outputs: Mapping[str, str] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Step:
        """Run a step to its end."""
        variables = self.variables(step, inputs, outputs or {}) | dict(environment or {})
        process = self.start(step, variables)
        log, _ = process.communicate(timeout=90)
        return self.job.finish_step(variables, process.returncode, log)


@pytest.fixture
def runner(job: Job, wheels: Path) -> Runner:
    """A runner that has a mirror of the index with the requirements."""
    job.temp.mkdir(parents=True)
    return Runner(job, {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)})


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the requirements, fetched once."""
    directory = tmp_path_factory.mktemp("wheels")
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check")
    wanted = ("--require-hashes", "--only-binary", ":all:", "--no-deps", "--dest", str(directory))
    requirements = str(ROOT / "requirements/run.txt")
    subprocess.run([*pip, *wanted, "--requirement", requirements], check=True)
    return directory


INSTALL = """
import pathlib, runpy, sys
runpy.run_path(sys.argv[1])["install"](pathlib.Path(sys.argv[2]))
"""


def test_exactly_the_pinned_requirements_are_installed(runner: Runner, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    command = [sys.executable, "-I", "-c", INSTALL, str(ROOT / "native/start.py"), str(packages)]
    subprocess.run(command, env={**os.environ, **runner.pip}, check=True)
    pinned = set(re.findall(r"(?m)^([\w-]+)==(\S+)", (ROOT / "requirements/run.txt").read_text()))
    found = {
        tuple(path.name.removesuffix(".dist-info").rsplit("-", 1))
        for path in packages.glob("*.dist-info")
    }
    assert {(name.replace("_", "-").lower(), version) for name, version in found} == pinned


def test_a_run_publishes_and_sets_the_outputs(runner: Runner, sandbox: Sandbox) -> None:
    runner.job.write({"dist/a.zip": b"a", "dist/b c.zip": b"b"})
    inputs = {"files": "dist/*.zip", "max-attempts": "3", "checksums": "SHA256SUMS"}
    step = runner.run(PUBLISH, inputs)
    assert step.exit_code == 0, step.log
    assert sandbox.asset_names("v1") == ["SHA256SUMS", "a.zip", "b.c.zip"]
    assert step.outputs.keys() == DOCKER["outputs"].keys() | {"state-file"}
    assert step.outputs["published"] == "true"
    assert "published" in step.summary
    assert (runner.job.workspace / step.outputs["checksums-file"]).is_file()


def test_hostile_inputs_stay_text(runner: Runner, sandbox: Sandbox) -> None:
    runner.job.write({"a.zip": b"a"})
    hostile = "$(touch trap) `touch trap` \"; touch trap #' ${{ github.token }} %PATH%"
    step = runner.run(PUBLISH, {"files": "a.zip", "title": hostile, "notes": f"{hostile}\n-n\n"})
    assert step.exit_code == 0, step.log
    assert not (runner.job.workspace / "trap").exists()
    release = sandbox.release("v1")
    assert (release["name"], release["body"]) == (hostile, f"{hostile}\n-n")


def test_errors_name_invalid_inputs_as_the_user_wrote_them(runner: Runner) -> None:
    step = runner.run(PUBLISH, {"files": "a", "if-no-files-found": "no", "dry-run": "yes"})
    assert step.exit_code == 1
    (error,) = [one.data for one in decode_commands(step.log) if one.name == "error"]
    assert "`if-no-files-found`" in error
    assert "`dry-run`" in error


TAKE_INPUTS = """
import json, os, runpy, sys
runpy.run_path(sys.argv[1])["take_inputs"]()
print(json.dumps({name: os.environ[name] for name in os.environ if name.startswith("INPUT_")}))
"""


def test_each_input_reaches_the_program_under_the_name_that_a_runner_gives() -> None:
    given = {name: value for name, value in PUBLISH["env"].items() if name.startswith("INPUT_")}
    done = subprocess.run(
        [sys.executable, "-I", "-c", TAKE_INPUTS, str(ROOT / "native/start.py")],
        env=given,
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout) == {
        f"INPUT_{name.upper()}": f"${{{{ inputs.{name} }}}}" for name in NATIVE["inputs"]
    }


def test_inputs_of_other_actions_are_refused_as_with_docker(
    runner: Runner, sandbox: Sandbox
) -> None:
    runner.job.write({"a.zip": b"a"})
    names = ["tag_name", "repo_token", "repo-token", "allowUpdates"]
    step = runner.run(PUBLISH, {"files": "a.zip"} | dict.fromkeys(names, "true"))
    assert step.exit_code == 1
    (error,) = [one.data for one in decode_commands(step.log) if one.name == "error"]
    for name in names:
        assert f"input `{name}` belongs to {REPLACEMENTS[name].actions[0]}" in error
        assert REPLACEMENTS[name].instead in error
    assert sandbox.requests() == []


def test_the_cleanup_step_repairs_the_swap_of_a_killed_step(
    runner: Runner, sandbox: Sandbox
) -> None:
    seeded = {"tag": "v1", "assets": [{"name": "a.zip", "text": OLD.decode()}]}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [seeded]}]})
    runner.job.write({"a.zip": NEW})
    # The step is killed between the two renames.
    match = {"method": "PATCH", "path": "/assets/"}
    sandbox.fault(match=match, skip=1, do="stall", at="head", seconds=60)
    inputs = {"files": "a.zip", "overwrite": "true"}
    variables = runner.variables(PUBLISH, inputs, {})
    process = runner.start(PUBLISH, variables)
    deadline = time.monotonic() + 30
    while sandbox.count("PATCH") < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    log, _ = process.communicate(timeout=30)
    sandbox.disarm()
    assert "a.zip" not in sandbox.asset_names("v1")

    killed = runner.job.finish_step(variables, process.returncode, log)
    cleaned = runner.run(CLEAN_UP, inputs, killed.outputs)
    assert cleaned.exit_code == 0, cleaned.log
    assert "repaired what the killed run left" in cleaned.log
    assert sandbox.asset_names("v1") == ["a.zip"]
    assert sandbox.content("v1", "a.zip") == NEW


def test_a_missing_or_old_python_is_reported(runner: Runner, tmp_path: Path) -> None:
    old = tmp_path / "bin"
    old.mkdir()
    for name in ("python", "python3"):
        (old / name).write_text("#!/bin/sh\nexit 1\n")
        (old / name).chmod(0o755)
    (old / "bash").symlink_to("/bin/bash")
    step = runner.run(PUBLISH, {"files": "a"}, environment={"PATH": str(old)})
    assert step.exit_code == 1
    (error,) = [one for one in decode_commands(step.log) if one.name == "error"]
    assert error.properties == {"title": "Python missing"}
    assert "actions/setup-python" in error.data


def test_a_failed_installation_of_requirements_is_reported(job: Job) -> None:
    pip = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "0", "PIP_NO_INDEX": "1"}
    pip |= {"PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
    job.temp.mkdir(parents=True)
    step = Runner(job, pip).run(PUBLISH, {"files": "a"})
    assert step.exit_code == 1
    (error,) = [one for one in decode_commands(step.log) if one.name == "error"]
    assert error.properties == {"title": "Requirements not installed"}
    assert not list(job.temp.glob("publish-release-assets-*")), "nothing half installed is left"


def test_modules_of_an_earlier_step_are_not_imported(runner: Runner) -> None:
    runner.job.write({"a.zip": b"a"})
    assert runner.run(PUBLISH, {"files": "a.zip"}).exit_code == 0
    left = [path for path in runner.job.temp.glob("publish-release-assets-*") if path.is_dir()]
    assert left == [], "a directory that stayed could be changed before the next step"


# The standard library is imported before the system is made to look like another one;
# no module that only Windows has is needed.
AS_OTHER_SYSTEM = """
import runpy, select, signal, sys
import requests, wcmatch.glob, yaml, subprocess, tempfile, asyncio, zoneinfo
sys.platform = sys.argv.pop(1)
for name in ("fcntl", "termios", "pwd", "grp", "resource", "pty", "tty"):
    sys.modules[name] = None
for module, names in {
    select: ("poll", "epoll") if sys.platform == "win32" else ("epoll",),
    signal: ("SIGKILL", "SIGHUP", "SIGALRM", "pthread_sigmask"),
}.items():
    for name in names:
        delattr(module, name)
runpy.run_path(sys.argv.pop(1), run_name="__main__")
"""


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_the_program_works_with_the_features_of_other_systems(
    platform: str, job: Job, sandbox: Sandbox
) -> None:
    job.write({"dist/a.zip": b"a" * 3_000_000})
    windows = platform == "win32"
    variables = job.start_step({"files": "dist\\*.zip" if windows else "dist/*.zip"})
    done = subprocess.run(
        [sys.executable, "-I", "-c", AS_OTHER_SYSTEM, platform, str(ROOT / "entrypoint.py")],
        cwd=job.workspace,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout
    assert sandbox.asset_names("v1") == ["a.zip"]


WORKFLOW = """
on: push
permissions: {}
jobs:
  release:
    runs-on: windows-latest
    permissions:
      contents: write
    steps:
      - uses: actions/checkout@v7
      - run: mkdir dist && echo app > "dist/my app.txt"
      - id: publish
        uses: THE_ACTION
        with:
          files: dist/*
          generate-notes: true
      - env:
          URL: ${{ steps.publish.outputs.url }}
          PUBLISHED: ${{ steps.publish.outputs.published }}
        run: echo "at $URL, published=$PUBLISHED"
""".replace("THE_ACTION", USES_NATIVE)


@pytest.fixture
def act(base_image: str, machine: Path, tmp_path: Path) -> Act:
    return Act(home=tmp_path / "home", base=base_image, lock=machine / "docker.lock")


@pytest.mark.docker
@pytest.mark.timeout(300)
def test_a_workflow_can_use_the_native_action(act: Act, job: Job, sandbox: Sandbox) -> None:
    done = act.run(WORKFLOW, job, Event.push("refs/tags/v1"))
    assert done.exit_code == 0, done.log
    assert sandbox.asset_names("v1") == ["my.app.txt"]
    url = f"{sandbox.server_url}/{sandbox.repository}/releases/download/v1/my.app.txt"
    assert f"at {url}, published=true" in done.log


@pytest.mark.docker
@pytest.mark.timeout(300)
def test_a_failed_step_is_followed_by_the_cleanup(act: Act, job: Job, sandbox: Sandbox) -> None:
    failing = WORKFLOW.replace("files: dist/*", "files: none/*").replace(
        "env:", "if: always()\n        env:"
    )
    done = act.run(failing, job, Event.push("refs/tags/v1"))
    assert done.exit_code == 1, done.log
    assert "`none/*`" in done.log
    assert "there is nothing to repair" in done.log
    assert sandbox.releases() == []


@pytest.mark.docker
@pytest.mark.timeout(300)
def test_an_input_of_another_action_fails_the_workflow(
    act: Act, job: Job, sandbox: Sandbox
) -> None:
    left_over = WORKFLOW.replace("files: dist/*", "files: dist/*\n          tag_name: v1")
    done = act.run(left_over, job, Event.push("refs/tags/v1"))
    assert done.exit_code == 1, done.log
    assert "input `tag_name` belongs to softprops/action-gh-release" in done.log
    assert sandbox.releases() == []
