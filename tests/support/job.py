"""A runner's side of a step: directories, variables, and what the step leaves in its files."""

import json
import subprocess
import sys
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support.runner import decode_env_file
from tests.support.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
COMMAND_FILES = {
    "GITHUB_OUTPUT": "set_output",
    "GITHUB_STATE": "save_state",
    "GITHUB_ENV": "set_env",
    "GITHUB_PATH": "add_path",
    "GITHUB_STEP_SUMMARY": "step_summary",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The result of a step that ended."""

    exit_code: int
    log: str  # stdout and stderr in the order of writing
    outputs: dict[str, str]
    summary: str
    state: dict[str, str]  # what is kept for the step's clean-up

    def assets(self) -> dict[str, dict[str, Any]]:
        """Return the output `assets`, by name."""
        return {asset["name"]: asset for asset in json.loads(self.outputs["assets"])}

    def results(self) -> dict[str, str]:
        """Return the result of each asset, by name."""
        return {name: asset["result"] for name, asset in self.assets().items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job for a pushed tag, on a machine laid out as GitHub's runner lays it out."""

    root: Path
    repository: str
    token: str
    api_url: str
    server_url: str
    tag: str = "v1"

    @classmethod
    def at(cls, root: Path, sandbox: Sandbox, tag: str = "v1") -> "Job":
        """Return a job of a sandbox's repository, with the token that GitHub would give it."""
        return cls(
            root=root,
            repository=sandbox.repository,
            token=sandbox.token,
            api_url=sandbox.api_url,
            server_url=sandbox.server_url,
            tag=tag,
        )

    @property
    def parent(self) -> Path:
        """The directory that RUNNER_WORKSPACE names."""
        return self.root / "work" / self.repository.partition("/")[2]

    @property
    def workspace(self) -> Path:
        return self.parent / self.parent.name

    @property
    def temp(self) -> Path:
        return self.root / "work" / "_temp"

    def find_mounts(self) -> dict[Path, str]:
        """Return the directories that are mounted into a container step, in the order of translation."""
        return {
            self.workspace: "/github/workspace",
            self.temp / "_runner_file_commands": "/github/file_commands",
            self.temp / "_github_workflow": "/github/workflow",
            self.temp / "_github_home": "/github/home",
            self.temp: "/github/runner_temp",
        }

    def write(self, files: Mapping[str, bytes]) -> None:
        """Put files into the workspace, by relative path."""
        for name, content in files.items():
            path = self.workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def start_step(self, inputs: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of a new step, with paths of this machine.

        Raises:
            ValueError: action.yml declares no such input; a runner would warn and pass it on.
        """
        for directory in self.find_mounts():
            directory.mkdir(parents=True, exist_ok=True)
        variables = self._variables() | self._input_variables(inputs)
        for variable, prefix in COMMAND_FILES.items():
            path = self.temp / "_runner_file_commands" / f"{prefix}_{uuid.uuid4()}"
            path.touch()
            variables[variable] = str(path)
        return variables

    def finish_step(self, variables: Mapping[str, str], exit_code: int, log: str) -> Step:
        """Read what a step left in the files that its variables name."""
        return Step(
            exit_code=exit_code,
            log=log,
            outputs=decode_env_file(Path(variables["GITHUB_OUTPUT"]).read_bytes()),
            summary=Path(variables["GITHUB_STEP_SUMMARY"]).read_text("utf-8"),
            state=decode_env_file(Path(variables["GITHUB_STATE"]).read_bytes()),
        )

    def run_program(
        self,
        inputs: Mapping[str, str],
        environment: Mapping[str, str] | None = None,
        program: str = "entrypoint.py",
        launcher: Sequence[str] = (),
    ) -> Step:
        """Run the program on this machine, without a container.

        environment: further variables, which override. launcher: command that starts the program.
        """
        variables = self.start_step(inputs)
        done = subprocess.run(
            [*launcher, sys.executable, "-I", str(ROOT / program)],
            cwd=self.workspace,
            env=variables | dict(environment or {}),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=60,
        )
        return self.finish_step(variables, done.returncode, done.stdout)

    def _variables(self) -> dict[str, str]:
        event = self.temp / "_github_workflow" / "event.json"
        ref = f"refs/tags/{self.tag}"
        event.write_text(json.dumps({"ref": ref, "repository": {"full_name": self.repository}}))
        return {
            "CI": "true",
            "ACTIONS_CACHE_URL": "https://artifactcache.actions.githubusercontent.com/x/",
            "ACTIONS_ORCHESTRATION_ID": "1.release.__default",
            "ACTIONS_RESULTS_URL": "https://results-receiver.actions.githubusercontent.com/",
            "ACTIONS_RUNTIME_TOKEN": "runtime",
            "ACTIONS_RUNTIME_URL": "https://pipelines.actions.githubusercontent.com/x/",
            "GITHUB_ACTION": "publish",
            # The runner sets variables without a value to the empty string.
            "GITHUB_ACTION_REF": "",
            "GITHUB_ACTION_REPOSITORY": "",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTOR": "octocat",
            "GITHUB_ACTOR_ID": "583231",
            "GITHUB_BASE_REF": "",
            "GITHUB_API_URL": self.api_url,
            "GITHUB_EVENT_NAME": "push",
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_GRAPHQL_URL": f"{self.api_url}/graphql",
            "GITHUB_HEAD_REF": "",
            "GITHUB_JOB": "release",
            "GITHUB_REF": ref,
            "GITHUB_REF_NAME": self.tag,
            "GITHUB_REF_PROTECTED": "false",
            "GITHUB_REF_TYPE": "tag",
            "GITHUB_REPOSITORY": self.repository,
            "GITHUB_REPOSITORY_ID": "1296269",
            "GITHUB_REPOSITORY_OWNER": self.repository.partition("/")[0],
            "GITHUB_REPOSITORY_OWNER_ID": "583231",
            "GITHUB_RETENTION_DAYS": "90",
            "GITHUB_RUN_ATTEMPT": "1",
            "GITHUB_RUN_ID": "1",
            "GITHUB_RUN_NUMBER": "1",
            "GITHUB_SERVER_URL": self.server_url,
            "GITHUB_SHA": "0" * 40,
            "GITHUB_TRIGGERING_ACTOR": "octocat",
            "GITHUB_WORKFLOW": "Release",
            "GITHUB_WORKFLOW_REF": f"{self.repository}/.github/workflows/release.yml@{ref}",
            "GITHUB_WORKFLOW_SHA": "0" * 40,
            "GITHUB_WORKSPACE": str(self.workspace),
            "HOME": str(self.temp / "_github_home"),
            "RUNNER_ARCH": "X64",
            "RUNNER_ENVIRONMENT": "github-hosted",
            "RUNNER_NAME": "runner",
            "RUNNER_OS": "Linux",
            "RUNNER_TEMP": str(self.temp),
            "RUNNER_TOOL_CACHE": "/opt/hostedtoolcache",
            "RUNNER_WORKSPACE": str(self.parent),
        }

    def _input_variables(self, inputs: Mapping[str, str]) -> dict[str, str]:
        """Return INPUT_ variables for every declared input, as given or by default."""
        declared = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
        if unknown := inputs.keys() - declared.keys():
            raise ValueError(f"action.yml declares no input {', '.join(sorted(unknown))}")
        expressions = {
            "${{ github.repository }}": self.repository,
            "${{ github.token }}": self.token,
        }
        values = {name: str(entry.get("default", "")) for name, entry in declared.items()}
        values = {name: expressions.get(value, value) for name, value in values.items()} | {
            **inputs
        }
        return {f"INPUT_{name.replace(' ', '_').upper()}": v for name, v in values.items()}
