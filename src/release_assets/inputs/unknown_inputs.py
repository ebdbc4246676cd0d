"""Errors for inputs of other release actions and for misspelled input names. Pure."""

from collections.abc import Iterator, Mapping

from release_assets.errors import ReleaseAssetsError
from release_assets.inputs.contract import DEFAULTS
from release_assets.inputs.errors import OtherActionInputError, UnknownInputError

_FILES = "write `files: PATTERN`, one pattern a line"
_TAG = "write `tag: TAG`"
_REPOSITORY = "write `repository: OWNER/NAME`"
_LOGIN = "write `token: TOKEN`, or leave it out to use the job's own"
_NAME = "write `files: PATH => NAME`"
_TYPE = "leave it out: the type follows from the name, or from `content-type` in `manifest`"
_TITLE = "write `title: TITLE`"
_NOTES = "write `notes: TEXT`"
_NOTES_FILE = "write `notes-file: PATH`"
_OVERWRITE = "write `overwrite: true`; the old asset stays until the new one is verified"
_DRAFT = "write `publish: never` in place of `true`, and leave out `false`"
_GENERATE = "write `generate-notes: true`"
_SINCE = "write `previous-tag: TAG`"
_TARGET = "write `target: COMMIT`"
_LATEST = "write `make-latest: true`, `false` or `legacy`"
_CATEGORY = "write `discussion-category: NAME`"
_OMITTED = "leave it out: an input that is not given changes nothing"
_ERRORS = "leave it out: the step always fails when an asset is missing"

REPLACEMENTS: Mapping[str, str] = {
    # softprops/action-gh-release
    "tag_name": _TAG,
    "name": _TITLE,
    "body": _NOTES,
    "body_path": _NOTES_FILE,
    "append_body": (
        "leave it out: notes are never appended; give the whole notes with `if-release-exists: update`"
    ),
    "draft": _DRAFT,
    "target_commitish": _TARGET,
    "generate_release_notes": _GENERATE,
    "previous_tag": _SINCE,
    "make_latest": _LATEST,
    "discussion_category_name": _CATEGORY,
    "fail_on_unmatched_files": (
        "write `if-no-files-found: warn` in place of `false`, and leave out `true`"
    ),
    "overwrite_files": _OVERWRITE,
    "preserve_order": "leave it out: the outputs list the assets in the order of `files`",
    "working_directory": "write `working-directory: PATH`",
    # svenstaro/upload-release-action
    "repo_token": _LOGIN,
    "file": _FILES,
    "file_glob": "leave it out: every line of `files` is a pattern",
    "asset_name": _NAME,
    "check_duplicates": "leave it out: the release is read once, whatever the number of files",
    "promote": "write `if-release-exists: update` and `prerelease: false`",
    "release_name": _TITLE,
    "target_commit": _TARGET,
    "release_id": "write `release-id: ID`",
    "repo_name": _REPOSITORY,
    # ncipollo/release-action
    "artifacts": _FILES,
    "artifact": _FILES,
    "artifactContentType": _TYPE,
    "artifactErrorsFailBuild": _ERRORS,
    "allowUpdates": (
        "write `if-release-exists: update` in place of `true`, `if-release-exists: error` in place of "
        "`false`"
    ),
    "bodyFile": _NOTES_FILE,
    "commit": _TARGET,
    "discussionCategory": _CATEGORY,
    "generateReleaseNotes": _GENERATE,
    "generateReleaseNotesPreviousTag": _SINCE,
    "immutableCreate": "leave it out: a release is always created as a draft, and published last",
    "makeLatest": _LATEST,
    "omitBody": _OMITTED,
    "omitBodyDuringUpdate": _OMITTED,
    "omitDraftDuringUpdate": "leave it out: a public release never becomes a draft",
    "omitName": _OMITTED,
    "omitNameDuringUpdate": _OMITTED,
    "omitPrereleaseDuringUpdate": _OMITTED,
    "owner": _REPOSITORY,
    "removeArtifacts": "write `prune: '*'`; what is not in this set is deleted, at the end",
    "replacesArtifacts": _OVERWRITE,
    "repo": _REPOSITORY,
    "skipIfReleaseExists": "write `if-release-exists: skip`",
    "updateOnlyUnreleased": "write `if-release-exists: use` (the default), which changes no release that exists",
    # actions/upload-release-asset, actions/create-release, shogo82148/actions-upload-release-asset
    "upload_url": "write `tag: TAG` or `release-id: ID`; the upload URL is asked from GitHub",
    "asset_path": _FILES,
    "asset_content_type": _TYPE,
    "commitish": _TARGET,
    "github_token": _LOGIN,
}
"""Name of an input of another action -> what to write instead.

Source: action.yml and the code that reads the inputs, in each project on https://github.com/OWNER/NAME.
"""

_MIN_SIMILARITY = 0.8  # `titel` is similar to `title`; 1 means equal


def unknown_input_errors(values: Mapping[str, str]) -> tuple[ReleaseAssetsError, ...]:
    """Return an error for each input of another action, and for each misspelled input name.

    Any other unknown input is ignored, because the runner warns about it. It may be a variable
    that only looks like an input.
    """
    given = [name for name, value in values.items() if value.strip()]
    of_other_actions = (
        OtherActionInputError(name, REPLACEMENTS[name]) for name in given if name in REPLACEMENTS
    )
    return (*of_other_actions, *_misspelled(name for name in given if name not in REPLACEMENTS))


def _misspelled(names: Iterator[str]) -> Iterator[UnknownInputError]:
    for name in names:
        if name in DEFAULTS:
            continue
        from difflib import get_close_matches  # few runs need it

        for suggestion in get_close_matches(name.replace("_", "-"), DEFAULTS, 1, _MIN_SIMILARITY):
            yield UnknownInputError(name, suggestion)
