"""manifest.schema.json, which editors use, accepts what the parser accepts."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from release_assets.errors import ReleaseAssetsError
from release_assets.files.manifest import KEYS, parse

SCHEMA = json.loads(
    Path(__file__).resolve().parents[3].joinpath("manifest.schema.json").read_text(encoding="utf-8")
)
VALIDATOR = Draft202012Validator(SCHEMA)

# Letters, blanks, control characters, and characters that the keys treat differently.
TEXTS = st.text(st.sampled_from("ab é日/;= \t\n\x00\x1b\x85\xa0\xad\u200b\u2028\ufeff"), max_size=6)
TYPES = st.sampled_from(
    (
        *("a/b", "application/zip", "text/plain; charset=utf-8", "a", "/b", "a/", "a /b", "é/b"),
        *("a/b/c", " a/b", "a/b ", "a/ ", "a/\n"),
    )
)
VALUES = TEXTS | TYPES | st.none() | st.booleans() | st.integers() | st.lists(TEXTS, max_size=2)
ENTRIES = st.dictionaries(st.sampled_from([*KEYS, "Path", "lable"]), VALUES, max_size=4)
GOOD = st.fixed_dictionaries(
    {"path": st.just("dist/*")},
    optional={"name": TEXTS, "label": TEXTS, "content-type": TYPES | TEXTS},
)
DOCUMENTS = st.lists(GOOD, max_size=3) | st.lists(ENTRIES | GOOD | VALUES, max_size=3) | VALUES


def parser_accepts(document: object) -> bool:
    try:
        parse(yaml.safe_dump(document, allow_unicode=True))
    except ReleaseAssetsError:
        return False
    return True


def test_the_schema_is_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@given(DOCUMENTS)
@example([])
@example([{"path": "a", "name": "b/c"}])
@example([{"path": "a", "content-type": "text/plain; charset=utf-8"}])
def test_schema_and_parser_accept_the_same_documents(document: object) -> None:
    assert VALIDATOR.is_valid(document) == parser_accepts(document)


@given(st.text(max_size=4))
def test_the_schema_accepts_every_label_that_the_parser_accepts(label: str) -> None:
    # Not vice versa: a schema cannot express which characters are printable.
    document = [{"path": "a", "label": label}]
    assert VALIDATOR.is_valid(document) or not parser_accepts(document)


@pytest.mark.parametrize("key", KEYS)
def test_every_key_is_described(key: str) -> None:
    described = SCHEMA["items"]["properties"]
    assert described[key]["description"]
    assert set(described) == set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_the_examples_are_valid(key: str) -> None:
    for value in SCHEMA["items"]["properties"][key]["examples"]:
        entry = {"path": "a"} | {key: value}
        assert parser_accepts([entry])
        assert VALIDATOR.is_valid([entry])
