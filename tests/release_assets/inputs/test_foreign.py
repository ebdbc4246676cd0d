import re

import pytest

from release_assets.inputs.contract import DEFAULTS
from release_assets.inputs.errors import ForeignInputError
from release_assets.inputs.foreign import REPLACEMENTS, unknown_input_errors
from tests.support.job import Job
from tests.support.sandbox import Sandbox

# Values that inputs take, and what else stands in code without being an input.
WORDS = {"warn", "ignore", "true", "false", "legacy", "if"}


@pytest.mark.parametrize("name", REPLACEMENTS)
def test_a_foreign_input_is_answered_with_inputs_of_ours(name: str) -> None:
    replacement = REPLACEMENTS[name]
    named = re.findall(r"`([a-z-]+)(?::|`)", replacement)
    named = [word for word in named if word not in WORDS]
    # `content-type` is a key of the manifest.
    assert set(named) <= DEFAULTS.keys() | {"content-type"}
    assert named or replacement.startswith("leave it out: "), "nothing to do is said"


def test_no_input_of_ours_counts_as_foreign() -> None:
    # The runner tells neither upper from lower case nor, in names, a space from `_`.
    ours = {name.upper() for name in DEFAULTS}
    assert [name for name in REPLACEMENTS if name.upper().replace(" ", "_") in ours] == []


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("dry_run", "dry-run"),
        ("if_no_files_found", "if-no-files-found"),
        ("check-sums", "checksums"),
        ("expects", "expect"),
        ("publsh", "publish"),
        ("tags", "tag"),
        ("titel", "title"),
    ],
)
def test_what_is_nearly_an_input_is_told_by_its_name(given: str, meant: str) -> None:
    (fault,) = unknown_input_errors({given: "x"})
    assert str(fault) == f"input `{given}` is not one of this action. To fix: write `{meant}`"


@pytest.mark.parametrize("name", ["entrypoint", "args", "asset", "who-to-greet"])
def test_what_is_like_no_input_is_left_to_the_runner(name: str) -> None:
    assert unknown_input_errors({name: "x"}) == ()


def test_what_is_nearly_an_input_and_empty_is_nothing() -> None:
    assert unknown_input_errors({"dry_run": " "}) == ()


def test_no_foreign_input_is_taken_for_a_misspelt_one() -> None:
    for name, replacement in REPLACEMENTS.items():
        (fault,) = unknown_input_errors({name: "x"})
        assert fault.fix == replacement
        assert isinstance(fault, ForeignInputError)


@pytest.mark.parametrize("name", DEFAULTS)
def test_an_input_is_not_taken_for_another(name: str) -> None:
    assert unknown_input_errors({name: "x"}) == ()


def test_a_dry_run_that_is_misspelt_publishes_nothing(job: Job, sandbox: Sandbox) -> None:
    job.write({"dist/app.zip": b"zip"})
    done = job.run_program({"files": "dist/*"}, {"INPUT_DRY_RUN": "true", "INPUT_OF": "others"})
    assert done.exit_code == 1
    assert "title=Unknown input::input `dry_run` is not one of this action" in done.log
    assert sandbox.requests() == []
