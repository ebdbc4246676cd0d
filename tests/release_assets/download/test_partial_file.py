"""The file that a download grows in, and what else may stand in its way."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from release_assets.download.errors import FileNotWrittenError
from release_assets.download.partial_file import Partial, reserved_names
from tests.support.samples import asset
from tests.support.sandbox import ROOT

APP = asset("app.zip", id=1)

HOLD = """
import sys
from pathlib import Path
from release_assets.download.partial_file import Partial
from tests.support.samples import asset
part = Partial(Path(sys.argv[1]), asset("app.zip", id=1))
part.write(b"theirs")
print(part.path.name, flush=True)
sys.stdin.read()
part.put_in_place()
"""


@contextmanager
def held_by_another(path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Let another process hold the part of a file; it puts it in place at the end."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        env={"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("app.zip.")
        yield process


def content(part: Partial) -> bytes:
    return b"".join(part.blocks())


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_it_grows_beside_its_place_and_is_put_there_whole(tmp_path: Path) -> None:
    target = tmp_path / "app.zip"
    target.write_bytes(b"old")
    part = Partial(target, APP)
    part.write(b"abc")
    part.write(b"def")
    assert target.read_bytes() == b"old"
    part.put_in_place()
    part.leave()
    assert target.read_bytes() == b"abcdef"
    assert names(tmp_path) == ["app.zip"]


def test_what_is_left_is_gone_on_with(tmp_path: Path) -> None:
    part = Partial(tmp_path / "app.zip", APP)
    part.write(b"abc")
    part.leave()
    (left,) = names(tmp_path)
    assert left.startswith("app.zip.")
    assert left.endswith(".part")
    again = Partial(tmp_path / "app.zip", APP)
    assert content(again) == b"abc"
    again.write(b"def")
    assert content(again) == b"abcdef"
    again.put_in_place()
    assert (tmp_path / "app.zip").read_bytes() == b"abcdef"


def test_that_of_another_asset_is_not(tmp_path: Path) -> None:
    part = Partial(tmp_path / "app.zip", APP)
    part.write(b"abc")
    part.leave()
    other = Partial(tmp_path / "app.zip", asset("app.zip", id=2))
    assert content(other) == b""
    other.leave()
    assert len(names(tmp_path)) == 1


def test_nothing_is_left_of_nothing(tmp_path: Path) -> None:
    Partial(tmp_path / "app.zip", APP).leave()
    part = Partial(tmp_path / "app.zip", APP)
    part.write(b"abc")
    part.restart()
    part.leave()
    assert names(tmp_path) == []


def test_what_another_process_holds_is_left_to_it(tmp_path: Path) -> None:
    target = tmp_path / "app.zip"
    with held_by_another(target) as process:
        part = Partial(target, APP)
        assert content(part) == b""
        part.write(b"ours")
        assert len(names(tmp_path)) == 2
        part.leave()
        assert len(names(tmp_path)) == 1  # ours does not outlive us: nobody would find it
        again = Partial(target, APP)
        again.write(b"ours")
        again.put_in_place()
        assert target.read_bytes() == b"ours"
        process.communicate()
        assert process.returncode == 0
    assert target.read_bytes() == b"theirs"
    assert names(tmp_path) == ["app.zip"]


def test_what_a_killed_process_held_is_free(tmp_path: Path) -> None:
    with held_by_another(tmp_path / "app.zip") as process:
        process.kill()
    part = Partial(tmp_path / "app.zip", APP)
    assert content(part) == b"theirs"
    part.leave()


def test_the_longest_name_still_fits(tmp_path: Path) -> None:
    target = tmp_path / ("x" * 255)
    part = Partial(target, APP)
    part.write(b"abc")
    part.put_in_place()
    assert target.read_bytes() == b"abc"


@pytest.mark.parametrize("kind", ["symlink", "fifo", "directory"])
def test_nothing_else_is_written_to(tmp_path: Path, kind: str) -> None:
    first = Partial(tmp_path / "app.zip", APP)
    path = first.path
    first.leave()
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    match kind:
        case "symlink":
            path.symlink_to(victim)
        case "fifo":
            os.mkfifo(path)
        case _:
            path.mkdir()
    with pytest.raises(FileNotWrittenError, match="cannot be written"):
        Partial(tmp_path / "app.zip", APP)
    assert victim.read_bytes() == b"precious"


def test_a_directory_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotWrittenError, match="No such file or directory"):
        Partial(tmp_path / "none" / "app.zip", APP)


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    part = Partial(tmp_path / "app.zip", APP)
    os.dup2(os.open("/dev/full", os.O_RDWR), part._stream.fileno())
    with pytest.raises(FileNotWrittenError, match="No space left on device"):
        part.write(b"abc")
    part._stream.close()


def test_it_never_has_a_name_that_is_reserved(tmp_path: Path) -> None:
    target = tmp_path / "App.zip"
    first = Partial(target, APP)
    usual = first.path.name
    first.leave()
    second = Partial(target, APP, reserved_names([usual.upper()]))
    assert second.path.name.casefold() != usual.casefold()
    assert second.path.name.endswith(".part")
    second.write(b"abc")
    second.leave()
    again = Partial(target, APP, reserved_names([usual.upper()]))
    assert content(again) == b"abc"
    # A second one at the same time has another name still.
    third = Partial(target, APP, reserved_names([usual]))
    assert third.path not in {again.path, tmp_path / usual}
    third.leave()
    again.put_in_place()
    assert names(tmp_path) == ["App.zip"]


def test_what_is_put_in_place_is_the_file_that_was_written(tmp_path: Path) -> None:
    part = Partial(tmp_path / "app.zip", APP)
    part.write(b"verified")
    other = tmp_path / "other"
    other.write_bytes(b"planted!")
    other.replace(part.path)
    with pytest.raises(FileNotWrittenError, match="was replaced by another program"):
        part.put_in_place()
    assert not (tmp_path / "app.zip").exists()


def test_a_file_that_took_its_place_is_not_deleted(tmp_path: Path) -> None:
    part = Partial(tmp_path / "app.zip", APP)
    other = tmp_path / "other"
    other.write_bytes(b"precious")
    other.replace(part.path)
    part.leave()
    assert part.path.read_bytes() == b"precious"


def test_a_part_that_is_another_file_too_is_not_written_to(tmp_path: Path) -> None:
    first = Partial(tmp_path / "app.zip", APP)
    path = first.path
    first.leave()
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    os.link(victim, path)
    part = Partial(tmp_path / "app.zip", APP)
    assert content(part) == b""
    part.write(b"abc")
    part.put_in_place()
    assert victim.read_bytes() == b"precious"
    assert (tmp_path / "app.zip").read_bytes() == b"abc"
