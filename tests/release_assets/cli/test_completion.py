import shutil
import subprocess

import pytest

from release_assets.cli.completion import SHELLS, script
from scripts import completions
from tests.support.cli import Run

COMPLETE = """
source /dev/stdin <<<"$SCRIPT"
COMP_WORDS=({words}) COMP_CWORD=$(({count} - 1)) COMPREPLY=()
$(complete -p release-assets | sed 's/.*-F //; s/ .*//')
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize("shell", SHELLS)
def test_the_scripts_are_up_to_date(shell: str) -> None:
    assert script(shell) == completions.script(shell), "run `make completions`"


@pytest.mark.parametrize("shell", SHELLS)
def test_the_scripts_contain_no_command_substitution(shell: str) -> None:
    lines = script(shell).splitlines()
    assert not [line for line in lines if "`" in line and not line.lstrip().startswith("#")]


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_accepts_its_script(shell: str) -> None:
    found = shutil.which(shell)
    if found is None:
        pytest.skip(f"{shell} is not on this machine")
    done = subprocess.run([found, "-n"], input=script(shell), text=True, capture_output=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("release-assets do", {"download"}),
        ("release-assets publish --overwrite ''", {"false", "true", "skip"}),
        ("release-assets download --over", {"--overwrite"}),
        ("release-assets publish --token", {"--token-file"}),
        ("release-assets delete --y", {"--yes"}),
        ("release-assets completion ''", set(SHELLS)),
    ],
)
def test_bash_completes_commands_options_and_choices(words: str, expected: set[str]) -> None:
    line = COMPLETE.format(words=words, count=len(words.split()))
    done = subprocess.run(
        ["bash", "-c", line], env={"SCRIPT": script("bash")}, text=True, capture_output=True
    )
    assert set(done.stdout.split()) == expected, done.stderr


@pytest.mark.parametrize("shell", SHELLS)
def test_the_command_prints_the_script(bare: Run, shell: str) -> None:
    done = bare("completion", shell)
    assert done.returncode == 0
    assert done.stdout == script(shell)


def test_an_unknown_shell_is_a_usage_error(bare: Run) -> None:
    assert bare("completion", "tcsh").returncode == 2
