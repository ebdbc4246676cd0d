"""Files in the workspace: their owner, and links that are not followed."""

import os
import stat
from pathlib import Path

import pytest

from release_assets.action.workspace_file import write_files
from tests.release_assets.action.test_step import FILES
from tests.support.job import Job

OWNER, GROUP = 12345, 23456
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="only root can change the owner of a file",
)


def write(workspace: Path, content: bytes = b"new") -> None:
    write_files(workspace, ".release-assets", {".gitignore": b"*\n", "sums.txt": content})


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_files_are_written_and_replaced(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write(tmp_path)
        write(tmp_path, b"newer")
    finally:
        os.umask(before)
    directory = tmp_path / ".release-assets"
    assert (directory / "sums.txt").read_bytes() == b"newer"
    assert names(directory) == [".gitignore", "sums.txt"]
    if os.name != "nt":
        assert stat.S_IMODE(directory.stat().st_mode) == 0o755
        assert stat.S_IMODE((directory / "sums.txt").stat().st_mode) == 0o644


@as_root
def test_all_files_of_root_get_the_owner_of_the_workspace(tmp_path: Path) -> None:
    os.chown(tmp_path, OWNER, GROUP)
    write(tmp_path)
    directory = tmp_path / ".release-assets"
    for path in (directory, directory / ".gitignore", directory / "sums.txt"):
        assert (path.stat().st_uid, path.stat().st_gid) == (OWNER, GROUP)


@as_root
def test_an_existing_directory_of_root_gets_the_owner_too(tmp_path: Path) -> None:
    (tmp_path / ".release-assets").mkdir()
    os.chown(tmp_path, OWNER, GROUP)
    write(tmp_path)
    assert (tmp_path / ".release-assets").stat().st_uid == OWNER


@pytest.mark.parametrize("target", ["elsewhere", "nowhere", "."])
def test_a_directory_that_is_a_link_is_not_followed(tmp_path: Path, target: str) -> None:
    workspace, elsewhere = tmp_path / "workspace", tmp_path / "elsewhere"
    workspace.mkdir()
    elsewhere.mkdir()
    (workspace / ".release-assets").symlink_to(tmp_path / target)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OSError):
        write(workspace)
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("link", ["symbolic", "hard"])
def test_a_file_that_is_a_link_is_replaced_and_not_written_to(tmp_path: Path, link: str) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    directory = tmp_path / ".release-assets"
    directory.mkdir()
    for name in (".gitignore", "sums.txt"):
        if link == "symbolic":
            (directory / name).symlink_to(victim)
        else:
            os.link(victim, directory / name)
    write(tmp_path)
    assert victim.read_bytes() == b"precious"
    assert (directory / "sums.txt").read_bytes() == b"new"
    assert not (directory / "sums.txt").is_symlink()


def test_a_failure_leaves_no_temporary_file(tmp_path: Path) -> None:
    (tmp_path / ".release-assets" / "sums.txt").mkdir(parents=True)
    with pytest.raises(OSError):
        write(tmp_path)
    assert names(tmp_path / ".release-assets") == [".gitignore", "sums.txt"]


def test_a_link_as_the_directory_is_only_a_warning(job: Job) -> None:
    job.write(FILES)
    elsewhere = job.root / "elsewhere"
    elsewhere.mkdir()
    (job.workspace / ".release-assets").symlink_to(elsewhere)
    step = job.run_program({"files": "dist/*"})
    assert step.exit_code == 0, step.log
    assert step.outputs["checksums-file"] == ""
    assert "::warning title=Checksums not written::.release-assets/" in step.log
    assert list(elsewhere.iterdir()) == []


@as_root
def test_all_files_of_a_run_have_the_owner_of_the_workspace(job: Job) -> None:
    job.write(FILES)
    os.chown(job.workspace, OWNER, GROUP)
    before = set(job.workspace.rglob("*"))
    step = job.run_program({"files": "dist/*"})
    assert step.exit_code == 0, step.log
    left = set(job.workspace.rglob("*")) - before
    assert job.workspace / step.outputs["checksums-file"] in left
    assert {(path.lstat().st_uid, path.lstat().st_gid) for path in left} == {(OWNER, GROUP)}
