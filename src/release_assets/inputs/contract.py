"""Every input with its name, its default and its help text. Pure."""

from collections.abc import Mapping

from release_assets.light_dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
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
            "Files to publish, one pattern per line: `dist/*.zip`, `**`, `{a,b}`. `!pattern` "
            "excludes files, `# comment` is ignored, and `pattern => name` renames a single "
            "match. Required, unless `manifest` lists files, or `publish` is `always` or "
            "`never`; without files, the step only creates, changes or publishes the release."
        ),
    ),
    Input(
        name="tag",
        default="",
        help=(
            "Tag of the release: `v1` or `refs/tags/v1`. Drafts are found as well. Default: the "
            "release of a `release` event, otherwise the pushed tag."
        ),
    ),
    Input(
        name="release-id",
        default="",
        help=(
            "Numeric ID of an existing release. If you also set `tag`, the release must have "
            "that tag."
        ),
    ),
    Input(
        name="repository",
        default="",
        help="Repository of the release, as `owner/name`.",
    ),
    Input(
        name="token",
        default="",
        help=(
            "Token that can write to the repository. The default token needs `permissions: "
            "contents: write`."
        ),
    ),
    Input(
        name="overwrite",
        default="false",
        help=(
            "What to do if an asset of the same name has different content: `false` fails "
            "before anything is uploaded, `true` replaces the asset and keeps the old one until "
            "the new one is verified, `skip` leaves it. Identical content is never uploaded "
            "again."
        ),
    ),
    Input(
        name="prune",
        default="",
        help=(
            "Patterns of asset names, one per line. After all uploads have "
            "succeeded, assets that match and are not in this set are deleted."
        ),
    ),
    Input(
        name="manifest",
        default="",
        help=(
            "YAML, as a path or inline: a list of `{path, name, label, content-type}`, where "
            "`path` may be a pattern. It is merged with `files`."
        ),
    ),
    Input(
        name="working-directory",
        default="",
        help="Directory that relative paths start from. Default: the workspace.",
    ),
    Input(
        name="if-no-files-found",
        default="error",
        help="What to do if a pattern matches no file: `error`, `warn` or `ignore`.",
    ),
    Input(
        name="checksums",
        default="",
        help=(
            "Name of an asset that lists the SHA-256 of every asset of the release, for example "
            "`SHA256SUMS`. `sha256sum -c` can read it."
        ),
    ),
    Input(
        name="create",
        default="true",
        help=(
            "Create the release if there is none: `true` or `false`. Unless you set `target`, "
            "the git tag must exist, so that a typo creates no tag."
        ),
        boolean=True,
    ),
    Input(
        name="if-release-exists",
        default="use",
        help=(
            "What to do if the release exists and is not an unfinished draft of this action: "
            "`use` adds the files and changes nothing else, `update` also changes the title, "
            "notes and flags that you set, `skip` does nothing, `error` fails before anything "
            "is uploaded."
        ),
    ),
    Input(
        name="title",
        default="",
        help="Title of the release. Default: the tag.",
    ),
    Input(
        name="notes",
        default="",
        help="Release notes, in Markdown.",
    ),
    Input(
        name="notes-file",
        default="",
        help="File with the release notes.",
    ),
    Input(
        name="generate-notes",
        default="",
        help=(
            "Add release notes that GitHub generates, below `notes`: `true` or `false`. "
            "Default: `false`."
        ),
        boolean=True,
    ),
    Input(
        name="previous-tag",
        default="",
        help="Tag at which generated notes start. Default: the tag of the previous release.",
    ),
    Input(
        name="prerelease",
        default="",
        help=(
            "Mark the release as a prerelease: `true` or `false`. Default for a new release: "
            "`false`."
        ),
        boolean=True,
    ),
    Input(
        name="make-latest",
        default="",
        help=(
            "Whether the published release becomes the latest: `true`, `false` or `legacy`. "
            "Default: GitHub decides."
        ),
    ),
    Input(
        name="target",
        default="",
        help=(
            "Where GitHub creates the git tag if it does not exist: a branch, a commit SHA, "
            "another tag or a ref."
        ),
    ),
    Input(
        name="discussion-category",
        default="",
        help="Category of the discussion that GitHub opens when the release is published.",
    ),
    Input(
        name="publish",
        default="auto",
        help=(
            "When to publish a draft. `auto` publishes a draft that this run created, or that "
            "an interrupted run created for the same files; with `expect`, any draft with the "
            "complete set. `always` publishes any draft; `never` publishes none."
        ),
    ),
    Input(
        name="expect",
        default="",
        help=(
            "Asset names or patterns, one per line. A draft is published only when each of them "
            "matches a verified asset; until then the step succeeds with `published=false`."
        ),
    ),
    Input(
        name="verify",
        default="auto",
        help=(
            "How uploads are verified: `auto` compares state, size and, if GitHub reports one, "
            "the digest. If there is no digest, `download` downloads the asset and compares it."
        ),
    ),
    Input(
        name="concurrency",
        default="auto",
        help=(
            "Maximum number of simultaneous uploads: a number, or `auto`, which starts at 8, "
            "grows to 32, and is halved when GitHub throttles."
        ),
    ),
    Input(
        name="max-attempts",
        default="5",
        help=(
            "Maximum number of attempts for each request, 1 to 20. Requests that a rate limit "
            "refuses do not count."
        ),
    ),
    Input(
        name="dry-run",
        default="false",
        help="Show the plan and change nothing: `true` or `false`.",
        boolean=True,
    ),
    Input(
        name="summary",
        default="true",
        help="Write the job summary: `true` or `false`.",
        boolean=True,
    ),
    Input(
        name="ca-bundle",
        default="",
        help=(
            "Certificates of a private certificate authority: a PEM file in the workspace, or "
            "PEM text. They are trusted in addition to the public ones."
        ),
    ),
)
"""Every input, in the order in which action.yml lists them."""

DEFAULTS: Mapping[str, str] = {given.name: given.default for given in INPUTS}
