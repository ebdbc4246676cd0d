"""Measures the time to the first request, as a process and as a container, and the image's layers."""

import os
import re
import shutil
import statistics
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.servers import ROOT, SandboxServer
from bench.uploads import Bench, execute, find
from bench.ways import Command, Place, gh, inputs_of_the_action, this_program
from bench.workloads import MIB, Workload
from tests.support.container import Layer, layer_sizes

IMAGE = "publish-release-assets-bench"
FILE = Workload(name="start", count=1, size=1024)
PYTHON = "/usr/local/bin/python3"  # in the image

Starts = dict[str, tuple[Callable[[Place], Command], bool]]
"""Name -> a command, and whether it is measured to its first request in place of to its end."""


def table(repeats: int, quick: bool) -> Iterator[str]:
    """Yield a table: the time that processes take from the start of the command."""
    commands: Starts = {
        "the interpreter alone, to its end": (_interpreter, False),
        "this program, to its first request": (lambda place: this_program(FILE, place), True),
    }
    if find("gh"):
        commands["gh, to its first request"] = (lambda place: gh(FILE, place), True)
    yield from _starts(commands, repeats, quick)


def image(repeats: int, quick: bool) -> Iterator[str]:
    """Yield tables: the sizes of the image's layers, of which a runner downloads the compressed ones, and its start."""
    name, why = build()
    if not name:
        yield f"No image was built: {why}."
        return
    yield from _layers(name)
    yield ""
    commands: Starts = {
        "`docker run` of the image's interpreter alone, to its end": (_container, False),
        "`docker run` of the action, to its first request": (_action, True),
    }
    yield from _starts(commands, repeats, quick)


def _layers(name: str) -> Iterator[str]:
    yield "| layer of the image | MiB compressed | MiB unpacked |"
    yield "|---|---:|---:|"
    sizes = layer_sizes(name)
    whole = Layer(
        unpacked=sum(layer.unpacked for layer in sizes),
        compressed=sum(layer.compressed for layer in sizes),
    )
    names = (f"Python and programs of {base_image()}", "the program and its requirements", "all")
    for title, layer in zip(names, [*sizes, whole], strict=True):
        yield f"| {title} | {layer.compressed / MIB:.1f} | {layer.unpacked / MIB:.1f} |"


def _starts(commands: Starts, repeats: int, quick: bool) -> Iterator[str]:
    yield "| start | median ms | from, to |"
    yield "|---|---:|---|"
    with Bench(FILE) as bench:
        found: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(1 if quick else max(repeats, 9)):
            for name, (command, to_request) in commands.items():
                found[name].append(_milliseconds(bench, command, to_request=to_request))
    for name, measured in found.items():
        spread = f"{min(measured):.0f} to {max(measured):.0f}"
        yield f"| {name} | {statistics.median(measured):.0f} | {spread} |"


def build() -> tuple[str, str]:
    """Return the name of the image made from this checkout, or an empty name and the reason."""
    if shutil.which("docker") is None:
        return "", "there is no docker command"
    if not _succeeds("version"):
        return "", "no Docker daemon answers"
    base = base_image()
    if not _succeeds("image", "inspect", base) and not _succeeds("pull", "--quiet", base):
        return "", f"the image {base} cannot be pulled; PYTHON_IMAGE names another"
    _docker(*("build", "--quiet", "--build-arg", f"PYTHON_IMAGE={base}", "--tag", IMAGE, str(ROOT)))
    return IMAGE, ""


def base_image() -> str:
    """Return what PYTHON_IMAGE names, else the Dockerfile."""
    named = re.search(
        r"^ARG PYTHON_IMAGE=(\S+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE
    )
    if named is None:
        raise AssertionError("the Dockerfile names its base")
    return os.environ.get("PYTHON_IMAGE") or named[1]


def _milliseconds(bench: Bench, command: Callable[[Place], Command], *, to_request: bool) -> float:
    before = bench.prepare()
    run = execute(command(bench.place), bench.place)
    if not to_request:
        return run.seconds * 1000
    if not isinstance(bench.server, SandboxServer):
        raise TypeError("only the sandbox notes when a request came")
    first = min(request["time"] for request in bench.server.requests()[before:])
    return (float(first) - run.began) * 1000


def _interpreter(place: Place) -> Command:
    return Command(words=[str(place.python), "-I", "-c", "pass"], environment={})


def _container(place: Place) -> Command:
    del place
    words = [_program(), "run", "--rm", "--network", "host", "--entrypoint", PYTHON, IMAGE]
    return Command(words=[*words, "-I", "-c", "pass"], environment={})


def _action(place: Place) -> Command:
    """Return the command that a runner calls, without variables that change nothing."""
    find_mounts = {place.workspace: "/github/workspace", place.scratch: "/github/runner_temp"}
    variables = inputs_of_the_action(FILE, place)
    for host, inside in find_mounts.items():
        variables = {name: re.sub(f"^{host}", inside, value) for name, value in variables.items()}
    words = [_program(), "run", "--rm", "--network", "host", "--workdir", "/github/workspace"]
    words += [word for name, value in variables.items() for word in ("-e", f"{name}={value}")]
    words += [word for host, inside in find_mounts.items() for word in ("-v", f"{host}:{inside}")]
    return Command(words=[*words, IMAGE], environment={})


def _program() -> str:
    return str(Path(shutil.which("docker") or "docker"))


def _succeeds(*arguments: str) -> bool:
    return (
        subprocess.run([_program(), *arguments], check=False, capture_output=True).returncode == 0
    )


def _docker(*arguments: str) -> str:
    done = subprocess.run(
        [_program(), *arguments], stdout=subprocess.PIPE, check=True, encoding="utf-8"
    )
    return done.stdout
