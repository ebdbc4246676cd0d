from pathlib import Path

import pytest

from release_assets.files.no_match import no_match_error
from release_assets.wording import in_terminal
from tests.support.other_user import as_other_user


@pytest.mark.parametrize(
    ("pattern", "tokens"),
    [
        pytest.param('"dist/*"', ["without the quotes", "`dist/*`"], id="double quotes"),
        pytest.param("'dist/*'", ["without the quotes", "`dist/*`"], id="single quotes"),
        pytest.param("- dist/*", ["without the dash", "`dist/*`", "`files`"], id="YAML list"),
        pytest.param("a.zip;b.zip", ["one pattern per line", "semicolon"], id="semicolon"),
        pytest.param("a.zip,b.zip", ["one pattern per line", "comma"], id="comma"),
        pytest.param("dist/*.zip dist/*.gz", ["one pattern per line", "space"], id="blank"),
        pytest.param("dist/a.zip=>b.zip", ["a space before and after `=>`"], id="arrow"),
        pytest.param("app-$TAG.zip", ["`${{ env.NAME }}`"], id="variable"),
        pytest.param("app-${TAG}.zip", ["`${{ env.NAME }}`"], id="variable in braces"),
        pytest.param("app-%TAG%.zip", ["`${{ env.NAME }}`"], id="variable of Windows"),
        pytest.param(
            "dist/a.zip#For Linux",
            ["`manifest`", "`- {path: dist/a.zip, label: For Linux}`"],
            id="label of gh",
        ),
        pytest.param(r"dist\*.msi", ["`dist/*.msi`", "backslash"], id="backslash"),
        pytest.param("~/dist/*", ["`~`"], id="home"),
    ],
)
def test_a_likely_mistake_is_named(pattern: str, tokens: list[str], tmp_path: Path) -> None:
    error = no_match_error(pattern, tmp_path, ())
    assert pattern in error.what
    assert all(token in error.fix for token in tokens), error.fix


@pytest.mark.parametrize(
    "pattern", ["dist/*.zip", "a b.zip", "dist/a{b,c}.zip", r"dist/\[1\].zip", "c#.zip", "50%.zip"]
)
def test_a_usual_pattern_has_no_mistake(pattern: str, tmp_path: Path) -> None:
    assert "check that the build" in no_match_error(pattern, tmp_path, ()).fix


@pytest.mark.parametrize(
    ("pattern", "there"),
    [
        ("dist/*.zip", "`dist` contains `app.tar.gz`, `sub`"),
        ("dist/sub/*", "`dist/sub` is empty"),
        ("dist/none/x/*.zip", "there is no directory `dist/none`"),
        ("dist/{a,b}.zip", "`dist` contains"),
    ],
)
def test_the_error_shows_what_is_there(pattern: str, there: str, tmp_path: Path) -> None:
    (tmp_path / "dist/sub").mkdir(parents=True)
    (tmp_path / "dist/app.tar.gz").touch()
    assert there in no_match_error(pattern, tmp_path, ()).what
    absolute = f"{tmp_path}/{pattern}"
    assert "dist" in no_match_error(absolute, tmp_path, ()).what.partition(": ")[2]


def test_many_files_that_are_there_are_counted(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    for number in range(9):
        (tmp_path / f"dist/{number}").touch()
    assert "`4` and 4 more" in no_match_error("dist/*.zip", tmp_path, ()).what


def test_an_empty_workspace_is_named_and_a_full_one_is_not_listed(tmp_path: Path) -> None:
    assert "the directory is empty" in no_match_error("*.zip", tmp_path, ()).what
    (tmp_path / "README.md").touch()
    assert "README" not in no_match_error("*.zip", tmp_path, ()).what


def test_an_unreadable_directory_is_not_listed(shared: Path) -> None:
    (shared / "dist").mkdir()
    (shared / "dist").chmod(0)
    with as_other_user():
        error = no_match_error("dist/*", shared, ())
    assert error.what == "no file matches `dist/*`"


def test_a_directory_is_named_with_the_patterns_for_its_files(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    error = no_match_error("dist/", tmp_path, ())
    assert "directory" in error.what
    assert "`dist/*`" in error.fix
    assert "`dist/**`" in error.fix


def test_a_path_outside_of_the_container_is_named(tmp_path: Path) -> None:
    error = no_match_error(
        "/opt/app.zip", tmp_path, (("/runner/work/app/app", "/github/workspace"),)
    )
    assert "container" in error.what


def test_the_command_line_has_its_own_advice(tmp_path: Path) -> None:
    assert "`FILE`" in in_terminal(no_match_error("- dist/*", tmp_path, ()).fix)
    assert "shell" in in_terminal(no_match_error("$TAG.zip", tmp_path, ()).fix)
