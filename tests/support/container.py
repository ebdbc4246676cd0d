"""The image of the action, built with Docker and run as GitHub's runner composes `docker run`."""

import fcntl
import functools
import gzip
import io
import json
import os
import re
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.job import ROOT, Job, Step

STAND_IN = "make a stand-in with scripts/make-base-image.sh and name it in PYTHON_IMAGE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """The image of the action."""

    name: str
    base: str  # the image that it adds to

    def run(
        self,
        job: Job,
        inputs: Mapping[str, str],
        variables: Mapping[str, str] | None = None,
        *,
        python_options: Sequence[str] = (),
        docker_options: Sequence[str] = (),
    ) -> Step:
        """Run a step of job in a container; variables are further ones that the workflow sets.

        python_options: put into the entry point's command; no runner does this.
        docker_options: further options, as the owner of a self-hosted runner may set them.

        Source: https://github.com/actions/runner/blob/main/src/Runner.Worker/Container/DockerCommandManager.cs
        """
        start = self._written_out(python_options) if python_options else self._start("entrypoint")
        with self._started(job, inputs, variables or {}, [*docker_options, *start]) as started:
            return started.finish(job)

    def interrupt(
        self, job: Job, inputs: Mapping[str, str], when: Callable[[], bool], number: int
    ) -> Step:
        """Run a step and send it a signal as soon as `when` holds.

        The signal goes through docker's client, as the runner does it; SIGKILL cannot.

        Source: https://github.com/actions/runner/blob/main/src/Runner.Sdk/ProcessInvoker.cs
        """
        with self._started(job, inputs, {}, self._start("entrypoint")) as started:
            deadline = time.monotonic() + 30
            while not when() and time.monotonic() < deadline:
                time.sleep(0.05)
            if number == signal.SIGKILL:
                call_docker("kill", started.name)
            else:
                started.process.send_signal(number)
            return started.finish(job)

    def clean_up(self, job: Job, inputs: Mapping[str, str], after: Step) -> Step:
        """Run what the runner runs at the end of a failed or cancelled job, for the step `after`.

        Source: https://github.com/actions/runner/blob/main/src/Runner.Worker/Handlers/ContainerActionHandler.cs
        """
        state = {f"STATE_{name}": value for name, value in after.state.items()}
        with self._started(job, inputs, state, self._start("post-entrypoint")) as started:
            return started.finish(job)

    def run_in_pod(self, job: Job, inputs: Mapping[str, str]) -> Step:
        """Run a step of job as runners on Kubernetes do: in a container that runs `tail`, with its files moved.

        The directory that RUNNER_TEMP names and Docker's socket do not exist there.

        Source: https://github.com/actions/runner-container-hooks/blob/main/packages/k8s/src/k8s/utils.ts
        """
        environment = job.start_step(inputs)
        github = job.root / "github"
        github.mkdir()
        words = " ".join(
            '"{}={}"'.format(name, re.sub(r'([\\"$`])', r"\\\1", in_container(value, job)))
            for name, value in environment.items()
        )
        script = job.temp / "step.sh"
        script.write_text(
            "#!/bin/sh -l\n"
            "mv /__w/_temp/_github_home /github/home && "
            "mv /__w/_temp/_github_workflow /github/workflow && "
            "mv /__w/_temp/_runner_file_commands /github/file_commands && "
            f"mv /__w/{job.parent.name}/{job.workspace.name}/ /github/workspace && "
            f"cd /github/workspace && exec env {words} {action()['runs']['entrypoint']}\n"
        )
        find_mounts = (
            "-v",
            f"{job.temp.parent}:/__w",
            "-v",
            f"{github}:/github",
            "--network",
            "host",
        )
        wait = ("--entrypoint", "tail", self.name, "-f", "/dev/null")
        container = call_docker("run", "--detach", "--rm", *find_mounts, *wait).strip()
        try:
            done = subprocess.run(
                [docker(), "exec", container, "sh", "-e", "/__w/_temp/step.sh"],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
            )
        finally:
            call_docker("kill", container)
        moved = {
            name: str(github / "file_commands" / Path(path).name)
            for name, path in environment.items()
        }
        return job.finish_step(moved, done.returncode, done.stdout)

    def _start(self, entry_point: str) -> list[str]:
        """Return how `docker run` ends for an entry point that action.yml names."""
        return ["--entrypoint", action()["runs"][entry_point], self.name]

    @contextmanager
    def _started(
        self,
        job: Job,
        inputs: Mapping[str, str],
        variables: Mapping[str, str],
        start: Sequence[str],
    ) -> Iterator["_Started"]:
        environment = job.start_step(inputs) | {**variables}
        inside = {name: in_container(value, job) for name, value in environment.items()}
        find_mounts = [f"{host}:{container}" for host, container in job.find_mounts().items()]
        name = f"publish-release-assets-{uuid.uuid4().hex}"
        with subprocess.Popen(
            [
                *(docker(), "run", "--name", name, "--rm", "--workdir", "/github/workspace"),
                *(word for name in inside for word in ("-e", name)),
                *("-v", "/var/run/docker.sock:/var/run/docker.sock"),
                *(word for mount in find_mounts for word in ("-v", mount)),
                # A runner makes a network for the job; only the host's reaches a sandbox.
                *(() if "--network" in start else ("--network", "host")),
                *start,
            ],
            env={name: v for name, v in os.environ.items() if name.startswith("DOCKER_")} | inside,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        ) as process:
            yield _Started(name=name, process=process, environment=environment)

    def _written_out(self, python_options: Sequence[str]) -> list[str]:
        """Return the image's entry point with options for Python put into it."""
        python, *rest = json.loads(
            call_docker("image", "inspect", "--format", "{{json .Config.Entrypoint}}", self.name)
        )
        return ["--entrypoint", python, self.name, *python_options, *rest]

    def ask(self, *arguments: str) -> str:
        """Run the image's Python with these arguments, and return its output."""
        return call_docker(
            *("run", "--rm", "--network", "none", "--entrypoint", "/usr/local/bin/python3"),
            *(self.name, "-I", *arguments),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Started:
    name: str
    process: "subprocess.Popen[str]"
    environment: dict[str, str]

    def finish(self, job: Job) -> Step:
        """Wait for the end of the container."""
        log, _ = self.process.communicate(timeout=100)
        return job.finish_step(self.environment, self.process.returncode, log)


def action() -> dict[str, Any]:
    """Return the content of action.yml."""
    content: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    return content


def in_container(value: str, job: Job) -> str:
    """Return value as the runner translates it: only if it is, or starts with, a mounted path.

    Source: https://github.com/actions/runner/blob/main/src/Runner.Worker/Container/ContainerInfo.cs
    """
    for host, container in job.find_mounts().items():
        if value == str(host) or value.startswith(f"{host}/"):
            return container + value[len(str(host)) :]
    return value


def build_image(base: str) -> Image:
    """Build the image from this checkout."""
    name = "publish-release-assets-test"
    call_docker("build", "--quiet", "--build-arg", f"PYTHON_IMAGE={base}", "--tag", name, str(ROOT))
    return Image(name=name, base=base)


def layers_built_anew(base: str, directory: Path) -> list[str]:
    """Return the layers of an image that is built from directory without a cache.

    Where there are two builders, by the one that is not the default; where Docker keeps images in
    containerd's store, each packs layers in its own way, so only the default one can be held to it.
    """
    name = f"publish-release-assets-{uuid.uuid4().hex}"
    two = succeeds("buildx", "version")
    driver = call_docker("info", "--format", "{{.Driver}}").strip()
    builder = {"DOCKER_BUILDKIT": "0"} if two and driver == "overlay2" else {}
    build = ("build", "--quiet", "--no-cache", "--build-arg", f"PYTHON_IMAGE={base}")
    call_docker(*build, "--tag", name, str(directory), environment=builder)
    try:
        return layers(name)
    finally:
        call_docker("image", "rm", name)


def layers(image: str) -> list[str]:
    """Return the digests of an image's layers, lowest first."""
    digests: list[str] = json.loads(
        call_docker("image", "inspect", "--format", "{{json .RootFS.Layers}}", image)
    )
    return digests


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """The size of a layer of an image, in bytes."""

    unpacked: int
    compressed: int  # as Docker pushes it


def layer_sizes(image: str) -> list[Layer]:
    """Return the sizes of an image's layers, lowest first."""
    with tempfile.TemporaryFile() as archive:
        subprocess.run([docker(), "save", image], stdout=archive, check=True)
        archive.seek(0)
        with tarfile.open(fileobj=archive) as saved:
            manifest = saved.extractfile("manifest.json")
            assert manifest
            (described,) = json.load(manifest)
            return [_layer_size(saved, path) for path in described["Layers"]]


def _layer_size(saved: tarfile.TarFile, path: str) -> Layer:
    content = saved.extractfile(path)
    assert content
    layer = content.read()
    with tarfile.open(fileobj=io.BytesIO(layer)) as files:
        unpacked = sum(member.size for member in files)
    return Layer(unpacked=unpacked, compressed=len(gzip.compress(layer, 6)))


def get_base_image() -> str:
    """Return what PYTHON_IMAGE names, else the Dockerfile; skip the test where it is unavailable."""
    name = os.environ.get("PYTHON_IMAGE") or _default_base()
    require_docker()
    if not succeeds("image", "inspect", name) and not succeeds("pull", "--quiet", name):
        pytest.skip(f"the image {name} cannot be pulled: {STAND_IN}")
    return name


def _default_base() -> str:
    found = re.search(r"^ARG PYTHON_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert found, "the Dockerfile has no ARG PYTHON_IMAGE"
    return found[1]


def require_docker() -> None:
    """Skip the test where no Docker daemon answers."""
    if shutil.which("docker") is None:
        pytest.skip("there is no docker command")
    if not succeeds("version"):
        pytest.skip("no Docker daemon answers")


@functools.cache
def succeeds(*arguments: str) -> bool:
    """Return whether this call of docker succeeds; each is made once."""
    return subprocess.run([docker(), *arguments], capture_output=True, timeout=100).returncode == 0


def call_docker(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """Return docker's output; raise AssertionError with it if docker fails.

    environment: further variables.
    """
    done = subprocess.run(
        [docker(), *arguments],
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert done.returncode == 0, f"docker {' '.join(arguments)}:\n{done.stdout}"
    return done.stdout


def docker() -> str:
    """Return the path of the docker command, which does not depend on PATH any more."""
    return shutil.which("docker") or "docker"


@contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Let one process at a time into the block; the others wait."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
