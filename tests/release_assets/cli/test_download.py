"""The command `download`, run as a process."""

import json
import signal
import sys
import time
from pathlib import Path

import pytest

from release_assets.digest import Digest
from release_assets.names import staging_name
from tests.support.cli import Run
from tests.support.sandbox import ROOT, Sandbox

pytestmark = pytest.mark.slow

BINARY = bytes(range(256)) * 3
STAGED = staging_name("app.zip", Digest("sha256:" + "a" * 64))
ASSETS = [
    {"name": "app.zip", "text": "app"},
    {"name": "app.deb", "text": "deb"},
    {"name": "SHA256SUMS", "text": "sums"},
]


@pytest.fixture
def planted(sandbox: Sandbox) -> Sandbox:
    plant(sandbox, *ASSETS)
    return sandbox


def plant(sandbox: Sandbox, *assets: object) -> None:
    given = [{"tag": "v1", "assets": list(assets)}]
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": given}]})


def files(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in directory.iterdir()}


@pytest.mark.usefixtures("planted")
def test_all_assets_are_downloaded_into_a_directory(cli: Run) -> None:
    done = cli("download", "--tag", "v1", "--dir", "new/out")
    assert done.returncode == 0, done.stderr
    out = Path("new/out")
    assert done.stdout.splitlines() == [str(out / str(asset["name"])) for asset in ASSETS]
    assert files(cli.directory / out) == {
        "app.zip": b"app",
        "app.deb": b"deb",
        "SHA256SUMS": b"sums",
    }
    assert "3 downloaded, 10 B" in done.stderr


@pytest.mark.usefixtures("planted")
def test_assets_that_match_are_downloaded_into_the_working_directory(cli: Run) -> None:
    assert cli("download", "--tag", "v1", "*.{zip,deb}", "!*.deb").returncode == 0
    assert files(cli.directory) == {"app.zip": b"app"}


@pytest.mark.usefixtures("planted")
def test_one_asset_is_downloaded_under_another_name(cli: Run) -> None:
    done = cli("download", "app.zip", "--tag", "v1", "-O", "sub/mine.zip")
    assert (done.returncode, done.stdout) == (0, f"{Path('sub/mine.zip')}\n")
    assert (cli.directory / "sub/mine.zip").read_bytes() == b"app"


def test_an_asset_is_written_to_a_pipe(cli: Run) -> None:
    (cli.directory / "bin.dat").write_bytes(BINARY)
    cli("publish", "--tag", "v1", "bin.dat")
    done = cli.bytes_of("download", "--tag", "v1", "-O", "-", "bin.dat")
    assert (done.returncode, done.stdout) == (0, BINARY)
    assert b"bin.dat, 768 B, sha256:" in done.stderr


def test_a_closed_pipe_is_reported(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox, {"name": "big.bin", "size": 20_000_000})
    line = "$PYTHON -m release_assets download --tag v1 -O - big.bin | head -c 5 | wc -c"
    done = cli.shell(f"{line}; echo ${{PIPESTATUS[0]}}")
    assert done.stdout.split() == ["5", "1"]
    assert "`big.bin`" in done.stderr
    assert "this is a bug" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.usefixtures("planted")
def test_json_lists_the_status_of_each_file(cli: Run) -> None:
    (cli.directory / "app.deb").write_bytes(b"deb")
    document = json.loads(cli("download", "--tag", "v1", "--json").stdout)
    assert {one["name"]: one["result"] for one in document["files"]} == {
        "app.zip": "downloaded",
        "app.deb": "unchanged",
        "SHA256SUMS": "downloaded",
    }
    assert all(one["verified"] for one in document["files"])
    assert document["tagName"] == "v1"


@pytest.mark.usefixtures("planted")
def test_all_refusals_are_reported_before_any_download(cli: Run) -> None:
    (cli.directory / "app.zip").write_bytes(b"mine")
    (cli.directory / "app.deb").mkdir()
    done = cli("download", "--tag", "v1")
    assert done.returncode == 1
    assert all(name in done.stderr for name in ("app.zip", "app.deb"))
    assert not (cli.directory / "SHA256SUMS").exists()
    (cli.directory / "app.deb").rmdir()
    assert cli("download", "--tag", "v1", "--overwrite").returncode == 0
    assert files(cli.directory)["app.zip"] == b"app"


def test_an_incomplete_asset_is_skipped_unless_it_is_named(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox, *ASSETS, {"name": "half.zip", "state": "starter"}, {"name": STAGED, "text": "n"})
    done = cli("download", "--tag", "v1")
    assert done.returncode == 0
    assert sorted(files(cli.directory)) == ["SHA256SUMS", "app.deb", "app.zip"]
    assert done.stderr.count("warning: Left out: ") == 2
    assert "half.zip" in done.stderr
    named = cli("download", "--tag", "v1", "half.zip")
    assert named.returncode == 1
    assert "`half.zip`" in named.stderr
    assert cli("download", "--tag", "v1", STAGED).returncode == 0
    assert files(cli.directory)[STAGED] == b"n"


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "a\\b", ".."])
def test_a_name_outside_of_the_directory_is_refused(sandbox: Sandbox, cli: Run, name: str) -> None:
    plant(sandbox, {"name": name, "text": "evil"}, *ASSETS)
    (cli.directory / "out").mkdir()
    done = cli("download", "--tag", "v1", "-D", "out")
    assert done.returncode == 1
    assert "error: Asset cannot be used: " in done.stderr
    assert files(cli.directory / "out") == {}
    assert [path.name for path in cli.directory.iterdir()] == ["out"]
    alone = cli("download", "--tag", "v1", name.replace("\\", "\\\\"), "-O", "safe")
    assert alone.returncode == 0, alone.stderr
    assert (cli.directory / "safe").read_bytes() == b"evil"


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("no.zip", "*.exe"), 1, "`no.zip`"),
        (("-O", "x", "*"), 2, "app.zip, app.deb"),
        (("-O", "x", "-D", "y"), 2, "--output"),
        (("-O", "-", "--json", "app.zip"), 2, "--json"),
        (
            ("-O", ".", "app.zip"),
            2,
            "--dir .",
        ),
        (("-D", "file"), 1, "File not written"),
        (("--concurrency", "none"), 2, "`--concurrency`"),
        (("--prune", "x"), 2, "--prune"),
    ],
)
def test_an_error_is_reported_and_nothing_is_downloaded(
    planted: Sandbox, cli: Run, arguments: tuple[str, ...], code: int, text: str
) -> None:
    (cli.directory / "file").write_text("x")
    planted.forget_requests()
    done = cli("download", "--tag", "v1", *arguments)
    assert done.returncode == code, done.stderr
    assert text in done.stderr
    assert planted.count("GET", "/releases/assets/") == 0
    assert list(files(cli.directory)) == ["file"]


@pytest.mark.usefixtures("planted")
def test_an_asset_is_not_written_to_a_terminal(cli: Run) -> None:
    code, shown = cli.on_a_terminal("download", "--tag", "v1", "-O", "-", "app.zip")
    assert code == 2
    assert "Wrong usage" in shown


def test_the_other_assets_are_downloaded_after_an_error(planted: Sandbox, cli: Run) -> None:
    wrong = next(asset["id"] for asset in planted.assets("v1") if asset["name"] == "app.deb")
    planted.fault(match={"path": f"/assets/{wrong}$"}, do="status", status=500, times=None)
    done = cli("download", "--tag", "v1", "--max-attempts", "1", "--json")
    assert done.returncode == 1
    assert sorted(files(cli.directory)) == ["SHA256SUMS", "app.zip"]
    document = json.loads(done.stdout)
    assert [one["result"] for one in document["files"]].count("failed") == 1
    assert len(document["errors"]) == 1
    assert cli("download", "--tag", "v1", "--max-attempts", "1").returncode == 1
    planted.disarm()
    again = cli("download", "--tag", "v1")
    assert again.returncode == 0
    assert "1 downloaded, 2 unchanged" in again.stderr
    third = cli("download", "--tag", "v1")
    assert "3 unchanged, nothing downloaded" in third.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_download_is_resumed_by_the_next_run(
    sandbox: Sandbox, cli: Run, number: signal.Signals
) -> None:
    size = 64 * 1024 * 1024
    plant(sandbox, {"name": "big.bin", "size": size})
    sandbox.settings(throttle=4 * 1024 * 1024)
    with cli.popen("download", "--tag", "v1", "--json") as process:
        end = time.monotonic() + 30
        while time.monotonic() < end and not _partial_size(cli.directory):
            time.sleep(0.02)
        process.send_signal(number)
        process.communicate()
        expected = -number if number == signal.SIGKILL else 128 + number
        assert process.returncode == expected
    left = _partial_size(cli.directory)
    assert 0 < left < size
    sandbox.settings(throttle=None)
    done = cli("download", "--tag", "v1", "--json")
    assert done.returncode == 0, done.stderr
    (one,) = json.loads(done.stdout)["files"]
    assert one["resumedAt"] == left
    assert one["verified"]
    assert [path.name for path in cli.directory.iterdir()] == ["big.bin"]


def _partial_size(directory: Path) -> int:
    """Return the size of the partial file in bytes."""
    return sum(path.stat().st_size for path in directory.glob("*.part"))


def test_two_simultaneous_downloads_both_succeed(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox, {"name": "big.bin", "size": 8_000_000})
    sandbox.settings(throttle=8_000_000)
    both = [cli.popen("download", "--tag", "v1", "--quiet") for _ in range(2)]
    for process in both:
        with process:
            process.communicate()
            assert process.returncode == 0
    assert {path.name: path.stat().st_size for path in cli.directory.iterdir()} == {
        "big.bin": 8_000_000
    }


def _peak(cli: Run, *arguments: str) -> int:
    """Run a command, and return its peak memory in bytes."""
    # Measured from a small process, because a forked process starts as large as its parent.
    command = f'"$PYTHON" -I -S {ROOT}/bench/meter.py "$PYTHON" -m release_assets '
    done = cli.shell(command + " ".join(arguments))
    measured = json.loads(done.stdout)
    assert measured["exit_code"] == 0, done.stderr
    return int(measured["peak"])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere ru_maxrss has another unit")
def test_large_parallel_downloads_take_little_memory(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox, *({"name": f"{number}.bin", "size": 32 << 20} for number in range(8)))
    fetched = _peak(cli, "download", "--tag", "v1", "--quiet")
    alone = _peak(cli, "list", "--tag", "v1")
    assert fetched - alone < 10 << 20
