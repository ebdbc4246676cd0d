"""Numbers and names -> text for people. Pure."""

from collections.abc import Sequence


def is_utf8(text: str) -> bool:
    """Say whether text can be encoded in UTF-8, which GitHub requires.

    Python represents bytes that are not UTF-8 as halves of surrogate pairs.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


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
