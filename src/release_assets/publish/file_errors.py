"""The results of the files -> the errors to report, once for each cause. Pure."""

from collections.abc import Iterator, Sequence

from release_assets.errors import (
    CancelledRunError,
    CombinedError,
    NotStartedError,
    ReleaseAssetsError,
)
from release_assets.models import Result
from release_assets.publish.fatal import FATAL_ERRORS
from release_assets.report import Outcome
from release_assets.wording import words

_MAX_NAMES = 5  # of files in one error


class ManyFailedError(CombinedError):
    """Several files failed for the same cause, which is reported once, under its title."""

    def __init__(self, cause: ReleaseAssetsError, names: Sequence[str], outcome: Outcome) -> None:
        """names: of the files that failed. outcome: of the run so far."""
        count, more = len(names), len(names) - _MAX_NAMES
        listed = ", ".join(f"`{name}`" for name in names[:_MAX_NAMES])
        total = len(outcome.results)
        super().__init__(
            cause.title,
            words("{} of {} files failed: {}. {}", count, total, cause.what, _state(outcome)),
            where=listed + (f" and {more} more" if more > 0 else ""),
            fix=words("{}. The next run uploads only these {}", cause.fix, count),
        )
        self.cause = cause


def _state(outcome: Outcome) -> str:
    """Return what is on the release in spite of the errors."""
    on_release = sum(result.asset is not None for result in outcome.results)
    is_draft = outcome.release is not None and outcome.release.draft
    state = "still a draft" if is_draft else "public"
    if not on_release:
        return f"None of the files is on the release, which is {state}"
    are = "The other file is" if on_release == 1 else f"The other {on_release} are"
    return f"{are} on the release, which is {state}"


def file_errors_of(outcome: Outcome) -> Sequence[ReleaseAssetsError]:
    """Return the errors of the files. After a fatal error or a cancellation, only that one."""
    failed = [result for result in outcome.results if result.error is not None]
    errors = [result.error for result in failed if result.error is not None]
    for error in errors:
        # This error caused all later ones.
        if isinstance(error, (CancelledRunError, *FATAL_ERRORS)):
            return [error]
    started = [result for result in failed if not isinstance(result.error, NotStartedError)]
    return list(_group(started, outcome)) if started else errors


def _group(failed: Sequence[Result], outcome: Outcome) -> Iterator[ReleaseAssetsError]:
    """Yield one error for each cause, in the order of the files."""
    groups: dict[tuple[type, str, str], list[tuple[str, ReleaseAssetsError]]] = {}
    for name, error in [(one.file.name, one.error) for one in failed if one.error is not None]:
        groups.setdefault((type(error), error.what, error.fix), []).append((name, error))
    for group in groups.values():
        cause = group[0][1]
        names = [name for name, _ in group]
        yield cause if len(group) == 1 else ManyFailedError(cause, names, outcome)
