"""Which arguments are the tag, files with labels, or assets."""

import pytest

from release_assets.cli.positionals import Positionals, tag_and_assets, tag_and_files

FILES = {"app.zip", "dist/a.zip", "nightly", "v3", "a#b", "x"}
DIRECTORIES = {"dist", "v4"}


def files(*arguments: str, is_named: bool = False) -> Positionals:
    return tag_and_files(
        arguments,
        is_named=is_named,
        is_file=FILES.__contains__,
        is_directory=DIRECTORIES.__contains__,
    )


@pytest.mark.parametrize(
    ("arguments", "tag", "rest"),
    [
        (["v1", "app.zip"], "v1", ["app.zip"]),
        (["app.zip", "v1", "dist/a.zip"], "v1", ["app.zip", "dist/a.zip"]),
        (["v1"], "v1", []),
        ([], "", []),
        (["refs/tags/v1", "app.zip"], "refs/tags/v1", ["app.zip"]),
        (["release/v1", "app.zip"], "release/v1", ["app.zip"]),
        (["v4", "app.zip"], "v4", ["app.zip"]),
        (["v1", "dist"], "v1", ["dist"]),
        (["app.zip"], "", ["app.zip"]),
        (["nightly"], "", ["nightly"]),
        # They look like paths and patterns, although nothing is there.
        (["v1", "dist/none.zip"], "v1", ["dist/none.zip"]),
        (["v1", "./none.zip"], "v1", ["./none.zip"]),
        (["v1", "/none.zip"], "v1", ["/none.zip"]),
        (["v1", "C:/none.zip"], "v1", ["C:/none.zip"]),
        (["v1", "dist\\none.zip"], "v1", ["dist\\none.zip"]),
        (
            ["v1", "*.zip", "!*.txt", "{a,b}", "[ab]", "?"],
            "v1",
            ["*.zip", "!*.txt", "{a,b}", "[ab]", "?"],
        ),
        (["v1", "none => app"], "v1", ["none => app"]),
        # A dot or a slash makes no path.
        (["v1.2.0", "app.zip"], "v1.2.0", ["app.zip"]),
        (["@scope/app@1.0.0", "app.zip"], "@scope/app@1.0.0", ["app.zip"]),
    ],
)
def test_the_tag_is_the_argument_that_cannot_be_a_file(
    arguments: list[str], tag: str, rest: list[str]
) -> None:
    assert files(*arguments) == Positionals(tag=tag, rest=tuple(rest))


def test_with_a_release_in_the_options_every_argument_is_a_file() -> None:
    assert files("v1", "app.zip", is_named=True) == Positionals(rest=("v1", "app.zip"))
    assert files("v3", is_named=True) == Positionals(rest=("v3",))


@pytest.mark.parametrize(
    ("argument", "path", "label"),
    [
        ("app.zip#For Linux", "app.zip", "For Linux"),
        ("app.zip#a#b", "app.zip", "a#b"),
        ("dist/*#All", "dist/*", "All"),
        ("dist/*[#]*", "dist/*[#]*", ""),
        ("dist/*[#]*#All", "dist/*[#]*", "All"),
        ("app.zip#", "app.zip", ""),
        ("app.zip #For Linux ", "app.zip", "For Linux"),
        (" dist/* # All", "dist/*", "All"),
        ("app.zip => a#b", "app.zip => a#b", ""),
    ],
)
def test_a_label_follows_the_file(argument: str, path: str, label: str) -> None:
    named = files("v1", argument)
    assert named.errors == ()
    assert named.tag == "v1"
    assert named.rest == (path,)
    assert named.labels == ({path: label} if label else {})


@pytest.mark.parametrize(
    ("arguments", "tokens"),
    [
        (["v1", "v2", "app.zip"], ["`v1`, `v2`", "--tag v1"]),
        (["v1", "ap.zip"], ["`v1`, `ap.zip`"]),
        (["v1", "a", "b"], ["`v1`, `a`, `b`"]),
        (["v1", "ap.zip#Label"], ["`v1`, `ap.zip#Label`"]),
        (["v3", "app.zip"], ["`v3` is a file", "--tag v3", "./v3"]),
        (["v1", "a#b"], ["`a#b` is a file", "'a[#]b'"]),
    ],
)
def test_arguments_that_may_mean_two_things_are_refused(
    arguments: list[str], tokens: list[str]
) -> None:
    (error,) = files(*arguments).errors
    assert [token for token in tokens if token not in str(error)] == []


@pytest.mark.parametrize(
    ("arguments", "tag", "rest"),
    [
        (["v1", "app.zip"], "v1", ["app.zip"]),
        (["v1"], "v1", []),
        ([], "", []),
        (["*.zip"], "", ["*.zip"]),
        (["!*.zip", "v1"], "", ["!*.zip", "v1"]),
        (["app.zip", "v1"], "app.zip", ["v1"]),
    ],
)
def test_the_first_argument_before_assets_is_the_tag_unless_it_is_a_pattern(
    arguments: list[str], tag: str, rest: list[str]
) -> None:
    assert tag_and_assets(arguments, is_named=False) == Positionals(tag=tag, rest=tuple(rest))


def test_with_a_release_in_the_options_every_argument_is_an_asset() -> None:
    assert tag_and_assets(["v1", "x"], is_named=True) == Positionals(rest=("v1", "x"))
