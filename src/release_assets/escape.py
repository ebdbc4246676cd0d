"""Text from outside -> text without commands to the runner or invisible characters. Pure."""

_COMMAND = "::"  # at the start of a line
_OLD_COMMAND = "##["  # the runner still accepts it, anywhere in a line


def harmless(text: str, *, one_line: bool = False) -> str:
    r"""Return text from outside, escaped: without commands to the runner or invisible characters.

    Every invisible character (controls, ANSI's ESC, bidi marks, zero-width characters, unusual
    spaces, a single CR, halves of surrogate pairs) becomes its Python escape, such as `\x1b`. Only
    tabs and line ends stay; CR LF counts as one. A line that starts with `::`, and every `##[`,
    gets a backslash. The function is idempotent.

    It escapes whole lines: `#` + harmless("#[x]") is not safe, harmless("#" + "#[x]") is.

    Args:
        text: from a file name, a server or another program.
        one_line: escape line ends and tabs, too, as `\n` and `\t`; for names.

    Source: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs
    """
    kept = "" if one_line else "\n\t"
    whole = text if one_line else text.replace("\r\n", "\n")
    if not whole.isprintable():  # only then each character is looked at
        whole = "".join(c if c.isprintable() or c in kept else _escaped(c) for c in whole)
    return "\n".join(map(_without_command, whole.split("\n")))


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _without_command(line: str) -> str:
    line = line.replace(_OLD_COMMAND, "##\\[")
    start = len(line) - len(line.lstrip())
    if line.startswith(_COMMAND, start):
        return f"{line[:start]}\\{line[start:]}"
    return line
