"""Numbers and foreign names, fit to be read. Pure."""

import html
import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|~:@-])")


def size(count: int) -> str:
    """Return a number of bytes as people read it: `1.5 MiB`."""
    if count < 1024:
        return f"{count} B"
    for unit, bytes_in_it in (("KiB", 1024), ("MiB", 1024**2)):
        if count < bytes_in_it * 1024:
            return f"{count / bytes_in_it:.1f} {unit}"
    return f"{count / 1024**3:.1f} GiB"


def seconds(count: float) -> str:
    """Return a time as people read it: `1.5 s`, `2 min 5 s`."""
    if count < 60:
        return f"{count:.1f} s"
    return f"{count // 60:.0f} min {count % 60:.0f} s"


def markdown(text: str) -> str:
    """Return foreign text so that neither Markdown nor HTML nor GitHub's own links see anything
    in it.

    Characters that cannot be seen become their Python escapes.
    """  # noqa: D205
    seen = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    # Character references: no backslash is left over in a table, a link or a code span.
    return _MARKDOWN.sub(lambda match: f"&#{ord(match[1])};", html.escape(seen))


def link(text: str, url: str) -> str:
    """Return a link, or the text alone when the URL is none that a page should lead to."""
    shown = markdown(text)
    if not re.fullmatch(r"https?://[\x21-\x7e]+", url):
        return shown
    return f'<a href="{html.escape(url)}">{shown}</a>'
