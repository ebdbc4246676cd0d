"""A step -> the API calls that perform it, in order. Pure.

The program performs exactly these calls, and tests prove properties of their order.
"""

from collections.abc import Iterator, Sequence

from release_assets.digest import Digest
from release_assets.light_dataclasses import dataclass
from release_assets.models import Asset
from release_assets.names import backup_name, parse_swap_name, staging_name
from release_assets.plan.steps import (
    Keep,
    Relabel,
    Replace,
    Restore,
    Step,
    Upload,
    final_name,
)


@dataclass(frozen=True, kw_only=True)
class Send:
    """Upload the file under this name, and verify it."""

    name: str


@dataclass(frozen=True, kw_only=True)
class BackUp:
    """Rename the old asset to its backup name: a swap starts."""

    asset: Asset
    name: str


@dataclass(frozen=True, kw_only=True)
class Change:
    """Rename an asset to its final name, or change its label."""

    asset: Asset | None  # None: the one that was just uploaded
    name: str | None = None
    label: str | None = None


@dataclass(frozen=True, kw_only=True)
class Delete:
    """Delete an asset."""

    asset: Asset


Call = Send | BackUp | Change | Delete


def calls_of(step: Step, digest: Digest | None) -> tuple[Call, ...]:
    """Return the calls that perform a step, if none of them fails.

    digest: of the file, for staging and backup names. Only a swap needs it.
    """
    match step:
        case Upload():
            return _upload_calls(step)
        case Keep(obsolete=obsolete):
            return tuple(_deletes(obsolete))
        case Relabel(file=file, asset=asset, obsolete=obsolete):
            return (*_deletes(obsolete), Change(asset=asset, label=file.label))
        case Restore(file=file, asset=asset, obsolete=obsolete):
            change = Change(asset=asset, name=final_name(step), label=file.label)
            return (*_deletes(obsolete), change)
        case Replace():
            return _replacement_calls(step, digest)
        case _:  # Skip, Refuse
            return ()


def _upload_calls(step: Upload) -> tuple[Call, ...]:
    return (
        *_deletes([asset for asset in step.obsolete if asset.is_starter]),
        Send(name=step.file.name),
        # They may contain the last content of this name, so they are deleted last.
        *_deletes([asset for asset in step.obsolete if not asset.is_starter]),
    )


def _replacement_calls(step: Replace, digest: Digest | None) -> tuple[Call, ...]:
    if digest is None:
        raise AssertionError("a swap is planned with the digest of its file")
    label = step.file.label
    swap = swap_calls(final_name(step), step.old, step.staged, digest=digest, label=label)
    return (*_deletes(step.obsolete), *swap)


def swap_calls(
    final: str, old: Asset | None, staged: Asset | None, *, digest: Digest, label: str | None = None
) -> tuple[Call, ...]:
    """Return the calls of a swap. At every moment the old or the new content is on the release.

    staged: None if the new content is still to be uploaded. label: of the file; set on an asset
    that an earlier run staged, since that may have another label.
    """
    send = [Send(name=staging_name(final, digest))] if staged is None else []
    new = Change(asset=staged, name=final, label=None if staged is None else label)
    if old is None:
        return (*send, new)
    backup = backup_name(final, digest)
    back_up = [BackUp(asset=old, name=backup)] if parse_swap_name(old.name) is None else []
    return (*send, *back_up, new, Delete(asset=old))


def _deletes(assets: Sequence[Asset]) -> Iterator[Delete]:
    return (Delete(asset=asset) for asset in assets)
