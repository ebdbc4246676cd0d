import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_assets.summary import markdown

# Characters with a meaning in Markdown, HTML or GitHub's automatic links.
RELEVANT = set("\\`*_{}[]()#+!|~:@-<>\"'$")
ODD = st.text(
    st.sampled_from("\\`*_{}[]()#+!|~:@-<>&\"'$ \n\r\t\x00\x1b\u202e\u2028\ud800\xa0wW.é日a")
)


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
    assert markdown.escaped(foreign) == shown


def without_references(shown: str) -> str:
    return re.sub(r"&#?[a-z0-9]+;|<wbr>", "", shown)


@given(ODD | st.text())
def test_all_special_characters_are_escaped(foreign: str) -> None:
    shown = markdown.escaped(foreign)
    raw = without_references(shown)
    assert not RELEVANT & set(raw)
    assert "&" not in raw
    assert "www." not in shown.lower()
    assert shown.isprintable()
    shown.encode()


@given(st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" ")))
def test_visible_text_stays_visible(foreign: str) -> None:
    assert html.unescape(markdown.escaped(foreign).replace("<wbr>", "")) == foreign
    assert html.unescape(markdown.attribute(foreign)) == foreign


def test_a_link_is_formatted() -> None:
    shown = markdown.link("a|b", "https://github.com/o/r?x=1&y='|")
    assert shown == '<a href="https://github.com/o/r?x=1&#38;y=&#39;&#124;">a&#124;b</a>'


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
    assert markdown.link("a", url) == "a"


@given(ODD | st.text(), (ODD | st.text(st.characters(max_codepoint=126))))
def test_a_link_contains_no_other_element(foreign: str, end: str) -> None:
    shown = markdown.link(foreign, f"https://{end}")
    name = markdown.name(foreign)
    assert name.replace("<wbr>", "") == markdown.attribute(foreign)
    assert all(len(html.unescape(part)) <= 24 for part in name.split("<wbr>"))
    match = re.fullmatch(r'<a href="([^"<>|\s]*)">(.*)</a>', shown)
    assert shown == name or (match is not None and match[2] == name)


@given(ODD | st.text())
def test_a_sentence_shows_code_and_no_other_element(foreign: str) -> None:
    shown = markdown.sentence(f"give `{foreign}` a name")
    assert markdown.sentence("give `x` a name") == "give <code>x</code> a name"
    raw = re.sub(r"</?code>", "", without_references(shown))
    assert not RELEVANT & set(raw)
    assert shown.count("<code>") == shown.count("</code>")


def test_visible_letters_stay_beside_invisible_characters() -> None:
    assert markdown.escaped("é\x1b茶") == "é&#92;x1b茶"
