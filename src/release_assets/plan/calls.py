"""A step -> the calls that perform it, in their order. Pure.

The program performs exactly these calls, and the laws about their order run on them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from release_assets.digest import Digest
from release_assets.models import Asset
from release_assets.names import backup_name, parse_swap_name, staging_name
from release_assets.plan.steps import (
    Keep,
    Refuse,
    Relabel,
    Replace,
    Restore,
    Skip,
    Step,
    Upload,
    final_name,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """Upload the file under a name, and verify it."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackUp:
    """Give the old asset its backup name: the swap begins."""

    asset: Asset
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Give an asset its final name, or another label."""

    asset: Asset | None  # None: the one that was just sent
    name: str | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Delete an asset."""

    asset: Asset


Call = Send | BackUp | Change | Delete


def calls_of(step: Step, digest: Digest | None) -> tuple[Call, ...]:
    """Return the calls that perform a step, should none of them fail.

    digest: of the file; staging and backup names hold its start. Only a swap needs it.
    """
    match step:
        case Upload(file=file, clear=clear):
            return (
                *_deletes([asset for asset in clear if asset.is_starter]),
                Send(name=file.name),
                # Perhaps the last content that there was: not before there is another.
                *_deletes([asset for asset in clear if not asset.is_starter]),
            )
        case Keep(clear=clear):
            return tuple(_deletes(clear))
        case Relabel(file=file, asset=asset, clear=clear):
            return (*_deletes(clear), Change(asset=asset, label=file.label))
        case Restore(file=file, asset=asset, clear=clear):
            name = final_name(step)
            return (*_deletes(clear), Change(asset=asset, name=name, label=file.label))
        case Replace(file=file, old=old, staged=staged, clear=clear):
            if digest is None:
                raise AssertionError("a swap is planned with the digest of its file")
            swap = swap_calls(final_name(step), old, staged, digest=digest, label=file.label)
            return (*_deletes(clear), *swap)
        case Skip() | Refuse():
            return ()


def swap_calls(
    final: str, old: Asset | None, staged: Asset | None, *, digest: Digest, label: str | None = None
) -> tuple[Call, ...]:
    """Return the calls of a swap, so that old or new content is there at every moment.

    staged: None when the new content is still to be sent. label: of the file; sent along with an
    asset that an earlier run has staged, since it may have an earlier label.
    """
    send = [Send(name=staging_name(final, digest))] if staged is None else []
    new = Change(asset=staged, name=final, label=None if staged is None else label)
    if old is None:
        return (*send, new)
    backup = backup_name(final, digest)
    aside = [BackUp(asset=old, name=backup)] if parse_swap_name(old.name) is None else []
    return (*send, *aside, new, Delete(asset=old))


def _deletes(assets: Sequence[Asset]) -> Iterator[Delete]:
    return (Delete(asset=asset) for asset in assets)
