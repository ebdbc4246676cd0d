"""What a killed run left on the release -> what to do about it, without its files. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from release_assets.models import Asset
from release_assets.names import backup_name, marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """It holds nothing that is still wanted."""

    asset: Asset


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename:
    """It is to bear this name."""

    asset: Asset
    name: str


Mend = Delete | Rename


def mends(assets: Sequence[Asset], wanted: Mapping[str, str | None]) -> Iterator[Mend]:
    """Yield what leaves each of these names with one complete asset, old or new, in this order.

    wanted: the final names that the killed run was to bring to the release, and the digests of
    what it was to bring, None where it did not know. Other names are not touched, since another
    job may be at work on them. New bytes that are wanted and arrived whole are put in place; what
    was put aside comes back when they did not.
    """
    for name, digest in wanted.items():
        yield from _mends_of(name, digest, assets)


def _mends_of(name: str, digest: str | None, assets: Sequence[Asset]) -> Iterator[Mend]:
    ours = [asset for asset in assets if _stands_for(asset) == name]
    for asset in ours:
        if asset.is_husk:
            yield Delete(asset=asset)  # of an upload: it never held anything
    whole = [asset for asset in ours if not asset.is_husk]
    if not all(asset.is_complete for asset in whole):
        return  # nobody knows what one of them holds: a person must look
    final: Asset | None = None
    staged: list[Asset] = []
    unwanted: list[Asset] = []
    backups: list[Asset] = []
    for asset in whole:
        mark = marked(asset.name)
        if mark is None:
            final = asset
        elif mark.role == "old":
            backups.append(asset)
        elif not _arrived_whole(asset, mark.digest):
            yield Delete(asset=asset)
        else:
            (staged if digest in {None, asset.digest} else unwanted).append(asset)
    if not (staged or final or backups):
        # Of an even earlier run, and all that there is.
        staged, unwanted = unwanted, []
    for asset in unwanted:
        yield Delete(asset=asset)
    yield from _one_of(name, final, staged, backups)


def _stands_for(asset: Asset) -> str:
    mark = marked(asset.name)
    return mark.final if mark else asset.name


def _one_of(
    name: str, final: Asset | None, staged: list[Asset], backups: list[Asset]
) -> Iterator[Mend]:
    """Yield what leaves one of them under the name, the newest that is whole."""
    if staged:
        new = staged.pop()
        mark = marked(new.name)
        if final is not None and mark is not None:
            aside = backup_name(name, mark.digest)
            for asset in [one for one in backups if one.name == aside]:
                yield Delete(asset=asset)
                backups.remove(asset)
            yield Rename(asset=final, name=aside)
            backups.append(final)
        yield Rename(asset=new, name=name)
    elif final is None and backups:
        yield Rename(asset=backups.pop(), name=name)
    for asset in (*staged, *backups):
        yield Delete(asset=asset)


def _arrived_whole(asset: Asset, digest: str) -> bool:
    # Without a digest of GitHub's nobody can tell any more: the next run sends it again.
    return asset.digest is not None and asset.digest.removeprefix("sha256:").startswith(digest)
