"""Downloads from the sandbox, with faults on the way."""

import io
import os
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from release_assets.digest import Digest
from release_assets.download.disk import check_free_space, create_directory, plan_downloads
from release_assets.download.errors import FileNotWrittenError
from release_assets.download.plan import Fetch, Keep, Refuse
from release_assets.download.result import DownloadResult, result_line
from release_assets.download.run import fetch_all, fetch_to_stream
from release_assets.errors import CancelledRunError, NotStartedError
from release_assets.github.errors import GitHubError, NotFoundError, VerificationFailedError
from release_assets.models import Asset, Release
from release_assets.stop import Stop
from tests.support.engine import Engine, RecordingReporter
from tests.support.limiter_slots import check_slots
from tests.support.samples import asset as sample
from tests.support.sandbox import Sandbox

MIB = 1024 * 1024
BIG = random.Random(7).randbytes(5 * MIB + 123)
FROM_STORAGE = {"origin": "storage", "method": "GET"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return create_directory(tmp_path / "out")


@pytest.fixture
def published(engine: Engine) -> Engine:
    """The engine with big.bin and small.txt published."""
    engine.write({"dist/big.bin": BIG, "dist/small.txt": b"small"})
    engine.publish_well()
    engine.reporter = RecordingReporter()
    return engine


def release_of(engine: Engine) -> Release:
    release = engine.github().find_release_by_tag("v1")
    assert release is not None
    engine.sandbox.forget_requests()
    return release


def assets_of(engine: Engine) -> dict[str, Asset]:
    return {asset.name: asset for asset in release_of(engine).assets}


def fetch(engine: Engine, out: Path, *names: str, overwrite: bool = False) -> list[DownloadResult]:
    """Download assets by name, all when none is named."""
    assets = assets_of(engine)
    targets = [(assets[name], out / name) for name in names or assets]
    steps = plan_downloads(targets, overwrite=overwrite)
    results: dict[int, DownloadResult] = {}
    fetch_all(release_of(engine), steps, engine.github(), engine.reporter, results)
    return [results[index] for index in sorted(results)]


def fetch_one(engine: Engine, out: Path, name: str = "big.bin") -> DownloadResult:
    (found,) = fetch(engine, out, name)
    return found


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def ranges(sandbox: Sandbox) -> list[str]:
    """Return the ranges that were requested from the storage."""
    return [
        request.headers.get("range", "all")
        for request in sandbox.requests()
        if request.origin == "storage"
    ]


def test_all_assets_are_downloaded_and_verified(published: Engine, out: Path) -> None:
    found = fetch(published, out)
    assert {one.asset.name: (one.status, one.verified) for one in found} == {
        "big.bin": ("downloaded", True),
        "small.txt": ("downloaded", True),
    }
    assert (out / "big.bin").read_bytes() == BIG
    assert (out / "small.txt").read_bytes() == b"small"
    assert names(out) == ["big.bin", "small.txt"]


def test_the_token_is_not_sent_to_the_storage(published: Engine, out: Path) -> None:
    fetch(published, out)
    storage = [one for one in published.sandbox.requests() if one.origin == "storage"]
    assert len(storage) == 2
    assert not any("authorization" in request.headers for request in storage)


def test_an_unchanged_file_is_not_downloaded_again(published: Engine, out: Path) -> None:
    fetch(published, out)
    before = (out / "big.bin").stat()
    again = fetch(published, out)
    assert [one.status for one in again] == ["unchanged", "unchanged"]
    assert published.sandbox.requests() == []
    after = (out / "big.bin").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_other_content_is_refused_without_overwrite(published: Engine, out: Path) -> None:
    (out / "small.txt").write_bytes(b"other")
    (found,) = fetch(published, out, "small.txt")
    assert "--overwrite" in str(found.error)
    assert (out / "small.txt").read_bytes() == b"other"
    assert published.sandbox.requests() == []
    (found,) = fetch(published, out, "small.txt", overwrite=True)
    assert found.status == "downloaded"
    assert (out / "small.txt").read_bytes() == b"small"


def test_progress_is_reported(published: Engine, out: Path) -> None:
    fetch_one(published, out)
    counts = published.reporter.counts["big.bin"]
    assert counts[0] == 0
    assert counts[-1] == len(BIG)
    assert counts == sorted(counts)
    assert len(counts) > 5


@pytest.mark.parametrize(
    "fault",
    [
        {"do": "status", "status": 502},
        {"do": "status", "status": 403},  # the address has expired
        {"do": "status", "status": 404},
        {"do": "status", "status": 503, "match": {"origin": "api", "path": "/assets/"}},
        {"do": "reset", "when": "before"},
        {"do": "lose"},
        {"do": "truncate"},
        {"do": "truncate", "times": 3},
        {"do": "corrupt"},
        {"do": "garbage"},
        {"do": "secondary-limit", "match": {"origin": "api", "path": "/assets/"}},
    ],
    ids=lambda fault: "-".join(
        str(value) for value in fault.values() if not isinstance(value, dict)
    ),
)
def test_a_download_succeeds_after_a_transient_fault(
    published: Engine, out: Path, fault: dict[str, Any]
) -> None:
    assets_of(published)
    published.sandbox.fault(**{"match": FROM_STORAGE, **fault})
    found = fetch_one(published, out)
    assert found.error is None
    assert found.status == "downloaded"
    assert (out / "big.bin").read_bytes() == BIG
    assert names(out) == ["big.bin"]


def test_an_interrupted_transfer_is_resumed(published: Engine, out: Path) -> None:
    published.sandbox.fault(match=FROM_STORAGE, do="truncate")
    fetch_one(published, out)
    first, second = ranges(published.sandbox)
    assert first == "all"
    start = int(second.removeprefix("bytes=").removesuffix("-"))
    assert 0 < start < len(BIG)


def test_the_partial_file_of_an_earlier_run_is_resumed(published: Engine, out: Path) -> None:
    published.sandbox.fault(match=FROM_STORAGE, do="truncate", times=1)
    published.sandbox.fault(match=FROM_STORAGE, do="status", status=500, times=None)
    failed = fetch_one(published, out)
    assert failed.status == "failed"
    assert isinstance(failed.error, GitHubError)
    (left,) = out.iterdir()
    size = left.stat().st_size
    assert left.name.endswith(".part")
    assert left.read_bytes() == BIG[:size]
    published.sandbox.disarm()
    found = fetch_one(published, out)
    assert found.resumed_at == size
    assert ranges(published.sandbox) == [f"bytes={size}-"]
    assert (out / "big.bin").read_bytes() == BIG
    assert names(out) == ["big.bin"]
    assert "of an earlier run" in result_line(found)


@pytest.mark.parametrize("chosen", ["both", "one"])
def test_an_asset_with_the_name_of_a_partial_file_is_not_overwritten(
    published: Engine, out: Path, chosen: str
) -> None:
    name = interrupt(published, out).name
    (out / name).unlink()
    published.write({f"dist/{name}": b"\x00" * 1000})
    published.publish_well()
    assert name in assets_of(published)
    (out / name).write_bytes(b"\x00" * 1000)  # an earlier run has downloaded it
    found = fetch(published, out, *(("big.bin", name) if chosen == "both" else ("big.bin",)))
    assert [one.error for one in found] == [None] * len(found)
    assert (out / "big.bin").read_bytes() == BIG
    assert (out / name).read_bytes() == b"\x00" * 1000
    assert names(out) == ["big.bin", name]


def interrupt(published: Engine, out: Path) -> Path:
    """Interrupt a download of big.bin, and return its partial file."""
    published.sandbox.fault(match=FROM_STORAGE, do="truncate", times=1)
    published.sandbox.fault(match=FROM_STORAGE, do="status", status=500, times=None)
    fetch_one(published, out)
    published.sandbox.disarm()
    (left,) = out.iterdir()
    return left


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(BIG, id="complete"),
        pytest.param(BIG + b"more", id="too long"),
        pytest.param(b"\x00" * len(BIG), id="wrong, of the full length"),
        pytest.param(b"\x00" * 999, id="wrong, shorter"),
        pytest.param(b"", id="empty"),
    ],
)
def test_any_partial_file_leads_to_the_right_bytes(
    published: Engine, out: Path, left: bytes
) -> None:
    interrupt(published, out).write_bytes(left)
    found = fetch_one(published, out)
    assert found.error is None
    assert (out / "big.bin").read_bytes() == BIG
    assert names(out) == ["big.bin"]
    assert len(ranges(published.sandbox)) == (0 if left == BIG else 1 + (left == b"\x00" * 999))


def test_a_server_without_ranges_is_asked_for_all_bytes(published: Engine, out: Path) -> None:
    interrupt(published, out)
    published.sandbox.fault(match=FROM_STORAGE, do="status", status=200, body="all of it")
    found = fetch_one(published, out)
    assert found.error is None
    assert ranges(published.sandbox)[1:] == ["all"]
    assert (out / "big.bin").read_bytes() == BIG


def test_a_range_that_was_not_requested_is_refused(published: Engine, out: Path) -> None:
    interrupt(published, out)
    headers = {"Content-Range": f"bytes 0-{len(BIG) - 1}/{len(BIG)}"}
    published.sandbox.fault(
        match=FROM_STORAGE, do="status", status=206, body="all", headers=headers
    )
    found = fetch_one(published, out)
    assert found.error is None
    assert ranges(published.sandbox)[1:] == ["all"]
    assert (out / "big.bin").read_bytes() == BIG


def test_a_refused_range_restarts_the_download(published: Engine, out: Path) -> None:
    interrupt(published, out)
    published.sandbox.fault(match=FROM_STORAGE, do="status", status=416)
    found = fetch_one(published, out)
    assert found.error is None
    assert ranges(published.sandbox)[1:] == ["all"]
    assert (out / "big.bin").read_bytes() == BIG


def test_corrupt_bytes_are_never_moved_to_the_target(published: Engine, out: Path) -> None:
    published.sandbox.fault(match=FROM_STORAGE, do="corrupt", times=None)
    found = fetch_one(published, out)
    assert found.status == "failed"
    assert isinstance(found.error, VerificationFailedError)
    assert names(out) == []
    assert len(ranges(published.sandbox)) == 5


def test_a_deleted_asset_is_reported_and_others_are_downloaded(
    published: Engine, out: Path
) -> None:
    assets = assets_of(published)
    github = published.github()
    github.delete_asset(assets["big.bin"].id)
    steps = plan_downloads(
        [(asset, out / asset.name) for asset in assets.values()], overwrite=False
    )
    results: dict[int, DownloadResult] = {}
    fetch_all(release_of(published), steps, github, published.reporter, results)
    other, gone = sorted(results.values(), key=lambda one: one.asset.size)
    assert isinstance(gone.error, NotFoundError)
    assert other.status == "downloaded"
    assert names(out) == ["small.txt"]


@pytest.fixture
def many(engine: Engine) -> Engine:
    """The engine with 40 small files published."""
    engine.write({f"dist/{number}.txt": b"small" for number in range(40)})
    engine.publish_well()
    return engine


def test_successful_downloads_raise_the_concurrency(many: Engine, out: Path) -> None:
    release, github = release_of(many), many.github()
    results: dict[int, DownloadResult] = {}
    targets = [(asset, out / asset.name) for asset in release.assets]
    fetch_all(release, plan_downloads(targets, overwrite=False), github, many.reporter, results)
    check_slots(github.session.limiter, 32)


@dataclass(slots=True)
class FullDisk(RecordingReporter):
    """Makes the disk full for a file when its download starts."""

    def moved(self, name: str, done: int, size: int) -> None:
        RecordingReporter.moved(self, name, done, size)
        for number in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                # Only the file of this thread: other descriptors may be in use for other files by now.
                if number.readlink().name.startswith(f"{name}."):
                    full = os.open("/dev/full", os.O_RDWR)
                    os.dup2(full, int(number.name))
                    os.close(full)


@pytest.mark.parametrize("why", ["token", "permission", "release", "room"])
def test_a_fatal_error_is_reported_once_and_stops_all_downloads(
    many: Engine, out: Path, why: str
) -> None:
    release, github = release_of(many), many.github()
    asset = {"origin": "api", "path": "/releases/assets/"}
    match why:
        case "token":
            many.sandbox.fault(match=asset, do="status", status=401, times=None)
        case "permission":
            many.sandbox.fault(match=asset, do="status", status=403, times=None)
        case "release":
            github.delete_release(release.id)
        case _:
            if not Path("/dev/full").exists():
                pytest.skip("there is no /dev/full")
            many.reporter = FullDisk()
    targets = [(asset, out / asset.name) for asset in release.assets]
    results: dict[int, DownloadResult] = {}
    fetch_all(release, plan_downloads(targets, overwrite=False), github, many.reporter, results)
    assert {one.status for one in results.values()} == {"failed"}
    assert len(results) == 40
    reported = [one.error for one in results.values() if not isinstance(one.error, NotStartedError)]
    assert [type(error).__name__ for error in reported] == [
        {
            "token": "BadCredentialsError",
            "permission": "PermissionDeniedError",
            "release": "ReleaseNotFoundError",
            "room": "NoRoomError",
        }[why]
    ]
    requested = {request.path for request in many.sandbox.requests() if request.origin == "api"}
    assert len(requested) < 30
    assert names(out) == []


@dataclass(slots=True)
class Interrupted(RecordingReporter):
    """Cancels the run after 2 MiB."""

    stop: Stop = field(default_factory=Stop)

    def moved(self, name: str, done: int, size: int) -> None:
        RecordingReporter.moved(self, name, done, size)
        if done >= 2 * MIB:
            self.stop.set(2)


def test_a_cancelled_download_keeps_its_partial_file(published: Engine, out: Path) -> None:
    published.reporter = Interrupted(stop=published.stop)
    found = fetch_one(published, out)
    assert isinstance(found.error, CancelledRunError)
    (left,) = out.iterdir()
    assert left.read_bytes() == BIG[: left.stat().st_size]
    assert left.stat().st_size >= 2 * MIB


@pytest.fixture
def without_digests(sandbox: Sandbox, engine: Engine) -> Iterator[Engine]:
    sandbox.settings(digests=False)
    engine.write({"dist/small.txt": b"small"})
    engine.publish_well()
    yield engine
    sandbox.settings(digests=True)


def test_without_a_digest_a_download_is_not_verified(without_digests: Engine, out: Path) -> None:
    (found,) = fetch(without_digests, out)
    assert (found.status, found.verified) == ("downloaded", False)
    assert found.digest is not None
    assert "digest" in result_line(found)
    (again,) = fetch(without_digests, out)
    assert again.error is not None
    assert again.error.title == "File exists"


def test_too_little_free_space_is_refused_before_the_download(tmp_path: Path) -> None:
    huge = sample(size=1 << 60)
    path = tmp_path / "app.zip"
    with pytest.raises(FileNotWrittenError):
        check_free_space([Fetch(asset=huge, path=path)], tmp_path)
    check_free_space([Keep(asset=huge, path=path, digest=Digest("x"))], tmp_path)


def test_a_directory_that_cannot_be_created_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileNotWrittenError):
        create_directory(tmp_path / "file" / "out")
    with pytest.raises(FileNotWrittenError):
        create_directory(tmp_path / "file")


@pytest.mark.parametrize("kind", ["directory", "dangling", "fifo"])
def test_a_path_that_is_no_regular_file_is_never_replaced(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "app.zip"
    match kind:
        case "directory":
            path.mkdir()
        case "dangling":
            path.symlink_to("nowhere")
        case _:
            os.mkfifo(path)
    (step,) = plan_downloads([(sample(), path)], overwrite=True)
    assert isinstance(step, Refuse)
    assert "app.zip" in step.error.what


class Pipe(io.BytesIO):
    """A pipe whose reader closes it after some bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._most:
            raise BrokenPipeError(32, "Broken pipe")
        return super().write(data)


def test_a_stream_receives_all_bytes(published: Engine) -> None:
    stream = io.BytesIO()
    found = fetch_to_stream(
        assets_of(published)["big.bin"], stream, published.github(), published.reporter
    )
    assert stream.getvalue() == BIG
    assert found.verified


def test_an_interrupted_transfer_to_a_stream_is_resumed(published: Engine) -> None:
    asset, stream = assets_of(published)["big.bin"], io.BytesIO()
    published.sandbox.fault(match=FROM_STORAGE, do="truncate", times=2)
    fetch_to_stream(asset, stream, published.github(), published.reporter)
    assert stream.getvalue() == BIG
    assert len(ranges(published.sandbox)) == 3


def test_attempts_that_progress_are_not_counted(published: Engine) -> None:
    """Each interruption comes after more than 1 MiB."""
    asset, stream = assets_of(published)["big.bin"], io.BytesIO()
    published.sandbox.fault(match=FROM_STORAGE, do="truncate", times=2)
    fetch_to_stream(asset, stream, published.github(max_attempts="2"), published.reporter)
    assert stream.getvalue() == BIG


def test_corrupt_bytes_on_a_stream_are_an_error_without_a_retry(published: Engine) -> None:
    asset, stream = assets_of(published)["big.bin"], io.BytesIO()
    published.sandbox.fault(match=FROM_STORAGE, do="corrupt")
    with pytest.raises(GitHubError, match="sha256:"):
        fetch_to_stream(asset, stream, published.github(), published.reporter)
    assert len(ranges(published.sandbox)) == 1


def test_a_closed_stream_ends_the_download(published: Engine) -> None:
    asset = assets_of(published)["big.bin"]
    with pytest.raises(FileNotWrittenError, match=r"`big\.bin`"):
        fetch_to_stream(asset, Pipe(2 * MIB), published.github(), published.reporter)
    assert len(ranges(published.sandbox)) == 1
