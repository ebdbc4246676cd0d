"""Skipped tests fail where REQUIRE_ALL=1 says that everything is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.job import ROOT

pytestmark = pytest.mark.slow

SKIPS = """
import pytest

@pytest.mark.skipif(True, reason="there is no abacus")
def test_marked(): ...

@pytest.fixture
def abacus():
    pytest.skip("there is no abacus")

def test_asks(abacus): ...

def test_passes(): ...
"""


@pytest.mark.parametrize(
    ("required", "ends"), [("", "1 passed, 2 skipped"), ("1", "1 passed, 2 errors")]
)
def test_a_skipped_test_fails_with_require_all(required: str, ends: str, tmp_path: Path) -> None:
    path = tmp_path / "test_skips.py"
    path.write_text(SKIPS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.conftest", "--rootdir", tmp_path, path],
        cwd=ROOT,
        env={**os.environ, "REQUIRE_ALL": required},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ends in done.stdout
    assert done.returncode == (1 if required else 0)
    assert done.stdout.count("there is no abacus, and REQUIRE_ALL=1") >= 2 * len(required)
