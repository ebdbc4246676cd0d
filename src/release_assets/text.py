"""Numbers and foreign names, fit to be read. Pure."""

import html
import re
from collections.abc import Sequence

# Also `$`, which begins a formula, and the point of `www.`, which makes a link.
_MARKDOWN = re.compile(r"""[\\`*_{}\[\]()#+!|~:@<>"'&$-]|(?<=www)\.""", re.IGNORECASE)

# So much of a name may stand unbroken; a longer one would push what is beside it off the page.
_STRETCH = re.compile(r"(?:&#\d+;|[^&]){24}(?=.)")

# How Python shows bytes that are not UTF-8: each as half a surrogate pair.
_NOT_UTF8 = re.compile("[\ud800-\udfff]")


def is_utf8(text: str) -> bool:
    """Say whether text can be written in UTF-8, as all must that is sent to GitHub."""
    return not _NOT_UTF8.search(text)


def size(count: int) -> str:
    """Return a number of bytes as people read it: `1.5 MiB`."""
    if count < 1024:
        return f"{count} B"
    for unit, bytes_in_it in (("KiB", 1024), ("MiB", 1024**2)):
        if count < bytes_in_it * 1024:
            return f"{count / bytes_in_it:.1f} {unit}"
    return f"{count / 1024**3:.1f} GiB"


def count(number: int, noun: str) -> str:
    """Return how many there are of something: `1 file`, `1,000 files`."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def shortened_list(names: Sequence[str], most: int = 20) -> str:
    """Return names side by side, of many the first ones and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def seconds(count: float) -> str:
    """Return a time as people read it: `1.5 s`, `2 min 5 s`."""
    if round(count, 1) < 60:
        return f"{count:.1f} s"
    minutes, rest = divmod(round(count), 60)
    return f"{minutes} min {rest} s"


def markdown(text: str) -> str:
    """Return foreign text so that neither Markdown nor HTML nor GitHub's own links see anything
    in it.

    Characters that cannot be seen become their Python escapes.
    """  # noqa: D205
    return _no_address(attribute(text))


def attribute(text: str) -> str:
    """Return foreign text for an attribute of an element: as `markdown`, but without elements."""
    seen = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    # Character references: no backslash is left over in a table, a link or a code span.
    return _MARKDOWN.sub(lambda match: f"&#{ord(match[0])};", seen)


def _no_address(shown: str) -> str:
    """Return Markdown in which `app@1.0.zip` is not the address of somebody to write to.

    GitHub looks for these in what is left when all references are undone, text by text: so an
    element ends the text there, one that nobody sees.
    Source: https://github.com/github/cmark-gfm/blob/master/extensions/autolink.c (postprocess_text)
    """
    return shown.replace("&#64;", "&#64;<wbr>")


def markdown_sentence(text: str) -> str:
    """Return a sentence of ours, foreign names in it made harmless, `code` shown as such."""
    return re.sub(r"&#96;(.+?)&#96;", r"<code>\1</code>", markdown(text))


def markdown_name(text: str) -> str:
    """Return a foreign name for Markdown, which wraps where there is little room, however long."""
    return _no_address(_STRETCH.sub(r"\g<0><wbr>", attribute(text)))


def link(text: str, url: str) -> str:
    """Return a name as a link, or alone when the URL is none that a page should lead to."""
    shown = markdown_name(text)
    if not re.fullmatch(r"https?://[\x21-\x7e]+", url):
        return shown
    address = html.escape(url).replace("|", "&#124;")  # which would end a cell of a table
    return f'<a href="{address}">{shown}</a>'
