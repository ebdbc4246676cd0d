"""Commands and flags that gh has and this program does not, or that mean something else here."""

import pytest

from release_assets.cli import gh
from release_assets.cli.gh import flag_errors
from release_assets.cli.parser import parsers
from tests.support.cli import Run
from tests.support.sandbox import Sandbox


@pytest.mark.parametrize("command", gh.FLAGS)
def test_no_flag_of_the_table_is_an_option_of_the_command(command: str) -> None:
    _, commands = parsers()
    options = commands[command].format_help()
    for flag in gh.FLAGS[command]:
        assert "=" in flag or f"{flag} " not in options


@pytest.mark.parametrize(
    ("command", "arguments", "tokens"),
    [
        ("publish", ["v1", "--draft=false"], ["--draft=false", "--publish always"]),
        ("upload", ["v1", "--notes-from-tag"], ["--notes-from-tag", "git tag"]),
        ("plan", ["v1", "--fail-on-no-commits"], ["--fail-on-no-commits"]),
        ("list", ["-L", "5"], ["-L", "gh release list"]),
        ("list", ["--limit=5"], ["--limit=5", "gh release list"]),
        ("view", ["v1", "-q", ".assets[]"], ["--quiet", "--jq '.assets[]'"]),
        ("view", ["v1", "--web"], ["--web", "URL"]),
        ("view", ["v1", "-t", "{{.}}"], ["-t", "--jq"]),
        ("download", ["-A", "zip"], ["-A", "git archive"]),
        ("download", ["--skip-existing"], ["--skip-existing", "--overwrite"]),
        ("delete", ["v1", "--cleanup-tag"], ["--cleanup-tag", "gh release delete"]),
    ],
)
def test_a_flag_of_gh_is_answered_with_what_to_write(
    command: str, arguments: list[str], tokens: list[str]
) -> None:
    (error,) = flag_errors(command, arguments)
    assert [token for token in tokens if token not in str(error)] == []


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("list", ["v1", "-q"]),
        ("publish", ["v1", "a", "-q"]),
        ("publish", ["v1", "-t", "Title", "--draft", "--verify-tag"]),
        ("publish", ["v1", "--", "--notes-from-tag"]),
        ("completion", ["bash"]),
    ],
)
def test_other_flags_are_no_mistake(command: str, arguments: list[str]) -> None:
    assert flag_errors(command, arguments) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "tokens"),
    [
        (["create", "v1"], ["'create'", "`release-assets publish`"]),
        (["edit", "v1"], ["--if-release-exists update"]),
        (["delete-asset", "v1", "a"], ["`release-assets delete`"]),
        (["uplaod", "v1"], ["`upload`"]),
        (["publish", "v1", "--drft"], ["`--draft`"]),
        (["publish", "v1", "--clober"], ["`--clobber`"]),
        (["list", "--limit", "5"], ["gh release list"]),
        (["publish", "v1", "a", "--verify-tag", "--target", "main"], ["--verify-tag", "--target"]),
        (["zzz"], ["release-assets --help"]),
    ],
    ids=" ".join,
)
def test_what_gh_calls_otherwise_is_one_line_and_nothing_is_done(
    sandbox: Sandbox, cli: Run, arguments: list[str], tokens: list[str]
) -> None:
    (cli.directory / "a").write_text("a")
    done = cli(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert [token for token in tokens if token not in line] == []
    assert sandbox.requests() == []


@pytest.mark.slow
def test_a_bare_call_prints_the_help(cli: Run) -> None:
    bare = cli()
    assert (bare.returncode, bare.stdout, bare.stderr) == (0, cli("--help").stdout, "")
