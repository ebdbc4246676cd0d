"""Mutation tests: make one mistake at a time, and list those that no test detects (`make mutants`)."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
LIST = ROOT / "tests" / "mutants.yml"
MUTMUT = Path(sys.executable).with_name("mutmut")
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')
# mutmut's states of a mutant that a test detected, or that could not run.
DETECTED = {"killed", "timeout", "caught by type check"}


@dataclass(frozen=True, order=True)
class Mutant:
    """A line of a function with a deliberate mistake."""

    function: str
    line: str


def main() -> int:
    """Return 0 if exactly the listed mistakes were not detected."""
    shutil.rmtree(ROOT / "mutants", ignore_errors=True)  # otherwise mutmut keeps earlier results
    print("mutmut runs: some minutes", flush=True)
    _mutmut("run", "--max-children", os.environ.get("JOBS", "2"))
    seen = dict(_undetected())
    listed = {
        Mutant(function, line)
        for function, lines in yaml.safe_load(LIST.read_text("utf-8")).items()
        for line in lines
    }
    for mutant in sorted(seen.keys() - listed):
        print(f"\nNo test detects this in {mutant.function} ({seen[mutant]}):\n    {mutant.line}")
    for mutant in sorted(listed - seen.keys()):
        print(
            f"\n{LIST.name} lists a mistake that is detected or no longer made, in {mutant.function}:\n    {mutant.line}"
        )
    print(f"\n{len(seen)} mistakes were not detected, {len(listed)} are listed.")
    return int(seen.keys() != listed)


def _undetected() -> Iterator[tuple[Mutant, str]]:
    """Yield every mistake that was not detected, and its name in mutmut."""
    results = _mutmut("results")
    if not (ROOT / "mutants").is_dir():
        raise SystemExit("mutmut created no mutants")
    for name, state in re.findall(r"^\s*(\S+): (.+)$", results, re.MULTILINE):
        if state in DETECTED:
            continue
        shown = _mutmut("show", name).splitlines()
        removed, added = (_lines(shown, sign) for sign in "-+")
        if not is_wording(removed, added):
            yield Mutant(_function(name), added), f"{name}, {state}"


def _lines(diff: list[str], sign: str) -> str:
    """Return the removed (`-`) or added (`+`) lines of a diff as one."""
    changed = [line for line in diff if line.startswith(sign) and not line.startswith(sign * 3)]
    return " ".join(line[1:].strip() for line in changed)


def is_wording(removed: str, added: str) -> bool:
    """Say whether a mistake changes only the words of a message.

    tests/contract/data/messages.md holds those; no test that runs here does.
    """
    pairs = zip(_LITERAL.findall(removed), _LITERAL.findall(added), strict=False)
    changed = [old for old, new in pairs if old != new]
    is_rest_same = _LITERAL.sub("", removed) == _LITERAL.sub("", added)
    return is_rest_same and bool(changed) and all(len(old.split()) > 2 for old in changed)


def _function(name: str) -> str:
    """Return the original name of a function: mutmut renames it to `x_name__mutmut_1`."""
    module, _, mangled = name.rpartition(".")
    plain = re.sub(r"__mutmut_\d+$", "", mangled)
    plain = ".".join(plain.removeprefix("xǁ").split("ǁ")) if "ǁ" in plain else plain[2:]
    return f"{module}.{plain}"


def _mutmut(*arguments: str) -> str:
    done = subprocess.run(
        [MUTMUT, *arguments],
        check=False,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise SystemExit(
            f"mutmut {arguments[0]} ended with {done.returncode}:\n{done.stdout[-5000:]}"
        )
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
