import re

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from release_assets.errors import MultipleErrors, ReleaseAssetsError, single_errors
from release_assets.files.errors import ManifestError
from release_assets.files.manifest import Entry, is_inline, parse

FULL = """\
# Archives
- path: dist/app.zip
  name: app-linux.zip
  label: App für Linux
  content-type: application/zip
- path: 'dist/*.txt'
- {path: "a b", label: '1.0'}
"""


def test_a_manifest_is_parsed_into_entries() -> None:
    assert parse(FULL) == (
        Entry(
            path="dist/app.zip",
            name="app-linux.zip",
            label="App für Linux",
            content_type="application/zip",
        ),
        Entry(path="dist/*.txt"),
        Entry(path="a b", label="1.0"),
    )


@pytest.mark.parametrize(
    "text",
    [
        pytest.param('[{"path": "a", "label": "b"}]', id="JSON"),
        pytest.param("- path: a\r\n  label: b\r\n", id="CRLF"),
        pytest.param("\ufeff- path: a\n  label: b\n", id="byte order mark"),
        pytest.param("---\n- path: a\n  label: b\n...\n", id="document marks"),
        pytest.param("- path: >-\n    a\n  label: |-\n    b\n", id="blocks"),
        pytest.param("- path: &x a\n  label: b\n", id="anchor"),
        pytest.param("- !!map {path: !!str a, label: b}", id="tags"),
    ],
)
def test_all_forms_of_yaml_are_accepted(text: str) -> None:
    assert parse(text) == (Entry(path="a", label="b"),)


@pytest.mark.parametrize(
    ("text", "inline"),
    [
        ("assets.yml", False),
        (".github/assets.yaml", False),
        ("- path: a", True),
        ("[{path: a}]", True),
        ("  - path: a", True),
        ("# list\n- path: a", True),
    ],
)
def test_an_inline_manifest_is_distinguished_from_a_path(text: str, inline: bool) -> None:
    assert is_inline(text) is inline


@pytest.mark.parametrize(
    ("text", "named", "line", "column"),
    [
        pytest.param("", "", 1, 1, id="nothing"),
        pytest.param("# nothing\n", "", 1, 1, id="a comment"),
        pytest.param("[]", "", 1, 1, id="no entries"),
        pytest.param("\npath: a", "", 2, 1, id="a mapping"),
        pytest.param("- dist/*", "", 1, 3, id="a string"),
        pytest.param("- path: a\n-", "", 2, 2, id="an empty entry"),
        pytest.param("- label: x", "`path`", 1, 3, id="no path"),
        pytest.param("- path: a\n  lable: x", "'lable'", 2, 3, id="unknown key"),
        pytest.param("- path: a\n  [x]: y", "", 2, 3, id="a list as key"),
        pytest.param("- path: a\n  <<: {name: b}", "'<<'", 2, 3, id="a merge"),
        pytest.param("- path: a\n  path: b", "`path`", 2, 3, id="twice"),
        pytest.param("- path: a\n  label: 1.0", "`label`", 2, 10, id="a number"),
        pytest.param("- path: a\n  label: yes", "`label`", 2, 10, id="a boolean"),
        pytest.param("- path: a\n  label:", "`label`", 2, 9, id="null"),
        pytest.param("- path: [a, b]", "`path`", 1, 9, id="a list"),
        pytest.param("- path: ''", "`path`", 1, 9, id="empty"),
        pytest.param("- path: '  '", "`path`", 1, 9, id="blank"),
        pytest.param('- path: "a\\nb"', "'a\\nb'", 1, 9, id="two lines"),
        pytest.param('- path: "a\\e[1m"', "'a\\x1b[1m'", 1, 9, id="a control"),
        pytest.param('- path: "a\\uD800"', "'a\\ud800'", 1, 9, id="half a pair"),
        pytest.param("- path: a\n  name: b/c", "'b/c'", 2, 9, id="a path as name"),
        pytest.param("- {path: a, content-type: zip}", "'zip'", 1, 27, id="a type alone"),
        pytest.param("- {path: a, content-type: é/x}", "'é/x'", 1, 27, id="an odd type"),
        pytest.param("- path: a\n  b: 'c", "YAML", 2, 8, id="open quote"),
        pytest.param(
            "- path: a\n\t- path: b",
            "YAML",
            2,
            1,
            id="a tab",
        ),
        pytest.param(
            "- path: a\n---\n- path: b",
            "YAML",
            2,
            1,
            id="two documents",
        ),
        pytest.param("- path: *x", "'x'", 1, 9, id="no such alias"),
        pytest.param(
            "- path: a\n  b: \x00",
            "YAML",
            2,
            6,
            id="NUL",
        ),
        pytest.param(
            '- path: "\\UFFFFFFFF"',
            "YAML",
            1,
            1,
            id="no character",
        ),
        pytest.param(
            '- path: "\\U00110000"',
            "YAML",
            1,
            1,
            id="beyond Unicode",
        ),
        pytest.param(
            f"%YAML {'1' * 5000}.1\n---\n- path: a",
            "YAML",
            1,
            1,
            id="an endless number",
        ),
        pytest.param("[" * 5000, "YAML", 1, 1, id="endless depth"),
    ],
)
def test_an_error_has_its_line_and_column(text: str, named: str, line: int, column: int) -> None:
    with pytest.raises(ManifestError) as caught:
        parse(text)
    assert named in caught.value.what
    assert re.findall(r"\d+", caught.value.where) == [str(line), str(column)]
    assert caught.value.fix


def test_all_errors_are_reported_together() -> None:
    with pytest.raises(MultipleErrors) as caught:
        parse("- path: a\n  x: 1\n- label: 2\n- b")
    places = [re.findall(r"\d+", error.where) for error in caught.value.errors]
    assert places == [["2", "3"], ["3", "10"], ["3", "3"], ["4", "3"]]


PIECES = (
    *("- ", "path", "label", ": ", "\n", "  ", "a", "'", '"', "[", "]", "{", "}", "&x ", "*x"),
    *("!!str ", "|", ">", "#", "%YAML 1.1", "---", "\\U", "FFFFFFFF", "\t", ",", "?", "<<", "~"),
)
YAML_ISH = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(st.text() | YAML_ISH)
@example("- path: a\n  ? - b\n  : c")
@example("&x [*x]")
@example("- &x {path: *x}")
def test_any_text_is_a_manifest_or_an_error(text: str) -> None:
    entries: tuple[Entry, ...] = ()
    errors: tuple[ReleaseAssetsError, ...] = ()
    try:
        entries = parse(text)
    except ReleaseAssetsError as error:
        errors = single_errors(error)
    assert bool(errors) != bool(entries)
    assert all(isinstance(error, ManifestError) for error in errors)
    assert all(entry.path.strip() for entry in entries)


@given(st.lists(st.from_regex(r"[a-z*/. é#:'-]{0,9}[a-z]", fullmatch=True), min_size=1))
def test_a_dumped_manifest_is_parsed(paths: list[str]) -> None:
    text = yaml.safe_dump([{"path": path} for path in paths], allow_unicode=True)
    assert [entry.path for entry in parse(text)] == paths
