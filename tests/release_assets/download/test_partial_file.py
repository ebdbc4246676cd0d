"""The partial file of a download: how it is locked, resumed and moved to its target."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from release_assets.download.errors import FileNotWrittenError
from release_assets.download.partial_file import PartialFile, reserved_names
from tests.support.samples import asset
from tests.support.sandbox import ROOT

APP = asset("app.zip", id=1)

LOCK = """
import sys
from pathlib import Path
from release_assets.download.partial_file import PartialFile
from tests.support.samples import asset
partial = PartialFile(Path(sys.argv[1]), asset("app.zip", id=1))
partial.write(b"theirs")
print(partial.path.name, flush=True)
sys.stdin.read()
partial.move_to_target()
"""


@contextmanager
def locked_by_other_process(path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Let another process lock the partial file of a target, and move it there at the end."""
    with subprocess.Popen(
        [sys.executable, "-c", LOCK, str(path)],
        env={"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("app.zip.")
        yield process


def content(partial: PartialFile) -> bytes:
    return b"".join(partial.blocks())


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_a_complete_file_replaces_its_target(tmp_path: Path) -> None:
    target = tmp_path / "app.zip"
    target.write_bytes(b"old")
    partial = PartialFile(target, APP)
    partial.write(b"abc")
    partial.write(b"def")
    assert target.read_bytes() == b"old"
    partial.move_to_target()
    partial.close()
    assert target.read_bytes() == b"abcdef"
    assert names(tmp_path) == ["app.zip"]


def test_a_later_run_resumes_a_partial_file(tmp_path: Path) -> None:
    partial = PartialFile(tmp_path / "app.zip", APP)
    partial.write(b"abc")
    partial.close()
    (left,) = names(tmp_path)
    assert left.startswith("app.zip.")
    assert left.endswith(".part")
    again = PartialFile(tmp_path / "app.zip", APP)
    assert content(again) == b"abc"
    again.write(b"def")
    assert content(again) == b"abcdef"
    again.move_to_target()
    assert (tmp_path / "app.zip").read_bytes() == b"abcdef"


def test_the_partial_file_of_another_asset_is_not_resumed(tmp_path: Path) -> None:
    partial = PartialFile(tmp_path / "app.zip", APP)
    partial.write(b"abc")
    partial.close()
    other = PartialFile(tmp_path / "app.zip", asset("app.zip", id=2))
    assert content(other) == b""
    other.close()
    assert len(names(tmp_path)) == 1


def test_an_empty_partial_file_is_deleted(tmp_path: Path) -> None:
    PartialFile(tmp_path / "app.zip", APP).close()
    partial = PartialFile(tmp_path / "app.zip", APP)
    partial.write(b"abc")
    partial.restart()
    partial.close()
    assert names(tmp_path) == []


def test_a_file_locked_by_another_process_is_not_used(tmp_path: Path) -> None:
    target = tmp_path / "app.zip"
    with locked_by_other_process(target) as process:
        partial = PartialFile(target, APP)
        assert content(partial) == b""
        partial.write(b"ours")
        assert len(names(tmp_path)) == 2
        partial.close()
        # The file with a random name is deleted: no later run could find it.
        assert len(names(tmp_path)) == 1
        again = PartialFile(target, APP)
        again.write(b"ours")
        again.move_to_target()
        assert target.read_bytes() == b"ours"
        process.communicate()
        assert process.returncode == 0
    assert target.read_bytes() == b"theirs"
    assert names(tmp_path) == ["app.zip"]


def test_the_file_of_a_killed_process_is_resumed(tmp_path: Path) -> None:
    with locked_by_other_process(tmp_path / "app.zip") as process:
        process.kill()
    partial = PartialFile(tmp_path / "app.zip", APP)
    assert content(partial) == b"theirs"
    partial.close()


def test_the_longest_target_name_is_possible(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 255)
    partial = PartialFile(target, APP)
    partial.write(b"abc")
    partial.move_to_target()
    assert target.read_bytes() == b"abc"


@pytest.mark.parametrize("kind", ["symlink", "fifo", "directory"])
def test_another_kind_of_file_at_the_path_is_refused(tmp_path: Path, kind: str) -> None:
    first = PartialFile(tmp_path / "app.zip", APP)
    path = first.path
    first.close()
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    match kind:
        case "symlink":
            path.symlink_to(victim)
        case "fifo":
            os.mkfifo(path)
        case _:
            path.mkdir()
    with pytest.raises(FileNotWrittenError):
        PartialFile(tmp_path / "app.zip", APP)
    assert victim.read_bytes() == b"precious"


def test_a_missing_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotWrittenError):
        PartialFile(tmp_path / "none" / "app.zip", APP)


def test_a_full_disk_is_reported(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    partial = PartialFile(tmp_path / "app.zip", APP)
    os.dup2(os.open("/dev/full", os.O_RDWR), partial._stream.fileno())
    with pytest.raises(FileNotWrittenError):
        partial.write(b"abc")
    partial._stream.close()


def test_a_reserved_name_is_never_used(tmp_path: Path) -> None:
    target = tmp_path / "App.zip"
    first = PartialFile(target, APP)
    usual = first.path.name
    first.close()
    second = PartialFile(target, APP, reserved_names([usual.upper()]))
    assert second.path.name.casefold() != usual.casefold()
    assert second.path.name.endswith(".part")
    second.write(b"abc")
    second.close()
    again = PartialFile(target, APP, reserved_names([usual.upper()]))
    assert content(again) == b"abc"
    # A second partial file at the same time has yet another name.
    third = PartialFile(target, APP, reserved_names([usual]))
    assert third.path not in {again.path, tmp_path / usual}
    third.close()
    again.move_to_target()
    assert names(tmp_path) == ["App.zip"]


def test_a_replaced_partial_file_is_not_moved_to_the_target(tmp_path: Path) -> None:
    partial = PartialFile(tmp_path / "app.zip", APP)
    partial.write(b"verified")
    other = tmp_path / "other"
    other.write_bytes(b"planted!")
    other.replace(partial.path)
    with pytest.raises(FileNotWrittenError):
        partial.move_to_target()
    assert not (tmp_path / "app.zip").exists()


def test_a_file_that_replaced_the_partial_file_is_not_deleted(tmp_path: Path) -> None:
    partial = PartialFile(tmp_path / "app.zip", APP)
    other = tmp_path / "other"
    other.write_bytes(b"precious")
    other.replace(partial.path)
    partial.close()
    assert partial.path.read_bytes() == b"precious"


def test_a_partial_file_with_a_second_hard_link_is_not_used(tmp_path: Path) -> None:
    first = PartialFile(tmp_path / "app.zip", APP)
    path = first.path
    first.close()
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    os.link(victim, path)
    partial = PartialFile(tmp_path / "app.zip", APP)
    assert content(partial) == b""
    partial.write(b"abc")
    partial.move_to_target()
    assert victim.read_bytes() == b"precious"
    assert (tmp_path / "app.zip").read_bytes() == b"abc"
