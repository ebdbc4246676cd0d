"""The function calls of this program stay within their budgets: unlike times, they are free of noise."""

import pytest

from bench.function_calls import per_upload, to_start

pytestmark = pytest.mark.slow


def test_a_further_upload_takes_at_most_half_more_calls_than_a_bare_adapter() -> None:
    ours, adapter = per_upload()
    assert 1000 < adapter < ours <= 1.5 * adapter


def test_the_program_starts_with_at_most_a_quarter_more_calls_than_requests() -> None:
    ours, requests = to_start()
    assert 100_000 < requests <= ours <= 1.25 * requests
