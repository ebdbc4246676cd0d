"""What runs came to, to say in a test only what matters in it."""

from typing import Any

from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError
from release_assets.models import Asset, LocalFile, Result, Status
from release_assets.plan.assets import Plan
from release_assets.plan.steps import Upload
from release_assets.report.outcome import Outcome
from tests.support.samples import A, local_file, release


def result(
    status: Status = "uploaded",
    *,
    file: LocalFile | None = None,
    there: Asset | None = None,
    digest: Digest | None = A,
    error: ReleaseAssetsError | None = None,
) -> Result:
    """What became of a file."""
    return Result(
        file=file or local_file(),
        status=status,
        asset=there,
        digest=digest,
        seconds=1.5,
        error=error,
        changed=status in {"uploaded", "replaced"},
    )


def outcome(*results: Result, **said: Any) -> Outcome:
    """A run of uploads that came to these results."""
    steps = tuple(Upload(file=one.file) for one in results)
    values: dict[str, Any] = {
        "tag": "v1",
        "release": release(),
        "plan": Plan(steps=steps),
        "results": results,
        "changed": any(one.changed for one in results),
        "seconds": 2.0,
        **said,
    }
    return Outcome(**values)
