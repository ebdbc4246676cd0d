"""The program on each version of GitHub Enterprise Server: with what the version has, and without the rest."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.job import Job
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

# Flavour -> whether assets have digests, and whether releases can be immutable.
VERSIONS = {
    "ghes": (False, False),
    "ghes-3.19": (True, False),
    "ghes-3.20": (True, False),
    "ghes-3.21": (True, True),
    "ghes-3.22": (True, True),
}


@pytest.mark.parametrize("flavour", VERSIONS)
def test_a_release_is_published_and_verified(
    flavour: str, sandbox_with: Callable[..., Sandbox], tmp_path: Path
) -> None:
    has_digests, has_immutable = VERSIONS[flavour]
    sandbox = sandbox_with("--flavour", flavour, "--tag", "v1", "--immutable-releases")
    job = Job.at(tmp_path, sandbox)
    job.write({"app.zip": b"zip"})
    done = job.run_program({"files": "app.zip", "verify": "download"})
    assert done.exit_code == 0, done.log
    assert done.outputs["published"] == "true"
    assert done.outputs["immutable"] == str(has_immutable).lower()
    assert ("gh release verify v1" in done.summary) == has_immutable
    # Known from the server, or from the download.
    assert done.assets()["app.zip"]["digest"] == f"sha256:{sha256(b'zip').hexdigest()}"
    downloads = [one for one in sandbox.requests() if one.origin == "storage"]
    assert bool(downloads) != has_digests
    # A server before 3.9 does not know this header, and without it every version answers the same.
    sent = {name.lower() for one in sandbox.requests() for name in one.headers}
    assert "x-github-api-version" not in sent

    again = job.run_program({"files": "app.zip", "verify": "download"})
    assert (again.exit_code, again.outputs["changed"]) == (0, "false"), again.log
    job.write({"app.zip": b"other"})
    changed = job.run_program({"files": "app.zip", "verify": "download", "overwrite": "true"})
    assert changed.exit_code == (1 if has_immutable else 0)
    assert ("Release is immutable" in changed.log) == has_immutable
