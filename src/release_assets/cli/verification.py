"""Files, checksums and patterns x assets -> whether a release holds exactly these. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from release_assets.digest import Digest
from release_assets.light_dataclasses import dataclass
from release_assets.models import Asset
from release_assets.plan import compile_pattern, unmatched_patterns

Verdict = Literal["ok", "missing", "incomplete", "different", "unexpected"]


@dataclass(frozen=True, kw_only=True)
class WantedAsset:
    """An asset that the release must hold."""

    name: str
    digest: Digest
    source: str  # the file or the line that says so


@dataclass(frozen=True, kw_only=True)
class Check:
    """The verdict about one asset, or about a name that no asset has."""

    name: str
    verdict: Verdict
    asset: Asset | None = None
    digest: Digest | None = None  # of the asset, as reported or read back
    wanted: WantedAsset | None = None


def assets_without_digest(
    wanted: Iterable[WantedAsset], assets: Iterable[Asset]
) -> tuple[Asset, ...]:
    """Return the assets to download before `verify_assets`, because GitHub reports no digest."""
    names = {one.name for one in wanted}
    return tuple(
        asset
        for asset in assets
        if asset.name in names and asset.is_complete and asset.digest is None
    )


def verify_assets(
    wanted: Sequence[WantedAsset],
    expected: Sequence[str],
    assets: Sequence[Asset],
    read_back: Mapping[int, Digest],
) -> tuple[Check, ...]:
    """Return a check for each wanted asset, each expected name, and each asset of the release.

    Sources that agree on a name and its digest share one check.

    expected: names and patterns of assets whose content is not known. read_back: the digests of
    assets that GitHub reports none for, by id.
    """
    by_name = {asset.name: asset for asset in assets}
    distinct: dict[tuple[str, Digest], WantedAsset] = {}
    for one in wanted:
        distinct.setdefault((one.name, one.digest), one)
    return (
        *(_check_wanted(one, by_name.get(one.name), read_back) for one in distinct.values()),
        *_check_others({one.name for one in wanted}, expected, assets),
        *(Check(name=name, verdict="missing") for name in _vain(wanted, expected, assets)),
    )


def _check_wanted(
    wanted: WantedAsset, asset: Asset | None, read_back: Mapping[int, Digest]
) -> Check:
    if asset is None:
        return Check(name=wanted.name, verdict="missing", wanted=wanted)
    digest = asset.digest or read_back.get(asset.id)
    if not asset.is_complete:
        verdict: Verdict = "incomplete"
    else:
        verdict = "ok" if digest == wanted.digest else "different"
    return Check(name=wanted.name, verdict=verdict, asset=asset, digest=digest, wanted=wanted)


def _check_others(
    wanted_names: set[str], expected: Sequence[str], assets: Iterable[Asset]
) -> Iterator[Check]:
    """Yield a check for each asset that is not wanted by its name."""
    patterns = [compile_pattern(pattern, "expect") for pattern in expected]
    for asset in assets:
        if asset.name in wanted_names:
            continue
        is_expected = asset.name in expected or any(matches(asset.name) for matches in patterns)
        if not is_expected:
            verdict: Verdict = "unexpected"
        else:
            verdict = "ok" if asset.is_complete else "incomplete"
        yield Check(name=asset.name, verdict=verdict, asset=asset, digest=asset.digest)


def _vain(
    wanted: Iterable[WantedAsset], expected: Sequence[str], assets: Iterable[Asset]
) -> tuple[str, ...]:
    """Return the expected names and patterns that nothing on the release matches."""
    wanted_names = {one.name for one in wanted}
    vain = unmatched_patterns(expected, [asset.name for asset in assets])
    return tuple(pattern for pattern in vain if pattern not in wanted_names)
