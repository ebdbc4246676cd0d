"""The inputs of a step: text, lines and booleans."""

import os

# The characters that JavaScript's trim() removes; Python's strip() removes a different set.
_SPACES = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
_SPACES += "\u2028\u2029\u202f\u205f\u3000\ufeff"


class InputOptions:
    """How to read an input."""

    def __init__(self, required: bool = False, trim_whitespace: bool = True) -> None:
        self.required = required
        self.trim_whitespace = trim_whitespace


def get_input(name: str, *, required: bool = False, trim_whitespace: bool = True) -> str:
    """Return the value of an input, "" if it is not set.

    Raises:
        ValueError: it is required, and empty or not set.

    Source: https://github.com/actions/toolkit/blob/main/packages/core/src/core.ts
    """
    value = os.environ.get(f"INPUT_{name.replace(' ', '_').upper()}", "")
    if required and not value:
        raise ValueError(f"Input required and not supplied: {name}")
    return value.strip(_SPACES) if trim_whitespace else value


def get_multiline_input(
    name: str, *, required: bool = False, trim_whitespace: bool = True
) -> list[str]:
    """Return the lines of an input, without the empty ones; raises as get_input does.

    A line of whitespace only is not empty; trimmed, it is returned as "".
    """
    value = get_input(name, required=required, trim_whitespace=trim_whitespace)
    lines = [line for line in value.split("\n") if line]
    return [line.strip(_SPACES) for line in lines] if trim_whitespace else lines


def get_boolean_input(name: str, *, required: bool = False, trim_whitespace: bool = True) -> bool:
    """Return the value of an input: true, True, TRUE, false, False or FALSE.

    Raises:
        TypeError: it has another value, or is not set.
        ValueError: as get_input.

    Source: https://yaml.org/spec/1.2/spec.html#id2804923
    """
    value = get_input(name, required=required, trim_whitespace=trim_whitespace)
    if value in {"true", "True", "TRUE"}:
        return True
    if value in {"false", "False", "FALSE"}:
        return False
    raise TypeError(
        f'Input does not meet YAML 1.2 "Core Schema" specification: {name}\n'
        "Support boolean input list: `true | True | TRUE | false | False | FALSE`"
    )
