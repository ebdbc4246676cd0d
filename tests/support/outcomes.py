"""Results and outcomes with default values, so that a test gives only what it depends on."""

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
    """The result for one file."""
    return Result(
        file=file or local_file(),
        status=status,
        asset=there,
        digest=digest,
        seconds=1.5,
        error=error,
        changed=status in {"uploaded", "replaced"},
    )


def outcome(*results: Result, **given: Any) -> Outcome:
    """The outcome of a run that uploaded files with these results."""
    steps = tuple(Upload(file=one.file) for one in results)
    values: dict[str, Any] = {
        "tag": "v1",
        "release": release(),
        "plan": Plan(steps=steps),
        "results": results,
        "changed": any(one.changed for one in results),
        "seconds": 2.0,
        **given,
    }
    return Outcome(**values)
