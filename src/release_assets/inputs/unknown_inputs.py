"""Errors for inputs of other release actions and for misspelled input names. Pure."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from release_assets.errors import ReleaseAssetsError
from release_assets.inputs.contract import DEFAULTS
from release_assets.inputs.errors import OtherActionInputError, UnknownInputError

_SOFTPROPS = "softprops/action-gh-release"
_SVENSTARO = "svenstaro/upload-release-action"
_NCIPOLLO = "ncipollo/release-action"
_CREATE = "actions/create-release"
_UPLOAD = "actions/upload-release-asset"
_SHOGO = "shogo82148/actions-upload-release-asset"
_BUTLER = "AButler/upload-release-assets"
_XRESLOADER = "xresloader/upload-to-github-release"

_FILES = "write `files: PATTERN`, one pattern per line"
_TAG = "write `tag: TAG`"
_ID = "write `release-id: ID`"
_REPOSITORY = "write `repository: OWNER/NAME`"
_LOGIN = "write `token: TOKEN`, or leave it out to use the job's own"
_NAME = "write `files: PATH => NAME`"
_TYPE = "leave it out: the type is derived from the name, or from `content-type` in `manifest`"
_TITLE = "write `title: TITLE`"
_NOTES = "write `notes: TEXT`"
_NOTES_FILE = "write `notes-file: PATH`"
_APPEND = "leave it out: notes are never appended; set the complete notes with `if-release-exists: update`"
_OVERWRITE = "write `overwrite: true`; the old asset stays until the new one is verified"
_DRAFT = "write `publish: never` in place of `true`, and leave out `false`"
_GENERATE = "write `generate-notes: true`"
_SINCE = "write `previous-tag: TAG`"
_TARGET = "write `target: COMMIT`"
_LATEST = "write `make-latest: true`, `false` or `legacy`"
_CATEGORY = "write `discussion-category: NAME`"
_OMITTED = "leave it out: an input that you do not set changes nothing"
_WHEN = "leave it out: `on:` and `if:` of the workflow decide when the step runs"


class Replacement(NamedTuple):
    """What to write in place of an input of other actions."""

    instead: str  # an instruction
    actions: tuple[str, ...]  # the other actions that have the input, OWNER/NAME


REPLACEMENTS: Mapping[str, Replacement] = {
    # softprops/action-gh-release
    "tag_name": Replacement(_TAG, (_SOFTPROPS, _CREATE, _XRESLOADER)),
    "name": Replacement(_TITLE, (_SOFTPROPS, _NCIPOLLO)),
    "body": Replacement(_NOTES, (_SOFTPROPS, _SVENSTARO, _NCIPOLLO, _CREATE)),
    "body_path": Replacement(_NOTES_FILE, (_SOFTPROPS, _CREATE)),
    "append_body": Replacement(_APPEND, (_SOFTPROPS,)),
    "draft": Replacement(_DRAFT, (_SOFTPROPS, _SVENSTARO, _NCIPOLLO, _CREATE, _XRESLOADER)),
    "target_commitish": Replacement(_TARGET, (_SOFTPROPS,)),
    "generate_release_notes": Replacement(_GENERATE, (_SOFTPROPS,)),
    "previous_tag": Replacement(_SINCE, (_SOFTPROPS,)),
    "make_latest": Replacement(_LATEST, (_SOFTPROPS, _SVENSTARO)),
    "discussion_category_name": Replacement(_CATEGORY, (_SOFTPROPS,)),
    "fail_on_unmatched_files": Replacement(
        "write `if-no-files-found: warn` in place of `false`, and leave out `true`", (_SOFTPROPS,)
    ),
    "overwrite_files": Replacement(_OVERWRITE, (_SOFTPROPS,)),
    "preserve_order": Replacement(
        "leave it out: the outputs list the assets in the order of `files`", (_SOFTPROPS,)
    ),
    "working_directory": Replacement("write `working-directory: PATH`", (_SOFTPROPS,)),
    # svenstaro/upload-release-action
    "repo_token": Replacement(_LOGIN, (_SVENSTARO,)),
    "file": Replacement(_FILES, (_SVENSTARO, _XRESLOADER)),
    "file_glob": Replacement("leave it out: every line of `files` is a pattern", (_SVENSTARO,)),
    "asset_name": Replacement(_NAME, (_SVENSTARO, _UPLOAD, _SHOGO)),
    "check_duplicates": Replacement(
        "leave it out: the release is read once, whatever the number of files", (_SVENSTARO,)
    ),
    "promote": Replacement(
        "write `if-release-exists: update` and `prerelease: false`", (_SVENSTARO,)
    ),
    "release_name": Replacement(_TITLE, (_SVENSTARO, _CREATE)),
    "target_commit": Replacement(_TARGET, (_SVENSTARO,)),
    "release_id": Replacement(_ID, (_SVENSTARO, _XRESLOADER)),
    "repo_name": Replacement(_REPOSITORY, (_SVENSTARO,)),
    # ncipollo/release-action
    "artifacts": Replacement(_FILES, (_NCIPOLLO,)),
    "artifact": Replacement(_FILES, (_NCIPOLLO,)),
    "artifactContentType": Replacement(_TYPE, (_NCIPOLLO,)),
    "artifactErrorsFailBuild": Replacement(
        "leave it out: the step always fails when an asset is missing", (_NCIPOLLO,)
    ),
    "allowUpdates": Replacement(
        "write `if-release-exists: update` in place of `true`, `if-release-exists: error` in place of `false`",
        (_NCIPOLLO,),
    ),
    "bodyFile": Replacement(_NOTES_FILE, (_NCIPOLLO,)),
    "commit": Replacement(_TARGET, (_NCIPOLLO,)),
    "discussionCategory": Replacement(_CATEGORY, (_NCIPOLLO,)),
    "generateReleaseNotes": Replacement(_GENERATE, (_NCIPOLLO,)),
    "generateReleaseNotesPreviousTag": Replacement(_SINCE, (_NCIPOLLO,)),
    "immutableCreate": Replacement(
        "leave it out: a release is always created as a draft, and published last", (_NCIPOLLO,)
    ),
    "makeLatest": Replacement(_LATEST, (_NCIPOLLO,)),
    "omitBody": Replacement(_OMITTED, (_NCIPOLLO,)),
    "omitBodyDuringUpdate": Replacement(_OMITTED, (_NCIPOLLO,)),
    "omitDraftDuringUpdate": Replacement(
        "leave it out: a public release never becomes a draft", (_NCIPOLLO,)
    ),
    "omitName": Replacement(_OMITTED, (_NCIPOLLO,)),
    "omitNameDuringUpdate": Replacement(_OMITTED, (_NCIPOLLO,)),
    "omitPrereleaseDuringUpdate": Replacement(_OMITTED, (_NCIPOLLO,)),
    "owner": Replacement(_REPOSITORY, (_NCIPOLLO, _CREATE)),
    "removeArtifacts": Replacement(
        "write `prune: '*'`; what is not in this set is deleted after all uploads", (_NCIPOLLO,)
    ),
    "replacesArtifacts": Replacement(_OVERWRITE, (_NCIPOLLO,)),
    "repo": Replacement(_REPOSITORY, (_NCIPOLLO, _CREATE)),
    "skipIfReleaseExists": Replacement("write `if-release-exists: skip`", (_NCIPOLLO,)),
    "updateOnlyUnreleased": Replacement(
        "write `if-release-exists: use` (the default), which never changes an existing release",
        (_NCIPOLLO,),
    ),
    # actions/create-release, actions/upload-release-asset, shogo82148/actions-upload-release-asset
    "commitish": Replacement(_TARGET, (_CREATE,)),
    "upload_url": Replacement(
        "write `tag: TAG` or `release-id: ID`; the action gets the upload URL from GitHub",
        (_UPLOAD, _SHOGO),
    ),
    "asset_path": Replacement(_FILES, (_UPLOAD, _SHOGO)),
    "asset_content_type": Replacement(_TYPE, (_UPLOAD, _SHOGO)),
    "github_token": Replacement(_LOGIN, (_SHOGO,)),
    # AButler/upload-release-assets
    "release-tag": Replacement(_TAG, (_BUTLER,)),
    "repo-token": Replacement(_LOGIN, (_BUTLER,)),
    # xresloader/upload-to-github-release
    "delete_file": Replacement(
        "write `prune: PATTERN`, one pattern per line; what is not in this set is deleted after all uploads",
        (_XRESLOADER,),
    ),
    "tags": Replacement(
        "leave it out: `on:` and `if:` of the workflow decide when the step runs; to name the release's tag, write `tag: TAG`",
        (_XRESLOADER,),
    ),
    "branches": Replacement(_WHEN, (_XRESLOADER,)),
    "verbose": Replacement(
        "leave it out: enable debug logging to see more in the log", (_XRESLOADER,)
    ),
    "update_latest_release": Replacement(
        "write `tag: TAG`, with the tag of the latest release", (_XRESLOADER,)
    ),
    "default_release_name": Replacement(_TITLE, (_XRESLOADER,)),
    "default_release_body": Replacement(_NOTES, (_XRESLOADER,)),
    "default_release_body_path": Replacement(_NOTES_FILE, (_XRESLOADER,)),
    "update_release_body": Replacement(
        "write `notes: TEXT` and `if-release-exists: update`", (_XRESLOADER,)
    ),
    "update_release_body_path": Replacement(
        "write `notes-file: PATH` and `if-release-exists: update`", (_XRESLOADER,)
    ),
    "update_release_body_append": Replacement(_APPEND, (_XRESLOADER,)),
    "target_owner": Replacement(_REPOSITORY, (_XRESLOADER,)),
    "target_repo": Replacement(_REPOSITORY, (_XRESLOADER,)),
    "find_draft_release_count": Replacement(
        "leave it out: all releases are searched for the draft", (_XRESLOADER,)
    ),
}
"""Name of an input of other actions -> what to write instead, and which actions have it.

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
        OtherActionInputError(name, *REPLACEMENTS[name]) for name in given if name in REPLACEMENTS
    )
    return (*of_other_actions, *_misspelled(name for name in given if name not in REPLACEMENTS))


def _misspelled(names: Iterator[str]) -> Iterator[UnknownInputError]:
    for name in names:
        if name in DEFAULTS:
            continue
        from difflib import get_close_matches  # few runs need it

        for suggestion in get_close_matches(name.replace("_", "-"), DEFAULTS, 1, _MIN_SIMILARITY):
            yield UnknownInputError(name, suggestion)
