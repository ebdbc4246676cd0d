import pytest

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError, single_errors
from release_assets.inputs.errors import InputError, MissingInputError
from release_assets.inputs.parse import Inputs, parse_inputs
from release_assets.inputs.reader import FilePattern
from release_assets.names import staging_name
from tests.support.samples import REQUIRED, job


def read(files: str, **given: str) -> Inputs:
    return parse_inputs(REQUIRED | {"files": files, **given}, job())


@pytest.mark.parametrize(
    ("files", "patterns", "excludes"),
    [
        pytest.param("a", [("a", None)], [], id="one"),
        pytest.param("a\r\nb\n\nc\n", [("a", None), ("b", None), ("c", None)], [], id="lines"),
        pytest.param("  a b  ", [("a b", None)], [], id="blanks inside stay"),
        pytest.param("# a\n  #b\nc#d", [("c#d", None)], [], id="comments"),
        pytest.param("a\n!b\n! c", [("a", None)], ["b", "c"], id="excludes"),
        pytest.param("a => b", [("a", "b")], [], id="rename"),
        pytest.param("a   =>   b c", [("a", "b c")], [], id="rename with blanks"),
        pytest.param("a =>b", [("a", "b")], [], id="rename without a blank after"),
        pytest.param("a=>b", [("a=>b", None)], [], id="a blank before `=>` makes the rename"),
        pytest.param("a => b => c", [("a", "b => c")], [], id="the first `=>` counts"),
        pytest.param("a => # b", [("a", "# b")], [], id="no comment behind a pattern"),
        pytest.param("a\u2028b\x85c", [("a\u2028b\x85c", None)], [], id="only LF ends a line"),
    ],
)
def test_lines_of_files_become_patterns_and_excludes(
    files: str, patterns: list[tuple[str, str | None]], excludes: list[str]
) -> None:
    parsed = read(files)
    assert parsed.patterns == tuple(FilePattern(text=text, rename=name) for text, name in patterns)
    assert parsed.excludes == tuple(excludes)


@pytest.mark.parametrize(
    ("line", "named"),
    [("a =>", "`=>`"), ("a => b/c", "`/`"), ("=> b", "`=>`"), ("!", "`!`"), ("!a => b", "`!`")],
)
def test_an_incomplete_line_of_files_is_refused(line: str, named: str) -> None:
    with pytest.raises(InputError) as caught:
        read(f"dist/*\n{line}")
    assert "`files`" in caught.value.what
    assert repr(line) in caught.value.what
    assert named in caught.value.fix


@pytest.mark.parametrize("files", ["", "\n", "# nothing", "!only/what/not"])
def test_files_without_a_pattern_are_refused(files: str) -> None:
    with pytest.raises(MissingInputError) as caught:
        read(files)
    assert "`manifest`" in str(caught.value)


def test_files_are_optional_with_a_manifest() -> None:
    parsed = read("", manifest="assets.yml")
    assert (parsed.patterns, parsed.manifest) == ((), "assets.yml")


@pytest.mark.parametrize(
    "name",
    ["SHA 256", "sümme", "日本", ".sums", "a/b", staging_name("a", Digest("sha256:" + "0" * 64))],
)
def test_a_checksums_name_that_github_would_change_is_refused(name: str) -> None:
    with pytest.raises(InputError) as caught:
        read("a", checksums=name)
    assert "`checksums`" in str(caught.value)


def test_a_checksums_name_that_github_keeps_is_accepted() -> None:
    assert read("a", checksums="SHA256SUMS").checksums == "SHA256SUMS"


def test_host_paths_in_files_become_container_paths() -> None:
    mounts = (("/home/runner/work/app/app", "/github/workspace"),)
    root = "/home/runner/work/app/app"
    parsed = parse_inputs(
        REQUIRED | {"files": f"{root}/a\n!{root}/b\n{root}x/c\n{root}/d => e"}, job(mounts=mounts)
    )
    assert [pattern.text for pattern in parsed.patterns] == [
        "/github/workspace/a",
        f"{root}x/c",
        "/github/workspace/d",
    ]
    assert parsed.excludes == ("/github/workspace/b",)


def test_all_invalid_lines_are_reported_together() -> None:
    with pytest.raises(ReleaseAssetsError) as caught:
        read("a =>\n!\n!b => c\nok")
    assert len(single_errors(caught.value)) == 3
