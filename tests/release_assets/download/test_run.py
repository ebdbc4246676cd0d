"""Downloads against the sandbox, whatever goes wrong on the way."""

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
from release_assets.download.errors import FileNotWrittenError
from release_assets.download.plan import Fetch, Keep, Refuse
from release_assets.download.run import (
    DownloadResult,
    check_room,
    directory_for,
    fetch_all,
    fetch_to_stream,
    in_order,
    line_of,
    look,
)
from release_assets.errors import CancelledRunError, NotBegunError
from release_assets.github.errors import GitHubError
from release_assets.models import Asset, Release
from release_assets.stop import Stop
from tests.support.engine import Engine, RecordingReporter
from tests.support.room import check_room as check_places
from tests.support.samples import asset as sample
from tests.support.sandbox import Sandbox

MIB = 1024 * 1024
BIG = random.Random(7).randbytes(5 * MIB + 123)
FROM_STORAGE = {"origin": "storage", "method": "GET"}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return directory_for(tmp_path / "out")


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
    steps = look(targets, overwrite=overwrite)
    done: dict[int, DownloadResult] = {}
    fetch_all(release_of(engine), steps, engine.github(), engine.reporter, done)
    return list(in_order(steps, done))


def fetch_one(engine: Engine, out: Path, name: str = "big.bin") -> DownloadResult:
    (found,) = fetch(engine, out, name)
    return found


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def ranges(sandbox: Sandbox) -> list[str]:
    """Return what the requests to the storage asked for."""
    return [
        request.headers.get("range", "all")
        for request in sandbox.requests()
        if request.origin == "storage"
    ]


def test_all_come_whole_and_verified(published: Engine, out: Path) -> None:
    found = fetch(published, out)
    assert {one.asset.name: (one.name, one.verified) for one in found} == {
        "big.bin": ("downloaded", True),
        "small.txt": ("downloaded", True),
    }
    assert (out / "big.bin").read_bytes() == BIG
    assert (out / "small.txt").read_bytes() == b"small"
    assert names(out) == ["big.bin", "small.txt"]


def test_the_token_does_not_go_to_the_storage(published: Engine, out: Path) -> None:
    fetch(published, out)
    storage = [one for one in published.sandbox.requests() if one.origin == "storage"]
    assert len(storage) == 2
    assert not any("authorization" in request.headers for request in storage)


def test_what_is_here_is_not_fetched_again(published: Engine, out: Path) -> None:
    fetch(published, out)
    before = (out / "big.bin").stat()
    again = fetch(published, out)
    assert [one.name for one in again] == ["unchanged", "unchanged"]
    assert published.sandbox.requests() == []
    after = (out / "big.bin").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_other_content_is_refused_unless_it_may_be_replaced(published: Engine, out: Path) -> None:
    (out / "small.txt").write_bytes(b"other")
    (found,) = fetch(published, out, "small.txt")
    assert "--overwrite" in str(found.error)
    assert (out / "small.txt").read_bytes() == b"other"
    assert published.sandbox.requests() == []
    (found,) = fetch(published, out, "small.txt", overwrite=True)
    assert found.name == "downloaded"
    assert (out / "small.txt").read_bytes() == b"small"


def test_how_far_it_is_is_told(published: Engine, out: Path) -> None:
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
        {"do": "status", "status": 403},  # the address has died
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
def test_what_goes_wrong_once_is_survived(
    published: Engine, out: Path, fault: dict[str, Any]
) -> None:
    assets_of(published)
    published.sandbox.fault(**{"match": FROM_STORAGE, **fault})
    found = fetch_one(published, out)
    assert found.error is None
    assert found.name == "downloaded"
    assert (out / "big.bin").read_bytes() == BIG
    assert names(out) == ["big.bin"]


def test_what_broke_off_is_gone_on_with(published: Engine, out: Path) -> None:
    published.sandbox.fault(match=FROM_STORAGE, do="truncate")
    fetch_one(published, out)
    first, second = ranges(published.sandbox)
    assert first == "all"
    start = int(second.removeprefix("bytes=").removesuffix("-"))
    assert 0 < start < len(BIG)


def test_what_an_earlier_run_left_is_gone_on_with(published: Engine, out: Path) -> None:
    published.sandbox.fault(match=FROM_STORAGE, do="truncate", times=1)
    published.sandbox.fault(match=FROM_STORAGE, do="status", status=500, times=None)
    failed = fetch_one(published, out)
    assert failed.name == "failed"
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
    assert "of an earlier run" in line_of(found)


@pytest.mark.parametrize("chosen", ["both", "one"])
def test_an_asset_named_like_the_part_of_another_stays_what_it_is(
    published: Engine, out: Path, chosen: str
) -> None:
    name = part_of(published, out).name
    (out / name).unlink()
    published.write({f"dist/{name}": b"\x00" * 1000})
    published.publish_well()
    assert name in assets_of(published)
    (out / name).write_bytes(b"\x00" * 1000)  # an earlier run has fetched it
    found = fetch(published, out, *(("big.bin", name) if chosen == "both" else ("big.bin",)))
    assert [one.error for one in found] == [None] * len(found)
    assert (out / "big.bin").read_bytes() == BIG
    assert (out / name).read_bytes() == b"\x00" * 1000
    assert names(out) == ["big.bin", name]


def part_of(published: Engine, out: Path) -> Path:
    """Return where a part of big.bin stands, with the first half in it."""
    published.sandbox.fault(match=FROM_STORAGE, do="truncate", times=1)
    published.sandbox.fault(match=FROM_STORAGE, do="status", status=500, times=None)
    fetch_one(published, out)
    published.sandbox.disarm()
    (left,) = out.iterdir()
    return left


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(BIG, id="whole"),
        pytest.param(BIG + b"more", id="too long"),
        pytest.param(b"\x00" * len(BIG), id="as long, but other"),
        pytest.param(b"\x00" * 999, id="other from its start"),
        pytest.param(b"", id="empty"),
    ],
)
def test_whatever_was_left_the_end_is_right(published: Engine, out: Path, left: bytes) -> None:
    part_of(published, out).write_bytes(left)
    found = fetch_one(published, out)
    assert found.error is None
    assert (out / "big.bin").read_bytes() == BIG
    assert names(out) == ["big.bin"]
    assert len(ranges(published.sandbox)) == (0 if left == BIG else 1 + (left == b"\x00" * 999))


def test_a_server_that_knows_no_ranges_is_asked_for_all(published: Engine, out: Path) -> None:
    part_of(published, out)
    published.sandbox.fault(match=FROM_STORAGE, do="status", status=200, body="all of it")
    found = fetch_one(published, out)
    assert found.error is None
    assert ranges(published.sandbox)[1:] == ["all"]
    assert (out / "big.bin").read_bytes() == BIG


def test_another_part_than_asked_for_is_not_taken(published: Engine, out: Path) -> None:
    part_of(published, out)
    headers = {"Content-Range": f"bytes 0-{len(BIG) - 1}/{len(BIG)}"}
    published.sandbox.fault(
        match=FROM_STORAGE, do="status", status=206, body="all", headers=headers
    )
    found = fetch_one(published, out)
    assert found.error is None
    assert ranges(published.sandbox)[1:] == ["all"]
    assert (out / "big.bin").read_bytes() == BIG


def test_a_range_that_is_refused_is_asked_for_from_its_start(published: Engine, out: Path) -> None:
    part_of(published, out)
    published.sandbox.fault(match=FROM_STORAGE, do="status", status=416)
    found = fetch_one(published, out)
    assert found.error is None
    assert ranges(published.sandbox)[1:] == ["all"]
    assert (out / "big.bin").read_bytes() == BIG


def test_bytes_that_never_come_right_are_not_put_in_place(published: Engine, out: Path) -> None:
    published.sandbox.fault(match=FROM_STORAGE, do="corrupt", times=None)
    found = fetch_one(published, out)
    assert found.name == "failed"
    assert "came with the digest sha256:" in str(found.error)
    assert "nothing wrong was put in place" in str(found.error)
    assert names(out) == []
    assert len(ranges(published.sandbox)) == 5


def test_an_asset_that_is_gone_is_told(published: Engine, out: Path) -> None:
    assets = assets_of(published)
    github = published.github()
    github.delete_asset(assets["big.bin"].id)
    steps = look([(asset, out / asset.name) for asset in assets.values()], overwrite=False)
    done: dict[int, DownloadResult] = {}
    fetch_all(release_of(published), steps, github, published.reporter, done)
    other, gone = sorted(in_order(steps, done), key=lambda one: one.asset.size)
    assert "GitHub finds nothing there" in str(gone.error)
    assert other.name == "downloaded"
    assert names(out) == ["small.txt"]


@pytest.fixture
def many(engine: Engine) -> Engine:
    """The engine with 40 small files published."""
    engine.write({f"dist/{number}.txt": b"small" for number in range(40)})
    engine.publish_well()
    return engine


def test_downloads_that_go_well_let_more_go_side_by_side(many: Engine, out: Path) -> None:
    release, github = release_of(many), many.github()
    done: dict[int, DownloadResult] = {}
    targets = [(asset, out / asset.name) for asset in release.assets]
    fetch_all(release, look(targets, overwrite=False), github, many.reporter, done)
    check_places(github.session.limiter, 32)


@dataclass(slots=True)
class FullDisk(RecordingReporter):
    """Lets the disk be full for a file as soon as its download begins."""

    def moved(self, name: str, done: int, size: int) -> None:
        RecordingReporter.moved(self, name, done, size)
        for number in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                # Of this thread's own: any other may be another file's by now.
                if number.readlink().name.startswith(f"{name}."):
                    full = os.open("/dev/full", os.O_RDWR)
                    os.dup2(full, int(number.name))
                    os.close(full)


@pytest.mark.parametrize("why", ["token", "permission", "release", "room"])
def test_what_would_stop_every_file_is_told_once(many: Engine, out: Path, why: str) -> None:
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
    done: dict[int, DownloadResult] = {}
    fetch_all(release, look(targets, overwrite=False), github, many.reporter, done)
    assert {one.name for one in done.values()} == {"failed"}
    assert len(done) == 40
    told = [one.error for one in done.values() if not isinstance(one.error, NotBegunError)]
    assert [type(error).__name__ for error in told] == [
        {
            "token": "BadCredentialsError",
            "permission": "PermissionDeniedError",
            "release": "ReleaseNotFoundError",
            "room": "NoRoomError",
        }[why]
    ]
    begun = {request.path for request in many.sandbox.requests() if request.origin == "api"}
    assert len(begun) < 30
    assert names(out) == []


@dataclass(slots=True)
class Interrupted(RecordingReporter):
    """Hears of 2 MiB, and tells all to end."""

    stop: Stop = field(default_factory=Stop)

    def moved(self, name: str, done: int, size: int) -> None:
        RecordingReporter.moved(self, name, done, size)
        if done >= 2 * MIB:
            self.stop.set(2)


def test_a_download_that_is_told_to_end_keeps_its_part(published: Engine, out: Path) -> None:
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


def test_without_a_digest_the_size_is_all_that_can_be_right(
    without_digests: Engine, out: Path
) -> None:
    (found,) = fetch(without_digests, out)
    assert (found.name, found.verified) == ("downloaded", False)
    assert found.digest is not None
    assert "GitHub tells no digest" in line_of(found)
    (again,) = fetch(without_digests, out)
    assert "cannot be compared" in str(again.error)


def test_the_room_on_the_disk_is_looked_at_before_the_first_byte(tmp_path: Path) -> None:
    huge = sample(size=1 << 60)
    path = tmp_path / "app.zip"
    with pytest.raises(FileNotWrittenError, match="are to come, and there is room for"):
        check_room([Fetch(asset=huge, path=path)], tmp_path)
    check_room([Keep(asset=huge, path=path, digest=Digest("x"))], tmp_path)


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileNotWrittenError, match="cannot be made: Not a directory"):
        directory_for(tmp_path / "file" / "out")
    with pytest.raises(FileNotWrittenError, match="cannot be made: File exists"):
        directory_for(tmp_path / "file")


@pytest.mark.parametrize("kind", ["directory", "dangling", "fifo"])
def test_what_is_no_file_is_never_replaced(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "app.zip"
    match kind:
        case "directory":
            path.mkdir()
        case "dangling":
            path.symlink_to("nowhere")
        case _:
            os.mkfifo(path)
    (step,) = look([(sample(), path)], overwrite=True)
    assert isinstance(step, Refuse)
    assert "is no regular file" in str(step.error)


class Pipe(io.BytesIO):
    """A standard output that breaks after some bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > self._most:
            raise BrokenPipeError(32, "Broken pipe")
        return super().write(data)


def test_a_stream_gets_the_bytes_as_they_come(published: Engine) -> None:
    stream = io.BytesIO()
    found = fetch_to_stream(
        assets_of(published)["big.bin"], stream, published.github(), published.reporter
    )
    assert stream.getvalue() == BIG
    assert found.verified


def test_a_stream_goes_on_where_the_bytes_broke_off(published: Engine) -> None:
    asset, stream = assets_of(published)["big.bin"], io.BytesIO()
    published.sandbox.fault(match=FROM_STORAGE, do="truncate", times=2)
    fetch_to_stream(asset, stream, published.github(), published.reporter)
    assert stream.getvalue() == BIG
    assert len(ranges(published.sandbox)) == 3


def test_wrong_bytes_cannot_be_taken_back_from_a_stream(published: Engine) -> None:
    asset, stream = assets_of(published)["big.bin"], io.BytesIO()
    published.sandbox.fault(match=FROM_STORAGE, do="corrupt")
    with pytest.raises(GitHubError, match="instead of sha256:") as caught:
        fetch_to_stream(asset, stream, published.github(), published.reporter)
    assert "throw away" in caught.value.fix
    assert len(ranges(published.sandbox)) == 1


def test_a_stream_that_nobody_reads_ends_it(published: Engine) -> None:
    asset = assets_of(published)["big.bin"]
    with pytest.raises(FileNotWrittenError, match=r"took no more of `big\.bin`: Broken"):
        fetch_to_stream(asset, Pipe(2 * MIB), published.github(), published.reporter)
    assert len(ranges(published.sandbox)) == 1
