"""One file holds what a user reads when something goes wrong; `make messages` writes it again."""

import difflib
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.contract.message_cases import CASES, VIRTUAL_CLOCK, Case
from tests.contract.test_error_texts import TITLES
from tests.contract.test_hostile_server import Hostile
from tests.support.container import one_at_a_time
from tests.support.document import sections
from tests.support.job import ROOT, Job
from tests.support.runner import decode_line
from tests.support.sandbox import Sandbox

SNAPSHOT = ROOT / "tests/contract/data/messages.md"
HEAD = (
    "# What a user reads\n\n`make messages` writes this file; each case is in `message_cases.py`.\n"
)
# Titles that no case provokes -> why.
WITHOUT_CASE = {
    "File changed while it was read": "depends on when another program writes",
    "No room on the disk": "needs a full disk",
    "Not started": "is reported with the error that caused it",
    "Output not written": "needs a standard output that is closed or full",
    "Python missing": "of the native action, before the program starts",
    "Requirements not installed": "of the native action, before the program starts",
    "Unsafe plan": "would be a bug",
}
HIDDEN = {"add-mask", "debug"}  # commands that GitHub's page does not show
UNSTABLE = {
    r"127\.0\.0\.1:\d+": "HOST:PORT",
    r"untagged-[0-9a-f]{20}": "untagged-ID",
    r"request ID [0-9A-F:]+": "request ID ID",
    r"(?m)^\S+: \d+ B of \d+ B.*\n": "",  # progress, which depends on the speed of the machine
}


@pytest.mark.parametrize("name", CASES)
def test_messages_are_those_of_the_snapshot(
    name: str, job: Job, sandbox: Sandbox, request: pytest.FixtureRequest, machine: Path
) -> None:
    shown = show(CASES[name], job, sandbox)
    if request.config.getoption("--update-messages"):
        with one_at_a_time(machine / "messages.lock"):
            write(held() | {name: shown})
        return
    difference = difflib.unified_diff(
        held().get(name, "").split("\n"), shown.split("\n"), SNAPSHOT.name, "this run", lineterm=""
    )
    assert not (lines := list(difference)), "\n".join(["after `make messages`, commit:", *lines])


def test_the_snapshot_holds_exactly_the_cases(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-messages"):
        pytest.skip("the snapshot is being written")
    assert list(held()) == list(CASES)


def test_the_snapshot_has_every_title() -> None:
    shown = set(
        re.findall(r"(?m)^(?:error|warning|notice): ([^:]+): ", SNAPSHOT.read_text("utf-8"))
    )
    assert TITLES - shown == WITHOUT_CASE.keys()


def held() -> dict[str, str]:
    """Return the messages of each case in the snapshot."""
    found = sections(SNAPSHOT.read_text("utf-8"))
    return {name: text.strip() for name, text in found.items()}


def show(case: Case, job: Job, sandbox: Sandbox) -> str:
    """Run a case, and return what its user reads, without what differs each time."""
    sandbox.seed({"repositories": [{"name": sandbox.repository, **case.repository}]})
    job.write(case.files)
    prepared = case.prepare(job, sandbox) if case.prepare else {}
    inputs = {"files": "dist/*", **case.inputs, **prepared}
    for fault in case.faults:
        sandbox.fault(**fault)
    summary = ""
    with Hostile(case.server).serving() as server:
        if case.arguments:
            code, log = run_command(case, job, sandbox)
        else:
            address = server.url.removeprefix("http://")
            variables = {key: one.format(server=address) for key, one in case.variables.items()}
            launcher = [*case.launcher, sys.executable, VIRTUAL_CLOCK, str(case.signal)]
            step = job.run_program(inputs, variables, launcher=launcher)
            code, log = step.exit_code, step.log
            summary = f"\nJob summary:\n\n{step.summary}"
    lines = shown_lines(log.splitlines(), is_whole=case.is_whole)
    text = "\n".join([f"Exit code {code}", "", "```text", *lines, "```", ""])
    places = {
        sandbox.api_url: "http://api.example",
        sandbox.server_url: "http://github.example",
        str(job.workspace): "WORKSPACE",
        str(job.root): "RUNNER",
    }
    return normalized(text + (summary if case.is_whole else ""), places).strip()


def shown_lines(log: list[str], *, is_whole: bool) -> Iterator[str]:
    """Yield the lines of a log as GitHub's page shows them.

    Lines of a group are folded there; unless the log is whole, only their annotations are yielded.
    """
    is_folded = False
    for line in log:
        command = decode_line(line)
        if command is None:
            if not is_folded or is_whole:
                yield line
        elif command.name in {"group", "endgroup"}:
            is_folded = command.name == "group"
            yield from [f"> {command.data}"] * is_folded
        elif command.name not in HIDDEN:
            yield f"{command.name}: {command.properties['title']}: {command.data}"


def normalized(text: str, places: Mapping[str, str]) -> str:
    """Return a text with names for what differs from run to run: addresses, paths and ids."""
    for place, name in places.items():
        text = text.replace(place, name)
    for pattern, name in UNSTABLE.items():
        text = re.sub(pattern, name, text)
    return text


def run_command(case: Case, job: Job, sandbox: Sandbox) -> tuple[int, str]:
    """Run the command line, and return its exit code and all that it wrote."""
    done = subprocess.run(
        [sys.executable, VIRTUAL_CLOCK, str(case.signal), "--", *case.arguments],
        cwd=job.workspace,
        env={
            "PYTHONPATH": str(ROOT / "src"),
            "GITHUB_API_URL": sandbox.api_url,
            "GH_REPO": sandbox.repository,
            "GH_TOKEN": sandbox.token,
            **case.variables,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
    )
    return done.returncode, done.stdout


def write(found: dict[str, str]) -> None:
    """Write the snapshot, in the order of the cases."""
    parts = [f"## {name}\n\n{found[name]}\n" for name in CASES if name in found]
    SNAPSHOT.write_text("\n".join([HEAD, *parts]), "utf-8")
