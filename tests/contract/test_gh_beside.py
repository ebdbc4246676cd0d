"""The same arguments for gh and for this program: the same release, and the same JSON."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.contract.test_gh_sandbox import GH
from tests.support.job import ROOT
from tests.support.sandbox import Sandbox

pytestmark = [
    pytest.mark.skipif(GH is None, reason="the gh program is not installed"),
    pytest.mark.slow,
]

TAG = "v1.2.0"
GHS, OURS = "octo-org/ghs", "octo-org/ours"
CONTENT: dict[str, Any] = {
    "tags": [TAG],
    "branches": ["main", "next"],
    "discussion_categories": ["Announcements"],
    "releases": [
        {
            "tag": "v1.0.0",
            "name": "One",
            "body": "Notes",
            "assets": [
                {"name": "a.zip", "text": "old"},
                {"name": "b.txt", "text": "b", "label": "B"},
            ],
        },
        {"tag": "v1.1.0", "prerelease": True},
    ],
}
"""What each of both repositories holds before each call."""
FILES = {"app.zip": "app", "a.zip": "new", "lib.so": "lib", "notes.md": "# Notes\n"}
COMMANDS = {"create": "publish", "upload": "upload", "delete-asset": "delete"}
"""Commands of gh, and the same here."""
FIELDS = (
    "apiUrl,assets,author,body,createdAt,databaseId,id,isDraft,isImmutable,isPrerelease,name,"
    "publishedAt,tagName,tarballUrl,targetCommitish,uploadUrl,url,zipballUrl"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of both programs, with a repository and a directory of its own."""

    sandbox: Sandbox
    repository: str
    directory: Path
    command: tuple[str, ...]

    def __call__(self, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*self.command, *arguments],
            cwd=self.directory,
            env=self._environment(),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def _environment(self) -> dict[str, str]:
        usual = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.directory),
            "GH_TOKEN": self.sandbox.token,
        }
        if self.repository == OURS:
            api = {"GITHUB_API_URL": self.sandbox.api_url, "GH_REPO": OURS}
            return usual | api | {"PYTHONPATH": str(ROOT / "src")}
        return usual | {
            "GH_HOST": "github.localhost",
            "GH_REPO": f"github.localhost/{GHS}",
            "GH_ENTERPRISE_TOKEN": self.sandbox.token,
            "GH_PROMPT_DISABLED": "1",
            "GH_NO_UPDATE_NOTIFIER": "1",
            # gh uses plain HTTP with this host only, and reaches it through the proxy.
            "HTTP_PROXY": self.sandbox.api_url,
        }

    def releases(self) -> dict[str, dict[str, Any]]:
        """Return what is on each release, by tag, without ids and dates."""
        state = self.sandbox.state()["repositories"][self.repository]
        return {
            release["tag_name"]: self._content(release)
            | {"latest": release["id"] == state["latest"]}
            for release in state["releases"]
        }

    def _content(self, release: dict[str, Any]) -> dict[str, Any]:
        fields = ("draft", "prerelease", "discussion")
        assets = {
            asset["name"]: (asset["label"] or "", self.sandbox.content_of(asset["id"]))
            for asset in release["assets"]
        }
        body = of_both(release["body"] or "").strip()
        name = release["name"] or release["tag_name"]  # GitHub shows the tag instead of no title
        facts = {field: release.get(field) for field in fields}
        return facts | {"name": name, "body": body, "assets": assets}

    def files(self) -> dict[str, str]:
        """Return the files that were not there before, with their content."""
        return {
            str(path.relative_to(self.directory)): path.read_text()
            for path in self.directory.rglob("*")
            if path.is_file() and path.name not in FILES and ".local" not in path.parts
        }


@pytest.fixture
def sides(sandbox: Sandbox, tmp_path: Path) -> tuple[Side, Side]:
    """Return gh, and this program."""
    names = [{"name": name, **CONTENT} for name in (GHS, OURS)]
    sandbox.seed({"repositories": names})
    commands = {GHS: (str(GH), "release"), OURS: (sys.executable, "-m", "release_assets")}
    both = []
    for repository, command in commands.items():
        directory = tmp_path / repository.rpartition("/")[2]
        directory.mkdir()
        for name, content in FILES.items():
            (directory / name).write_text(content)
        both.append(
            Side(sandbox=sandbox, repository=repository, directory=directory, command=command)
        )
    return both[0], both[1]


def of_both(text: str) -> str:
    """Return a text of either side as both would write it."""
    return text.replace(GHS, "REPOSITORY").replace(OURS, "REPOSITORY")


N = ("--notes", "N")
CHANGES: Sequence[tuple[str, ...]] = (
    ("create", TAG, "app.zip", "lib.so", *N),
    ("create", TAG, "app.zip#For Linux", "lib.so", "-t", "Title", "-n", "Notes"),
    ("create", TAG, "app.zip", "--title", "Title", "--notes-file", "notes.md"),
    ("create", TAG, "app.zip", "-F", "-"),
    ("create", TAG, "app.zip", *N, "--draft"),
    ("create", "-d", TAG, "app.zip", *N),
    ("create", TAG, "app.zip", *N, "--prerelease"),
    ("create", TAG, "-p", "app.zip", *N),
    ("create", TAG, "app.zip", *N, "--latest"),
    ("create", TAG, "app.zip", *N, "--latest=false"),
    ("create", "v2.0.0", "app.zip", *N, "--target", "next"),
    ("create", TAG, "app.zip", *N, "--verify-tag"),
    ("create", "v9.0.0", "app.zip", *N, "--verify-tag"),
    ("create", TAG, "app.zip", "--generate-notes"),
    ("create", TAG, "app.zip", "--generate-notes", "--notes-start-tag", "v1.0.0"),
    ("create", TAG, "app.zip", *N, "--discussion-category", "Announcements"),
    ("create", TAG, "none.zip", *N),
    ("upload", "v1.0.0", "app.zip", "lib.so"),
    ("upload", "v1.0.0", "a.zip", "--clobber"),
    ("upload", "v1.0.0", "--clobber", "a.zip#New", "lib.so"),
    ("upload", "v1.0.0", "a.zip"),
    ("delete-asset", "v1.0.0", "a.zip", "-y"),
    ("delete-asset", "v1.0.0", "none.zip", "--yes"),
)


@pytest.mark.parametrize("arguments", CHANGES, ids=" ".join)
def test_the_same_arguments_make_the_same_release(
    sides: tuple[Side, Side], arguments: tuple[str, ...]
) -> None:
    gh, ours = sides
    command, *rest = arguments
    theirs = gh(command, *rest, stdin="From a pipe.\n")
    mine = ours(COMMANDS[command], *rest, stdin="From a pipe.\n")
    assert (theirs.returncode == 0) is (mine.returncode == 0), (theirs.stderr, mine.stderr)
    assert ours.releases() == gh.releases()


@pytest.mark.parametrize(
    "expression",
    [".assets[].name", ".assets[] | {name, size}", ".body, .isDraft, null, (.assets | length)"],
)
def test_jq_prints_the_same_lines(sides: tuple[Side, Side], expression: str) -> None:
    gh, ours = sides
    arguments = ("view", "v1.0.0", "--json", "assets,body,isDraft", "--jq", expression)
    expected, done = gh(*arguments), ours(*arguments)
    assert (expected.returncode, done.returncode) == (0, 0), (expected.stderr, done.stderr)
    assert done.stdout == expected.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("v1.0.0", "--json", FIELDS),
        ("v1.1.0", "--json", FIELDS),
        ("--json", "tagName,isDraft"),
        ("v1.0.0", "--json", "assets,name"),
    ],
    ids=" ".join,
)
def test_view_prints_the_same_json(sides: tuple[Side, Side], arguments: tuple[str, ...]) -> None:
    gh, ours = sides
    expected, done = gh("view", *arguments), ours("view", *arguments)
    assert (expected.returncode, done.returncode) == (0, 0), (expected.stderr, done.stderr)
    assert comparable(done.stdout) == comparable(expected.stdout)


def comparable(text: str) -> dict[str, Any]:
    """Return a document without the values that differ between two repositories."""
    document: dict[str, Any] = json.loads(of_both(text))
    for item in (document, *document.get("assets", ())):
        item.pop("databaseId", None)  # of assets, gh does not have it
        for name in ("id", "apiUrl", "uploadUrl", "createdAt", "updatedAt", "publishedAt"):
            if name in item:
                assert item[name], name
                item[name] = "..."
    return document


@pytest.mark.parametrize(
    "arguments",
    [
        ("v1.0.0",),
        ("v1.0.0", "-D", "out"),
        ("v1.0.0", "--pattern", "*.txt"),
        ("v1.0.0", "-p", "*.txt", "-p", "none*"),
        ("v1.0.0", "-p", "a.zip", "-O", "other.zip"),
        ("v1.0.0", "-p", "a.zip", "--clobber"),
        ("v9.0.0",),
    ],
    ids=" ".join,
)
def test_download_writes_the_same_files(
    sides: tuple[Side, Side], arguments: tuple[str, ...]
) -> None:
    gh, ours = sides
    for side in sides:
        if "--clobber" not in arguments:
            (side.directory / "a.zip").unlink()
    theirs, mine = gh("download", *arguments), ours("download", *arguments)
    if "none*" in arguments:  # gh downloads what matches; here, a pattern without a match fails
        assert mine.returncode == 1
        return
    assert (theirs.returncode == 0) is (mine.returncode == 0), (theirs.stderr, mine.stderr)
    assert ours.files() == gh.files()
    for directory in (gh.directory, ours.directory):
        assert not (directory / "a.zip").exists() or (directory / "a.zip").read_text() == "old"
    assert (ours.directory / "a.zip").exists() is (gh.directory / "a.zip").exists()


@pytest.mark.parametrize("flag", ["-R", "--repo"])
def test_both_take_the_repository_with_the_same_flags(sides: tuple[Side, Side], flag: str) -> None:
    gh, ours = sides
    view = ("view", "v1.1.0", "--json", "tagName", "--jq", ".tagName", flag)
    printed = gh(*view, f"github.localhost/{OURS}"), ours(*view, GHS)
    assert [done.stdout for done in printed] == ["v1.1.0\n", "v1.1.0\n"]
