import pytest

from github_sandbox.fault_parser import parse


@pytest.mark.parametrize(
    "document",
    [
        None,
        {"do": "explode"},
        {"do": "lose", "tims": 2},
        {"do": "lose", "match": {"verb": "GET"}},
        {"do": "lose", "match": {"path": "("}},
        {"do": "status", "when": "later"},
        {"do": "status", "leave": "half"},
        {"do": "lie", "fields": ["name"]},
        {"do": "lie", "object": "nothing"},
        {"do": "list"},
        {"do": "list", "change": "shuffle"},
        {"do": "interim", "interim": {"status": 103}},
        {"do": "interim", "interim": [{"status": 200}]},
        {"do": "interim", "interim": [{"status": 101}]},
        {"do": "interim", "interim": [{"code": 103}]},
        {"do": "interfere"},
        {"do": "interfere", "actions": ["explode"]},
        {"do": "interfere", "actions": [{"do": "upload", "nmae": "a"}]},
        {"do": "interfere", "actions": ["upload"], "when": "during"},
    ],
)
def test_an_invalid_fault_is_an_error(document: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        parse(document)
