import re

import pytest

from release_assets.inputs.contract import DEFAULTS
from release_assets.inputs.errors import OtherActionInputError, UnknownInputError
from release_assets.inputs.unknown_inputs import REPLACEMENTS, unknown_input_errors
from tests.support.job import Job
from tests.support.sandbox import Sandbox

# Words in backquotes that are no names of inputs.
NOT_INPUTS = {"warn", "ignore", "true", "false", "legacy", "if", "on"}


@pytest.mark.parametrize("name", REPLACEMENTS)
def test_the_replacement_of_an_input_names_only_existing_inputs(name: str) -> None:
    replacement = REPLACEMENTS[name].instead
    named = re.findall(r"`([a-z-]+)(?::|`)", replacement)
    named = [word for word in named if word not in NOT_INPUTS]
    # `content-type` is a key of the manifest.
    assert set(named) <= DEFAULTS.keys() | {"content-type"}
    assert named or replacement.startswith("leave it out: "), "the replacement gives no instruction"


def test_no_own_input_is_listed_as_one_of_another_action() -> None:
    # The runner ignores the case of names, and treats a space as `_`.
    own = {name.upper() for name in DEFAULTS}
    assert [name for name in REPLACEMENTS if name.upper().replace(" ", "_") in own] == []


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("dry_run", "dry-run"),
        ("if_no_files_found", "if-no-files-found"),
        ("check-sums", "checksums"),
        ("expects", "expect"),
        ("publsh", "publish"),
        ("tagg", "tag"),
        ("titel", "title"),
    ],
)
def test_a_misspelled_input_is_refused_with_a_suggestion(name: str, suggestion: str) -> None:
    (error,) = unknown_input_errors({name: "x"})
    assert isinstance(error, UnknownInputError)
    assert f"`{name}`" in error.what
    assert f"`{suggestion}`" in error.fix


@pytest.mark.parametrize("name", ["entrypoint", "args", "asset", "who-to-greet"])
def test_an_unknown_input_without_a_similar_name_is_ignored(name: str) -> None:
    assert unknown_input_errors({name: "x"}) == ()


def test_a_misspelled_input_without_a_value_is_ignored() -> None:
    assert unknown_input_errors({"dry_run": " "}) == ()


@pytest.mark.parametrize("name", REPLACEMENTS)
def test_an_input_of_another_action_is_refused_with_its_replacement(name: str) -> None:
    instead, actions = REPLACEMENTS[name]
    (error,) = unknown_input_errors({name: "x"})
    assert isinstance(error, OtherActionInputError)
    assert error.fix == instead
    assert all(action in error.what for action in actions)


def test_the_error_enumerates_the_actions_that_have_the_input() -> None:
    (error,) = unknown_input_errors({"make_latest": "true"})
    assert error.what == (
        "input `make_latest` belongs to softprops/action-gh-release and svenstaro/upload-release-action"
    )


@pytest.mark.parametrize("name", DEFAULTS)
def test_an_input_of_this_action_is_accepted(name: str) -> None:
    assert unknown_input_errors({name: "x"}) == ()


def test_a_misspelled_dry_run_sends_no_request(job: Job, sandbox: Sandbox) -> None:
    job.write({"dist/app.zip": b"zip"})
    done = job.run_program({"files": "dist/*"}, {"INPUT_DRY_RUN": "true", "INPUT_OF": "others"})
    assert done.exit_code == 1
    assert "::error title=Unknown input::" in done.log
    assert "`dry_run`" in done.log
    assert sandbox.requests() == []
