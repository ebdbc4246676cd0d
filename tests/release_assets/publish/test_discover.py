"""Finding the files and the release at the same time: what is reported, in which order."""

import pytest

from release_assets.files.errors import NoFilesError
from release_assets.github.errors import UnreachableError
from tests.support.engine import Engine
from tests.support.sandbox import Sandbox


@pytest.fixture(autouse=True)
def one_file(engine: Engine) -> None:
    engine.write({"dist/app.zip": b"bytes"})


def reported(engine: Engine) -> list[str]:
    """Return the first word of each line about the files and the release."""
    words = [line.split()[0] for line in engine.reporter.lines]
    return [word for word in words if word in {"found", "release"}]


def test_the_files_are_reported_before_the_release(engine: Engine, sandbox: Sandbox) -> None:
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [{"tag": "v1"}]}]})
    engine.publish_well()
    assert reported(engine) == ["found", "release"]


def test_the_files_are_reported_even_if_github_does_not_answer(
    engine: Engine, sandbox: Sandbox
) -> None:
    sandbox.fault(match={"method": "GET"}, do="reset", when="before", times=None)
    (error,) = engine.publish(max_attempts="1").errors
    assert isinstance(error, UnreachableError)
    assert reported(engine) == ["found"]


def test_errors_of_the_files_and_of_github_are_reported_together(
    engine: Engine, sandbox: Sandbox
) -> None:
    sandbox.fault(match={"method": "GET"}, do="reset", when="before", times=None)
    errors = engine.publish(files="dist/*\nnone/*", max_attempts="1").errors
    assert [type(error) for error in errors] == [NoFilesError, UnreachableError]
    assert reported(engine) == []
