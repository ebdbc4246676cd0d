"""The steps for one file: Upload, Keep, Relabel, Replace, Restore, Skip, Refuse. Pure."""

from collections.abc import Mapping

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.light_dataclasses import dataclass, replace
from release_assets.models import Asset, LocalFile, Status
from release_assets.names import parse_swap_name


@dataclass(frozen=True, kw_only=True)
class Upload:
    """No asset has this name: upload the file."""

    file: LocalFile
    obsolete: tuple[Asset, ...] = ()  # starters and leftovers, to be deleted


@dataclass(frozen=True, kw_only=True)
class Keep:
    """The release has the same content: do nothing."""

    file: LocalFile
    asset: Asset
    obsolete: tuple[Asset, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Relabel:
    """The release has the same content with another label: change the label."""

    file: LocalFile
    asset: Asset
    obsolete: tuple[Asset, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Replace:
    """The release has other content: replace it in a swap."""

    file: LocalFile
    old: Asset | None  # under its final or backup name; None: it is gone
    staged: Asset | None = None  # new content that an interrupted run staged, verified
    obsolete: tuple[Asset, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Restore:
    """The release has the same content under another name: rename it, such as a backup asset."""

    file: LocalFile
    asset: Asset
    obsolete: tuple[Asset, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Skip:
    """The release has other content, and the inputs say to keep it."""

    file: LocalFile
    asset: Asset


@dataclass(frozen=True, kw_only=True)
class Refuse:
    """The release has other content, and no input says whether to keep or to replace it."""

    file: LocalFile
    error: ReleaseAssetsError


Step = Upload | Keep | Relabel | Replace | Restore | Skip | Refuse


def is_write(step: Step) -> bool:
    """Say whether a step changes the release."""
    return not isinstance(step, Keep | Skip | Refuse) or bool(obsolete_assets_of(step))


def has_upload(step: Step) -> bool:
    """Say whether a step uploads its file."""
    return isinstance(step, Upload) or (isinstance(step, Replace) and step.staged is None)


def status_of(step: Step) -> Status:
    """Return the status of a file after its step."""
    match step:
        case Keep() | Relabel():
            return "unchanged"
        case Skip():
            return "skipped"
        case Replace() | Restore():
            return "replaced"
        case _:
            return "uploaded"


def is_update(step: Step) -> bool:
    """Say whether a step renames or relabels an asset, without an upload."""
    return isinstance(step, Relabel | Restore) or (
        isinstance(step, Replace) and step.staged is not None
    )


def obsolete_assets_of(step: Step) -> tuple[Asset, ...]:
    """Return the starters and leftovers that a step deletes."""
    return () if isinstance(step, Skip | Refuse) else step.obsolete


def assets_kept_by(step: Step) -> tuple[Asset, ...]:
    """Return the assets that a step keeps, renames or relies on."""
    match step:
        case Keep(asset=asset) | Relabel(asset=asset) | Restore(asset=asset) | Skip(asset=asset):
            return (asset,)
        case Replace(staged=staged) if staged is not None:
            return (staged,)
        case _:
            return ()


def deletions_of(step: Step) -> tuple[Asset, ...]:
    """Return all assets that a step deletes."""
    old = (step.old,) if isinstance(step, Replace) and step.old is not None else ()
    return obsolete_assets_of(step) + old


def with_digests(step: Step, digests: Mapping[int, Digest]) -> Step:
    """Return the step with the digests of its kept assets that were read back, by asset id."""
    match step:
        case Keep(asset=asset) | Relabel(asset=asset) | Restore(asset=asset) | Skip(asset=asset):
            return replace(step, asset=_with_digest(asset, digests))
        case Replace(staged=staged) if staged is not None:
            return replace(step, staged=_with_digest(staged, digests))
        case _:
            return step


def _with_digest(asset: Asset, digests: Mapping[int, Digest]) -> Asset:
    return replace(asset, digest=asset.digest or digests.get(asset.id))


def final_name(step: Replace | Restore) -> str:
    """Return the name of the asset after the step.

    Usually the name of the file. If GitHub rewrote that in an unexpected way, the rewritten name.
    """
    asset = (step.old or step.staged) if isinstance(step, Replace) else step.asset
    if asset is None or differs_in_case(step.file, asset):
        return step.file.name
    mark = parse_swap_name(asset.name)
    return mark.final if mark else asset.name


def differs_in_case(file: LocalFile, asset: Asset) -> bool:
    """Say whether the names of an asset and a file differ, but only in case."""
    return asset.name != file.name and asset.name.lower() == file.name.lower()
