"""Patterns of asset names, as the inputs `expect` and `prune` and the command line take them. Pure."""

from wcmatch import fnmatch

from release_assets.files import expand_braces

_FLAGS = fnmatch.CASE | fnmatch.DOTMATCH


def compile_pattern(pattern: str, source: str) -> fnmatch.WcMatcher[str]:
    """Return a matcher for names of assets. The cache of the library is too small for a large set.

    source: the input that the pattern comes from.

    Raises: InputError for a pattern whose braces expand to too many patterns.
    """
    return fnmatch.compile(expand_braces(source, pattern), flags=_FLAGS, limit=0)


def is_pattern(text: str) -> bool:
    """Say whether a text is a pattern, and not just a name."""
    return fnmatch.is_magic(text, flags=_FLAGS | fnmatch.BRACE)
