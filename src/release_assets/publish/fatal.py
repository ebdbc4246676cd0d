"""The fatal errors: each of them would fail every remaining upload. Pure."""

from release_assets.github import BadCredentialsError, LockedError, PermissionDeniedError

FATAL_ERRORS = (BadCredentialsError, PermissionDeniedError, LockedError)
"""After one of these the run starts no more uploads."""
