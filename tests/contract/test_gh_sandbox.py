"""GitHub's command line program, gh, works with the sandbox as with GitHub."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.sandbox import Sandbox

GH = shutil.which("gh", path=str(Path(sys.executable).parent)) or shutil.which("gh")
Gh = Callable[..., str]

pytestmark = [
    pytest.mark.skipif(GH is None, reason="the gh program is not installed"),
    pytest.mark.slow,
]


@pytest.fixture
def gh(sandbox: Sandbox, tmp_path: Path) -> Gh:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(tmp_path),
        "GH_HOST": "github.localhost",
        "GH_REPO": f"github.localhost/{sandbox.repository}",
        "GH_TOKEN": sandbox.token,
        "GH_ENTERPRISE_TOKEN": sandbox.token,
        "GH_PROMPT_DISABLED": "1",
        "GH_NO_UPDATE_NOTIFIER": "1",
        # gh uses plain HTTP with this host only, and reaches it through the proxy.
        "HTTP_PROXY": sandbox.api_url,
    }

    def run(*arguments: str) -> str:
        command = [str(GH), "release", *arguments]
        done = subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_gh_creates_publishes_and_downloads_a_release(
    gh: Gh, sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "my app.txt").write_text("content")
    url = gh("create", "v1", "--draft", "--title", "One", "--notes", "N", "my app.txt#Label")
    assert "/releases/tag/untagged-" in url
    assert [(item["name"], item["label"]) for item in sandbox.assets("v1")] == [
        ("my.app.txt", "Label")
    ]
    assert "draft:\ttrue" in gh("view", "v1")
    gh("upload", "v1", "my app.txt", "--clobber")
    gh("edit", "v1", "--draft=false")
    assert sandbox.release("v1")["draft"] is False
    gh("download", "v1", "--dir", "down")
    assert (tmp_path / "down" / "my.app.txt").read_text() == "content"
    gh("delete-asset", "v1", "my.app.txt", "--yes")
    gh("delete", "v1", "--yes", "--cleanup-tag")
    assert sandbox.releases() == []
    assert sandbox.state()["repositories"][sandbox.repository]["tags"] == {}


def test_gh_lists_releases(gh: Gh, sandbox: Sandbox) -> None:
    releases = [{"tag": f"r{number}", "draft": number == 0} for number in range(40)]
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": releases}]})
    fields = "tagName,isDraft,isLatest,isImmutable,isPrerelease"
    listed = json.loads(gh("list", "--limit", "100", "--json", fields))
    assert {item["tagName"] for item in listed} == {f"r{number}" for number in range(40)}
    assert [item["tagName"] for item in listed if item["isDraft"]] == ["r0"]
    assert [item["tagName"] for item in listed if item["isLatest"]] == ["r39"]
