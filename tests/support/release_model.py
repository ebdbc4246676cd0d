"""A release as values, and what performing a plan makes of it: four calls for a swap, as on GitHub."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from release_assets import plan as planning
from release_assets.models import Asset, LocalFile
from release_assets.names import backup_name, marked, staging_name
from release_assets.plan import (
    Keep,
    Known,
    Overwrite,
    Plan,
    Refuse,
    Relabel,
    Replace,
    Restore,
    Skip,
    Step,
    Upload,
)
from tests.support.samples import asset


class Model:
    """The assets of a release, and the bytes of each, told by their digest."""

    def __init__(self, assets: Iterable[Asset], *, digests: bool = True) -> None:
        self._assets = {one.id: one for one in assets}
        self._bytes = {one.id: one.digest or "" for one in assets}
        self._digests = digests
        self._next = max(self._assets, default=0) + 1

    @property
    def assets(self) -> tuple[Asset, ...]:
        """The assets as GitHub shows them; an old server knows no digests."""
        shown = (
            one if self._digests else replace(one, digest=None) for one in self._assets.values()
        )
        return tuple(shown)

    def read(self, assets: Iterable[Asset]) -> Mapping[int, str]:
        """Return the digests that downloads find out."""
        return {one.id: self._bytes[one.id] for one in assets}

    def plan(
        self, files: Sequence[LocalFile], local: Mapping[str, str], overwrite: Overwrite
    ) -> Plan:
        """Plan with no more knowledge than a run has."""
        hashed = planning.files_to_hash(files, self.assets, overwrite=overwrite)
        known = Known(
            local={file.name: local[file.name] for file in hashed},
            remote=self.read(planning.assets_to_read(files, self.assets)),
        )
        return planning.plan(files, self.assets, overwrite=overwrite, known=known)

    def calls(self, step: Step, digest: str) -> Iterator[None]:
        """Perform a step, call by call."""
        for one in getattr(step, "clear", ()):
            self._delete(one)
            yield
        match step:
            case Upload(file=file):
                self._upload(file, file.name, digest)
                yield
            case Relabel(file=file, asset=there):
                self._update(there.id, label=file.label)
                yield
            case Restore(file=file, asset=there):
                self._update(there.id, name=planning.final_name(step), label=file.label)
                yield
            case Replace(file=file, old=old, staged=staged):
                final = planning.final_name(step)
                if staged is None:
                    self._upload(file, staging_name(final, digest), digest)
                    yield
                new = staged.id if staged else self._next - 1
                if old is not None and marked(old.name) is None:
                    self._update(old.id, name=backup_name(final, digest))
                    yield
                self._update(new, name=final, label=file.label)
                yield
                if old is not None:
                    self._delete(old)
                    yield
            case Keep() | Skip() | Refuse():
                pass

    def _upload(self, file: LocalFile, name: str, digest: str) -> None:
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
            raise AssertionError(f"GitHub would say that {name} exists")
