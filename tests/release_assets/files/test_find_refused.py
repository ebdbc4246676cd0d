"""Files that cannot be published, and patterns that match none."""

import os
from pathlib import Path

import pytest

from release_assets.errors import MultipleErrors, ReleaseAssetsError, single_errors
from release_assets.files.errors import FileRefusedError, NoFilesError
from release_assets.files.find import find_files
from release_assets.files.notes import read_notes
from release_assets.inputs.errors import InputError
from release_assets.inputs.parse import parse_inputs
from release_assets.models import MAX_ASSET_SIZE, LocalFile
from tests.support.other_user import as_other_user
from tests.support.samples import REQUIRED, inputs, job


def one_file(root: Path, content: bytes = b"content", name: str = "app.zip") -> LocalFile:
    (root / name).write_bytes(content)
    (found,) = find_files(inputs(root, files=name)).files
    return found


def refusal(root: Path, **given: str) -> ReleaseAssetsError:
    with pytest.raises(ReleaseAssetsError) as caught:
        find_files(inputs(root, **given))
    return caught.value


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    error = refusal(tmp_path, files="*.txt")
    assert isinstance(error, FileRefusedError)
    assert "empty.txt" in error.what


@pytest.mark.parametrize("size", [1, MAX_ASSET_SIZE])
def test_the_smallest_and_the_largest_file_are_accepted(tmp_path: Path, size: int) -> None:
    with (tmp_path / "large.bin").open("wb") as stream:
        stream.truncate(size)  # sparse: takes no space
    (found,) = find_files(inputs(tmp_path, files="*.bin")).files
    assert found.size == size


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "large.bin").open("wb") as stream:
        stream.truncate(MAX_ASSET_SIZE + 1)
    error = refusal(tmp_path, files="*.bin")
    assert isinstance(error, FileRefusedError)
    assert all(number in error.what for number in ("2,147,483,649", "2,147,483,648"))


def test_a_pipe_is_refused_without_blocking(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    error = refusal(tmp_path, files="pipe")
    assert isinstance(error, FileRefusedError)
    assert "pipe" in error.what


def test_a_link_is_published_under_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "target.bin").write_bytes(b"12345")
    (tmp_path / "link.zip").symlink_to("target.bin")
    (found,) = find_files(inputs(tmp_path, files="link.*")).files
    assert (found.name, found.size, found.content_type) == ("link.zip", 5, "application/zip")


@pytest.mark.parametrize("target", ["gone", "link.zip"])
def test_a_broken_link_is_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "link.zip").symlink_to(target)
    error = refusal(tmp_path, files="link.zip")
    assert isinstance(error, FileRefusedError)
    assert "link.zip" in error.what


def test_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    error = refusal(tmp_path, files="dist")
    assert isinstance(error, NoFilesError)
    assert all(pattern in error.fix for pattern in ("`dist/*`", "`dist/**`"))


def test_an_unreadable_file_is_refused(shared: Path) -> None:
    (shared / "secret.txt").write_text("x")
    (shared / "secret.txt").chmod(0)
    with as_other_user():
        error = refusal(shared, files="*.txt")
    assert isinstance(error, FileRefusedError)
    assert "secret.txt" in error.what


@pytest.mark.parametrize("pattern", ["locked/*", "locked/{a,b}.txt", "*/a.txt", "**", "**/*.txt"])
@pytest.mark.parametrize(
    "mode", [0o000, 0o111, 0o444], ids=["closed", "entered only", "listed only"]
)
def test_an_unreadable_directory_is_refused(shared: Path, mode: int, pattern: str) -> None:
    (shared / "good.txt").write_text("x")
    (shared / "locked").mkdir()
    (shared / "locked/a.txt").write_text("x")
    (shared / "locked").chmod(mode)
    with as_other_user():
        error = refusal(shared, files=pattern)
    assert isinstance(error, FileRefusedError), error
    assert error.what.startswith("locked")


@pytest.mark.parametrize("mode", [0o000, 0o444], ids=["closed", "listed only"])
def test_a_file_in_a_directory_without_access_is_refused(shared: Path, mode: int) -> None:
    (shared / "locked").mkdir()
    (shared / "locked/a.txt").write_text("x")
    (shared / "locked").chmod(mode)
    with as_other_user():
        error = refusal(shared, files="locked/a.txt")
    assert isinstance(error, FileRefusedError)
    assert error.what.startswith("locked")


def test_a_link_to_an_unreadable_directory_is_refused_only_if_followed(shared: Path) -> None:
    """`**` does not follow links; `*/` does."""
    (shared / "dist").mkdir()
    (shared / "dist/good.txt").write_text("x")
    (shared / "locked").mkdir(mode=0)
    (shared / "dist/link").symlink_to("../locked")
    with as_other_user():
        found = find_files(inputs(shared, files="dist/**/*.txt"))
        error = refusal(shared, files="dist/*/*.txt")
    assert [file.name for file in found.files] == ["good.txt"]
    assert isinstance(error, FileRefusedError)
    assert "dist/link" in error.what


def test_all_unreadable_directories_are_reported_together(shared: Path) -> None:
    for name in ("one", "two"):
        (shared / name).mkdir(mode=0)
    with as_other_user():
        error = refusal(shared, files="*/a.txt\n*.gone")
    errors = single_errors(error)
    assert [type(one) for one in errors] == [FileRefusedError, FileRefusedError, NoFilesError]
    named = zip(errors, ("one", "two", "`*.gone`"), strict=True)
    assert all(name in one.what for one, name in named)


@pytest.mark.parametrize("exclude", ["locked", "locked/**", "**/locked/**", "lock*"])
def test_an_unreadable_directory_that_is_excluded_is_ignored(shared: Path, exclude: str) -> None:
    (shared / "good.txt").write_text("x")
    (shared / "locked").mkdir(mode=0)
    with as_other_user():
        found = find_files(inputs(shared, files=f"**\n!{exclude}"))
    assert [file.name for file in found.files] == ["good.txt"]
    assert not found.warnings


def test_all_errors_are_reported_together(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").touch()
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "good.txt").write_text("x")
    error = refusal(tmp_path, files="*.txt\n*.gone\n!good.md\n{1..100000}")
    assert isinstance(error, MultipleErrors)
    types = [type(fault) for fault in single_errors(error)]
    assert types == [InputError, NoFilesError, FileRefusedError, FileRefusedError]


# Patterns that match nothing


@pytest.mark.parametrize(("policy", "warnings"), [("warn", 1), ("ignore", 0)])
def test_a_pattern_without_a_match_is_no_error_if_the_policy_allows_it(
    tmp_path: Path, policy: str, warnings: int
) -> None:
    one_file(tmp_path)
    found = find_files(inputs(tmp_path, files="*.gone\n*.zip", if_no_files_found=policy))
    assert [file.name for file in found.files] == ["app.zip"]
    assert ["`*.gone`" in warning for warning in found.warnings] == [True] * warnings


def test_every_pattern_without_a_match_is_an_error_by_default(tmp_path: Path) -> None:
    error = refusal(tmp_path, files="*.gone\n*.lost")
    assert [type(fault) for fault in single_errors(error)] == [NoFilesError, NoFilesError]
    assert str(tmp_path) in str(error)


@pytest.mark.parametrize("pattern", ["~/app.zip", "/opt/hostedtoolcache/app.zip"])
def test_a_path_outside_of_the_container_has_an_error_of_its_own(
    tmp_path: Path, pattern: str
) -> None:
    mounts = (("/home/runner/work/app/app", "/github/workspace"),)
    parsed = parse_inputs(REQUIRED | {"files": pattern}, job(tmp_path, mounts=mounts))
    with pytest.raises(NoFilesError) as caught:
        find_files(parsed)
    assert f"`{pattern}`" in caught.value.what
    assert "workspace" in caught.value.fix


def test_a_pattern_whose_matches_are_all_excluded_is_refused(tmp_path: Path) -> None:
    one_file(tmp_path)
    assert isinstance(refusal(tmp_path, files="*.zip\n!app.*"), NoFilesError)


def test_an_unused_exclude_is_reported_as_a_warning(tmp_path: Path) -> None:
    one_file(tmp_path)
    found = find_files(inputs(tmp_path, files="*.zip\n!app.exe"))
    (warning,) = found.warnings
    assert all(pattern in warning for pattern in ("`!app.exe`", "`!**/app.exe`"))


# Notes


def test_notes_come_from_the_input_or_its_file(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/NOTES.md").write_text("# Größer\n", encoding="utf-8")
    assert read_notes(inputs(tmp_path, notes="New!")) == "New!"
    given = inputs(tmp_path, notes_file="NOTES.md", working_directory="sub")
    assert read_notes(given) == "# Größer\n"
    assert read_notes(inputs(tmp_path)) == ""


@pytest.mark.parametrize("name", ["gone.md", "."])
def test_unreadable_notes_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="`notes-file`"):
        read_notes(inputs(tmp_path, notes_file=name))


def test_a_byte_order_mark_is_removed_from_the_notes(tmp_path: Path) -> None:
    (tmp_path / "NOTES.md").write_bytes(b"\xef\xbb\xbf# New\n")
    assert read_notes(inputs(tmp_path, notes_file="NOTES.md")) == "# New\n"


# Names that are not UTF-8


def undecodable(root: Path, name: bytes) -> str:
    """Create a file whose name is not UTF-8, and return the name as Python decodes it."""
    try:
        (root / os.fsdecode(name)).write_bytes(b"x")
    except OSError:
        pytest.skip("this file system accepts UTF-8 only")
    return os.fsdecode(name)


def test_all_files_whose_names_are_not_utf8_are_refused_together(tmp_path: Path) -> None:
    undecodable(tmp_path, b"a\xff.zip")
    undecodable(tmp_path, b"b\xfe.zip")
    (tmp_path / "c.zip").write_bytes(b"x")
    with pytest.raises(MultipleErrors) as caught:
        find_files(inputs(tmp_path, files="*.zip"))
    named = zip(caught.value.errors, (r"'a\udcff.zip'", r"'b\udcfe.zip'"), strict=True)
    assert all(name in one.what for one, name in named)
    assert str(caught.value).isascii()


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("working-directory", {"working_directory": "a\udcff"}),
        ("files", {"files": "a\udcff/*"}),
        ("files", {"files": "a => b\udcff"}),
        ("files", {"files": "*\n!a\udcff"}),
        ("manifest", {"files": "", "manifest": "a\udcff.yml"}),
    ],
)
def test_an_input_that_is_not_utf8_is_refused(
    tmp_path: Path, name: str, given: dict[str, str]
) -> None:
    with pytest.raises(InputError) as caught:
        find_files(inputs(tmp_path, **given))
    assert f"`{name}`" in caught.value.what
    assert str(caught.value).isascii()


@pytest.mark.parametrize("name", ["files", "expect", "prune"])
def test_too_many_expansions_are_refused_for_every_input(tmp_path: Path, name: str) -> None:
    (tmp_path / "a").write_bytes(b"x")
    given = {"files": "a"} | {name: "{a,b}" * 20}
    with pytest.raises(InputError, match=f"`{name}`") as caught:
        find_files(inputs(tmp_path, **given))
    assert "10,000" in caught.value.fix
