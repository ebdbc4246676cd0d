"""The base class of all errors that a user sees, and the errors of a whole run. Pure."""

from collections.abc import Sequence
from typing import ClassVar

from release_assets.wording import Wording, joined, words

_FINISH_LATER = words("{RUN_AGAIN}: it continues where this run stopped, and uploads nothing twice")


class ReleaseAssetsError(Exception):
    """An error for the user: what happened, where, and how to fix it.

    Every subclass has its own `title`. The documentation has a section for each title.
    """

    title = "Publishing failed"
    is_usage: ClassVar[bool] = False  # whether the inputs are wrong, so that nothing was done

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> Wording:
        """What happened, where, and how to fix it, as one text."""
        text = words("{} ({})", self.what, self.where) if self.where else words("{}", self.what)
        return words("{}. To fix: {}", text, self.fix) if self.fix else text


class CombinedError(ReleaseAssetsError):
    """An error that combines others, and has its title from them."""

    title = "Several problems"

    def __init__(self, title: str, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(what, where=where, fix=fix)
        self.title = title


class MultipleErrors(CombinedError):  # noqa: N818 - it is a collection of errors
    """Several errors, reported together."""

    def __init__(self, errors: Sequence[ReleaseAssetsError]) -> None:
        self.errors = tuple(errors)
        titles = {error.title for error in errors}
        title = titles.pop() if len(titles) == 1 else f"{len(errors)} problems"
        super().__init__(title, joined("\n", [words("- {}", error.text) for error in errors]))


def raise_all(errors: Sequence[ReleaseAssetsError]) -> None:
    """Raise a single error as it is, and several as MultipleErrors; return when there is none."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise MultipleErrors(errors)


def single_errors(error: ReleaseAssetsError) -> tuple[ReleaseAssetsError, ...]:
    """Return the errors that an error combines, or the error alone."""
    return error.errors if isinstance(error, MultipleErrors) else (error,)


class BugError(ReleaseAssetsError):
    """An unexpected exception: a bug of this program."""

    title = "Bug"

    def __init__(self, error: Exception) -> None:
        # Only the type: the message may contain secrets.
        super().__init__(
            f"this is a bug in publish-release-assets ({type(error).__name__})",
            fix=words("please report it, {DEBUG_LOG}"),
        )


def as_errors(error: Exception) -> tuple[ReleaseAssetsError, ...]:
    """Return the errors that an exception combines; a BugError for an unexpected exception."""
    return single_errors(error) if isinstance(error, ReleaseAssetsError) else (BugError(error),)


class CancelledRunError(ReleaseAssetsError):
    """The run was cancelled."""

    title = "Cancelled"

    def __init__(
        self,
        what: str = "the run was cancelled before it was complete",
        *,
        fix: str = _FINISH_LATER,
    ) -> None:
        super().__init__(what, fix=fix)


class NotStartedError(ReleaseAssetsError):
    """A file whose upload was not started, because of an earlier fatal error."""

    title = "Not started"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was not started", fix=words("fix the first error, and {RUN_AGAIN}")
        )
