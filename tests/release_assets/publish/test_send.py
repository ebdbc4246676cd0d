"""Progress reports of uploads."""

from itertools import pairwise

from tests.support.engine import Engine

SIZE = 1_000_000


def counts_by_attempt(engine: Engine) -> list[list[int]]:
    """Return the reported byte counts of big.bin for each attempt."""
    attempts: list[list[int]] = []
    for count in engine.reporter.counts["big.bin"]:
        if count == 0:
            attempts.append([])
        attempts[-1].append(count)
    return attempts


def test_the_progress_of_an_upload_is_reported(engine: Engine) -> None:
    engine.write({"dist/big.bin": b"x" * SIZE})
    engine.publish_well()
    (counts,) = counts_by_attempt(engine)
    assert counts[-1] == SIZE
    assert len(counts) > 3
    assert all(before < after for before, after in pairwise(counts))


def test_the_progress_of_a_new_attempt_starts_at_zero(engine: Engine) -> None:
    engine.write({"dist/big.bin": b"x" * SIZE})
    engine.sandbox.fault(
        match={"origin": "uploads"}, do="status", status=502, leave="starter", when="after"
    )
    engine.publish_well()
    assert [counts[-1] for counts in counts_by_attempt(engine)] == [SIZE, SIZE]


def test_an_unchanged_file_has_no_progress(engine: Engine) -> None:
    engine.write({"dist/big.bin": b"x" * SIZE})
    engine.publish_well()
    engine.reporter.counts.clear()
    engine.publish_well()
    assert engine.reporter.counts == {}
