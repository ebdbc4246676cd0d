"""The line of the log for a download."""

from pathlib import Path

import pytest

from release_assets.download.result import DownloadResult, result_line
from tests.support.samples import A, asset


@pytest.mark.parametrize(
    ("result", "line"),
    [
        (
            DownloadResult(asset=asset(), path=Path("app.zip"), status="downloaded", digest=A),
            f"downloaded app.zip, 10 B in 0.0 s, {A}",
        ),
        (
            DownloadResult(asset=asset(digest=None), path=None, status="unchanged", digest=A),
            f"unchanged app.zip, 10 B, {A} (GitHub has no digest to compare)",
        ),
        (
            DownloadResult(asset=asset(), path=Path("app.zip"), status="failed"),
            "failed app.zip, 10 B",
        ),
    ],
)
def test_a_line_names_what_is_known(result: DownloadResult, line: str) -> None:
    assert result_line(result) == line
