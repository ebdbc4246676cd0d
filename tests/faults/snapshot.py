"""A snapshot of everything that the sandbox holds of the repository."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from release_assets.names import parse_swap_name
from tests.faults.scenario import Scenario
from tests.support.sandbox import Sandbox

OTHER_TAGS = ("v0.1", "v0.2", "v0.3")
"""Tags of unrelated releases, which answers about another object may show."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldAsset:
    """One asset."""

    id: int
    name: str
    label: str
    state: str
    sha256: str | None  # of its content; None: it has no content

    @property
    def final(self) -> str:
        """The name of the asset that it is, or is a staged or backup asset of."""
        mark = parse_swap_name(self.name)
        return mark.final if mark else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRelease:
    """One release."""

    id: int
    tag: str
    draft: bool
    fields: dict[str, Any]  # name, body, prerelease, by the names of the API
    assets: tuple[HeldAsset, ...]

    @property
    def complete(self) -> dict[str, str]:
        """The digests of its complete assets, by name."""
        return {a.name: a.sha256 for a in self.assets if a.sha256 and a.state == "uploaded"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """All releases and tags."""

    releases: tuple[HeldRelease, ...]
    tags: dict[str, str]  # name -> commit
    history: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, sandbox: Sandbox) -> "Snapshot":
        """Return what the sandbox holds now."""
        state = sandbox.state()["repositories"][sandbox.repository]
        return cls(
            releases=tuple(map(_release, sorted(state["releases"], key=lambda one: one["id"]))),
            tags={name: tag["sha"] for name, tag in state["tags"].items()},
            history=tuple(state["history"]),
        )

    @property
    def others(self) -> tuple[HeldRelease, ...]:
        """The unrelated releases."""
        return tuple(one for one in self.releases if one.tag in OTHER_TAGS)

    @property
    def ours(self) -> tuple[HeldRelease, ...]:
        """The release of the run, and its duplicates."""
        return tuple(one for one in self.releases if one.tag not in OTHER_TAGS)

    @property
    def assets(self) -> Iterator[HeldAsset]:
        """All assets of `ours`."""
        return (asset for release in self.ours for asset in release.assets)

    def release(self, release_id: int) -> HeldRelease | None:
        """Return the release with an id."""
        return next((one for one in self.releases if one.id == release_id), None)

    def digests_of(self, final: str) -> set[str]:
        """Return the digests of all complete assets of `ours` that are `final` or staged or backup assets of it."""
        found = (a for a in self.assets if a.final == final and a.state == "uploaded")
        return {asset.sha256 for asset in found if asset.sha256}


def other_releases(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the seeds of the unrelated releases; they have assets of the same names."""
    names = [*scenario.files, *scenario.pruned, "a.zip", "users.txt"]
    assets = [{"name": name, "text": f"other {name}"} for name in dict.fromkeys(names)]
    return [
        {"tag": tag, "draft": tag == "v0.2", "body": "Other notes", "assets": assets}
        for tag in OTHER_TAGS
    ]


def _release(data: dict[str, Any]) -> HeldRelease:
    return HeldRelease(
        id=data["id"],
        tag=data["tag_name"],
        draft=data["draft"],
        fields={name: data[name] for name in ("name", "body", "prerelease")},
        assets=tuple(map(_asset, data["assets"])),
    )


def _asset(data: dict[str, Any]) -> HeldAsset:
    return HeldAsset(
        id=data["id"],
        name=data["name"],
        label=data["label"] or "",
        state=data["state"],
        sha256=data["sha256"],
    )
