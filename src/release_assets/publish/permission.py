"""The fix for a refused write: a missing permission. Pure."""

from release_assets.github import NotWritableError, PermissionDeniedError
from release_assets.inputs import Inputs
from release_assets.wording import words

MISSING_PERMISSION = (NotWritableError, PermissionDeniedError)


def missing_permission(
    error: NotWritableError | PermissionDeniedError, inputs: Inputs
) -> NotWritableError | PermissionDeniedError:
    """Return the error for a refused request to create or publish a release, with its fix.

    Source: https://docs.github.com/en/rest/releases/releases#create-a-release (a commit that
    changes workflows needs more than the permission `contents: write`)
    """
    if not inputs.release.target:
        return error
    fix = words(
        "{}. If the commit of {target} changes files in `.github/workflows`, GitHub also requires the "
        "permission `workflows: write`, which a job's own token never has: push the tag instead, "
        "and remove {target}, or pass another {token}",
        error.fix,
    )
    return type(error)(error.what, where=error.where, fix=fix, status=error.status)
