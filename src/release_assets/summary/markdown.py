"""Foreign text -> Markdown in which it is harmless. Pure."""

import re

# Also `$`, which starts a formula, and the dot after `www`, which makes a link.
_SPECIAL = re.compile(r"""[\\`*_{}\[\]()#+!|~:@<>"'&$-]|(?<=www)\.""", re.IGNORECASE)

# Also `|`, which would end the cell of a table.
_URL_ESCAPES = {ord(character): f"&#{ord(character)};" for character in "&<>\"'|"}

# Characters of a name without a line break. A longer name would widen its column too much.
_UNBROKEN = re.compile(r"(?:&#\d+;|[^&]){24}(?=.)")


def escaped(text: str) -> str:
    """Return foreign text with everything escaped that Markdown, HTML or GitHub would interpret.

    Invisible characters are replaced by their Python escapes.
    """
    return _without_email_links(attribute(text))


def attribute(text: str) -> str:
    """Return foreign text for an attribute of an HTML element: escaped, without elements."""
    if not text.isprintable():  # only then each character is looked at
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    # Character references also work in tables, links and code spans, where backslashes stay.
    return _SPECIAL.sub(lambda match: f"&#{ord(match[0])};", text)


def _without_email_links(escaped: str) -> str:
    """Return Markdown in which GitHub does not link `app@1.0.zip` as an e-mail address.

    GitHub searches each text node for addresses after it resolves character references. So an
    invisible element ends the text node.
    Source: https://github.com/github/cmark-gfm/blob/master/extensions/autolink.c (postprocess_text)
    """
    return escaped.replace("&#64;", "&#64;<wbr>")


def sentence(text: str) -> str:
    """Return a sentence of this program as Markdown: names escaped, `code` as code."""
    return re.sub(r"&#96;(.+?)&#96;", r"<code>\1</code>", escaped(text))


def name(text: str) -> str:
    """Return a foreign name as Markdown that can wrap in a narrow column."""
    return _without_email_links(_UNBROKEN.sub(r"\g<0><wbr>", attribute(text)))


def link(text: str, url: str) -> str:
    """Return a name as a link; only the name, if the URL is not a plain HTTP address."""
    shown = name(text)
    if not re.fullmatch(r"https?://[\x21-\x7e]+", url):
        return shown
    return f'<a href="{url.translate(_URL_ESCAPES)}">{shown}</a>'
