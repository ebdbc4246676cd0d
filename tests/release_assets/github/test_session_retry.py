"""The retry helper: its attempts, its waits, and the errors that end it."""

from contextlib import suppress

import pytest

from release_assets.github.errors import (
    GitHubError,
    NameTakenError,
    NotFoundError,
    RateLimitedError,
    TransientError,
    UnreachableError,
    ValidationFailedError,
)
from tests.support.engine import Engine

RETRYABLE = (TransientError, NotFoundError)


SEVEN = {"retry-after": "7"}  # and up to a second more


def called(engine: Engine, failures: list[GitHubError]) -> list[int]:
    """Call the helper for an action that raises these, then succeeds; return the attempts."""
    numbers: list[int] = []

    def do(attempt: int) -> str:
        numbers.append(attempt)
        if len(numbers) <= len(failures):
            raise failures[len(numbers) - 1]
        return "done"

    with suppress(*map(type, failures)):
        result = engine.github(max_attempts="3").session.retry(do, "trying", RETRYABLE)
        assert result == "done"
        assert len(numbers) == len(failures) + 1
    return numbers


@pytest.mark.parametrize(
    ("failures", "numbers", "waits"),
    [
        pytest.param([], [1], [], id="success"),
        pytest.param([TransientError("x", headers=SEVEN)], [1, 2], [7.5], id="its own wait"),
        pytest.param([NotFoundError("x")] * 2, [1, 2, 3], [1.0, 2.0], id="the usual backoff"),
        pytest.param([UnreachableError("x")] * 3, [1, 2, 3], [1.0, 2.0], id="no attempt left"),
        pytest.param([TransientError("x", wait_seconds=None)], [1], [], id="too long a wait"),
        pytest.param([TransientError("x", final=True)], [1], [], id="retried already"),
        pytest.param([ValidationFailedError("x")], [1], [], id="permanent"),
        pytest.param([NameTakenError("x")], [1], [], id="not among the retryable"),
        pytest.param([RateLimitedError("x", wait_seconds=None)], [1], [], id="rate limit"),
    ],
)
def test_retry_calls_until_success_or_a_permanent_error(
    failures: list[GitHubError], numbers: list[int], waits: list[float], engine: Engine
) -> None:
    assert called(engine, failures) == numbers
    assert engine.time.waits == waits


def test_progress_counts_the_attempts_from_one_again(engine: Engine) -> None:
    numbers: list[int] = []

    def do(attempt: int) -> None:
        numbers.append(attempt)
        raise UnreachableError("x")

    session = engine.github(max_attempts="3").session
    with pytest.raises(UnreachableError):
        session.retry(do, "trying", RETRYABLE, lambda: len(numbers) < 4)
    assert numbers == [1, 2, 2, 2, 3]


def test_each_retry_is_logged_with_its_attempt_reason_and_wait(engine: Engine) -> None:
    called(engine, [TransientError("`reason`", headers=SEVEN)])
    (line,) = engine.reporter.lines
    assert all(token in line for token in ("trying", "1 of 3", "`reason`", "7.5 s"))
