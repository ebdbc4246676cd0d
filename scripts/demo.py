"""Publish sample files to a local sandbox several times, and show the results (`make demo`)."""

import html
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TAG = "v1.0.0"
# Directly to the sandbox, without the proxy of this machine.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
SAMPLES = {
    "app-linux.tar.gz": b"for Linux\n" * 50_000,
    "app-windows.zip": b"for Windows\n" * 50_000,
    "release notes.txt": b"What is new: everything.\n",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """The running sandbox."""

    api_url: str
    server_url: str
    control_url: str
    repository: str
    token: str

    def calls(self) -> Counter[str]:
        """Return how often each method was called since the start."""
        with OPENER.open(f"{self.control_url}/requests", timeout=10) as answer:
            return Counter(request["method"] for request in json.load(answer))

    @property
    def page(self) -> str:
        """The URL of the release page."""
        return f"{self.server_url}/{self.repository}/releases/tag/{TAG}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The results of a run of the program."""

    exit_code: int
    log: str
    outputs: dict[str, str]
    summary: str

    def results(self) -> list[str]:
        """Return the status of each file, sorted."""
        return sorted(asset["result"] for asset in json.loads(self.outputs.get("assets", "[]")))


def main() -> int:
    """Run the demo, and return 0 if all results are as expected."""
    with tempfile.TemporaryDirectory() as directory, running_sandbox() as sandbox:
        workspace = Path(directory)
        (workspace / "dist").mkdir()
        for name, content in SAMPLES.items():
            (workspace / "dist" / name).write_bytes(content)
        mistake = next(run_all(sandbox, workspace), None)
        if mistake is None and not page_shows_the_files(sandbox):
            mistake = f"{sandbox.page} does not show the files"
        if mistake:
            print(f"\nUnexpected result: {mistake}", file=sys.stderr)
            return 1
        print(f"\nAll results are as expected. The release page: {bold(sandbox.page)}", flush=True)
        wait_for_enter()
    return 0


def run_all(sandbox: Sandbox, workspace: Path) -> Iterator[str]:
    """Run the program four times, and yield each unexpected result."""
    title("1. A tag was pushed, three files were built: publish them")
    yield from check(sandbox, workspace, {}, exit_code=0, results=["uploaded"] * 3)
    title("2. The same again: everything is there, nothing is sent")
    before = sandbox.calls()
    yield from check(sandbox, workspace, {}, exit_code=0, results=["unchanged"] * 3)
    if sent := {*(sandbox.calls() - before)} - {"GET"}:
        yield f"the second run should have sent GET alone, and sent {', '.join(sorted(sent))} too"
    changed = workspace / "dist" / "app-windows.zip"
    changed.write_bytes(b"for Windows, repaired\n" * 50_000)
    title(f"3. {changed.name} was rebuilt: other content is refused, before anything is sent")
    yield from check(sandbox, workspace, {}, exit_code=1, results=None)
    title("4. With overwrite: the new asset is verified before the old one is deleted")
    expected = ["replaced", "unchanged", "unchanged"]
    yield from check(sandbox, workspace, {"overwrite": "true"}, exit_code=0, results=expected)


def check(
    sandbox: Sandbox,
    workspace: Path,
    inputs: dict[str, str],
    *,
    exit_code: int,
    results: list[str] | None,
) -> Iterator[str]:
    """Run the program once, show the run, and yield each unexpected result."""
    before = sandbox.calls()
    step = run({"files": "dist/*", **inputs}, sandbox, workspace)
    show(step, sandbox.calls() - before, with_summary=not before)
    if step.exit_code != exit_code:
        yield f"exit code {step.exit_code}, expected {exit_code}"
    if results is not None and step.results() != results:
        yield f"results {step.results()}, expected {results}"


def page_shows_the_files(sandbox: Sandbox) -> bool:
    """Return whether the release page shows every file."""
    with OPENER.open(sandbox.page, timeout=10) as answer:
        page = answer.read().decode()
    return all(name.replace(" ", ".") in page for name in SAMPLES)


def run(inputs: dict[str, str], sandbox: Sandbox, workspace: Path) -> Step:
    """Run entrypoint.py like a runner: with inputs and GitHub's variables."""
    files = {name: workspace / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        path.write_text("")
    everything = {"repository": sandbox.repository, "token": sandbox.token, **inputs}
    variables = {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": sandbox.api_url,
        "GITHUB_SERVER_URL": sandbox.server_url,
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_REPOSITORY": sandbox.repository,
        "GITHUB_REF": f"refs/tags/{TAG}",
        "GITHUB_REF_NAME": TAG,
        "GITHUB_REF_TYPE": "tag",
        "GITHUB_WORKSPACE": str(workspace),
        "RUNNER_TEMP": str(workspace),
        **{name: str(path) for name, path in files.items()},
        **{f"INPUT_{name.upper()}": value for name, value in everything.items()},
    }
    with_inputs = "".join(f" INPUT_{name.upper()}='{value}'" for name, value in inputs.items())
    print(dim(f"${with_inputs} GITHUB_REF=refs/tags/{TAG} ... python entrypoint.py"))
    done = subprocess.run(
        [sys.executable, "-I", str(ROOT / "entrypoint.py")],
        cwd=workspace,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    outputs = read_outputs(files["GITHUB_OUTPUT"].read_text("utf-8"))
    summary = files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
    return Step(exit_code=done.returncode, log=done.stdout, outputs=outputs, summary=summary)


def read_outputs(text: str) -> dict[str, str]:
    """Return the outputs from a file in which each one is between its own delimiters."""
    found = re.findall(r"(?ms)^([\w-]+)<<(\S+)\n(.*?)\n?\2$", text)
    return {name: value for name, _, value in found}


def show(step: Step, calls: Counter[str], *, with_summary: bool) -> None:
    """Print the log like the runner, the outputs, the number of API calls, and the summary."""
    for line in step.log.splitlines():
        if shown := as_shown(line):
            print(f"  {dim('│')} {shown}")
    published, changed = (step.outputs.get(name) for name in ("published", "changed"))
    assets = ", ".join(f"{count} {result}" for result, count in Counter(step.results()).items())
    sent = ", ".join(f"{count} {method}" for method, count in sorted(calls.items()))
    print(f"  {dim('outputs')}    published={published} changed={changed} assets: {assets or '-'}")
    print(f"  {dim('API calls')}  {sum(calls.values())} ({sent}); exit code {step.exit_code}")
    if with_summary:
        unbroken = step.summary.replace("<br>", " ")
        text = html.unescape(re.sub(r"</?[a-z][^>]*>", "", unbroken)).strip()
        print(f"  {dim('summary')}    for the page of the workflow run, here without its links:")
        print("\n".join(f"    {line}" for line in text.splitlines()))


def as_shown(line: str) -> str:
    """Return a line of the log as the runner shows it, "" for a command that it does not show."""
    command = re.match(r"::([a-z-]+)(?: [^:]*)?::(.*)", line)
    if command is None:
        return line
    name, data = command.groups()
    text = data.replace("%0D", "").replace("%0A", "\n    ").replace("%25", "%")
    return {"error": f"Error: {text}", "warning": f"Warning: {text}", "group": text}.get(name, "")


@contextmanager
def running_sandbox() -> Iterator[Sandbox]:
    """Run a sandbox during the block; it ends when its standard input closes."""
    process = subprocess.Popen(
        [sys.executable, "-m", "github_sandbox", "--tag", TAG],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline() or "{}")
        if not ready:
            sys.exit("the sandbox did not start")
        print(f"The sandbox is at {bold(ready['server_url'])}")
        yield Sandbox(
            api_url=ready["api_url"],
            server_url=ready["server_url"],
            control_url=ready["control_url"],
            repository=ready["repositories"][0],
            token=ready["tokens"]["write"],
        )


def wait_for_enter() -> None:
    """Wait for Enter or Ctrl-C; return at once without a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return
    try:
        input("The sandbox runs until you press Enter. ")
    except (KeyboardInterrupt, EOFError):
        print()


def title(text: str) -> None:
    """Print a heading."""
    print(f"\n{bold(text)}", flush=True)


def bold(text: str) -> str:
    """Return text in bold on a terminal."""
    return f"\033[1m{text}\033[0m" if sys.stdout.isatty() else text


def dim(text: str) -> str:
    """Return text in grey on a terminal."""
    return f"\033[2m{text}\033[0m" if sys.stdout.isatty() else text


if __name__ == "__main__":
    sys.exit(main())
