import os
from pathlib import Path

import pytest

from actions_toolkit.summary import SUMMARY_LIMIT, Summary, SummaryTooLargeError


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "summary"
    path.write_bytes(b"")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(path))
    return path


def test_write_appends_to_the_file_and_empties_the_buffer(file: Path) -> None:
    summary = Summary()
    assert summary.file_path() == str(file)
    assert summary.is_empty_buffer()
    summary.add_raw("é\ud800").add_eol()
    assert not summary.is_empty_buffer()
    assert summary.stringify() == f"é\ud800{os.linesep}"
    assert summary.write().is_empty_buffer()
    summary.add_raw("b", add_eol=True).write()
    assert file.read_bytes() == f"é\ufffd{os.linesep}b{os.linesep}".encode()


def test_a_summary_can_be_overwritten_and_cleared(file: Path) -> None:
    summary = Summary().add_raw("old").write()
    summary.add_raw("new").write(overwrite=True)
    assert file.read_bytes() == b"new"
    assert summary.add_raw("never written").clear().stringify() == ""
    assert file.read_bytes() == b""


@pytest.mark.parametrize(
    ("before", "added", "overwrite", "size"),
    [
        (0, SUMMARY_LIMIT, False, None),
        (1, SUMMARY_LIMIT - 1, False, None),
        (9, SUMMARY_LIMIT, True, None),
        (0, SUMMARY_LIMIT + 1, False, SUMMARY_LIMIT + 1),
        (5, SUMMARY_LIMIT - 4, False, SUMMARY_LIMIT + 1),
        (0, SUMMARY_LIMIT + 1, True, SUMMARY_LIMIT + 1),
    ],
)
def test_a_summary_over_the_size_limit_is_refused(
    file: Path, before: int, added: int, overwrite: bool, size: int | None
) -> None:
    file.write_bytes(b"x" * before)
    summary = Summary().add_raw("é" * (added // 2) + "a" * (added % 2))  # bytes count, not letters
    if size is None:
        summary.write(overwrite)
        assert file.stat().st_size == added + (0 if overwrite else before)
        return
    with pytest.raises(SummaryTooLargeError, match=f"{size} bytes") as caught:
        summary.write(overwrite)
    assert (caught.value.size, caught.value.limit) == (size, 1_048_576)
    assert file.read_bytes() == b"x" * before
    assert not summary.is_empty_buffer()


def test_without_a_variable_or_file_the_error_is_that_of_the_original(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = Summary().add_raw("x")
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    with pytest.raises(RuntimeError) as unset:
        summary.write()
    assert str(unset.value) == (
        "Unable to find environment variable for $GITHUB_STEP_SUMMARY. "
        "Check if your runtime environment supports job summaries."
    )
    file = tmp_path / "absent"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    with pytest.raises(PermissionError) as missing:
        summary.write()
    assert str(missing.value) == (
        f"Unable to access summary file: '{file}'. "
        "Check if the file has correct read/write permissions."
    )
    assert summary.stringify() == "x"


def test_numbers_are_valid_attributes() -> None:
    summary = Summary().add_image("s", "a", width=10, height=0).add_heading("h", 3)
    summary.add_table([[{"data": "d", "colspan": 2, "rowspan": None}]])
    assert summary.stringify().splitlines() == [
        '<img src="s" alt="a" width="10">',
        "<h3>h</h3>",
        '<table><tr><td colspan="2">d</td></tr></table>',
    ]
