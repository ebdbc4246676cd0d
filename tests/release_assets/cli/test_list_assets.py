import json
from typing import Any

import pytest

from release_assets.digest import Digest
from release_assets.names import backup_name
from tests.support.cli import Run
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

BACKUP = backup_name("app.zip", Digest("sha256:" + "a" * 64))
ASSETS = [
    {"name": "b.zip", "text": "bb" * 1024, "label": "B für alle"},
    {"name": "App.zip", "text": "aaa"},
    {"name": "half.zip", "state": "starter"},
    {"name": BACKUP, "text": "old"},
]


def plant(sandbox: Sandbox, **release: Any) -> None:
    given = {"tag": "v1", "assets": ASSETS} | release
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [given]}]})


def test_assets_are_listed_in_a_table(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    done = cli("list", "--tag", "v1")
    assert done.returncode == 0, done.stderr
    short = {
        asset["name"]: asset["digest"][7:19] for asset in sandbox.assets("v1") if asset["digest"]
    }
    assert [line.split(maxsplit=5) for line in done.stdout.splitlines()] == [
        ["NAME", "SIZE", "SHA-256", "STATE", "LABEL"],
        ["App.zip", "3", "B", short["App.zip"], "uploaded"],
        [BACKUP, "3", "B", short[BACKUP], "swap"],
        ["b.zip", "2.0", "KiB", short["b.zip"], "uploaded", "B für alle"],
        ["half.zip", "0", "B", "-", "starter"],
    ]
    assert "v1: 4 assets, 2.0 KiB: " in done.stderr


def test_the_columns_of_the_table_are_aligned(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    lines = cli("list", "--tag", "v1").stdout.splitlines()
    starts = {lines[0].index("STATE")} | {
        line.index(state)
        for line, state in zip(lines[1:], ("uploaded", "swap", "uploaded", "starter"), strict=True)
    }
    assert len(starts) == 1
    assert [line for line in lines if line != line.rstrip()] == []


def test_json_has_all_fields_of_the_assets(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    document = json.loads(cli("list", "--tag", "v1", "--json").stdout)
    expected = {asset["name"]: asset for asset in sandbox.assets("v1")}
    assert document["tagName"] == "v1"
    assert document["databaseId"] == sandbox.release("v1")["id"]
    assert document["errors"] == []
    assert [asset["name"] for asset in document["assets"]] == sorted(expected, key=str.lower)
    for asset in document["assets"]:
        for key, same in {"databaseId": "id", "id": "node_id", "size": "size"}.items():
            assert asset[key] == expected[asset["name"]][same], (asset["name"], key)
        for key in ("digest", "state"):
            assert asset[key] == expected[asset["name"]][key], (asset["name"], key)
        assert asset["label"] == (expected[asset["name"]]["label"] or "")


def test_a_draft_is_found_by_its_id(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox, draft=True)
    number = str(sandbox.release("v1")["id"])
    done = cli("list", "--release-id", number)
    assert done.returncode == 0
    assert "v1 (draft): 4 assets" in done.stderr
    assert cli("list", "--tag", "v1").stdout == done.stdout


def test_a_release_without_assets_has_no_table(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox, assets=[], prerelease=True)
    done = cli("list", "--tag", "v1")
    assert (done.returncode, done.stdout) == (0, "")
    assert "v1 (prerelease): 0 assets, 0 B" in done.stderr


def test_assets_of_several_pages_are_listed(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox, assets=[{"name": f"{number}.txt", "text": "x"} for number in range(1000)])
    done = cli("list", "--tag", "v1")
    assert len(done.stdout.splitlines()) == 1001
    assert "1,000 assets" in done.stderr


def test_list_sends_only_one_get_request(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    sandbox.forget_requests()
    assert cli("list", "--tag", "v1", GH_TOKEN=sandbox.read_token).returncode == 0
    assert [request.method for request in sandbox.requests()] == ["GET"]


@pytest.mark.parametrize(
    ("arguments", "environment", "code", "text"),
    [
        (("--tag", "v9"), {}, 1, "Release not found"),
        (("--release-id", "99"), {}, 1, "Release not found"),
        (("--release-id", "x"), {}, 2, "`--release-id`"),
        (("--tag", "v1", "-R", "octo-org/none"), {}, 1, "Not found"),
        (("--tag", "v1", "-R", "none"), {}, 2, "'none'"),
        (("--tag", "v1", "-R", "../app"), {}, 2, "`--repository`"),
        (("--tag", "v1"), {"GH_TOKEN": "wrong"}, 1, "Token refused"),
        (("--tag", "v1", "--api-url", "nonsense"), {}, 2, "'nonsense'"),
        (("--tag", "v1"), {"GITHUB_API_URL": "ftp://x"}, 2, "'ftp://x'"),
        (("--tag", "v1", "extra"), {}, 2, "extra"),
        (
            ("--tag", "v1"),
            {"GITHUB_API_URL": "http://127.0.0.1:9"},
            1,
            "GitHub could not be reached",
        ),
    ],
)
def test_an_error_is_reported_with_its_exit_code(
    cli: Run, arguments: tuple[str, ...], environment: dict[str, str], code: int, text: str
) -> None:
    done = cli("list", *arguments, "--max-attempts", "1", **environment)
    assert (done.returncode, done.stdout) == (code, "")
    assert text in done.stderr
