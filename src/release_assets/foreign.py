"""Inputs of other release actions, and what stands for each here. Pure."""

from collections.abc import Mapping

from release_assets.errors import ForeignInputError

_FILES = "write `files: PATTERN`, one pattern a line"
_TAG = "write `tag: TAG`"
_LOGIN = "write `token: TOKEN`, or leave it out to use the job's own"
_NAME = "write `files: PATH => NAME`"
_TYPE = "leave it out (the name tells the type), or set `content-type` in `manifest`"
_TITLE = "write `title: TITLE`"
_NOTES = "write `notes: TEXT`"
_NOTES_FILE = "write `notes-file: PATH`"
_OVERWRITE = "write `overwrite: true`; the old asset stays until the new one is verified"
_DRAFT = "write `publish: never` to leave the release a draft"
_GENERATE = "write `generate-notes: true`"
_TARGET = "write `target: COMMIT`"
_LATEST = "write `make-latest: true`, `false` or `legacy`"
_CATEGORY = "write `discussion-category: NAME`"
_ALWAYS = "leave it out: an existing release is found by its tag and never edited"
_GONE = "leave it out: this action never deletes what it is not told to by `prune`"

REPLACEMENTS: Mapping[str, str] = {
    # softprops/action-gh-release
    "tag_name": _TAG,
    "name": _TITLE,
    "body": _NOTES,
    "body_path": _NOTES_FILE,
    "draft": _DRAFT,
    "target_commitish": _TARGET,
    "generate_release_notes": _GENERATE,
    "make_latest": _LATEST,
    "discussion_category_name": _CATEGORY,
    "fail_on_unmatched_files": "write `if-no-files-found: error` (the default), `warn` or `ignore`",
    "overwrite_files": _OVERWRITE,
    "preserve_order": "leave it out: assets are listed in the order of `files` in the outputs",
    "append_body": _ALWAYS,
    "working_directory": "write `working-directory: PATH`",
    # svenstaro/upload-release-action
    "repo_token": _LOGIN,
    "file": _FILES,
    "file_glob": "leave it out: every line of `files` is a pattern",
    "asset_name": _NAME,
    "release_name": _TITLE,
    "release_id": "write `release-id: ID`",
    "repo_name": "write `repository: OWNER/NAME`",
    "promote": "write `publish: always`",
    # ncipollo/release-action
    "artifacts": _FILES,
    "artifact": _FILES,
    "artifactContentType": _TYPE,
    "artifactErrorsFailBuild": "leave it out: the step fails when an asset is missing",
    "allowUpdates": _ALWAYS,
    "bodyFile": _NOTES_FILE,
    "commit": _TARGET,
    "discussionCategory": _CATEGORY,
    "generateReleaseNotes": _GENERATE,
    "makeLatest": _LATEST,
    "omitBody": _ALWAYS,
    "omitBodyDuringUpdate": _ALWAYS,
    "omitName": _ALWAYS,
    "removeArtifacts": "write `prune: PATTERN` for the assets to delete",
    "replacesArtifacts": _OVERWRITE,
    "skipIfReleaseExists": "write `if:` on the step, or `overwrite: skip`",
    "updateOnlyUnreleased": _ALWAYS,
    # actions/upload-release-asset, actions/create-release, shogo82148/actions-upload-release-asset
    "upload_url": "write `tag: TAG` or `release-id: ID`; the upload URL is asked from GitHub",
    "asset_path": _FILES,
    "asset_content_type": _TYPE,
    "github_token": _LOGIN,
    # others
    "replace_existing": _OVERWRITE,
    "delete_existing": _GONE,
}
"""Name of a foreign input -> what to write instead.

Source: the action.yml of each project, on https://github.com/OWNER/NAME.
"""


def foreign_faults(values: Mapping[str, str]) -> tuple[ForeignInputError, ...]:
    """Answer inputs that other actions know, and that were surely not meant for nothing."""
    return tuple(
        ForeignInputError(name, replacement)
        for name, replacement in REPLACEMENTS.items()
        if values.get(name, "").strip()
    )
