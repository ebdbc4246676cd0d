"""The function calls of this program stay within their budgets: unlike times, they are free of noise."""

import sys

import pytest

from bench.function_calls import per_upload, to_start

pytestmark = pytest.mark.slow

# The budgets are for Python 3.11. Other versions count other calls, such as those of comprehensions.
TOLERANCE = 1.0 if sys.version_info[:2] == (3, 11) else 1.1


def test_a_further_upload_takes_at_most_half_more_calls_than_a_bare_adapter() -> None:
    ours, adapter = per_upload()
    assert 1000 < adapter < ours <= 1.5 * TOLERANCE * adapter


def test_the_program_starts_with_at_most_a_quarter_more_calls_than_requests() -> None:
    ours, requests = to_start()
    assert 100_000 < requests <= ours <= 1.25 * TOLERANCE * requests
