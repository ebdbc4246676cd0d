"""The errors about releases, tags and assets. Pure."""

from collections.abc import Sequence

from release_assets.errors import ReleaseAssetsError
from release_assets.wording import Wording, words

_SUCH_AS = Wording(", such as `target: ${{ github.sha }}`", "")
_NO_DIGEST = ", and the server reports no digest to compare it with"
_SWAP_FIX = words(
    "set {overwrite: true} to replace it, {overwrite: skip} to keep it, or rename the file"
)


class ReleaseNotFoundError(ReleaseAssetsError):
    """The release does not exist."""

    title = "Release not found"


class TagNotFoundError(ReleaseAssetsError):
    """The git tag does not exist, and no `target` says where to create it."""

    title = "Tag not found"

    def __init__(self, tag: str, repository: str) -> None:
        super().__init__(
            f"there is no release and no git tag `{tag}`",
            where=repository,
            fix=words(
                "push the tag first, correct {tag}, or let GitHub create the tag: set {target}{}",
                _SUCH_AS,
            ),
        )


class ReleaseExistsError(ReleaseAssetsError):
    """The release exists, and `if-release-exists` is `error`."""

    title = "Release exists"

    def __init__(self, tag: str, url: str, *, draft: bool) -> None:
        kind = "draft" if draft else "release"
        super().__init__(
            words("`{}` already has a {}, and {if-release-exists} is `error`", tag, kind),
            where=url,
            fix=words(
                "publish under another tag, delete that {}, or set {if-release-exists: use}", kind
            ),
        )


class UntaggedReleaseError(ReleaseAssetsError):
    """A draft has lost its tag, and the inputs give only its id."""

    title = "Draft without a tag"

    def __init__(self, release_id: int, tag: str, url: str) -> None:
        super().__init__(
            f"draft {release_id} has lost its tag: somebody edited it without naming the tag, so "
            f"GitHub now calls it `{tag}`",
            where=url,
            fix=words("set {tag} in addition to {release-id}; the draft then gets this tag"),
        )


class TargetNotFoundError(ReleaseAssetsError):
    """`target` is no commit of the repository."""

    title = "Target not found"

    def __init__(self, target: str, repository: str) -> None:
        super().__init__(
            words("{target} is `{}`, but the repository has no such branch or commit", target),
            where=repository,
            fix=words("push it first, or set {target} to a branch or commit there{}", _SUCH_AS),
        )


class TargetsDifferError(ReleaseAssetsError):
    """Another job of the same workflow run has another `target`."""

    title = "Jobs disagree"

    def __init__(self, tag: str, found: str, target: str, url: str) -> None:
        super().__init__(
            words(
                "another job of this workflow run gave {target: {}} for `{}`, and this one gives "
                "{target: {}}: the files may be of two commits",
                found,
                tag,
                target,
            ),
            where=url,
            fix=words(
                "give all jobs the same {target}{}, and run the whole workflow again", _SUCH_AS
            ),
        )


class TagMovedError(ReleaseAssetsError):
    """The git tag points to another commit than at the start of the run, or than `target`."""

    title = "Tag moved"

    def __init__(self, tag: str, found: str | None, expected: str, url: str) -> None:
        now = f"points to commit {found[:12]}" if found else "is gone"
        move = "move" if found else "push"
        super().__init__(
            f"the tag `{tag}` {now}, but the files are for commit {expected[:12]}",
            where=url,
            fix=words(
                "{} `{}` to the commit that the files were built from, and {RUN_AGAIN}", move, tag
            ),
        )


class DuplicateDraftsError(ReleaseAssetsError):
    """Another draft of the tag was elected at every restart of the run."""

    title = "Duplicate drafts"

    def __init__(self, tag: str, url: str) -> None:
        super().__init__(
            f"`{tag}` has several drafts, and other jobs or people keep changing which one is the oldest",
            where=url,
            fix=words("delete all drafts of the tag but one, and {RUN_AGAIN}"),
        )


class ReleaseChangedError(ReleaseAssetsError):
    """The release, read back at the end, differs from what the inputs describe."""

    title = "Release is not as requested"

    def __init__(self, tag: str, differences: Sequence[str], url: str, fix: str) -> None:
        super().__init__(
            f"read back at the end, the release `{tag}` differs: {'; '.join(differences)}",
            where=url,
            fix=fix,
        )


class UnsafePlanError(ReleaseAssetsError):
    """The plan would delete an asset that it also keeps or relies on."""

    title = "Unsafe plan"

    def __init__(self, name: str, asset_id: int) -> None:
        super().__init__(
            f"asset `{name}`, id {asset_id}, would be deleted, although this run keeps or needs it",
            fix=words("{RUN_AGAIN}; if it fails again, report it {DEBUG_LOG}"),
        )


class ImmutableReleaseError(ReleaseAssetsError):
    """The release is immutable."""

    title = "Release is immutable"

    def __init__(self, tag: str, url: str) -> None:
        super().__init__(
            f"the release `{tag}` is immutable, so its assets cannot change",
            where=url,
            fix=words(
                "publish under a new tag; upload all files to its draft before you publish it "
                "(see {publish} and {expect})"
            ),
        )


class TooManyAssetsError(ReleaseAssetsError):
    """The release would exceed the limit of assets."""

    title = "Too many assets"

    def __init__(self, count: int, limit: int, *, swap: bool) -> None:
        extra = ", including one temporary asset for a swap" if swap else ""
        super().__init__(
            f"the release would have {count} assets{extra}; GitHub allows {limit}",
            fix="publish fewer files (pack some into an archive), or delete old assets",
        )


class AssetExistsError(ReleaseAssetsError):
    """The release has an asset of this name, with other or unknown content."""

    title = "Asset exists"

    def __init__(self, path: str, name: str, url: str, *, known: bool) -> None:
        content = " with different content" if known else _NO_DIGEST
        compare_fix = words("set {verify: download} to compare the content, ")
        super().__init__(
            f"{path}: the release already has `{name}`{content}",
            where=url,
            fix=words("{}{}", "" if known else compare_fix, _SWAP_FIX),
        )


class UnknownStateError(ReleaseAssetsError):
    """The release has an asset of this name, in a state in which it may have content."""

    title = "Asset in an unknown state"

    def __init__(
        self, path: str, name: str, state: str, url: str, *, backup: str | None = None
    ) -> None:
        """backup: name of the backup asset that is kept because of it."""
        by_hand = f"or delete it by hand; the old content is kept as `{backup}`"
        super().__init__(
            f"{path}: the asset `{name}` is in the unknown state `{state}`, so it may be incomplete",
            where=url,
            fix=words(
                "{RUN_AGAIN} in a few minutes, {}",
                _SWAP_FIX if backup is None else by_hand,
            ),
        )


class CaseClashError(ReleaseAssetsError):
    """The release has an asset whose name differs only in case."""

    title = "Asset exists"

    def __init__(self, path: str, name: str, existing: str) -> None:
        super().__init__(
            f"{path}: the asset `{name}` would differ only in case from `{existing}`",
            fix=words("rename the file, with `{} => {}`, or set {overwrite: true}", path, existing),
        )


class NoAssetsError(ReleaseAssetsError):
    """A name or pattern matched no asset."""

    title = "No assets matched"

    def __init__(self, pattern: str, url: str) -> None:
        super().__init__(
            f"no asset matches `{pattern}`",
            where=url,
            fix="correct the name or pattern; `release-assets list` shows what is there",
        )


class AssetRefusedError(ReleaseAssetsError):
    """An asset cannot be downloaded, changed or deleted in its present state."""

    title = "Asset cannot be used"
