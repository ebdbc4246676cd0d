"""Errors of GitHub: it refused, failed or could not be reached. Pure."""

from collections.abc import Container, Mapping
from typing import Any, Self

from release_assets.errors import ReleaseAssetsError
from release_assets.wording import Wording, input_name, joined, words

PERMISSION_FIX = Wording(
    "give the job `permissions: contents: write` (a pull request from a fork never gets it), or "
    "pass a `token` that may write releases",
    "give a token that may write releases: `contents: write`, or the scope `repo`",
)

# Field of a release that GitHub rejects -> the input that sets it.
_INPUT_OF_FIELD = {
    "tag_name": "tag",
    "target_commitish": "target",
    "name": "title",
    "body": "notes",
    "make_latest": "make-latest",
}


def fix_of(fields: Container[object], message: str = "") -> Wording:
    """Return the fix for a release that GitHub rejects because of these fields.

    message: GitHub's own; it alone names a previous tag that is not valid.
    """
    names = [input_name(name) for field, name in _INPUT_OF_FIELD.items() if field in fields]
    if "previous_tag" in message:
        names.append(input_name("previous-tag"))
    wrong = joined(" or ", names) if names else "what GitHub's message names"
    return words("correct {}, and run again", wrong)


class GitHubError(ReleaseAssetsError):
    """GitHub refused, failed or could not be reached."""

    title = "GitHub refused"

    def __init__(
        self, what: str, *, where: str = "", fix: str = "", status: int | None = None
    ) -> None:
        super().__init__(what, where=where, fix=fix)
        self.status = status


class NotFoundError(GitHubError):
    """404: it does not exist, or the token may not see it."""

    title = "Not found"


class BadCredentialsError(GitHubError):
    """401: the token is not valid."""

    title = "Token refused"


class PermissionDeniedError(GitHubError):
    """403: the token may not do this."""

    title = "Permission missing"


class NotWritableError(NotFoundError):
    """404 on a write: it does not exist, or the token may not write it."""

    title = "Permission missing"


class ValidationFailedError(GitHubError):
    """422: GitHub does not accept the request."""

    title = "GitHub refused"


class NameTakenError(ValidationFailedError):
    """422 `already_exists`: an asset has this name."""

    title = "Asset exists"


class LockedError(ValidationFailedError):
    """422: the release is immutable."""

    title = "Release is immutable"


class RetryableError(GitHubError):
    """The same request may succeed later."""

    title = "GitHub failed"

    def __init__(
        self,
        what: str,
        *,
        where: str = "",
        fix: str = "",
        status: int | None = None,
        wait_seconds: float | None = 0.0,
        headers: Mapping[str, str] | None = None,
        final: bool = False,
        attempts: int = 1,
    ) -> None:
        """wait_seconds: before the next attempt; None: too long to wait.

        headers: of the answer, names in lower case. final: whether no attempt is left. attempts: how
        many have failed.
        """
        super().__init__(what, where=where, fix=fix, status=status)
        self.wait_seconds = wait_seconds
        self.headers = headers or {}
        self.final = final
        self.attempts = attempts

    def after(self, attempts: int, *, final: bool) -> Self:
        """Return a copy that says how many attempts have failed, unless it does already."""
        is_counted = attempts == 1 or self.attempts > 1
        counted = "" if is_counted else f", in each of {attempts} attempts"
        return self._copy(
            what=self.what + counted, attempts=max(attempts, self.attempts), final=final
        )

    def waiting(self, seconds: float | None, *, final: bool = False, fix: str = "") -> Self:
        """Return a copy with the wait before the next attempt; None: too long to wait.

        fix: instead of the one that it has.
        """
        return self._copy(wait_seconds=seconds, final=final, fix=fix or self.fix)

    def _copy(self, **changes: Any) -> Self:  # noqa: ANN401 - values of several types
        names = ("where", "fix", "status", "wait_seconds", "headers", "final", "attempts")
        values = {name: getattr(self, name) for name in names} | changes
        return type(self)(values.pop("what", self.what), **values)


class RateLimitedError(RetryableError):
    """403 or 429: GitHub limits the rate. It has not done what was requested."""

    title = "Rate limited"


class TransientError(RetryableError):
    """The next attempt may succeed. GitHub may or may not have done what was requested."""

    title = "GitHub failed"


class UnreachableError(TransientError):
    """No answer came."""

    title = "GitHub could not be reached"


class UnexpectedAnswerError(TransientError):
    """The answer is not as documented."""

    title = "Unexpected answer"


class UnconfirmedError(TransientError):
    """GitHub reports success, but its answer does not show what was requested.

    Treat it like a lost response: refresh, then decide.
    """

    title = "Unconfirmed answer"


class CertificateError(GitHubError):
    """The server's certificate is not trusted."""

    title = "Certificate not trusted"


class VerificationFailedError(TransientError):
    """The received bytes are not those that were sent."""

    title = "Verification failed"
