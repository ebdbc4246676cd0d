"""The base of all errors that a user sees, and those of the whole run. Pure."""

from collections.abc import Sequence


class ReleaseAssetsError(Exception):
    """What happened, where, and what to do next.

    Every subclass has a `title` of its own, by which the documentation finds it.
    """

    title = "Publishing failed"

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        text = self.what
        if self.where:
            text += f" ({self.where})"
        if self.fix:
            text += f". To fix: {self.fix}"
        return text


class CombinedError(ReleaseAssetsError):
    """An error made of others, which has its title from them."""

    title = "Several problems"

    def __init__(self, title: str, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(what, where=where, fix=fix)
        self.title = title


class MultipleErrors(CombinedError):  # noqa: N818 - it is a collection of errors
    """Several errors, reported at once."""

    def __init__(self, faults: Sequence[ReleaseAssetsError]) -> None:
        self.faults = tuple(faults)
        titles = {fault.title for fault in faults}
        title = titles.pop() if len(titles) == 1 else f"{len(faults)} problems"
        super().__init__(title, "\n".join(f"- {fault}" for fault in faults))


def raise_all(faults: Sequence[ReleaseAssetsError]) -> None:
    """Raise the only fault, or all of them in one; do nothing when there is none."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise MultipleErrors(faults)


def single_errors(error: ReleaseAssetsError) -> tuple[ReleaseAssetsError, ...]:
    """Return the single errors that an error is made of."""
    return error.faults if isinstance(error, MultipleErrors) else (error,)


class BugError(ReleaseAssetsError):
    """An exception that nobody foresaw."""

    title = "Bug"

    def __init__(self, error: Exception) -> None:
        # Only its kind: its text may hold anything.
        super().__init__(
            f"this is a bug in publish-release-assets ({type(error).__name__})",
            fix="please report it, with the log of a run with debug logging on",
        )


def as_errors(error: Exception) -> tuple[ReleaseAssetsError, ...]:
    """Return the single errors that an exception is made of; a BugError of an unforeseen one."""
    return single_errors(error) if isinstance(error, ReleaseAssetsError) else (BugError(error),)


class CancelledRunError(ReleaseAssetsError):
    """The run was told to end."""

    title = "Cancelled"

    def __init__(
        self,
        what: str = "the run was cancelled before all was done",
        *,
        fix: str = "run the job again: what is up is not sent again, what was begun is finished",
    ) -> None:
        super().__init__(what, fix=fix)


class NotBegunError(ReleaseAssetsError):
    """A file that was left alone because an error before it made it pointless."""

    title = "Not begun"

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} was left alone", fix="mend the first error, and run again for the rest"
        )
