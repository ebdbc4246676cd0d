"""Annotations: errors, warnings and notices that GitHub shows on the run, or in a file."""

from typing import Any

from actions_toolkit.command import issue_command


class AnnotationProperties:
    """The place of an annotation, and its title. A property that is None is not sent."""

    def __init__(
        self,
        title: str | None = None,
        file: str | None = None,
        start_line: int | None = None,
        end_line: int | None = None,
        start_column: int | None = None,
        end_column: int | None = None,
    ) -> None:
        self.title = title
        self.file = file
        self.start_line = start_line
        self.end_line = end_line  # None: the runner takes start_line
        self.start_column = start_column
        self.end_column = end_column


def error(
    message: str | BaseException,
    *,
    title: str | None = None,
    file: str | None = None,
    start_line: int | None = None,
    end_line: int | None = None,
    start_column: int | None = None,
    end_column: int | None = None,
) -> None:
    """Annotate the run, or a place in a file, with an error; the step does not fail.

    Lines and columns start at 1. An exception is shown as "Error: " and its message.
    """
    place = (title, file, start_line, end_line, start_column, end_column)
    _annotate("error", message, place)


def warning(
    message: str | BaseException,
    *,
    title: str | None = None,
    file: str | None = None,
    start_line: int | None = None,
    end_line: int | None = None,
    start_column: int | None = None,
    end_column: int | None = None,
) -> None:
    """Annotate the run with a warning; parameters as for error."""
    place = (title, file, start_line, end_line, start_column, end_column)
    _annotate("warning", message, place)


def notice(
    message: str | BaseException,
    *,
    title: str | None = None,
    file: str | None = None,
    start_line: int | None = None,
    end_line: int | None = None,
    start_column: int | None = None,
    end_column: int | None = None,
) -> None:
    """Annotate the run with a notice; parameters as for error."""
    place = (title, file, start_line, end_line, start_column, end_column)
    _annotate("notice", message, place)


def to_command_properties(
    annotation_properties: AnnotationProperties | None,
) -> dict[str, object]:
    """Return the properties with the names that the runner uses; {} for None."""
    if not annotation_properties:
        return {}
    return {
        "title": annotation_properties.title,
        "file": annotation_properties.file,
        "line": annotation_properties.start_line,
        "endLine": annotation_properties.end_line,
        "col": annotation_properties.start_column,
        "endColumn": annotation_properties.end_column,
    }


def _annotate(name: str, message: object, place: tuple[Any, ...]) -> None:
    has_properties = any(part is not None for part in place)
    properties = to_command_properties(AnnotationProperties(*place)) if has_properties else {}
    if isinstance(message, BaseException):
        text = str(message)
        message = f"Error: {text}" if text else "Error"
    issue_command(name, properties, message)
