"""What the user can act on: GitHub refused, failed or was not reached. Pure."""

from collections.abc import Container, Mapping
from typing import Self

from release_assets.errors import ReleaseAssetsError

PERMISSION_FIX = (
    "give the job `permissions: contents: write`, or pass a `token` that may write releases"
)

# What GitHub names in its complaints of a release -> the input that says it.
_INPUTS = {
    "tag_name": "tag",
    "target_commitish": "target",
    "name": "title",
    "body": "notes",
    "make_latest": "make-latest",
}


def fix_of(fields: Container[object], message: str = "") -> str:
    """Return what to do about a release that GitHub does not accept for the sake of these fields.

    message: what GitHub says; of a tag that notes cannot begin at, it names no field.
    """
    names = [f"`{name}`" for field, name in _INPUTS.items() if field in fields]
    if "previous_tag" in message:
        names.append("`previous-tag`")
    return f"correct {' or '.join(names) or 'what the message names'}, and run again"


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
    """404 on a write: it is gone, or the token may not write it."""

    title = "Permission missing"


class ValidationFailedError(GitHubError):
    """422: GitHub does not accept what was asked."""

    title = "GitHub refused"


class NameTakenError(ValidationFailedError):
    """422 `already_exists`: an asset of that name is there."""

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
    ) -> None:
        """wait_seconds: before the next attempt; None: longer than anyone should wait.

        headers: of the answer, names in lower case. final: whether every attempt was made.
        """
        super().__init__(what, where=where, fix=fix, status=status)
        self.wait_seconds = wait_seconds
        self.headers = headers or {}
        self.final = final

    def waiting(self, seconds: float | None, *, final: bool = False) -> Self:
        """Return the same error with the wait before the next attempt; None: do not wait."""
        return type(self)(
            self.what,
            where=self.where,
            fix=self.fix,
            status=self.status,
            wait_seconds=seconds,
            headers=self.headers,
            final=final,
        )


class RateLimitedError(RetryableError):
    """403 or 429: GitHub says to slow down. It has done nothing of what was asked."""

    title = "Rate limited"


class TransientError(RetryableError):
    """It may succeed the next time. Nobody knows whether GitHub has done what was asked."""

    title = "GitHub failed"


class UnreachableError(TransientError):
    """No answer came."""

    title = "GitHub could not be reached"


class UnexpectedAnswerError(TransientError):
    """An answer that is not what the documentation says."""

    title = "Unexpected answer"


class UnconfirmedError(TransientError):
    """GitHub answered success, but its answer does not show what was asked.

    To be treated as a lost response: look first, then decide.
    """

    title = "Unconfirmed answer"


class CertificateError(GitHubError):
    """The server's certificate is not trusted."""

    title = "Certificate not trusted"


class VerificationFailedError(TransientError):
    """What arrived is not what was sent."""

    title = "Verification failed"
