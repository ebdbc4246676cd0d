"""Steps for assets: Upload | Keep | Relabel | Replace | Restore | Skip | Refuse. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.models import Asset, LocalFile, Status
from release_assets.names import parse_swap_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """No asset has this name: upload it."""

    file: LocalFile
    clear: tuple[Asset, ...] = ()  # starters and leftovers of ours, deleted too


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """The release has the same content already."""

    file: LocalFile
    asset: Asset
    clear: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Relabel:
    """The release has the same content, with another label."""

    file: LocalFile
    asset: Asset
    clear: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replace:
    """The release has other content: swap it."""

    file: LocalFile
    old: Asset | None  # under the final name, or already under its backup name; None: gone
    staged: Asset | None = None  # the new content, uploaded by an interrupted run and verified
    clear: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """The wanted content has another name, such as a backup name: give it the final name."""

    file: LocalFile
    asset: Asset
    clear: tuple[Asset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Skip:
    """The release has other content, which is to stay."""

    file: LocalFile
    asset: Asset


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse:
    """The release has other content, and no input says what to do."""

    file: LocalFile
    error: ReleaseAssetsError


Step = Upload | Keep | Relabel | Replace | Restore | Skip | Refuse


def is_write(step: Step) -> bool:
    """Say whether a step changes anything on the release."""
    return not isinstance(step, Keep | Skip | Refuse) or bool(obsolete_assets_of(step))


def has_upload(step: Step) -> bool:
    """Say whether a step sends the content of its file."""
    return isinstance(step, Upload) or (isinstance(step, Replace) and step.staged is None)


def status_of(step: Step) -> Status:
    """Return what a file is called once its step is performed."""
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
    """Say whether a step that writes gets by without sending the file."""
    return isinstance(step, Relabel | Restore) or (
        isinstance(step, Replace) and step.staged is not None
    )


def obsolete_assets_of(step: Step) -> tuple[Asset, ...]:
    """Return the leftovers that a step deletes."""
    return () if isinstance(step, Skip | Refuse) else step.clear


def assets_kept_by(step: Step) -> tuple[Asset, ...]:
    """Return the assets that a step keeps, renames or relies on to the end."""
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
    """Return a step whose kept assets have the digests that were read back, by asset id."""
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
    """Return the name that the content has at the end.

    The file's own; where GitHub once rewrote that otherwise than we foresee, what it made of it.
    """
    there = (step.old or step.staged) if isinstance(step, Replace) else step.asset
    if there is None or differs_in_case(step.file, there):
        return step.file.name
    mark = parse_swap_name(there.name)
    return mark.final if mark else there.name


def differs_in_case(file: LocalFile, asset: Asset) -> bool:
    """Say whether an asset has the file's name, but for upper and lower case."""
    return asset.name != file.name and asset.name.lower() == file.name.lower()
