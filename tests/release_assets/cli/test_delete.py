import json
import os
import signal
import sys
import threading
from typing import Any

import pytest

from release_assets.cli.terminal import confirm
from release_assets.digest import Digest
from release_assets.errors import CancelledRunError
from release_assets.names import backup_name, staging_name
from release_assets.stop import Stop
from tests.support.cli import Run
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

DIGEST = Digest("sha256:" + "a" * 64)
BACKUP, STAGED = backup_name("app.zip", DIGEST), staging_name("app.zip", DIGEST)
ASSETS = [{"name": name, "text": name} for name in ("app.zip", "old-1.zip", "old-2.zip")]
LONG_AGO = "2025-01-01T00:00:00Z"


def plant(sandbox: Sandbox, *more: object, **release: Any) -> None:
    given = {"tag": "v1", "assets": [*ASSETS, *more]} | release
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [given]}]})
    sandbox.forget_requests()


def test_assets_that_match_are_deleted_without_a_question(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    done = cli("delete", "old-*", "--tag", "v1", "--yes")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["old-1.zip", "old-2.zip"]
    assert "2 assets deleted" in done.stderr
    assert sandbox.asset_names("v1") == ["app.zip"]
    assert [request.method for request in sandbox.requests()] == ["GET", "DELETE", "DELETE"]


def test_json_lists_the_deleted_assets(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    ids = {asset["name"]: asset["id"] for asset in sandbox.assets("v1")}
    document = json.loads(cli("delete", "app.zip", "--tag", "v1", "-y", "--json").stdout)
    assert [(one["name"], one["databaseId"]) for one in document["deleted"]] == [
        ("app.zip", ids["app.zip"])
    ]
    assert document["deleted"][0]["digest"].startswith("sha256:")
    assert document["errors"] == []


def test_a_dry_run_shows_the_assets_and_deletes_nothing(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    done = cli("delete", "*", "!old-2*", "--tag", "v1", "--dry-run")
    assert done.returncode == 0
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        *("NAME", "app.zip", "old-1.zip")
    ]
    assert "2 assets" in done.stderr
    assert sandbox.count("DELETE") == 0


@pytest.mark.parametrize(
    ("answer", "left"),
    [("y\n", ["app.zip"]), ("yes\n", ["app.zip"]), ("n\n", None), ("\n", None), ("\x04", None)],
)
def test_a_terminal_asks_and_only_yes_deletes(
    sandbox: Sandbox, cli: Run, answer: str, left: list[str] | None
) -> None:
    plant(sandbox)
    code, shown = cli.on_a_terminal("delete", "old-*", "--tag", "v1", types=answer)
    assert "old-1.zip" in shown
    assert all(token in shown for token in ("v1", sandbox.repository, "[y/N]"))
    assert sandbox.asset_names("v1") == (left or ["app.zip", "old-1.zip", "old-2.zip"])
    assert code == (0 if left else 1)
    assert ("Asset cannot be used" in shown) is (left is None)


def test_ctrl_c_at_the_question_deletes_nothing(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    code, shown = cli.on_a_terminal("delete", "old-*", "--tag", "v1", interrupt_at="[y/N]")
    assert code == 130
    assert "Cancelled: " in shown
    assert sandbox.count("DELETE") == 0


def test_a_cancelled_run_does_not_wait_for_the_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import pty  # not available on Windows

    controller, terminal = pty.openpty()
    with os.fdopen(terminal) as stdin, os.fdopen(controller, "wb", 0) as user:
        monkeypatch.setattr(sys, "stdin", stdin)
        late = threading.Timer(30, user.write, [b"n\n"])  # otherwise a failure would never end
        late.start()
        stop = Stop()
        stop.set(signal.SIGINT)
        with pytest.raises(CancelledRunError):
            confirm("Delete?", stop)
        late.cancel()


def test_without_a_terminal_nothing_is_deleted(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    done = cli("delete", "old-*", "--tag", "v1", stdin="y\n")
    assert done.returncode == 2
    assert all(option in done.stderr for option in ("--yes", "--dry-run"))
    assert sandbox.requests() == []


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ((), 2, "which assets"),
        (("!app.zip",), 2, "Wrong usage"),
        (("old-1.zip", "nope"), 1, "`nope`"),
        (("OLD-1.zip",), 1, "`OLD-1.zip`"),
    ],
)
def test_after_any_error_nothing_is_deleted(
    sandbox: Sandbox, cli: Run, arguments: tuple[str, ...], code: int, text: str
) -> None:
    plant(sandbox)
    done = cli("delete", "--yes", "--tag", "v1", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert text in done.stderr
    assert sandbox.count("DELETE") == 0


@pytest.mark.parametrize("name", ["app.zip", BACKUP, STAGED])
def test_an_asset_of_an_active_swap_is_refused(sandbox: Sandbox, cli: Run, name: str) -> None:
    plant(sandbox, {"name": BACKUP, "text": "old"}, {"name": STAGED, "text": "new"})
    done = cli("delete", name, "old-1.zip", "--tag", "v1", "--yes")
    assert done.returncode == 1
    assert "error: Asset cannot be used: " in done.stderr
    assert name in done.stderr
    assert sandbox.count("DELETE") == 0


def test_a_stale_backup_asset_is_deleted_by_its_full_name_only(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox, {"name": BACKUP, "text": "old", "created_at": LONG_AGO})
    assert cli("delete", "*", "--tag", "v1", "--dry-run").stdout.count("app.zip.") == 0
    done = cli("delete", BACKUP, "--tag", "v1", "--yes")
    assert done.returncode == 0, done.stderr
    assert BACKUP not in sandbox.asset_names("v1")


def test_a_starter_is_deleted(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox, {"name": "half.zip", "state": "starter"})
    assert cli("delete", "half.zip", "--tag", "v1", "--yes").returncode == 0


def test_an_immutable_release_is_refused_before_any_deletion(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox, immutable=True)
    done = cli("delete", "app.zip", "--tag", "v1", "--yes")
    assert done.returncode == 1
    assert "error: Release is immutable" in done.stderr
    assert sandbox.count("DELETE") == 0


@pytest.mark.parametrize(
    "fault", [{"do": "lose"}, {"do": "lose", "times": 9}, {"do": "status", "status": 502}]
)
def test_a_lost_response_is_resolved_by_listing_the_assets(
    sandbox: Sandbox, cli: Run, fault: dict[str, Any]
) -> None:
    plant(sandbox)
    sandbox.fault(match={"method": "DELETE"}, **fault)
    done = cli("delete", "app.zip", "--tag", "v1", "--yes", "--max-attempts", "2")
    assert done.returncode == 0, done.stderr
    assert "app.zip" not in sandbox.asset_names("v1")


def test_the_other_assets_are_deleted_after_an_error(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    sandbox.fault(match={"method": "DELETE"}, do="status", status=500, times=1)
    done = cli("delete", "*", "--tag", "v1", "--yes", "--max-attempts", "1", "--json")
    assert done.returncode == 1
    document = json.loads(done.stdout)
    assert len(document["deleted"]) == 2
    assert len(document["errors"]) == 1
    assert len(sandbox.asset_names("v1")) == 1


def test_a_read_only_token_is_reported_once(sandbox: Sandbox, cli: Run) -> None:
    plant(sandbox)
    done = cli("delete", "*", "--tag", "v1", "--yes", GH_TOKEN=sandbox.read_token)
    assert done.returncode == 1
    assert done.stderr.count("error: ") == 1
    assert sandbox.count("DELETE") == 1
