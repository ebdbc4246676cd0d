from collections.abc import Mapping

import pytest

from github_sandbox.edits import edited

RELEASE = {"name": "One", "draft": True, "assets": [{"name": "a"}, {"name": "b"}]}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({}, RELEASE, id="nothing"),
        pytest.param({"name": "Two"}, RELEASE | {"name": "Two"}, id="a name"),
        pytest.param({"new": None}, RELEASE | {"new": None}, id="a name that is added"),
        pytest.param(
            {"assets.1.name": "c"},
            RELEASE | {"assets": [{"name": "a"}, {"name": "c"}]},
            id="an item of a list",
        ),
        pytest.param(
            {"assets.-2.name": "c"},
            RELEASE | {"assets": [{"name": "c"}, {"name": "b"}]},
            id="an item counted from the end",
        ),
        pytest.param(
            {"assets.*.name": "c"},
            RELEASE | {"assets": [{"name": "c"}, {"name": "c"}]},
            id="all items",
        ),
        pytest.param(
            {"assets.0": {"$delete": True}},
            RELEASE | {"assets": [{"name": "b"}]},
            id="deleted item",
        ),
        pytest.param({"assets.*": {"$delete": True}}, RELEASE | {"assets": []}, id="all deleted"),
        pytest.param(
            {"assets.*.name": {"$delete": True}}, RELEASE | {"assets": [{}, {}]}, id="deleted field"
        ),
        pytest.param({"none": {"$delete": True}}, RELEASE, id="nothing to delete"),
        pytest.param({"assets.7.name": "c"}, RELEASE, id="no such item"),
        pytest.param({"none.name": "c"}, RELEASE, id="no such object"),
        pytest.param({"name.first": "c"}, RELEASE, id="a path through a text"),
        pytest.param({"": [1], "0": 2}, [2], id="the whole, then a part"),
    ],
)
def test_fields_are_replaced_by_their_paths(fields: Mapping[str, object], expected: object) -> None:
    before = repr(RELEASE)
    assert edited(RELEASE, fields) == expected
    assert repr(RELEASE) == before


def test_a_value_set_at_many_paths_is_copied() -> None:
    changed = edited([{}, {}], {"*.label": {"a": 1}, "0.label.a": 2})
    assert changed == [{"label": {"a": 2}}, {"label": {"a": 1}}]
