"""`verify` succeeds only if the release holds exactly what is named."""

import hashlib
import json

import pytest

from tests.support.cli import Run
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

FILES = {"a.zip": "aaa", "b.zip": "bb"}


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


LIST = "".join(f"{digest(content)}  dist/{name}\n" for name, content in FILES.items())


@pytest.fixture(autouse=True)
def workspace(cli: Run) -> None:
    (cli.directory / "dist").mkdir()
    for name, content in FILES.items():
        (cli.directory / "dist" / name).write_text(content)
    (cli.directory / "SHA256SUMS").write_text(LIST)


def plant(sandbox: Sandbox, *more: dict[str, str]) -> None:
    assets = [{"name": name, "text": text} for name, text in FILES.items()]
    releases = [{"tag": "v1", "assets": [*assets, *more]}]
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": releases}]})
    sandbox.forget_requests()


@pytest.mark.parametrize(
    "arguments",
    [
        ["dist/*"],
        ["--checksums", "SHA256SUMS"],
        ["dist/*", "--checksums", "SHA256SUMS"],
        ["dist/a.zip", "--expect", "b.*"],
        ["--expect", "a.zip", "--expect", "b.zip"],
        ["--expect", "*"],
        ["--manifest", "[{path: dist/*}]"],
        ["a.zip", "b.zip", "--working-directory", "dist"],
    ],
    ids=" ".join,
)
def test_a_release_with_exactly_what_is_named_is_verified(
    sandbox: Sandbox, cli: Run, arguments: list[str]
) -> None:
    plant(sandbox)
    done = cli("verify", "v1", *arguments)
    assert done.returncode == 0, done.stderr
    assert [line.split()[:2] for line in done.stdout.splitlines()[1:]] == [
        ["ok", "a.zip"],
        ["ok", "b.zip"],
    ]
    assert "v1 holds exactly 2 assets: " in done.stderr
    assert {request.method for request in sandbox.requests()} == {"GET"}


@pytest.mark.parametrize(
    ("arguments", "more", "verdicts"),
    [
        (["dist/a.zip"], [], {"a.zip": "ok", "b.zip": "unexpected"}),
        (["dist/*", "c.zip"], [], {"a.zip": "ok", "b.zip": "ok", "c.zip": "missing"}),
        (["dist/*", "--expect", "*.deb"], [], {"a.zip": "ok", "b.zip": "ok", "*.deb": "missing"}),
        (
            ["dist/*", "c.zip"],
            [{"name": "c.zip", "text": "other"}],
            {"a.zip": "ok", "b.zip": "ok", "c.zip": "different"},
        ),
        (
            ["dist/*", "c.zip"],
            [{"name": "c.zip", "state": "starter"}],
            {"a.zip": "ok", "b.zip": "ok", "c.zip": "incomplete"},
        ),
        (
            ["--expect", "*"],
            [{"name": "c.zip", "state": "starter"}],
            {"a.zip": "ok", "b.zip": "ok", "c.zip": "incomplete"},
        ),
        (
            ["--checksums", "SHA256SUMS"],
            [{"name": "SHA256SUMS", "text": "of another build"}],
            {"a.zip": "ok", "b.zip": "ok", "SHA256SUMS": "different"},
        ),
        (
            ["--checksums", "SHA256SUMS"],
            [{"name": "SHA256SUMS", "text": LIST}, {"name": "x", "text": "x"}],
            {"a.zip": "ok", "b.zip": "ok", "SHA256SUMS": "ok", "x": "unexpected"},
        ),
    ],
)
def test_any_difference_is_named_and_fails(
    sandbox: Sandbox,
    cli: Run,
    arguments: list[str],
    more: list[dict[str, str]],
    verdicts: dict[str, str],
) -> None:
    (cli.directory / "c.zip").write_text("ccc")
    plant(sandbox, *more)
    done = cli("verify", "v1", *arguments, "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert {check["name"]: check["verdict"] for check in document["checks"]} == verdicts
    assert document["verified"] is False
    (error,) = document["errors"]
    assert error["title"] == "Release differs"
    for name, verdict in verdicts.items():
        assert verdict == "ok" or (f"1 {verdict}" in error["what"] and name in error["what"])
    assert {request.method for request in sandbox.requests()} == {"GET"}


def test_an_asset_without_a_digest_is_downloaded(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    sandbox.settings(digests=False)
    done = cli("verify", "v1", "dist/*", "--json", "checks,verified")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["verified"] is True
    assert {check["name"]: check["digest"] for check in document["checks"]} == {
        name: f"sha256:{digest(content)}" for name, content in FILES.items()
    }
    (cli.directory / "dist/a.zip").write_text("AAA")
    assert cli("verify", "v1", "dist/*").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "code", "token"),
    [
        (["v1"], 2, "--checksums FILE"),
        (["v9", "dist/*"], 1, "no release `v9`"),
        (["dist/*"], 2, "no release is named"),
        (["v1", "none*"], 2, "`none*`"),
        (["v1", "--checksums", "none"], 2, "no such file"),
        (["v1", "--checksums", "dist/a.zip"], 2, "line 1"),
        (["v1", "--checksums", "empty"], 2, "empty"),
        (["v1", "v2", "dist/*"], 2, "`v1`, `v2`"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_read(
    sandbox: Sandbox, cli: Run, arguments: list[str], code: int, token: str
) -> None:
    plant(sandbox)
    (cli.directory / "empty").write_text("\n")
    done = cli("verify", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    assert token in line
    assert code == 1 or sandbox.requests() == []
