import pytest

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError, single_errors
from release_assets.inputs.errors import InputError, MissingInputError
from release_assets.inputs.parse import Inputs, parse_inputs
from release_assets.inputs.reader import Pattern
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
def test_files(files: str, patterns: list[tuple[str, str | None]], excludes: list[str]) -> None:
    asked = read(files)
    assert asked.patterns == tuple(Pattern(text=text, rename=name) for text, name in patterns)
    assert asked.excludes == tuple(excludes)


@pytest.mark.parametrize(
    ("line", "accepted"),
    [
        ("a =>", "a name after `=>`"),
        ("a => b/c", "a name without `/` after `=>`"),
        ("=> b", "a pattern before `=>`"),
        ("!", "a pattern after `!`"),
        ("!a => b", "either `!` or `=>`, not both"),
    ],
)
def test_a_line_that_cannot_be_meant_is_refused(line: str, accepted: str) -> None:
    with pytest.raises(InputError) as caught:
        read(f"dist/*\n{line}")
    assert str(caught.value) == f"input `files` is {line!r}. To fix: give {accepted}"


@pytest.mark.parametrize("files", ["", "\n", "# nothing", "!only/what/not"])
def test_no_files_are_no_input(files: str) -> None:
    with pytest.raises(MissingInputError) as caught:
        read(files)
    assert "`manifest`" in str(caught.value)


def test_a_manifest_is_enough() -> None:
    asked = read("", manifest="assets.yml")
    assert (asked.patterns, asked.manifest) == ((), "assets.yml")


@pytest.mark.parametrize(
    "name",
    ["SHA 256", "sümme", "日本", ".sums", "a/b", staging_name("a", Digest("sha256:" + "0" * 64))],
)
def test_a_list_of_checksums_needs_a_name_that_github_leaves(name: str) -> None:
    with pytest.raises(InputError) as caught:
        read("a", checksums=name)
    assert "`checksums`" in str(caught.value)


def test_a_list_of_checksums() -> None:
    assert read("a", checksums="SHA256SUMS").checksums == "SHA256SUMS"


def test_a_path_of_the_machine_becomes_the_one_inside() -> None:
    seen = (("/home/runner/work/app/app", "/github/workspace"),)
    root = "/home/runner/work/app/app"
    asked = parse_inputs(
        REQUIRED | {"files": f"{root}/a\n!{root}/b\n{root}x/c\n{root}/d => e"}, job(seen=seen)
    )
    assert [pattern.text for pattern in asked.patterns] == [
        "/github/workspace/a",
        f"{root}x/c",
        "/github/workspace/d",
    ]
    assert asked.excludes == ("/github/workspace/b",)


def test_all_lines_that_are_wrong_are_told() -> None:
    with pytest.raises(ReleaseAssetsError) as caught:
        read("a =>\n!\n!b => c\nok")
    assert len(single_errors(caught.value)) == 3
