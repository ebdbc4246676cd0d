import json
from typing import Any

import pytest

from release_assets.digest import Digest
from release_assets.names import backup_name
from tests.support.cli import Run
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

BACKUP = backup_name("app.zip", Digest("sha256:" + "a" * 64))
APP, OTHER = {"name": "app.zip", "text": "app", "label": "App"}, {"name": "b.zip", "text": "b"}


def plant(sandbox: Sandbox, *assets: object, **release: Any) -> None:
    given = {"tag": "v1", "assets": list(assets) or [APP, OTHER]} | release
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [given]}]})
    sandbox.forget_requests()


def labels(sandbox: Sandbox) -> dict[str, str]:
    return {asset["name"]: asset["label"] for asset in sandbox.assets("v1")}


def test_an_asset_is_renamed(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    done = cli("update", "app.zip", "--tag", "v1", "--name", "app-linux.zip")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (
        f"{sandbox.server_url}/{sandbox.repository}/releases/download/v1/app-linux.zip\n"
    )
    assert all(name in done.stderr for name in ("app.zip", "app-linux.zip"))
    assert labels(sandbox) == {"app-linux.zip": "App", "b.zip": ""}
    assert sandbox.content("v1", "app-linux.zip") == b"app"
    assert [request.method for request in sandbox.requests()] == ["GET", "PATCH"]


@pytest.mark.parametrize("label", ["Für alle, `x` & <b>", ""])
def test_the_label_of_an_asset_is_changed(sandbox: Sandbox, cli: Run, label: str) -> None:
    plant(sandbox)
    done = cli("update", "app.zip", "--tag", "v1", "--label", label, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert (document["asset"]["label"] or "", document["changed"]) == (label, True)
    assert (labels(sandbox)["app.zip"] or "") == label


def test_name_and_label_are_changed_in_one_request(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    cli("update", "app.zip", "--tag", "v1", "--label", "L", "--name", "App.zip")
    assert labels(sandbox) == {"App.zip": "L", "b.zip": ""}
    assert sandbox.count("PATCH") == 1


def test_an_unchanged_name_and_label_send_no_request(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    done = cli("update", "app.zip", "--tag", "v1", "--label", "App", "--name", "app.zip", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["changed"] is False
    assert sandbox.count("PATCH") == 0


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("app.zip",), 2, "--label TEXT"),
        (("app.zip", "--name", ""), 2, "--name"),
        (("app.zip", "--label", "a\udcff"), 2, r"'a\udcff'"),
        (("app.zip", "--name", "a\udcff"), 2, r"'a\udcff'"),
        (("--name", "x"), 2, "0 assets"),
        (("no.zip", "--name", "x"), 1, "`no.zip`"),
        (("*.zip", "--name", "x"), 1, "`*.zip`"),
        (("app.zip", "--name", "B.zip"), 1, "`b.zip`"),
        (("app.zip", "--name", "my app.zip"), 1, "`--name my.app.zip`"),
        (("app.zip", "--name", BACKUP), 1, BACKUP),
    ],
)
def test_an_invalid_update_is_refused_before_any_change(
    sandbox: Sandbox, cli: Run, arguments: tuple[str, ...], code: int, text: str
) -> None:
    plant(sandbox)
    done = cli("update", "--tag", "v1", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert text in done.stderr
    assert {request.method for request in sandbox.requests()} <= {"GET"}


def test_an_asset_of_an_active_swap_is_refused(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox, APP, OTHER, {"name": BACKUP, "text": "old"})
    for name in ("app.zip", BACKUP):
        done = cli("update", name, "--tag", "v1", "--label", "x")
        assert done.returncode == 1
        assert "error: Asset cannot be used: " in done.stderr
    assert sandbox.count("PATCH") == 0


def test_an_immutable_release_is_refused(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox, immutable=True)
    done = cli("update", "app.zip", "--tag", "v1", "--label", "x")
    assert done.returncode == 1
    assert "error: Release is immutable" in done.stderr
    assert sandbox.count("PATCH") == 0


def test_a_read_only_token_is_reported(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    done = cli("update", "app.zip", "--tag", "v1", "--label", "x", GH_TOKEN=sandbox.read_token)
    assert done.returncode == 1
    assert "contents: write" in done.stderr


def test_a_lost_response_is_no_error(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    sandbox.fault(match={"method": "PATCH"}, do="lose")
    done = cli("update", "app.zip", "--tag", "v1", "--name", "new.zip")
    assert done.returncode == 0, done.stderr
    assert "new.zip" in labels(sandbox)


def test_a_name_that_was_taken_meanwhile_is_reported(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    errors = [{"resource": "ReleaseAsset", "code": "already_exists", "field": "name"}]
    body = {"message": "Validation Failed", "errors": errors}
    sandbox.fault(match={"method": "PATCH"}, do="status", status=422, body=body)
    done = cli("update", "app.zip", "--tag", "v1", "--name", "new.zip")
    assert done.returncode == 1
    assert "`new.zip`" in done.stderr
    assert "--overwrite" not in done.stderr
