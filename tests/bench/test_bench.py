"""The comparison works with small workloads, and counts calls correctly."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.servers import sink_server
from bench.uploads import Bench, find
from bench.workloads import MIB, UPLOADS, Workload
from tests.support.job import ROOT

pytestmark = pytest.mark.slow

SMALL = Workload(name="small", count=3, size=1024, latency=0.001, connections=2)


def bench(*arguments: str) -> list[list[str]]:
    """Return the cells of all lines of tables that a run prints."""
    done = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_calls_and_points_are_counted_for_each_program() -> None:
    table = bench("replaced", "unchanged", "planning")
    head = table[0]
    rows = {(cells[0], cells[1]): dict(zip(head, cells, strict=False)) for cells in table}
    replaced = rows["5 files of 10 KiB, replaced among 25, 10 ms an answer", "this program"]
    assert int(replaced["calls"]) <= 4 * 5 + 2
    assert int(replaced["points"]) == int(replaced["calls"]) + 5, "an upload counts twice"
    unchanged = rows["6 files of 16 MiB, there already", "this program"]
    assert int(unchanged["calls"]) <= 2
    assert any(cells[0] == "1000 files against 1000 assets" for cells in table)


@pytest.mark.parametrize("server", ["sandbox", "sink", "sink over TLS"])
def test_every_upload_method_creates_the_same_release(server: str) -> None:
    latency = SMALL.latency if server == "sandbox" else 0.0
    workload = Workload(
        name="small",
        count=3,
        size=1024,
        latency=latency,
        connections=2,
        server=server,  # type: ignore[arg-type] # one of the three
    )
    with Bench(workload) as small:
        for way in workload.ways:
            if way != "curl" or find("curl"):
                run = small.run(way)  # also checks the release
                assert run.seconds > 0
                assert MIB < run.peak < 1024 * MIB


def test_an_upload_method_that_fails_raises_an_error(tmp_path: Path) -> None:
    with sink_server(tmp_path, tls=False) as server, pytest.raises(ValueError, match="plain link"):
        server.prepare(SMALL)
    with Bench(SMALL) as small:
        small.place.files[0].unlink()
        with pytest.raises(RuntimeError, match=r"gh release upload v1 .* ended with 1"):
            small.run("gh")


def test_workload_names_are_unique() -> None:
    assert len({workload.name for workload in UPLOADS}) == len(UPLOADS)
