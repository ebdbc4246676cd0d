"""What the user can act on: what stands on a release, or does not. Pure."""

from release_assets.errors import ReleaseAssetsError


class ReleaseNotFoundError(ReleaseAssetsError):
    """There is no such release."""

    title = "Release not found"


class TagNotFoundError(ReleaseAssetsError):
    """There is no such git tag, and none may be made."""

    title = "Tag not found"

    def __init__(self, tag: str, repository: str) -> None:
        super().__init__(
            f"there is no release and no git tag `{tag}`",
            where=repository,
            fix="push the tag first, correct `tag`, or set `target` to create the tag there",
        )


class MovedError(ReleaseAssetsError):
    """Another draft of the tag turned out to be the one that all jobs go on with."""

    title = "Two drafts"

    def __init__(self, ours: int, theirs: int, tag: str, url: str) -> None:
        super().__init__(
            f"`{tag}` has several drafts, and {theirs} is the one to go on with, not {ours}",
            where=url,
            fix="delete all drafts of the tag but one, and run the job again",
        )


class ImmutableReleaseError(ReleaseAssetsError):
    """The release is locked."""

    title = "Release is immutable"

    def __init__(self, tag: str, url: str) -> None:
        super().__init__(
            f"the release `{tag}` is immutable: its assets can no longer be changed",
            where=url,
            fix="publish under a new tag; with immutable releases attach all files to a draft, "
            "and make it public last (`publish`, `expect`)",
        )


class TooManyAssetsError(ReleaseAssetsError):
    """More assets than a release can hold."""

    title = "Too many assets"

    def __init__(self, count: int, limit: int, *, swap: bool) -> None:
        extra = ", with one place needed for a swap" if swap else ""
        super().__init__(
            f"the release would hold {count} assets{extra}; GitHub allows {limit}",
            fix="publish fewer files (pack some into an archive), or delete old assets",
        )


class AssetExistsError(ReleaseAssetsError):
    """The release has an asset of this name that is not known to be this file."""

    title = "Asset exists"

    def __init__(self, path: str, name: str, url: str, *, known: bool) -> None:
        content = "other content" if known else "content of unknown digest"
        fix = "set `overwrite: true` to swap it, `overwrite: skip` to leave it, or rename the file"
        if not known:
            fix = f"set `verify: download` to compare the content, {fix}"
        super().__init__(f"{path}: an asset `{name}` exists, with {content}", where=url, fix=fix)


class UnclearAssetError(ReleaseAssetsError):
    """The release has an asset of this name that is neither complete nor surely empty."""

    title = "Asset in an unknown state"

    def __init__(
        self, path: str, name: str, state: str, url: str, *, aside: str | None = None
    ) -> None:
        """aside: the name of what it once was to replace, and what is kept for its sake."""
        fix = "run again when GitHub is done with it, "
        if aside is None:
            fix += "set `overwrite: true` to swap it, `overwrite: skip` to leave it, "
            fix += "or rename the file"
        else:
            fix += f"or delete it by hand; older content of this name is kept as `{aside}`"
        super().__init__(
            f"{path}: an asset `{name}` exists, in the state `{state}`: it may hold anything",
            where=url,
            fix=fix,
        )


class CaseClashError(ReleaseAssetsError):
    """The release has an asset whose name differs in case only."""

    title = "Asset exists"

    def __init__(self, path: str, name: str, existing: str) -> None:
        super().__init__(
            f"{path}: the asset `{name}` would differ only in case from `{existing}`",
            fix=f"rename the file, with `{path} => {existing}`, or set `overwrite: true`",
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
    """An asset that cannot be fetched, changed or deleted as it stands."""

    title = "Asset cannot be taken"
