"""Model objects with default values, so that a test gives only the values it depends on."""

from pathlib import Path

from release_assets.digest import Digest
from release_assets.inputs.parse import Inputs, parse_inputs
from release_assets.inputs.reader import Job
from release_assets.models import Asset, Fingerprint, LocalFile, Release
from release_assets.names import asset_name

A = Digest("sha256:" + "a" * 64)
B = Digest("sha256:" + "b" * 64)
C = Digest("sha256:" + "c" * 64)

REQUIRED = {"repository": "octo-org/app", "token": "ghs_token", "tag": "v1", "files": "dist/*"}


def local_file(
    requested: str = "app.zip", *, size: int = 10, label: str | None = None
) -> LocalFile:
    """A local file with default values for all but name, size and label."""
    name = asset_name(requested)
    return LocalFile(
        path=Path("/ws/dist", requested),
        shown=f"dist/{requested}",
        requested_name=requested,
        name=name,
        label=label or (requested if requested != name else None),
        content_type="application/zip",
        size=size,
        fingerprint=Fingerprint(device=1, inode=1, size=size, modified_ns=0, changed_ns=0),
    )


def asset(
    name: str = "app.zip",
    *,
    id: int = 1,  # noqa: A002 - as GitHub calls it
    digest: Digest | None = A,
    size: int = 10,
    state: str = "uploaded",
    label: str | None = "",
    url: str = "",
) -> Asset:
    """An asset with default values for whatever is not given."""
    address = url or f"https://github.com/octo-org/app/releases/download/v1/{name}"
    return Asset(
        id=id,
        name=name,
        label=label,
        state=state,
        size=size,
        digest=digest,
        content_type="application/zip",
        url=f"https://api.github.com/repos/octo-org/app/releases/assets/{id}",
        browser_download_url=address,
        created_at="2025-07-01T00:00:00Z",
        updated_at="2025-07-01T00:00:00Z",
    )


def starter(name: str = "app.zip", *, id: int = 1) -> Asset:  # noqa: A002 - as GitHub calls it
    """The incomplete asset that a failed upload leaves behind."""
    return asset(name, id=id, state="starter", digest=None, size=0)


def unclear(name: str = "app.zip", *, id: int = 1, digest: Digest | None = A) -> Asset:  # noqa: A002
    """An asset in a state that the program does not know, so that it may be incomplete."""
    return asset(name, id=id, state="open", digest=digest)


def release(tag: str = "v1", *, draft: bool = False) -> Release:
    """A release without assets."""
    return Release(
        id=7,
        tag=tag,
        target="main",
        name=tag,
        body="",
        draft=draft,
        prerelease=False,
        immutable=False,
        html_url=f"https://github.com/octo-org/app/releases/tag/{tag}",
        upload_url="https://uploads.github.com/repos/octo-org/app/releases/7/assets{?name,label}",
        assets=(),
    )


def job(workspace: Path | str = "/ws", **given: object) -> Job:
    """A job that has only the API's URL and a workspace, unless values are given."""
    values = {"api_url": "https://api.github.com", "workspace": str(workspace), **given}
    return Job(**values)  # type: ignore[arg-type]


def inputs(workspace: Path | str, **given: str) -> Inputs:
    """Inputs as a workflow gives them; `_` in a name stands for `-`."""
    values = {name.replace("_", "-"): value for name, value in given.items()}
    return parse_inputs(REQUIRED | values, job(workspace))
