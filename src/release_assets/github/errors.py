"""What the user can act on: GitHub refused, failed or was not reached. Pure."""

from collections.abc import Container, Mapping

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


def fix_of(fields: Container[object]) -> str:
    """Return what to do about a release that GitHub does not accept for the sake of these fields."""
    names = [f"`{name}`" for field, name in _INPUTS.items() if field in fields]
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


class TransientError(GitHubError):
    """It may well work the next time: what became of the request is not known."""

    title = "GitHub failed"
    wait_seconds: float | None = 0.0  # before the next try; None: longer than anyone should wait
    headers: Mapping[str, str] | None = None  # of the answer, names in lower case
    final: bool = False  # whether it was tried as often as it may be


class RateLimitedError(TransientError):
    """403 or 429: GitHub says to slow down. It has done nothing of what was asked."""

    title = "Rate limited"


class UnreachableError(TransientError):
    """No answer came."""

    title = "GitHub could not be reached"


class UnexpectedAnswerError(TransientError):
    """An answer that is not what the documentation says."""

    title = "Unexpected answer"


class CertificateError(GitHubError):
    """The server's certificate is not trusted."""

    title = "Certificate not trusted"


class VerificationFailedError(TransientError):
    """What arrived is not what was sent."""

    title = "Verification failed"
