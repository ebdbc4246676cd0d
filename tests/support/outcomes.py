"""What runs came to, to say in a test only what matters in it."""

from typing import Any

from release_assets.errors import ReleaseAssetsError
from release_assets.models import Asset, LocalFile, Result, ResultName
from release_assets.outcome import Outcome
from release_assets.plan import Plan, Upload
from tests.support.samples import A, local_file, release


def result(
    name: ResultName = "uploaded",
    *,
    file: LocalFile | None = None,
    there: Asset | None = None,
    digest: str | None = A,
    error: ReleaseAssetsError | None = None,
) -> Result:
    """What became of a file."""
    return Result(
        file=file or local_file(),
        name=name,
        asset=there,
        digest=digest,
        seconds=1.5,
        error=error,
        changed=name in {"uploaded", "replaced"},
    )


def outcome(*results: Result, **said: Any) -> Outcome:
    """A run of uploads that came to these results."""
    steps = tuple(Upload(file=one.file) for one in results)
    return Outcome(
        **{
            "tag": "v1",
            "release": release(),
            "plan": Plan(steps=steps),
            "done": dict(enumerate(results)),
            "seconds": 2.0,
            **said,
        }
    )
