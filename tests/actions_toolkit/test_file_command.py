import os
import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions_toolkit.file_command import (
    issue_file_command,
    key_value_message,
    prepare_key_value_message,
)
from tests.support.runner import RunnerError, decode_env_file

D = "ghadelimiter_D"
NAMES = ["".join(parts) for n in range(6) for parts in product("a=<\n\r ", repeat=n)]
VALUES = [
    "".join(parts) for n in range(6) for parts in product(["\n", "\r", "=", "<<", D[:-1]], repeat=n)
]


def test_every_short_value_reaches_the_runner_unchanged() -> None:
    for value in VALUES:
        assert decode_env_file(key_value_message("n", value, D)) == {"n": value}, value


def test_only_names_that_the_runner_misreads_are_refused() -> None:
    for name in NAMES:
        if _is_read_back(name):
            key_value_message(name, "v\nx=1", D)
        else:
            with pytest.raises(ValueError, match="misread"):
                key_value_message(name, "v\nx=1", D)


def _is_read_back(name: str) -> bool:
    try:
        return decode_env_file(f"{name}<<{D}\nv\nx=1\n{D}\n") == {name: "v\nx=1"}
    except RunnerError:
        return False


@given(
    st.dictionaries(
        st.text("aé日_-. ", min_size=1), st.text(st.characters(exclude_categories=["Cs"]))
    )
)
def test_the_runner_reads_all_commands_of_a_file(outputs: dict[str, str]) -> None:
    messages = [prepare_key_value_message(name, value) for name, value in outputs.items()]
    text = "".join(f"{message}\n" for message in messages)
    assert decode_env_file(text.encode()) == outputs


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (f"a{D}", "v", f'Unexpected input: name should not contain the delimiter "{D}"'),
        ("a", f"\n{D}\nb=1", f'Unexpected input: value should not contain the delimiter "{D}"'),
        ("a=b", "v", "Unexpected input: the runner would misread the name 'a=b'"),
    ],
)
def test_an_ambiguous_name_or_value_is_refused(name: str, value: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        key_value_message(name, value, D)
    assert str(caught.value) == message


def test_every_delimiter_is_unique() -> None:
    messages = {prepare_key_value_message("a", {"b": 1}) for _ in range(50)}
    assert len(messages) == 50
    uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
    for message in messages:
        assert re.fullmatch(rf'a<<(ghadelimiter_{uuid})\n{{"b":1}}\n\1', message)


def test_commands_are_appended_in_utf8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"before\n")
    monkeypatch.setenv("GITHUB_THING", str(file))
    issue_file_command("THING", "é\ud800\r\n😀")
    issue_file_command("THING", None)
    assert file.read_bytes() == f"before\né\ufffd\r\n😀{os.linesep}{os.linesep}".encode()


def test_without_a_variable_or_file_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_THING", raising=False)
    with pytest.raises(RuntimeError) as unset:
        issue_file_command("THING", "x")
    assert str(unset.value) == "Unable to find environment variable for file command THING"
    file = tmp_path / "absent"
    monkeypatch.setenv("GITHUB_THING", str(file))
    with pytest.raises(FileNotFoundError) as missing:
        issue_file_command("THING", "x")
    assert str(missing.value) == f"Missing file at path: {file}"
    assert not file.exists()


def test_a_command_that_does_not_fit_is_not_written_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resource = pytest.importorskip("resource", reason="this system has no such limits")
    path = tmp_path / "output"
    path.write_bytes(b"a=1\n")
    monkeypatch.setenv("GITHUB_OUTPUT", str(path))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))  # like a full disk
    try:
        with pytest.raises(OSError):
            issue_file_command("OUTPUT", prepare_key_value_message("b", "x" * 2000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == b"a=1\n"


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="the system has no /dev/full")  # noqa: PTH110
def test_a_full_disk_is_the_error_even_if_the_file_cannot_be_truncated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GITHUB_OUTPUT", "/dev/full")
    with pytest.raises(OSError, match="No space left"):
        issue_file_command("OUTPUT", "name=value")
