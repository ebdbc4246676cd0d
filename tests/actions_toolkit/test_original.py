"""This toolkit does what GitHub's own toolkit did when record_original.mjs recorded it."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actions_toolkit import core
from actions_toolkit.context import Context
from actions_toolkit.summary import Summary

RECORD: dict[str, list[dict[str, Any]]] = json.loads(
    Path(__file__).with_name("original.json").read_text(encoding="ascii")
)
CALLS = sorted({case["call"] for case in RECORD["core"]})
# Variables of the runner, which must not leak from this machine into a case.
RUNNERS = re.compile(r"(INPUT|STATE|GITHUB|RUNNER)_|EXPORTED$")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    with monkeypatch.context() as patch:
        _clear(patch)
        yield tmp_path / "file"


@pytest.mark.parametrize("call", CALLS)
def test_every_call_has_the_effects_of_the_original(
    call: str, file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    cases = [case for case in RECORD["core"] if case["call"] == call]
    assert cases
    for case in cases:
        with pytest.MonkeyPatch.context() as patch:
            _clear(patch)
            observed = _observe(case, file, patch)
        observed["stdout"] = capsysbinary.readouterr().out.decode()
        assert observed == _recorded(case), case


def test_the_summary_has_the_text_of_the_original(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    for case in RECORD["summary"]:
        file.write_bytes(b"before\n")
        summary = Summary()
        for name, arguments, *options in case["chain"]:
            assert getattr(summary, name)(*arguments, **(options[0] if options else {})) is summary
        assert summary.write() is summary
        assert summary.is_empty_buffer()
        assert file.read_bytes().decode() == case["written"]


@pytest.mark.parametrize("case", RECORD["context"])
def test_the_context_has_the_values_of_the_original(
    case: dict[str, Any], file: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    environ = dict(case["env"])
    if case["event"] is not None:
        file.write_text(json.dumps(case["event"]), encoding="utf-8")
        environ["GITHUB_EVENT_PATH"] = str(file)
    context = Context(environ)
    if case["error"]:
        with pytest.raises(ValueError) as caught:
            _ = context.repo
        assert str(caught.value) == case["error"]
        return
    recorded = case["result"]
    assert context.repo._asdict() == recorded.pop("repo")
    assert context.issue._asdict() == {"number": None, **recorded.pop("issue")}
    assert {name: getattr(context, name) for name in recorded} == recorded
    assert capsysbinary.readouterr().out.decode() == case["stdout"]


def _clear(patch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if RUNNERS.match(name):
            patch.delenv(name)
    patch.setenv("EXPORTED", "")  # so that the patch also restores what the case sets
    patch.delenv("EXPORTED")
    patch.setenv("PATH", "/bin")


def _observe(case: dict[str, Any], file: Path, patch: pytest.MonkeyPatch) -> dict[str, Any]:
    for name, value in case.get("env", {}).items():
        patch.setenv(name, value)
    if "file" in case:
        patch.setenv(case["file"], str(file))
    file.write_bytes(case.get("before", "").encode())
    observed: dict[str, Any] = {"result": None, "error": None, "exit_code": 0}
    try:
        observed["result"] = getattr(core, case["call"])(
            *map(_revive, case["args"]), **case.get("kwargs", {})
        )
    except SystemExit as exit_:
        observed["exit_code"] = exit_.code
    except (ValueError, TypeError, RuntimeError, OSError) as error:
        observed["error"] = str(error)
    written = re.sub("ghadelimiter_[0-9a-f-]{36}", "DELIMITER", file.read_bytes().decode())
    observed["written"] = written
    observed["PATH"] = os.environ["PATH"]
    observed["EXPORTED"] = os.environ.get("EXPORTED")
    return observed


def _recorded(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "result": case.get("result"),
        "error": case.get("error"),
        "exit_code": case.get("exit_code", 0),
        "written": case.get("written", ""),
        "stdout": case.get("stdout", ""),
        "PATH": "/bin",
        "EXPORTED": "" if case["call"] == "export_variable" else None,
        **case.get("environ", {}),
    }


def _revive(value: Any) -> Any:
    """Return a value with what JSON cannot represent: see record_original.mjs."""
    if isinstance(value, list):
        return [_revive(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "$float" in value:
        return float(value["$float"])
    if "$error" in value:
        return Exception(value["$error"])
    return {key: _revive(item) for key, item in value.items()}
