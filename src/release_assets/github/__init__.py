"""GitHub's REST API: releases and their assets, nothing else."""

from release_assets.github.client import GitHub
from release_assets.github.connect import connect_github
from release_assets.github.errors import (
    PERMISSION_FIX,
    BadCredentialsError,
    GitHubError,
    LockedError,
    NameTakenError,
    NotFoundError,
    NotWritableError,
    PermissionDeniedError,
    TransientError,
    UnexpectedAnswerError,
    VerificationFailedError,
)
from release_assets.github.http.transport import BLOCK
from release_assets.github.postconditions import release_update_mismatches
from release_assets.github.read_back import download_digest
from release_assets.github.retry import MAX_THROTTLED_SECONDS

__all__ = [
    "BLOCK",
    "MAX_THROTTLED_SECONDS",
    "PERMISSION_FIX",
    "BadCredentialsError",
    "GitHub",
    "GitHubError",
    "LockedError",
    "NameTakenError",
    "NotFoundError",
    "NotWritableError",
    "PermissionDeniedError",
    "TransientError",
    "UnexpectedAnswerError",
    "VerificationFailedError",
    "connect_github",
    "download_digest",
    "release_update_mismatches",
]
