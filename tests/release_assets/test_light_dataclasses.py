"""The shared methods of dataclasses: each test runs with the original, too."""

import copy
import dataclasses
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from release_assets import light_dataclasses


class Example(NamedTuple):
    """Classes made by one of the two modules, and its `replace`."""

    value: Any
    twin: Any  # has the same fields
    draft: Any  # is not frozen
    empty: Any
    replace: Any


def make_example(module: Any) -> Example:
    """Return classes made by a module."""

    class Value:
        name: str
        size: int = 3
        labels: dict[str, str] = module.field(default_factory=dict)
        token: str = module.field(default="", repr=False)
        count: int = module.field(default=0, compare=False)
        secret: str = module.field(repr=False)

        @property
        def title(self) -> str:
            return self.name.title()

    class Twin:
        name: str
        size: int = 3
        labels: dict[str, str] = module.field(default_factory=dict)
        token: str = ""
        count: int = 0
        secret: str

    class Draft:
        size: int = 0
        read: Callable[[], str] = lambda: "text"
        lines: list[str] = module.field(default_factory=list)

    class Empty:
        """Has no fields."""

    frozen = module.dataclass(frozen=True, kw_only=True)
    return Example(
        value=frozen(Value),
        twin=frozen(Twin),
        draft=module.dataclass(kw_only=True)(Draft),
        empty=frozen(Empty),
        replace=module.replace,
    )


@pytest.fixture(params=[light_dataclasses, dataclasses], ids=["shared", "original"])
def example(request: pytest.FixtureRequest) -> Example:
    """Classes of both modules in turn."""
    return make_example(request.param)


def test_fields_are_given_by_name_or_have_their_defaults(example: Example) -> None:
    value = example.value(secret="s", name="app", size=5)
    assert (value.name, value.size, value.labels, value.token, value.count, value.secret) == (
        ("app", 5, {}, "", 0, "s")
    )
    assert value.title == "App"
    assert example.value(name="app", secret="s").size == example.value.size == 3
    assert (example.value.token, example.value.count) == ("", 0)


def test_a_default_that_is_made_anew_is_not_shared(example: Example) -> None:
    first, second = example.draft(), example.draft()
    first.lines.append("one")
    assert second.lines == []
    assert example.draft(lines=first.lines).lines is first.lines


def test_a_default_that_is_a_function_is_no_method(example: Example) -> None:
    assert example.draft().read() == "text"


def test_a_field_without_a_default_leaves_nothing_on_the_class(example: Example) -> None:
    assert not hasattr(example.value, "secret")
    assert not hasattr(example.value, "labels")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"name": "app"}, "secret"),
        ({"secret": "s"}, "name"),
        ({"name": "app", "secret": "s", "titel": "App"}, "titel"),
    ],
)
def test_missing_and_unknown_fields_are_refused(
    example: Example, fields: dict[str, str], named: str
) -> None:
    with pytest.raises(TypeError, match=f"Value.*{named}"):
        example.value(**fields)


def test_fields_by_position_are_refused(example: Example) -> None:
    with pytest.raises(TypeError):
        example.value("app", secret="s")
    with pytest.raises(TypeError, match="by position"):
        light_dataclasses.dataclass(kw_only=False)


def test_the_representation_names_all_fields_but_the_hidden_ones(example: Example) -> None:
    value = example.value(name="app", token="t0ken", secret="s3cret")
    assert repr(value).endswith("Value(name='app', size=3, labels={}, count=0)")
    assert repr(example.empty()).endswith("Empty()")
    assert repr(value).startswith("make_example.<locals>.")


def test_instances_are_equal_if_all_compared_fields_are(example: Example) -> None:
    value = example.value(name="app", secret="s")
    assert value == example.value(name="app", secret="s", count=7)
    assert value != example.value(name="app", secret="s", size=4)
    assert value != example.value(name="app", secret="s", token="t")
    assert example.empty() == example.empty()


def test_instances_of_another_class_are_never_equal(example: Example) -> None:
    value = example.value(name="app", secret="s")
    assert value != example.twin(name="app", secret="s")
    assert value != ("app", 3, {}, "", "s")
    assert example.empty() != ()


def test_equal_instances_have_one_hash(example: Example) -> None:
    labels = ()  # a dict has no hash
    value = example.value(name="app", secret="s", labels=labels)
    assert hash(value) == hash(example.value(name="app", secret="s", labels=labels, count=7))
    assert len({value, example.value(name="app", secret="t", labels=labels)}) == 2
    assert len({example.empty(), example.empty()}) == 1
    assert hash(value) != hash(example.value(name="lib", secret="s", labels=labels))


def test_what_is_frozen_cannot_be_changed(example: Example) -> None:
    value = example.value(name="app", secret="s")
    for name in ("name", "size", "other"):
        with pytest.raises(AttributeError, match=name):
            setattr(value, name, "changed")
        with pytest.raises(AttributeError, match=name):
            delattr(value, name)
    assert (value.name, value.size) == ("app", 3)


def test_what_is_not_frozen_can_be_changed_and_has_no_hash(example: Example) -> None:
    draft = example.draft()
    draft.size = 4
    assert draft == example.draft(size=4)
    with pytest.raises(TypeError, match="unhashable"):
        hash(draft)


def test_replace_changes_a_copy(example: Example) -> None:
    value = example.value(name="app", secret="s", labels={"a": "b"}, count=2)
    changed = example.replace(value, name="lib")
    assert (value.name, changed.name) == ("app", "lib")
    assert (changed.secret, changed.count) == ("s", 2)
    assert changed.labels is value.labels
    with pytest.raises(TypeError, match="titel"):
        example.replace(value, titel="App")


def test_copies_are_equal(example: Example) -> None:
    value = example.value(name="app", secret="s", labels={"a": "b"})
    shallow, deep = copy.copy(value), copy.deepcopy(value)
    assert shallow == deep == value
    assert shallow.labels is value.labels
    assert deep.labels is not value.labels


def test_patterns_match_by_field(example: Example) -> None:
    found = ""
    match example.value(name="app", secret="s"):
        case example.twin():
            found = "twin"
        case example.value(name=name, size=3):
            found = name
    assert found == "app"
