"""Options whose value may be left out do not use the next argument as their value."""

import pytest

from release_assets.cli.arguments import (
    field_list,
    one_of,
    options_before_files,
    with_explicit_values,
)

DEFAULTS = {
    "--prerelease": ("true", one_of("true", "false")),
    "-p": ("true", one_of("true", "false")),
    "--overwrite": ("true", one_of("true", "false", "skip")),
    "--json": ("", field_list(["name", "url"], lambda word: word == "afile")),
}


@pytest.mark.parametrize(
    ("given", "explicit"),
    [
        (["--prerelease", "a.zip"], ["--prerelease=true", "a.zip"]),
        (["-p", "a.zip"], ["-p=true", "a.zip"]),
        (["--prerelease", "false", "x"], ["--prerelease=false", "x"]),
        (["--overwrite", "skip", "x"], ["--overwrite=skip", "x"]),
        (["--overwrite", "v1", "x"], ["--overwrite=true", "v1", "x"]),
        (["--prerelease=false", "x"], ["--prerelease=false", "x"]),
        (["--prerelease"], ["--prerelease=true"]),
        (["--prerelease", "--overwrite"], ["--prerelease=true", "--overwrite=true"]),
        (["--title", "--prerelease"], ["--title", "--prerelease=true"]),
        (["--json", "name,url", "x"], ["--json=name,url", "x"]),
        (["--json", "nmae", "x"], ["--json=nmae", "x"]),
        (["--json", "tag_name"], ["--json=tag_name"]),
        (["--json", "afile"], ["--json=", "afile"]),
        (["--json", "v1"], ["--json=", "v1"]),
        (["--json", "dist/*"], ["--json=", "dist/*"]),
        (["--json"], ["--json="]),
        (["--", "--prerelease", "x"], ["--", "--prerelease", "x"]),
        ([], []),
    ],
)
def test_an_option_takes_only_a_word_that_is_one_of_its_values(
    given: list[str], explicit: list[str]
) -> None:
    assert with_explicit_values(given, DEFAULTS) == explicit


def test_options_are_listed_up_to_the_files_after_two_hyphens() -> None:
    given = ["v1", "-L", "5", "--x=1", "--", "-q"]
    assert list(options_before_files(given)) == [("-L", "5"), ("--x=1", "--")]
    assert list(options_before_files(["-q"])) == [("-q", "")]
