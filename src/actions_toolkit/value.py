"""Python values as the text that the runner reads. Pure."""

from collections.abc import Mapping
from math import isfinite


def to_command_value(input_val: object) -> str:
    """Return text as it is, None as "", and anything else as the JSON that JavaScript writes.

    Raises:
        TypeError: input_val contains a value that JSON cannot represent.

    Source: https://github.com/actions/toolkit/blob/main/packages/core/src/utils.ts
    """
    if input_val is None:
        return ""
    if isinstance(input_val, str):
        return str.__str__(input_val)  # the text itself, also of an enum's member
    return to_json(input_val)


def to_json(value: object) -> str:
    """Return value as `JSON.stringify` writes it: no spaces, non-ASCII as it is, 1.0 as 1.

    An int keeps all its digits, also beyond 2**53. A Mapping keeps its order.

    Raises:
        TypeError: value contains a value that JSON cannot represent.

    Source: https://tc39.es/ecma262/#sec-json.stringify
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _json_string(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return _json_number(value)
    if isinstance(value, Mapping):
        pairs = (f"{_json_key(key)}:{to_json(item)}" for key, item in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(to_json, value)) + "]"
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def to_bytes(text: str) -> bytes:
    """Return text in UTF-8, as Node writes it: half of a surrogate pair becomes U+FFFD.

    Python has such halves in file names and variables that are not valid UTF-8.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def _json_key(key: object) -> str:
    if key is None or isinstance(key, (bool, int, float)):
        return f'"{to_json(key)}"'
    if isinstance(key, str):
        return _json_string(key)
    raise TypeError(f"keys must be str, int, float, bool or None, not {type(key).__name__}")


def _json_string(text: str) -> str:
    import json  # here, because most actions send only text

    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    quoted = json.dumps(whole, ensure_ascii=False)
    # JSON.stringify escapes half of a surrogate pair, so that its result is well-formed.
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in quoted)


def _json_number(number: float) -> str:
    """Return number in JavaScript's notation, which differs from Python's in the exponent.

    Source: https://tc39.es/ecma262/#sec-numeric-types-number-tostring
    """
    if not isfinite(number):
        return "null"
    if number == 0:
        return "0"
    mantissa, _, exponent = float.__repr__(abs(number)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    leading = len((whole + fraction).lstrip("0"))
    point = int(exponent or 0) + len(whole) - (len(whole + fraction) - leading)
    digits = (whole + fraction).strip("0")
    sign = "-" if number < 0 else ""
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{point - 1:+d}"
