"""Many jobs publish to one tag at the same time: one release, every asset, published once."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.matrix.faults import MAX_FAULTS_PER_KIND, faults_of, kills_of, lag_of, latency_of
from tests.matrix.invariants import (
    SUMS,
    TAG,
    check_checksums,
    check_history,
    check_release,
    check_steps,
    seed_releases,
)
from tests.matrix.processes import Finished, MatrixJob, is_publishing, make_jobs, run
from tests.matrix.variants import Trial
from tests.support.container import action
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow


@pytest.mark.timeout(400)
def test_many_jobs_publish_one_release_with_every_asset(
    trial: Trial,
    sandbox: Sandbox,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    variant = trial.variant
    seed_releases(sandbox, variant)
    more = {"checksums": SUMS} if variant.checksums else {}
    matrix_jobs = make_jobs(tmp_path, sandbox, variant.jobs, trial.seed, more)
    names = [matrix_job.name for matrix_job in matrix_jobs]
    kills = kills_of(trial.seed, names) if variant.kills else []
    for kill in kills:
        sandbox.fault(**kill.fault)
    for name in names if variant.faults else ():
        for fault in faults_of(trial.seed, name):
            # The job that uploaded a corrupt asset deletes it, unless the job is killed.
            if not (variant.kills and fault["do"] == "corrupt"):
                sandbox.fault(**fault)
    if variant.lag:
        sandbox.settings(**lag_of(trial.seed))
    if variant.slow:
        sandbox.settings(latency=latency_of(trial.seed))

    finished = run(matrix_jobs, sandbox, kills)

    write_log(tmp_path / "requests.txt", sandbox)
    record_property(f"matrix {variant.name}", measure(sandbox, matrix_jobs, finished))
    assets = check_release(sandbox, variant, matrix_jobs, finished)
    check_history(sandbox, variant, finished)
    release = sandbox.release(TAG)
    check_steps(finished, matrix_jobs, release["id"], assets)
    if variant.checksums:
        urls = {name: asset["browser_download_url"] for name, asset in assets.items()}
        check_checksums(urls, tmp_path / "downloads")
    assert bool(finished.killed) == variant.kills
    assert not variant.faults or any(request.fault for request in sandbox.requests())


def measure(
    sandbox: Sandbox, matrix_jobs: list[MatrixJob], finished: Finished
) -> dict[str, list[float]]:
    """Return the calls, points and times of a trial."""
    log = sandbox.requests()
    calls = Counter(request.job for request in log)
    times = {name: [r.time for r in log if r.job == name] for name in calls}
    return {
        "job's calls": [calls[matrix_job.name] for matrix_job in matrix_jobs],
        "all calls": [len(log)],
        "points": [sum(request.points for request in log)],
        "publishing": [sum(map(is_publishing, log))],
        "job's seconds": [
            max(times[matrix_job.name]) - min(times[matrix_job.name]) for matrix_job in matrix_jobs
        ],
        "all seconds": [finished.seconds],
    }


def write_log(path: Path, sandbox: Sandbox) -> None:
    """Write the log of all requests, to find out why a trial failed."""
    log = sandbox.requests()
    path.write_text(
        "".join(
            f"{request.time - log[0].time:8.3f} {request.job or '-':7} {request.method:6} "
            f"{request.path}?{request.query} {request.status} {request.fault or ''}\n"
            for request in log
        )
        + "".join(f"{event}\n" for event in sandbox.history())
    )


def test_a_call_has_more_attempts_than_faults() -> None:
    # Otherwise a trial could fail although the program has no defect.
    attempts = int(action()["inputs"]["max-attempts"]["default"])
    assert attempts > MAX_FAULTS_PER_KIND


def test_a_seed_determines_every_fault() -> None:
    names = [f"job-{number:02}" for number in range(64)]
    for seed in range(20):
        assert [*faults_of(seed, "job-00")] == [*faults_of(seed, "job-00")]
        assert lag_of(seed) == lag_of(seed)
        assert kills_of(seed, names) == kills_of(seed, names)
    drawn = {str([*faults_of(seed, name)]) for seed in range(20) for name in names}
    assert len(drawn) > 1000
