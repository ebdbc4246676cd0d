"""Any number of jobs publish to one tag at once: one release, every asset, made public once."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.matrix.crowd import Ended, Member, is_publishing, members, run
from tests.matrix.invariants import (
    SUMS,
    TAG,
    check_the_checksums,
    check_the_history,
    check_the_release,
    check_the_steps,
    plant,
)
from tests.matrix.troubles import MOST, faults_of, kills_of, lag_of, latency_of
from tests.matrix.variants import Trial
from tests.support.container import action
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow


@pytest.mark.timeout(400)
def test_many_jobs_make_one_release(
    trial: Trial,
    sandbox: Sandbox,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    variant = trial.variant
    plant(sandbox, variant)
    more = {"checksums": SUMS} if variant.checksums else {}
    crowd = members(tmp_path, sandbox, variant.jobs, trial.seed, more)
    names = [member.name for member in crowd]
    kills = kills_of(trial.seed, names) if variant.kills else []
    for kill in kills:
        sandbox.fault(**kill.fault)
    for name in names if variant.faults else ():
        for fault in faults_of(trial.seed, name):
            # Bytes that GitHub stores wrong are taken back by the job that sent them, if it lives.
            if not (variant.kills and fault["do"] == "corrupt"):
                sandbox.fault(**fault)
    if variant.lag:
        sandbox.settings(**lag_of(trial.seed))
    if variant.slow:
        sandbox.settings(latency=latency_of(trial.seed))

    ended = run(crowd, sandbox, kills)

    write_log(tmp_path / "requests.txt", sandbox)
    record_property(f"matrix {variant.name}", measure(sandbox, crowd, ended))
    assets = check_the_release(sandbox, variant, crowd, ended)
    check_the_history(sandbox, variant, ended)
    release = sandbox.release(TAG)
    check_the_steps(ended, crowd, release["id"], assets)
    if variant.checksums:
        urls = {name: asset["browser_download_url"] for name, asset in assets.items()}
        check_the_checksums(urls, tmp_path / "downloads")
    assert bool(ended.killed) == variant.kills
    assert not variant.faults or any(request.fault for request in sandbox.requests())


def measure(sandbox: Sandbox, crowd: list[Member], ended: Ended) -> dict[str, list[float]]:
    """Return what a trial took; of the calls, those of each job."""
    log = sandbox.requests()
    calls = Counter(request.job for request in log)
    times = {name: [r.time for r in log if r.job == name] for name in calls}
    return {
        "job's calls": [calls[member.name] for member in crowd],
        "all calls": [len(log)],
        "points": [sum(request.points for request in log)],
        "publishing": [sum(map(is_publishing, log))],
        "job's seconds": [max(times[member.name]) - min(times[member.name]) for member in crowd],
        "all seconds": [ended.seconds],
    }


def write_log(path: Path, sandbox: Sandbox) -> None:
    """Keep the log of all requests, for who wants to know why a trial failed."""
    log = sandbox.requests()
    path.write_text(
        "".join(
            f"{request.time - log[0].time:8.3f} {request.job or '-':7} {request.method:6} "
            f"{request.path}?{request.query} {request.status} {request.fault or ''}\n"
            for request in log
        )
        + "".join(f"{event}\n" for event in sandbox.history())
    )


def test_a_call_has_more_tries_than_troubles() -> None:
    # Else a trial could fail by its own lot, and not by a mistake of the program.
    tries = int(action()["inputs"]["max-attempts"]["default"])
    assert tries > MOST


def test_a_seed_tells_all() -> None:
    names = [f"job-{number:02}" for number in range(64)]
    for seed in range(20):
        assert [*faults_of(seed, "job-00")] == [*faults_of(seed, "job-00")]
        assert lag_of(seed) == lag_of(seed)
        assert kills_of(seed, names) == kills_of(seed, names)
    drawn = {str([*faults_of(seed, name)]) for seed in range(20) for name in names}
    assert len(drawn) > 1000
