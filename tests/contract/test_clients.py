"""Independent clients, PyGithub and gh, read what the action published."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from github import Auth, Github

from tests.support.job import Job

pytestmark = pytest.mark.slow

FILES = {
    "dist/app.zip": bytes(range(256)) * 4096,
    "dist/größe (1).txt": b"0 bytes would be refused\n",
    "dist/notes.txt": b"notes\n",
}
PUBLISHED = {
    "app.zip": FILES["dist/app.zip"],
    "grosse.1.txt": FILES["dist/größe (1).txt"],
    "notes.txt": FILES["dist/notes.txt"],
}
DIGESTS = {n: f"sha256:{hashlib.sha256(data).hexdigest()}" for n, data in PUBLISHED.items()}


@pytest.fixture
def published(job: Job) -> Job:
    """A job that has published FILES."""
    job.write(FILES)
    step = job.run_program({"files": "dist/*", "notes": "What is new"})
    assert step.exit_code == 0, step.log
    return job


def test_pygithub_reads_a_published_release(published: Job, tmp_path: Path) -> None:
    with Github(auth=Auth.Token(published.token), base_url=published.api_url) as client:
        # PyGithub accepts only the storage hosts of GitHub, and has no option for others.
        vars(client.requester)["_Requester__domains"].append("localhost")
        release = client.get_repo(published.repository).get_release(published.tag)
        assert (release.draft, release.body) == (False, "What is new")
        assets = list(release.get_assets())
        assert {asset.name: asset.digest for asset in assets} == DIGESTS
        for asset in assets:
            asset.download_asset(str(tmp_path / asset.name))
    assert {name: (tmp_path / name).read_bytes() for name in PUBLISHED} == PUBLISHED


def test_gh_reads_a_published_release(published: Job, tmp_path: Path) -> None:
    view = gh(published, tmp_path, "view", published.tag, "--json", "isDraft,body,assets")
    release = json.loads(view)
    assert (release["isDraft"], release["body"]) == (False, "What is new")
    assert {asset["name"]: asset["digest"] for asset in release["assets"]} == DIGESTS
    gh(published, tmp_path, "download", published.tag, "--dir", "downloads")
    downloads = tmp_path / "downloads"
    assert {path.name: path.read_bytes() for path in downloads.iterdir()} == PUBLISHED
    assert published.tag in gh(published, tmp_path, "list")


def gh(job: Job, directory: Path, *arguments: str) -> str:
    """Run `gh release` against the sandbox, and return its output.

    gh speaks https to every host but github.localhost, which it reaches through the proxy.
    """
    host = "github.localhost"
    done = subprocess.run(
        [str(Path(sys.executable).parent / "gh"), "release", *arguments],
        cwd=directory,
        env={
            "GH_HOST": host,
            "GH_REPO": f"{host}/{job.repository}",
            "GH_TOKEN": job.token,
            "GH_ENTERPRISE_TOKEN": job.token,
            "GH_CONFIG_DIR": str(directory / "gh"),
            "GH_PROMPT_DISABLED": "1",
            "HTTP_PROXY": job.api_url,
        },
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
