"""The fix for a 404 response to a write: a missing permission. Pure."""

from release_assets.github import PERMISSION_FIX
from release_assets.inputs import Inputs


def permission_fix(inputs: Inputs) -> str:
    """Return the fix when GitHub answers 404 to a request to create or publish a release.

    Source: https://docs.github.com/en/rest/releases/releases#create-a-release (a commit that
    changes workflows needs more than the permission `contents: write`)
    """
    if not inputs.release.target:
        return PERMISSION_FIX
    return (
        f"{PERMISSION_FIX}; if `target` changes files below .github/workflows against the default "
        "branch, GitHub asks for a `token` with the workflow permission, which a job's own token "
        "never has: push the tag instead, and leave `target` out"
    )
