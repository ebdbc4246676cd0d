"""Patterns of asset names, as the inputs `expect` and `prune` and the command line take them. Pure."""

from collections.abc import Callable

from release_assets.files import expand_braces

# wcmatch is imported where it is needed: most runs have no patterns of assets.


def compile_pattern(pattern: str, source: str) -> Callable[[str], bool]:
    """Return a function that matches names of assets.

    The cache of the library is too small for a large set.

    source: the input that the pattern comes from.

    Raises: InputError for a pattern whose braces expand to too many patterns.
    """
    from wcmatch import fnmatch

    flags = fnmatch.CASE | fnmatch.DOTMATCH
    return fnmatch.compile(expand_braces(source, pattern), flags=flags, limit=0).match


def is_pattern(text: str) -> bool:
    """Say whether a text is a pattern, and not just a name."""
    from wcmatch import fnmatch

    return fnmatch.is_magic(text, flags=fnmatch.CASE | fnmatch.DOTMATCH | fnmatch.BRACE)
