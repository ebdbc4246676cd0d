"""Every input with its name, its default and its help text. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """An input of the action, and an option of the command line."""

    name: str
    default: str  # `action` and `cli` fill in `repository` and `token`
    help: str
    boolean: bool = False


INPUTS = (
    Input(
        name="files",
        default="",
        help=(
            "Files to publish, one pattern a line: `dist/*.zip`, `**`, `{a,b}`; `!pattern` "
            "excludes, `# comment` is skipped, `pattern => name` renames a single match. Required "
            "unless `manifest` names files, or `publish` is `always` or `never`: then the step "
            "creates, changes or publishes the release without files."
        ),
    ),
    Input(
        name="tag",
        default="",
        help=(
            "Tag of the release, `v1` or `refs/tags/v1`; drafts are found too. Default: the "
            "release of a `release` event, else the tag that was pushed."
        ),
    ),
    Input(
        name="release-id",
        default="",
        help=("Id of the release, a number. Must not contradict `tag`."),
    ),
    Input(name="repository", default="", help=("Repository of the release, `owner/name`.")),
    Input(
        name="token",
        default="",
        help=(
            "Token that may write the release: `permissions: contents: write` for the default one."
        ),
    ),
    Input(
        name="overwrite",
        default="false",
        help=(
            "An asset of the same name with other content: `false` refuses before anything is "
            "sent, `true` swaps it (the old one stays until the new one is verified), `skip` "
            "leaves it. Identical content is never sent again."
        ),
    ),
    Input(
        name="prune",
        default="",
        help=(
            "Patterns of asset names, one a line; assets on the release that match and are "
            "not in this set are deleted, last, after all else succeeded."
        ),
    ),
    Input(
        name="manifest",
        default="",
        help=(
            "YAML, a path or inline: a list of `{path, name, label, content-type}`; `path` "
            "may be a pattern. Merged with `files`."
        ),
    ),
    Input(
        name="working-directory",
        default="",
        help=("Directory that relative patterns start from. Default, the workspace."),
    ),
    Input(
        name="if-no-files-found",
        default="error",
        help=("What a pattern that matches no file is: `error`, `warn` or `ignore`."),
    ),
    Input(
        name="checksums",
        default="",
        help=(
            "Name of an asset with the SHA-256 of every asset of the release, for example "
            "`SHA256SUMS`, as `sha256sum -c` reads it."
        ),
    ),
    Input(
        name="create",
        default="true",
        help=(
            "Create the release when there is none: `true` or `false`. The git tag must exist, "
            "unless `target` is given, so that a typo creates no tag."
        ),
        boolean=True,
    ),
    Input(
        name="if-release-exists",
        default="use",
        help=(
            "What to do with a release that exists and is not an unfinished draft of this action: "
            "`use` adds the files and changes nothing else, `update` also changes the title, "
            "notes and flags that are given, `skip` does nothing, `error` fails before anything "
            "is sent."
        ),
    ),
    Input(name="title", default="", help=("Title of the release. Default, the tag.")),
    Input(name="notes", default="", help=("Notes of the release, in Markdown.")),
    Input(name="notes-file", default="", help=("File with the notes of the release.")),
    Input(
        name="generate-notes",
        default="",
        help=(
            "Let GitHub write the notes of the release, below `notes`: `true` or `false`. "
            "Default, `false`."
        ),
        boolean=True,
    ),
    Input(
        name="previous-tag",
        default="",
        help=("Tag at which generated notes begin. Default, the tag of the release before."),
    ),
    Input(
        name="prerelease",
        default="",
        help=(
            "Whether the release is a prerelease: `true` or `false`. Default, `false` for a new "
            "release."
        ),
        boolean=True,
    ),
    Input(
        name="make-latest",
        default="",
        help=(
            "Whether the published release becomes the latest: `true`, `false` or `legacy`. "
            "Default, as GitHub decides."
        ),
    ),
    Input(
        name="target",
        default="",
        help=(
            "Where the git tag is created when it does not exist: a branch, a commit id, another "
            "tag or a ref."
        ),
    ),
    Input(
        name="discussion-category",
        default="",
        help=("Category of a discussion that is opened for the release when it is published."),
    ),
    Input(
        name="publish",
        default="auto",
        help=(
            "When a draft is published: `auto` (the draft that this run created, or an earlier "
            "run for the same files that was interrupted; with `expect`, the draft that is "
            "complete), `always` or `never`."
        ),
    ),
    Input(
        name="expect",
        default="",
        help=(
            "Asset names or patterns, one a line; a draft is published only when each matches a "
            "verified asset. Until then it stays a draft and the step succeeds with "
            "`published=false`."
        ),
    ),
    Input(
        name="verify",
        default="auto",
        help=(
            "How an upload is verified: `auto` by state, size, and digest where GitHub reports "
            "one; `download` reads the asset back where there is no digest."
        ),
    ),
    Input(
        name="concurrency",
        default="auto",
        help=(
            "Most simultaneous uploads: a number, or `auto`, which starts at 8, grows to 32, and "
            "is halved when GitHub throttles."
        ),
    ),
    Input(
        name="max-attempts",
        default="5",
        help=(
            "Attempts for each request, 1 to 20; a request that a rate limit refuses does not "
            "count."
        ),
    ),
    Input(
        name="dry-run",
        default="false",
        help=("Plan only and change nothing: `true` or `false`."),
        boolean=True,
    ),
    Input(
        name="summary",
        default="true",
        help=("Write the job summary: `true` or `false`."),
        boolean=True,
    ),
    Input(
        name="ca-bundle",
        default="",
        help=(
            "Certificates of a private authority, a PEM file in the workspace or PEM text, "
            "trusted in addition to the public ones."
        ),
    ),
)
"""Every input, in the order in which action.yml lists them."""

DEFAULTS: Mapping[str, str] = {given.name: given.default for given in INPUTS}
