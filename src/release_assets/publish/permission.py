"""The fix for a 404 response to a write: a missing permission. Pure."""

from release_assets.github import NotWritableError
from release_assets.inputs import Inputs
from release_assets.wording import words


def missing_permission(error: NotWritableError, inputs: Inputs) -> NotWritableError:
    """Return the error for a 404 to a request to create or publish a release, with its fix.

    Source: https://docs.github.com/en/rest/releases/releases#create-a-release (a commit that
    changes workflows needs more than the permission `contents: write`)
    """
    if not inputs.release.target:
        return error
    fix = words(
        "{}; if {target} changes files below .github/workflows against the default branch, GitHub"
        " asks for a {token} with the workflow permission, which a job's own token never has: "
        "push the tag instead, and leave {target} out",
        error.fix,
    )
    return NotWritableError(error.what, where=error.where, fix=fix, status=error.status)
