import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_assets import text

# Characters with a meaning in Markdown, HTML or GitHub's automatic links.
RELEVANT = set("\\`*_{}[]()#+!|~:@-<>\"'$")
ODD = st.text(
    st.sampled_from("\\`*_{}[]()#+!|~:@-<>&\"'$ \n\r\t\x00\x1b\u202e\u2028\ud800\xa0wW.é日a")
)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (1, "1 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (1024**2 - 1, "1024.0 KiB"),
        (1024**2, "1.0 MiB"),
        (1024**3, "1.0 GiB"),
        (2 * 1024**3, "2.0 GiB"),
        (5000 * 1024**3, "5000.0 GiB"),
    ],
)
def test_a_size_is_formatted(count: int, shown: str) -> None:
    assert text.size(count) == shown


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0.0, "0.0 s"),
        (1.25, "1.2 s"),
        (59.94, "59.9 s"),
        (59.99, "1 min 0 s"),
        (60.0, "1 min 0 s"),
        (119.9, "2 min 0 s"),
        (125.0, "2 min 5 s"),
        (3600.0, "1 h 0 min"),
        (18_900.0, "5 h 15 min"),
    ],
)
def test_seconds_are_formatted(count: float, shown: str) -> None:
    assert text.seconds(count) == shown


@pytest.mark.parametrize(("names", "shown"), [("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")])
def test_names_are_enumerated_as_in_a_sentence(names: str, shown: str) -> None:
    assert text.enumerated([*names]) == shown


@pytest.mark.parametrize(
    ("number", "shown"), [(0, "0 files"), (1, "1 file"), (1000, "1,000 files")]
)
def test_a_count_is_formatted(number: int, shown: str) -> None:
    assert text.count(number, "file") == shown


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ((), ""),
        (("a",), "a"),
        (("a", "b"), "a, b"),
        (("a", "b", "c"), "a, b and 1 more"),
        (("a", "b", "c", "d"), "a, b and 2 more"),
    ],
)
def test_a_long_list_is_shortened(names: tuple[str, ...], shown: str) -> None:
    assert text.shortened_list(names, max_names=2) == shown


def test_twenty_names_are_listed_completely() -> None:
    assert text.shortened_list(["x"] * 20) == ", ".join(["x"] * 20)
    assert text.shortened_list(["x"] * 21) == ", ".join(["x"] * 20) + " and 1 more"


@given(st.floats(0, 1e6))
def test_no_minute_has_sixty_seconds(count: float) -> None:
    assert not re.search(r"\b60(\.0)? s", text.seconds(count))


@pytest.mark.parametrize(
    ("foreign", "shown"),
    [
        ("app.zip", "app.zip"),
        ("naïve 日本.zip", "naïve 日本.zip"),
        ("a|b", "a&#124;b"),
        ("<img>", "&#60;img&#62;"),
        ("a&b", "a&#38;b"),
        ("it's", "it&#39;s"),
        ("[x](y)", "&#91;x&#93;&#40;y&#41;"),
        ("@octocat #1", "&#64;<wbr>octocat &#35;1"),
        ("app@1.0.zip", "app&#64;<wbr>1.0.zip"),
        ("`$x$`", "&#96;&#36;x&#36;&#96;"),
        ("a\nb", "a&#92;nb"),
        ("a\x1b[1m", "a&#92;x1b&#91;1m"),
        ("\u202egpj.exe", "&#92;u202egpj.exe"),
        ("\udc80", "&#92;udc80"),
        ("https://evil.example", "https&#58;//evil.example"),
        ("www.evil.example", "www&#46;evil.example"),
    ],
)
def test_foreign_text_is_escaped_in_markdown(foreign: str, shown: str) -> None:
    assert text.markdown(foreign) == shown


def without_references(shown: str) -> str:
    return re.sub(r"&#?[a-z0-9]+;|<wbr>", "", shown)


@given(ODD | st.text())
def test_all_special_characters_are_escaped(foreign: str) -> None:
    shown = text.markdown(foreign)
    raw = without_references(shown)
    assert not RELEVANT & set(raw)
    assert "&" not in raw
    assert "www." not in shown.lower()
    assert shown.isprintable()
    shown.encode()


@given(st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" ")))
def test_visible_text_stays_visible(foreign: str) -> None:
    assert html.unescape(text.markdown(foreign).replace("<wbr>", "")) == foreign
    assert html.unescape(text.attribute(foreign)) == foreign


def test_a_link_is_formatted() -> None:
    shown = text.link("a|b", "https://github.com/o/r?x=1&y='|")
    assert shown == '<a href="https://github.com/o/r?x=1&amp;y=&#x27;&#124;">a&#124;b</a>'


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "https://",
        "https://a b",
        "https://a\nb",
        " https://a",
        "data:text/html,x",
        "https://é",
        "//a",
    ],
)
def test_an_address_that_is_not_plain_http_is_no_link(url: str) -> None:
    assert text.link("a", url) == "a"


@given(ODD | st.text(), (ODD | st.text(st.characters(max_codepoint=126))))
def test_a_link_contains_no_other_element(foreign: str, end: str) -> None:
    shown = text.link(foreign, f"https://{end}")
    name = text.markdown_name(foreign)
    assert name.replace("<wbr>", "") == text.attribute(foreign)
    assert all(len(html.unescape(part)) <= 24 for part in name.split("<wbr>"))
    match = re.fullmatch(r'<a href="([^"<>|\s]*)">(.*)</a>', shown)
    assert shown == name or (match is not None and match[2] == name)


@given(ODD | st.text())
def test_a_sentence_shows_code_and_no_other_element(foreign: str) -> None:
    shown = text.markdown_sentence(f"give `{foreign}` a name")
    assert text.markdown_sentence("give `x` a name") == "give <code>x</code> a name"
    raw = re.sub(r"</?code>", "", without_references(shown))
    assert not RELEVANT & set(raw)
    assert shown.count("<code>") == shown.count("</code>")
