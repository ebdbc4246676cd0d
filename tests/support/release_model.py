"""A release in memory to which the calls of a plan are applied: a swap is four calls, as on GitHub."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from release_assets.digest import Digest
from release_assets.light_dataclasses import replace
from release_assets.models import Asset, LocalFile
from release_assets.plan.assets import Overwrite, Plan, assets_to_read, files_to_hash, plan_assets
from release_assets.plan.calls import BackUp, Call, Change, Delete, Send, calls_of
from release_assets.plan.known_digests import KnownDigests
from release_assets.plan.steps import Step
from tests.support.samples import asset

_NONE = Digest("sha256:" + "f" * 64)  # of content that no test compares


class Model:
    """The assets of a release, and the digest of the content of each."""

    def __init__(self, assets: Iterable[Asset], *, digests: bool = True) -> None:
        self._assets = {one.id: one for one in assets}
        self._bytes = {one.id: one.digest or _NONE for one in assets}
        self._digests = digests
        self._next = max(self._assets, default=0) + 1

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The assets as GitHub lists them; an old server lists no digests."""
        shown = (
            one if self._digests else replace(one, digest=None) for one in self._assets.values()
        )
        return tuple(shown)

    def read(self, assets: Iterable[Asset]) -> Mapping[int, Digest]:
        """Return the digests that downloading the assets would give."""
        return {one.id: self._bytes[one.id] for one in assets}

    def plan(
        self, files: Sequence[LocalFile], local: Mapping[str, Digest], overwrite: Overwrite
    ) -> Plan:
        """Plan with only the digests that a run would know."""
        hashed = files_to_hash(files, self.assets, overwrite=overwrite)
        known = KnownDigests(
            local={file.name: local[file.name] for file in hashed},
            remote=self.read(assets_to_read(files, self.assets, every=True)),
        )
        return plan_assets(files, self.assets, overwrite=overwrite, known=known)

    def calls(self, step: Step, digest: Digest) -> Iterator[None]:
        """Perform a step call by call, with the calls that the program itself makes."""
        for call in calls_of(step, digest):
            self.perform(call, step.file, digest)
            yield

    def perform(self, call: Call, file: LocalFile | None = None, digest: Digest = _NONE) -> None:
        """Apply the effect that a call has on GitHub."""
        match call:
            case Delete(asset=one):
                self._delete(one)
            case Send(name=name):
                assert file is not None, "there is nothing to send"
                self._upload(file, name, digest)
            case BackUp(asset=one, name=name):
                self._update(one.id, name=name)
            case Change(asset=one, name=name, label=label):
                self._update(one.id if one else self._next - 1, name=name, label=label)

    def _upload(self, file: LocalFile, name: str, digest: Digest) -> None:
        self._check_free(name)
        self._assets[self._next] = asset(
            name, id=self._next, digest=digest, size=file.size, label=file.label or ""
        )
        self._bytes[self._next] = digest
        self._next += 1

    def _update(self, id: int, *, name: str | None = None, label: str | None = None) -> None:  # noqa: A002
        there = self._assets[id]
        if name is not None and name != there.name:
            self._check_free(name, other_than=id)
        self._assets[id] = replace(
            there,
            name=there.name if name is None else name,
            label=there.label if label is None else label,
        )

    def _delete(self, one: Asset) -> None:
        del self._assets[one.id], self._bytes[one.id]

    def _check_free(self, name: str, *, other_than: int | None = None) -> None:
        taken = {one.name.lower() for one in self._assets.values() if one.id != other_than}
        if name.lower() in taken:
            raise AssertionError(f"GitHub would refuse {name}, which exists already")
