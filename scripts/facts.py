"""Compare the facts about GitHub that the tests hold with today's: `facts.py DIRECTORY`.

DIRECTORY has what npm installed (`npm install @octokit/openapi @octokit/fixtures @actions/core @actions/github`). Prints what changed, also into
the job summary, and ends with 1 if anything did. GH_TOKEN lets it also ask GitHub for the releases of pinned actions.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DESCRIPTION = ROOT / "tests/contract/data/openapi-github.com.json"
RECORD = ROOT / "tests/actions_toolkit/original.json"
RECORDED = ROOT / "tests/contract/data/recorded.json"
RECORDER = ROOT / "tests/actions_toolkit/record_original.mjs"
# What people read, and what concerns other software than clients.
PROSE = {
    *(
        "description",
        "summary",
        "tags",
        "operationId",
        "externalDocs",
        "example",
        "examples",
        "title",
    ),
    *("servers", "x-github", "x-multi-segment", "x-octokit", "deprecated"),
}
PIN = re.compile(r"uses: (?P<action>[\w.-]+/[\w.-]+)@(?P<commit>[0-9a-f]{40}) # (?P<tag>v[\d.]+)")


def main() -> int:
    """Print what changed, and return 1 if anything did."""
    directory = Path(sys.argv[1])
    changes = list(description_changes(read(DESCRIPTION), read(todays_description(directory))))
    changes += recording_changes(read(RECORDED), directory)
    changes += record_changes(directory)
    if token := os.environ.get("GH_TOKEN"):
        changes += pin_changes(pins(), lambda path: ask_github(path, token))
    text = "\n".join(f"- {change}" for change in changes) or "Nothing has changed."
    print(text)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(f"### What the tests know of GitHub\n\n{text}\n")
    return 1 if changes else 0


def read(path: Path) -> dict[str, Any]:
    """Return the JSON object in a file."""
    return dict(json.loads(path.read_text("utf-8")))


def todays_description(directory: Path) -> Path:
    """Return the path of the newest description of github.com's API."""
    return directory / "node_modules/@octokit/openapi/generated/api.github.com.json"


def description_changes(known: Mapping[str, Any], todays: Mapping[str, Any]) -> Iterator[str]:
    """Yield how the endpoints of a description differ in another one."""
    for path, methods in known["paths"].items():
        for method, operation in methods.items():
            now = todays["paths"].get(path, {}).get(method)
            where = f"`{method.upper()} {path}`"
            if now is None:
                yield f"{where} is gone"
            else:
                found = differences(plain(operation, known), plain(now, todays))
                yield from (f"{where}: {difference}" for difference in found)


def plain(value: Any, document: Mapping[str, Any], inside: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - JSON
    """Return a part of a description without prose, with what it refers to in place."""
    if isinstance(value, list):
        return [plain(item, document, inside) for item in value]
    if not isinstance(value, dict):
        return value
    reference = value.get("$ref")
    if isinstance(reference, str):
        if reference in inside:
            return reference
        target: Any = document
        for name in reference.removeprefix("#/").split("/"):
            target = target[name]
        return plain(target, document, (*inside, reference))
    # Below `properties`, every name is a field's.
    return {
        name: {field: plain(one, document, inside) for field, one in item.items()}
        if name == "properties"
        else plain(item, document, inside)
        for name, item in value.items()
        if name == "properties" or name not in PROSE
    }


def differences(known: object, now: object, where: str = "") -> Iterator[str]:
    """Yield the places where two values of JSON differ."""
    if isinstance(known, dict) and isinstance(now, dict):
        for name in sorted(known.keys() | now.keys()):
            place = f"{where}/{name}"
            if name not in now:
                yield f"`{place}` is gone"
            elif name not in known:
                yield f"`{place}` is new"
            else:
                yield from differences(known[name], now[name], place)
    elif isinstance(known, list) and isinstance(now, list) and len(known) == len(now):
        for number, (before, after) in enumerate(zip(known, now, strict=True)):
            yield from differences(before, after, f"{where}/{number}")
    elif known != now:
        yield f"`{where}` was `{json.dumps(known)[:80]}` and is `{json.dumps(now)[:80]}`"


def recording_changes(known: Mapping[str, Any], directory: Path) -> Iterator[str]:
    """Yield the recorded answers of GitHub, errors among them, that the tests do not know."""
    for name, steps in known["scenarios"].items():
        path = directory / "node_modules/@octokit/fixtures/scenarios/api.github.com"
        recording = path / name.replace(" ", "-") / "normalized-fixture.json"
        if not recording.is_file():
            continue  # of another source
        facts = [answer(step["method"], step["status"], step.get("said")) for step in steps]
        for step in json.loads(recording.read_text("utf-8")):
            fact = answer(step["method"], step["status"], step["response"])
            if fact not in facts:
                yield f"recorded ({name}): `{json.dumps(fact)[:160]}` is unknown"


def answer(method: str, status: int, body: object) -> tuple[str, int, object]:
    """Return what is compared of an answer: of a body only an error."""
    error = body if isinstance(body, dict) and status >= 400 else {}
    return method.upper(), status, {name: error.get(name) for name in ("message", "errors")}


def record_changes(directory: Path) -> Iterator[str]:
    """Yield how today's toolkit of GitHub differs from the record."""
    shutil.copy(RECORDER, directory)
    done = subprocess.run(
        ["node", RECORDER.name], cwd=directory, stdout=subprocess.PIPE, encoding="utf-8", check=True
    )
    known, now = read(RECORD), json.loads(done.stdout)
    for name in sorted(known.keys() | now.keys()):
        before, after = known.get(name, []), now.get(name, [])
        for one in before:
            if one not in after:
                yield f"`@actions/core` no longer does this ({name}): `{json.dumps(one)[:160]}`"
        if len(after) > len(before):
            yield f"`@actions/core` has {len(after) - len(before)} new records ({name})"


def pins() -> set[tuple[str, str, str]]:
    """Return action, commit and tag of everything that workflows and examples pin."""
    files = (*ROOT.glob(".github/workflows/*.yml"), *ROOT.glob("examples/*.yml"))
    return {
        (found["action"], found["commit"], found["tag"])
        for path in files
        for found in PIN.finditer(path.read_text("utf-8"))
    }


def pin_changes(pinned: Iterable[tuple[str, str, str]], ask: Callable[[str], Any]) -> Iterator[str]:
    """Yield the actions whose tag is at another commit than the pinned one, and those with a newer release.

    ask: returns what GitHub's API answers for a path.
    """
    for action, commit, tag in sorted(pinned):
        there = ask(f"/repos/{action}/commits/{tag}")["sha"]
        if there != commit:
            yield f"`{action}`: `{tag}` is at `{there}`, and `{commit}` is pinned"
        newest = ask(f"/repos/{action}/releases/latest")["tag_name"]
        if newest != tag:
            yield f"`{action}`: `{newest}` is there, and `{tag}` is pinned"


def ask_github(path: str, token: str) -> Any:  # noqa: ANN401 - JSON
    """Return what GitHub's API answers."""
    headers = {"Authorization": f"Bearer {token}", "User-Agent": "facts"}
    request = urllib.request.Request(f"https://api.github.com{path}", headers=headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main())
