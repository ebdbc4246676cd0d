"""Which errors will fail every remaining upload. Pure."""

from release_assets.github import BadCredentialsError, LockedError, PermissionDeniedError

FATAL_ERRORS = (BadCredentialsError, PermissionDeniedError, LockedError)
"""After one of these no further upload is started."""
