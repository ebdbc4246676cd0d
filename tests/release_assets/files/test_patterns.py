import os
from pathlib import Path

import pytest

from release_assets.files.patterns import Excluder, absolute, match_pattern
from release_assets.inputs.errors import InputError

TREE = (
    "app.zip",
    "app.tar.gz",
    "b c.txt",
    ".hidden.zip",
    "dist/app.zip",
    "dist/app.exe",
    "dist/.hidden.zip",
    "dist/sub/deep.zip",
    "dist/sub/deeper/deepest.zip",
    "dist/.git/inside.zip",
    "odd/[a].zip",
    "odd/a.zip",
    "odd/{x,y}.zip",
    "odd/x.zip",
    "odd/*.zip",
    "odd/!not.zip",
    "odd/#hash.zip",
    "odd/~tilde.zip",
    "odd/back\\slash.zip",
    "odd/|pipe.zip",
    "odd/line\nend.zip",
)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A tree of special names, in a directory with a special name."""
    root = tmp_path / "w {a,b} [c]*"
    for name in TREE:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return root


def match(base: Path, pattern: str, *excludes: str) -> list[str]:
    found = match_pattern(pattern, base, Excluder(excludes, base)).files
    return [path.relative_to(base).as_posix() for path in found]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("app.zip", ["app.zip"], id="a file"),
        pytest.param("./dist/../app.zip", ["app.zip"], id="a file, with .."),
        pytest.param("b c.txt", ["b c.txt"], id="a file with a blank"),
        pytest.param("*.zip", ["app.zip"], id="* skips dot files"),
        pytest.param(".*.zip", [".hidden.zip"], id="dot files, explicitly"),
        pytest.param("app.*", ["app.tar.gz", "app.zip"], id="sorted"),
        pytest.param("dist/*", ["dist/app.exe", "dist/app.zip"], id="* skips directories"),
        pytest.param("dist/", [], id="a directory"),
        pytest.param("dist", [], id="a directory, without a slash"),
        pytest.param(
            "dist/**",
            ["dist/app.exe", "dist/app.zip", "dist/sub/deep.zip", "dist/sub/deeper/deepest.zip"],
            id="** matches all files below",
        ),
        pytest.param(
            "**/deep*.zip",
            ["dist/sub/deep.zip", "dist/sub/deeper/deepest.zip"],
            id="** crosses directories",
        ),
        pytest.param("**/app.zip", ["app.zip", "dist/app.zip"], id="** may match no directory"),
        pytest.param("dist/*/deep.zip", ["dist/sub/deep.zip"], id="* matches one directory"),
        pytest.param("dist/app.{zip,exe}", ["dist/app.exe", "dist/app.zip"], id="braces"),
        pytest.param("{dist/app.exe,app.zip}", ["app.zip", "dist/app.exe"], id="braces with /"),
        pytest.param(
            "app.{zip,zip,z*}", ["app.zip"], id="a file that matches twice is listed once"
        ),
        pytest.param("dist/app.{zip,gone}", ["dist/app.zip"], id="braces, one without a match"),
        pytest.param("dist/ap?.zip", ["dist/app.zip"], id="?"),
        pytest.param("dist/[ab]pp.zip", ["dist/app.zip"], id="a class"),
        pytest.param("dist/[!b]pp.zip", ["dist/app.zip"], id="a negated class"),
        pytest.param("APP.ZIP", [], id="case counts"),
        pytest.param("gone/*.zip", [], id="no directory"),
        pytest.param("app.zip/*", [], id="no directory, a file"),
        pytest.param("gone.zip", [], id="no file"),
        pytest.param("x" * 5000, [], id="too long"),
    ],
)
def test_a_pattern_matches_files(base: Path, pattern: str, expected: list[str]) -> None:
    assert match(base, pattern) == expected


@pytest.mark.parametrize("name", TREE)
def test_an_existing_path_is_matched_literally(base: Path, name: str) -> None:
    assert match(base, name) == [name]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("odd/[[]*.zip", ["odd/[a].zip"]),
        (r"odd/\[a\].*", ["odd/[a].zip"]),
        (r"odd/\{x,y\}.*", ["odd/{x,y}.zip"]),
        ("odd/{x,y}.z*", ["odd/x.zip"]),
        ("odd/!*", ["odd/!not.zip"]),
        ("odd/#*", ["odd/#hash.zip"]),
        ("odd/~*", ["odd/~tilde.zip"]),
        ("odd/line?end.zip", ["odd/line\nend.zip"]),
    ],
)
def test_special_characters_in_names_are_matched(
    base: Path, pattern: str, expected: list[str]
) -> None:
    assert match(base, pattern) == expected


def test_a_pattern_outside_of_the_base_is_matched(base: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.zip").touch()
    for pattern in (f"{other}/*.zip", f"{other}/a.zip", "../other/*.zip", "../other/a.zip"):
        found = match_pattern(pattern, base, Excluder((), base)).files
        assert found == (other / "a.zip",), pattern


@pytest.mark.parametrize(
    ("excludes", "left"),
    [
        pytest.param(
            ["app.exe"], ["app.exe", "app.zip", "deep.zip", "deepest.zip"], id="elsewhere"
        ),
        pytest.param(["**/app.exe"], ["app.zip", "deep.zip", "deepest.zip"], id="anywhere"),
        pytest.param(["dist/app.exe"], ["app.zip", "deep.zip", "deepest.zip"], id="a file"),
        pytest.param(["./dist/app.exe"], ["app.zip", "deep.zip", "deepest.zip"], id="with ./"),
        pytest.param(["dist/sub/../app.exe"], ["app.zip", "deep.zip", "deepest.zip"], id="with .."),
        pytest.param(["dist//app.exe"], ["app.zip", "deep.zip", "deepest.zip"], id="two slashes"),
        pytest.param(["dist/sub"], ["app.exe", "app.zip"], id="a directory, with all below"),
        pytest.param(["dist/sub/"], ["app.exe", "app.zip"], id="a directory, with a slash"),
        pytest.param(["**/sub"], ["app.exe", "app.zip"], id="a directory, anywhere"),
        pytest.param(["dist/sub/*"], ["app.exe", "app.zip"], id="* below takes directories, too"),
        pytest.param(["dist/*.{exe,zip}"], ["deep.zip", "deepest.zip"], id="braces"),
        pytest.param(["**/*.zip", "**/*.exe"], [], id="two"),
        pytest.param(["**"], [], id="all"),
        pytest.param(["dist"], [], id="all, by directory"),
        pytest.param(["DIST"], ["app.exe", "app.zip", "deep.zip", "deepest.zip"], id="case counts"),
    ],
)
def test_an_exclude_removes_files(base: Path, excludes: list[str], left: list[str]) -> None:
    found = match(base, "dist/**", *excludes)
    assert [name.rpartition("/")[2] for name in found] == left


def test_an_exclude_matches_dot_files(base: Path) -> None:
    assert match(base, "dist/.hidden.zip", "dist/*") == []
    assert match(base, "dist/.git/*", "**/*.zip") == []


def test_an_exclude_removes_a_literal_path(base: Path) -> None:
    assert match(base, "app.zip", "*.zip") == []


def test_an_exclude_matches_outside_of_the_base(base: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/a.zip").touch()
    (tmp_path / "other/b.zip").touch()
    for exclude in ("../other/a*", f"{tmp_path}/other/a.zip", f"{tmp_path}/other/../other/a.zip"):
        found = match_pattern("../other/*", base, Excluder([exclude], base)).files
        assert [path.name for path in found] == ["b.zip"], exclude


def test_an_exclude_may_escape_special_characters(base: Path) -> None:
    assert "odd/[a].zip" not in match(base, "odd/*", r"odd/\[a\].zip")
    assert "odd/a.zip" in match(base, "odd/*", r"odd/\[a\].zip")


def test_unused_excludes_are_reported(base: Path) -> None:
    excluder = Excluder(["app.exe", "dist/gone", "**/*.exe", "dist/app.exe"], base)
    assert match_pattern("dist/*", base, excluder).files == (base / "dist/app.zip",)
    # The last exclude matches only a file that another one excludes; it is not unused.
    assert list(excluder.unused_pattern_warnings()) == [
        "`!app.exe` excludes nothing; `!**/app.exe` matches in any directory",
        "`!dist/gone` excludes nothing",
    ]


@pytest.mark.parametrize("pattern", ["{1..100000}", "{a,b}" * 20, "{1..1000}{1..1000}"])
def test_too_many_expansions_are_refused(base: Path, pattern: str) -> None:
    with pytest.raises(InputError, match="10,000"):
        match(base, pattern)
    with pytest.raises(InputError, match="10,000"):
        match(base, "*", pattern)


def test_a_link_is_matched_under_its_own_name(base: Path) -> None:
    (base / "dist/link.zip").symlink_to("../app.tar.gz")
    assert match(base, "dist/l*.zip") == ["dist/link.zip"]


def test_two_stars_do_not_follow_links_to_directories(base: Path) -> None:
    (base / "dist/loop").symlink_to("..")
    assert len(match(base, "dist/**")) == 4
    assert match(base, "dist/loop/app.zip") == ["dist/loop/app.zip"]


def test_a_broken_link_is_matched(base: Path) -> None:
    (base / "dist/dead.zip").symlink_to("gone")
    assert match(base, "dist/dead.zip") == ["dist/dead.zip"]
    assert match(base, "dist/d*.zip") == ["dist/dead.zip"]


def test_a_pipe_is_matched(base: Path) -> None:
    os.mkfifo(base / "dist/pipe.zip")
    assert match(base, "dist/p*") == ["dist/pipe.zip"]


def test_absolute_does_not_resolve_links(base: Path) -> None:
    (base / "link").symlink_to("dist")
    assert absolute(base, "link/../link/./x") == base / "link/x"
