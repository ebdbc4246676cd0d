from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from github_sandbox.armed_faults import ArmedFaults
from github_sandbox.fault_parser import parse
from github_sandbox.journal import Entry

REQUEST = Entry(
    time=0, origin="api", method="GET", path="/x", query="", authorized=False, headers={}
)


def struck(faults: ArmedFaults, count: int) -> list[str]:
    taken = [faults.take(REQUEST) for _ in range(count)]
    return [fault.do if fault else "-" for fault in taken]


@pytest.mark.parametrize(
    ("armed", "expected"),
    [
        ([{"do": "lose"}], ["lose", "-", "-"]),
        ([{"do": "lose", "skip": 1}], ["-", "lose", "-"]),
        ([{"do": "lose", "times": None}], ["lose", "lose", "lose"]),
        ([{"do": "lose", "skip": 1, "times": 2}], ["-", "lose", "lose"]),
        ([{"do": "lose"}, {"do": "reset"}], ["lose", "reset", "-"]),
        ([{"do": "lose"}, {"do": "reset", "skip": 1}], ["lose", "reset", "-"]),
        ([{"do": "lose", "match": {"path": "^/y"}}], ["-", "-", "-"]),
        ([{"do": "lose", "match": {"method": "POST"}}], ["-", "-", "-"]),
        ([{"do": "lose", "match": {"origin": "uploads"}}], ["-", "-", "-"]),
    ],
)
def test_faults_take_effect_in_their_order(
    armed: list[dict[str, Any]], expected: list[str]
) -> None:
    faults = ArmedFaults()
    for fault in armed:
        faults.add(parse(fault))
    assert struck(faults, 3) == expected


def test_concurrent_requests_are_counted_exactly() -> None:
    faults = ArmedFaults()
    faults.add(parse({"do": "lose", "skip": 100, "times": 50}))
    with ThreadPoolExecutor(16) as pool:
        counts = list(pool.map(lambda _: struck(faults, 40).count("lose"), range(16)))
    assert sum(counts) == 50
