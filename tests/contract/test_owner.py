"""`make owner` writes the account of this repository into every place that names it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.owner import PLACEHOLDER, current_owner, is_account, with_owner
from tests.support.job import ROOT

REPOSITORY = "publish-release-assets"
# `OWNER` as a word, but not as any account (`OWNER/NAME`), nor as the variable of `make owner`.
FORGOTTEN = re.compile(rf"(?<!\$\()\b{PLACEHOLDER}\b(?!/NAME|=)")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a repository with a copy of the tracked files, which names no account yet."""
    directory = tmp_path / "copy"
    for name in git("ls-files", "-z", directory=ROOT).split("\0")[:-1]:
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
    git("init", "--quiet", directory=directory)
    git("add", "--all", directory=directory)
    return directory


def git(*arguments: str, directory: Path) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=directory, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout


def set_owner(copy: Path, name: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        # Within `make test`, make would name the directories that it enters and leaves.
        ["make", "--no-print-directory", "owner", f"OWNER={name}", f"PYTHON={sys.executable}"],
        cwd=copy,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )


def texts(copy: Path) -> dict[str, str]:
    """Return name and content of each tracked file."""
    names = git("ls-files", "-z", directory=copy).split("\0")[:-1]
    return {name: (copy / name).read_text("utf-8") for name in names}


def places(texts: dict[str, str], pattern: str | re.Pattern[str]) -> list[str]:
    """Return file and line of each match, in files that `make owner` may change."""
    return [
        f"{name}: {line}"
        for name, text in texts.items()
        if not name.startswith(("src/", "tests/", "scripts/owner.py"))
        for line in text.splitlines()
        if re.search(pattern, line)
    ]


def test_no_place_is_forgotten(copy: Path) -> None:
    before = texts(copy)
    done = set_owner(copy, "acme-42")
    assert done.returncode == 0, done.stdout
    after = texts(copy)
    assert places(after, FORGOTTEN) == []
    named = places(after, f"acme-42/{REPOSITORY}")
    assert len(named) == len(places(before, f"{current_owner()}/{REPOSITORY}")) > 50
    assert {place.partition(": ")[0] for place in named} >= {
        *("README.md", "docs/matrix.md", "docs/recipes.md", "docs/releasing.md", "pyproject.toml"),
        *("examples/tag-push.yml", "examples/.zizmor.yml"),
    }


def test_only_documents_examples_and_metadata_change_and_only_where_they_name_the_account(
    copy: Path,
) -> None:
    before = texts(copy)
    done = set_owner(copy, "acme-42")
    after = texts(copy)
    changed = [name for name in before if after[name] != before[name]]
    assert done.stdout.splitlines() == changed
    tops = {"README.md", "CHANGELOG.md", "pyproject.toml", "docs", "examples"}
    assert {name.partition("/")[0] for name in changed} <= tops
    for name in before:
        assert after[name].count("OWNER/NAME") == before[name].count("OWNER/NAME")


def test_a_second_run_changes_nothing_and_another_name_replaces_the_first(copy: Path) -> None:
    set_owner(copy, "acme-42")
    first = texts(copy)
    again = set_owner(copy, "acme-42")
    assert (again.returncode, again.stdout, texts(copy)) == (0, "", first)
    set_owner(copy, "Octo")
    assert texts(copy) == {
        name: text.replace(f"acme-42/{REPOSITORY}", f"Octo/{REPOSITORY}")
        for name, text in first.items()
    }


def test_the_tests_do_not_name_the_account() -> None:
    names = git("ls-files", "-z", "tests", directory=ROOT).split("\0")[:-1]
    texts = {name: (ROOT / name).read_text("utf-8") for name in names}
    assert [name for name in texts if f"{current_owner()}/{REPOSITORY}" in texts[name]] == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_tests_of_documents_and_examples_pass_in_the_copy(copy: Path) -> None:
    set_owner(copy, "acme-42")
    tests = ("test_documents.py", "test_document_workflows.py", "test_examples.py")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-m", "not docker"),
            *(f"tests/contract/{name}" for name in tests),
        ],
        cwd=copy,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("name", "is_allowed"),
    [
        ("a", True),
        ("octo-org", True),
        ("Octo-Org-2", True),
        ("7", True),
        ("a" * 39, True),
        ("a" * 40, False),
        ("", False),
        ("-octo", False),
        ("octo-", False),
        ("octo--org", False),
        ("octo_org", False),
        ("octo.org", False),
        ("octo/app", False),
        ("octo org", False),
        ("octo\n", False),
        ("öcto", False),
        (PLACEHOLDER, False),
    ],
)
def test_a_name_is_allowed_where_github_allows_it(name: str, is_allowed: bool) -> None:
    assert is_account(name) == is_allowed


@pytest.mark.parametrize("name", ["octo--org", ""])
def test_a_name_that_github_does_not_allow_changes_nothing(copy: Path, name: str) -> None:
    before = texts(copy)
    done = set_owner(copy, name)
    assert done.returncode != 0
    assert f"{name!r} cannot be the name of a GitHub account" in done.stdout
    assert texts(copy) == before


HERE = f"OWNER/{REPOSITORY}"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        (f"uses: {HERE}@v1", f"uses: acme/{REPOSITORY}@v1"),
        (f"uses: {HERE}/native@v1", f"uses: acme/{REPOSITORY}/native@v1"),
        (f"https://github.com/{HERE}/releases", f"https://github.com/acme/{REPOSITORY}/releases"),
        (f"{HERE}-two, MY-{HERE}", f"{HERE}-two, MY-{HERE}"),
        ("--repo OWNER/NAME", "--repo OWNER/NAME"),
        ("# Change: OWNER, the build.", "# Change: the build."),
        ("# Change: OWNER; the build.", "# Change: the build."),
        ("# T\n\nOne. Put x.yml for `OWNER`. Two.\n", "# T\n\nOne. Two.\n"),
        ("# T\n\nOne.\nPut x for\n`OWNER`.\n\nTwo.\n", "# T\n\nOne.\n\nTwo.\n"),
        ("# T\n\n`OWNER` is x. Two.\n", "# T\n\nTwo.\n"),
        ("# T\n\n`OWNER` is x.\n\nTwo.\n", "# T\n\nTwo.\n"),
    ],
)
def test_a_text_names_the_account_and_explains_no_placeholder(text: str, written: str) -> None:
    assert with_owner(text, "OWNER", "acme") == written
