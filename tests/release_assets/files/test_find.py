from pathlib import Path

import pytest

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.files.asset_requests import base_directory
from release_assets.files.content import fingerprint_of
from release_assets.files.errors import FileRefusedError, ManifestError, NameClashError
from release_assets.files.find import find_files
from release_assets.inputs.errors import InputError
from release_assets.inputs.parse import parse_inputs
from release_assets.models import LocalFile
from release_assets.names import staging_name
from tests.support.samples import REQUIRED, inputs, job


def write(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def find(root: Path, **given: str) -> tuple[LocalFile, ...]:
    return find_files(inputs(root, **given)).files


def names(files: tuple[LocalFile, ...]) -> list[tuple[str, str, str | None]]:
    return [(file.shown, file.name, file.label) for file in files]


def refusal(root: Path, **given: str) -> ReleaseAssetsError:
    with pytest.raises(ReleaseAssetsError) as caught:
        find(root, **given)
    return caught.value


def test_a_file_is_found_with_its_properties(tmp_path: Path) -> None:
    write(tmp_path, "dist/app.zip")
    assert find(tmp_path) == (
        LocalFile(
            path=tmp_path / "dist/app.zip",
            shown="dist/app.zip",
            requested_name="app.zip",
            name="app.zip",
            label=None,
            content_type="application/zip",
            size=12,
            fingerprint=fingerprint_of(tmp_path / "dist/app.zip"),
        ),
    )


def test_files_are_in_the_order_of_the_patterns(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.txt", "c.zip")
    assert [file.name for file in find(tmp_path, files="*.zip\n*.txt\nc.zip\na.txt")] == [
        "c.zip",
        "a.txt",
        "b.txt",
    ]


def test_patterns_are_relative_to_the_working_directory(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.txt", "a.txt", "other/b.txt")
    found = find(tmp_path, files="a.txt\n../other/*", working_directory="sub")
    assert [file.path for file in found] == [tmp_path / "sub/a.txt", tmp_path / "other/b.txt"]
    assert [file.shown for file in found] == ["a.txt", f"{tmp_path}/other/b.txt"]
    assert base_directory(inputs(tmp_path, working_directory=f"{tmp_path}/x/../sub")) == (
        tmp_path / "sub"
    )


@pytest.mark.parametrize("directory", ["gone", "a.txt", "a.txt/x"])
def test_a_working_directory_that_is_no_directory_is_refused(
    tmp_path: Path, directory: str
) -> None:
    write(tmp_path, "a.txt")
    error = refusal(tmp_path, working_directory=directory)
    assert isinstance(error, InputError)
    assert "`working-directory`" in str(error)


# Names and labels


@pytest.mark.parametrize(
    ("file", "line", "expected"),
    [
        pytest.param("a.txt", "a.txt", ("a.txt", None), id="as it is"),
        pytest.param(
            "a b.txt", "*", ("a.b.txt", "a b.txt"), id="changed by GitHub: the label keeps it"
        ),
        pytest.param("a.txt", "a.* => b.txt", ("b.txt", None), id="renamed"),
        pytest.param("a.txt", "a.txt => b c", ("b.c", "b c"), id="renamed and changed by GitHub"),
        pytest.param(
            "日本", "* => nihon", ("nihon", None), id="renamed, since GitHub would keep nothing"
        ),
    ],
)
def test_a_file_gets_its_asset_name_and_label(
    tmp_path: Path, file: str, line: str, expected: tuple[str, str | None]
) -> None:
    write(tmp_path, file)
    (found,) = find(tmp_path, files=line)
    assert (found.name, found.label) == expected


def test_the_requested_name_decides_the_content_type(tmp_path: Path) -> None:
    write(tmp_path, "a.bin")
    (found,) = find(tmp_path, files="a.bin => a.zip")
    assert found.content_type == "application/zip"


def test_one_name_for_several_files_is_refused(tmp_path: Path) -> None:
    write(tmp_path, *(f"{n}.txt" for n in range(5)))
    error = refusal(tmp_path, files="*.txt => all.txt")
    assert isinstance(error, InputError)
    assert all(token in error.what for token in ("`files`", "'*.txt => all.txt'"))
    assert all(token in error.fix for token in ("5", "0.txt, 1.txt, 2.txt"))


def test_a_name_that_github_would_empty_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "日本")
    error = refusal(tmp_path, files="*")
    assert isinstance(error, FileRefusedError)
    assert "`日本 => NAME`" in str(error)


def test_a_name_reserved_for_swaps_is_refused(tmp_path: Path) -> None:
    leftover = staging_name("a.zip", Digest("sha256:" + "0" * 64))
    write(tmp_path, leftover, "b.zip")
    assert isinstance(refusal(tmp_path, files=leftover), FileRefusedError)
    assert isinstance(refusal(tmp_path, files=f"b.zip => {leftover}"), FileRefusedError)


@pytest.mark.parametrize(
    ("files", "name", "why"),
    [
        pytest.param(("a/x.txt", "b/x.txt"), "x.txt", "", id="the same"),
        pytest.param(("a b.txt", "a.b.txt"), "a.b.txt", "special", id="after GitHub's changes"),
        pytest.param(("App.zip", "app.zip"), "App.zip", "case", id="except for case"),
        pytest.param(("a (1).txt", "a [1].txt", "a {1}.txt"), "a.1.txt", "special", id="three"),
    ],
)
def test_files_with_the_same_asset_name_are_refused(
    tmp_path: Path, files: tuple[str, ...], name: str, why: str
) -> None:
    write(tmp_path, *files)
    error = refusal(tmp_path, files="**")
    assert isinstance(error, NameClashError)
    assert f"`{name}`" in error.what
    assert [word for word in ("special", "case") if word in error.fix] == ([why] if why else [])
    assert all(file in str(error) for file in files)


def test_a_file_with_the_name_of_the_checksums_asset_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "dist/a.zip", "dist/sha256sums")
    error = refusal(tmp_path, checksums="SHA256SUMS")
    assert isinstance(error, NameClashError)
    assert "`dist/sha256sums => " in error.fix
    assert "`checksums`" in str(error)


# With a manifest


@pytest.mark.parametrize(
    ("files", "manifest", "expected"),
    [
        pytest.param("", "- path: a.txt", [("a.txt", "a.txt", None)], id="manifest alone"),
        pytest.param(
            "a.txt",
            "- {path: b.txt, label: B}",
            [("a.txt", "a.txt", None), ("b.txt", "b.txt", "B")],
            id="other files are added",
        ),
        pytest.param(
            "*.txt",
            "- {path: b.txt, label: B}",
            [("a.txt", "a.txt", None), ("b.txt", "b.txt", "B")],
            id="a label for a file of a pattern",
        ),
        pytest.param(
            "*.txt",
            "- {path: b.txt, name: c.txt}",
            [("a.txt", "a.txt", None), ("b.txt", "c.txt", None)],
            id="a name for a file of a pattern",
        ),
        pytest.param(
            "b.txt => c.txt",
            "- {path: '*.txt', label: Text}",
            [("b.txt", "c.txt", "Text"), ("a.txt", "a.txt", "Text")],
            id="a label for a file with a name",
        ),
        pytest.param(
            "b.txt => c.txt",
            "- {path: b.txt, name: d.txt, label: D}",
            [("b.txt", "c.txt", None), ("b.txt", "d.txt", "D")],
            id="two names for a file",
        ),
        pytest.param(
            "",
            "- {path: '*.txt', label: One}\n- {path: b.txt, label: Two}",
            [("a.txt", "a.txt", "One"), ("b.txt", "b.txt", "Two")],
            id="the last label counts",
        ),
        pytest.param(
            "!b.txt", "- {path: '*.txt'}", [("a.txt", "a.txt", None)], id="an exclude counts"
        ),
        pytest.param(
            "",
            "- {path: a.txt, name: x y}",
            [("a.txt", "x.y", "x y")],
            id="a name that GitHub changes",
        ),
        pytest.param(
            "", "- {path: a.txt, name: x y, label: L}", [("a.txt", "x.y", "L")], id="with a label"
        ),
    ],
)
def test_manifest_and_files_are_merged(
    tmp_path: Path, files: str, manifest: str, expected: list[tuple[str, str, str | None]]
) -> None:
    write(tmp_path, "a.txt", "b.txt")
    assert names(find(tmp_path, files=files, manifest=manifest)) == expected


def test_a_manifest_sets_the_content_type_of_a_file_of_a_pattern(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.txt")
    manifest = "- {path: b.txt, content-type: text/x-b}\n- {path: b.txt, label: B}"
    a, b = find(tmp_path, files="*.txt", manifest=manifest)
    assert (a.content_type, b.content_type, b.label) == ("text/plain", "text/x-b", "B")


def test_a_manifest_is_read_from_a_file(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.txt")
    (tmp_path / "sub/assets.yml").write_text("- path: a.txt\n", encoding="utf-8")
    found = find(tmp_path, files="", manifest="assets.yml", working_directory="sub")
    assert names(found) == [("a.txt", "a.txt", None)]


@pytest.mark.parametrize(
    ("content", "error_type"),
    [(None, InputError), (b"\xff", InputError), (b"path: a", ManifestError)],
)
def test_an_invalid_manifest_file_is_refused(
    tmp_path: Path, content: bytes | None, error_type: type[ReleaseAssetsError]
) -> None:
    if content is not None:
        (tmp_path / "assets.yml").write_bytes(content)
    error = refusal(tmp_path, manifest="assets.yml")
    assert isinstance(error, error_type)


def test_one_name_for_several_files_in_a_manifest_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "a.txt", "b.txt")
    error = refusal(tmp_path, files="", manifest="- {path: '*.txt', name: x}")
    assert isinstance(error, InputError)
    assert "`manifest`" in error.what


def test_too_many_expansions_in_a_manifest_are_refused(tmp_path: Path) -> None:
    error = refusal(tmp_path, files="", manifest="- path: '{1..100000}'")
    assert isinstance(error, InputError)
    assert "`manifest`" in error.what


def test_host_paths_in_files_and_manifest_are_found_in_a_container(
    tmp_path: Path,
) -> None:
    """The runner translates only a path at the start of a value."""
    for name in ("a", "b", "c", "d"):
        (tmp_path / name).write_bytes(b"x")
    host = "/home/runner/work/app/app"
    values = {
        "files": f"{host}/[ad]\n{host}/b => e\n!{host}/d",
        "manifest": f"- path: {host}/c\n  label: C",
    }
    mounts = ((host, str(tmp_path)),)
    found = find_files(parse_inputs(REQUIRED | values, job(tmp_path, mounts=mounts)))
    assert [(file.shown, file.name) for file in found.files] == [("a", "a"), ("b", "e"), ("c", "c")]


@pytest.mark.parametrize(
    ("pattern", "warned"),
    [("*.gz", True), ("*", False), ("**", False), ("x.tar.gz*", True), ("*.gz\n!y.tar.gz", False)],
)
def test_a_pattern_for_files_that_also_matches_a_directory_is_warned_of(
    pattern: str, warned: bool, tmp_path: Path
) -> None:
    (tmp_path / "x.tar.gz").write_bytes(b"x")
    (tmp_path / "y.tar.gz").mkdir()
    if pattern == "x.tar.gz*":
        (tmp_path / "x.tar.gz.d").mkdir()
    found = find_files(inputs(tmp_path, files=pattern))
    assert [file.name for file in found.files] == ["x.tar.gz"]
    assert any("directories are not published" in text for text in found.warnings) is warned
