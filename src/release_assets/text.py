"""Numbers, names and messages -> text for people, as plain text or Markdown. Pure."""

import html
import re
from collections.abc import Sequence

# Also `$`, which starts a formula, and the dot after `www`, which makes a link.
_SPECIAL = re.compile(r"""[\\`*_{}\[\]()#+!|~:@<>"'&$-]|(?<=www)\.""", re.IGNORECASE)

# Characters of a name without a line break. A longer name would widen its column too much.
_UNBROKEN = re.compile(r"(?:&#\d+;|[^&]){24}(?=.)")

# Python represents bytes that are not UTF-8 as halves of surrogate pairs.
_NOT_UTF8 = re.compile("[\ud800-\udfff]")


def is_utf8(text: str) -> bool:
    """Say whether text can be encoded in UTF-8, which GitHub requires."""
    return not _NOT_UTF8.search(text)


def size(count: int) -> str:
    """Return a number of bytes in a readable unit: `1.5 MiB`."""
    if count < 1024:
        return f"{count} B"
    for unit, bytes_in_it in (("KiB", 1024), ("MiB", 1024**2)):
        if count < bytes_in_it * 1024:
            return f"{count / bytes_in_it:.1f} {unit}"
    return f"{count / 1024**3:.1f} GiB"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 file`, `1,000 files`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def shortened_list(names: Sequence[str], max_names: int = 20) -> str:
    """Return the first names, separated by commas, and how many more there are."""
    more = len(names) - max_names
    return ", ".join(names[:max_names]) + (f" and {more} more" if more > 0 else "")


def enumerated(names: Sequence[str]) -> str:
    """Return names as part of a sentence: `a`, `a and b`, `a, b and c`."""
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def seconds(count: float) -> str:
    """Return a duration in readable units: `1.5 s`, `2 min 5 s`, `3 h 20 min`."""
    if round(count, 1) < 60:
        return f"{count:.1f} s"
    minutes, rest = divmod(round(count), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min"


def markdown(text: str) -> str:
    """Return foreign text with everything escaped that Markdown, HTML or GitHub would interpret.

    Invisible characters are replaced by their Python escapes.
    """
    return _without_email_links(attribute(text))


def attribute(text: str) -> str:
    """Return foreign text for an attribute of an HTML element: escaped, without elements."""
    visible = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    # Character references also work in tables, links and code spans, where backslashes stay.
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", visible)


def _without_email_links(escaped: str) -> str:
    """Return Markdown in which GitHub does not link `app@1.0.zip` as an e-mail address.

    GitHub searches each text node for addresses after it resolves character references. So an
    invisible element ends the text node.
    Source: https://github.com/github/cmark-gfm/blob/master/extensions/autolink.c (postprocess_text)
    """
    return escaped.replace("&#64;", "&#64;<wbr>")


def markdown_sentence(text: str) -> str:
    """Return a sentence of this program as Markdown: names escaped, `code` as code."""
    return re.sub(r"&#96;(.+?)&#96;", r"<code>\1</code>", markdown(text))


def markdown_name(text: str) -> str:
    """Return a foreign name as Markdown that can wrap in a narrow column."""
    return _without_email_links(_UNBROKEN.sub(r"\g<0><wbr>", attribute(text)))


def link(text: str, url: str) -> str:
    """Return a name as a link; only the name, if the URL is not a plain HTTP address."""
    shown = markdown_name(text)
    if not re.fullmatch(r"https?://[\x21-\x7e]+", url):
        return shown
    address = html.escape(url).replace("|", "&#124;")  # a `|` would end the cell of a table
    return f'<a href="{address}">{shown}</a>'
