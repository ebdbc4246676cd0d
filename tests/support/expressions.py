"""Values of a step with expressions, as the runner passes them on. Pure."""

import re
from collections.abc import Mapping


def resolve(value: object, context: Mapping[str, str]) -> str:
    """Return a value of YAML as text, with the value of each `${{ expression }}`.

    context: `github.ref` and the like -> value.

    Raises:
        KeyError: an expression is of a kind that is not known here, or not in the context.
    """
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda match: evaluate(match[1], context), as_text(value))


def evaluate(expression: str, context: Mapping[str, str]) -> str:
    """Return the value of an expression: a name, `contains`, `||`, or a choice by a boolean.

    Raises:
        KeyError: any other expression, or a name that is not in the context.
    """
    if choice := re.fullmatch(r"(.+) && '(\w+)' \|\| '(\w+)'", expression):
        return choice[2] if evaluate(choice[1], context) not in {"false", ""} else choice[3]
    first, either, second = expression.partition(" || ")
    if either:
        value = evaluate(first, context)
        return value if value not in {"false", ""} else evaluate(second, context)
    if contains := re.fullmatch(r"contains\((\S+), '(.+)'\)", expression):
        return as_text(contains[2] in context[contains[1]])
    return context[expression]


def as_text(value: object) -> str:
    """Return a value of YAML or JSON as text."""
    return str(value).lower() if isinstance(value, bool) else str(value)
