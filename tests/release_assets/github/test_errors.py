"""Errors are values: complete when created, and never changed."""

import ast
from pathlib import Path

import pytest

import release_assets
from release_assets.github.errors import (
    GitHubError,
    RateLimitedError,
    RetryableError,
    TransientError,
    UnconfirmedError,
    UnexpectedAnswerError,
    UnreachableError,
    VerificationFailedError,
)

SOURCES = sorted(Path(release_assets.__path__[0]).rglob("*.py"))
FIELDS = {"what", "where", "fix", "status", "wait_seconds", "headers", "final"}


def test_a_rate_limit_is_retryable_but_not_transient() -> None:
    assert not issubclass(RateLimitedError, TransientError)
    assert issubclass(RateLimitedError, RetryableError)
    assert issubclass(RateLimitedError, GitHubError)


@pytest.mark.parametrize(
    "kind",
    [
        RateLimitedError,
        TransientError,
        UnconfirmedError,
        UnexpectedAnswerError,
        UnreachableError,
        VerificationFailedError,
    ],
)
def test_waiting_returns_a_copy_and_leaves_the_error_as_it_was(kind: type[RetryableError]) -> None:
    error = kind("what", where="where", fix="fix", status=500, headers={"a": "b"})
    copy = error.waiting(7.0, final=True)
    assert type(copy) is kind
    assert vars(copy) == vars(error) | {"wait_seconds": 7.0, "final": True}
    assert (error.wait_seconds, error.final) == (0.0, False)


def test_no_source_assigns_to_an_attribute_of_an_error() -> None:
    """Except for `self` in its constructor."""
    changed = [
        f"{path.name}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if node.attr in FIELDS
        if not (isinstance(node.value, ast.Name) and node.value.id == "self")
    ]
    assert changed == []
