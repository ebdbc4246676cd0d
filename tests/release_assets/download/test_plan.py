from itertools import product
from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from release_assets.download.plan import (
    Fetch,
    Keep,
    LocalState,
    NameRules,
    Refuse,
    bad_name_errors,
    name_problem,
    needs_digest,
    plan_download,
)
from release_assets.light_dataclasses import replace
from release_assets.models import Asset
from tests.support.samples import A, B, asset, starter

PATH = PurePosixPath("out/app.zip")
NOTHING, OTHER = LocalState(kind="nothing"), LocalState(kind="other")
SAME = LocalState(kind="file", size=10, digest=A)
DIFFERS = LocalState(kind="file", size=10, digest=B)
LONGER = LocalState(kind="file", size=11)
UNKNOWN = asset(digest=None)


@pytest.mark.parametrize("overwrite", [True, False])
@pytest.mark.parametrize(
    ("remote", "local", "expected"),
    [
        pytest.param(asset(), NOTHING, Fetch, id="no file"),
        pytest.param(asset(), SAME, Keep, id="the same bytes"),
        pytest.param(asset(), OTHER, Refuse, id="a directory is never replaced"),
        pytest.param(starter(), NOTHING, Refuse, id="no bytes to fetch"),
        pytest.param(UNKNOWN, NOTHING, Fetch, id="without a digest, no file"),
    ],
)
def test_overwrite_does_not_change_the_step(
    remote: Asset, local: LocalState, expected: type, overwrite: bool
) -> None:
    assert type(plan_download(remote, PATH, local, overwrite=overwrite)) is expected


@pytest.mark.parametrize("local", [DIFFERS, LONGER])
def test_other_content_is_replaced_only_with_overwrite(local: LocalState) -> None:
    assert plan_download(asset(), PATH, local, overwrite=True) == Fetch(asset=asset(), path=PATH)
    refused = plan_download(asset(), PATH, local, overwrite=False)
    assert isinstance(refused, Refuse)
    assert "out/app.zip" in refused.error.what
    assert "--overwrite" in refused.error.fix


def test_content_that_cannot_be_compared_is_refused() -> None:
    local = LocalState(kind="file", size=10)
    refused = plan_download(UNKNOWN, PATH, local, overwrite=False)
    assert isinstance(refused, Refuse)
    assert isinstance(plan_download(UNKNOWN, PATH, local, overwrite=True), Fetch)


def test_a_digest_is_needed_only_for_the_same_size() -> None:
    assert needs_digest(asset(), 10)
    assert not needs_digest(asset(), 11)
    assert not needs_digest(UNKNOWN, 10)


@pytest.mark.parametrize(
    ("name", "posix", "windows"),
    [
        ("app.zip", True, True),
        (".hidden", True, True),
        ("-x", True, True),
        ("con.zip.txt", True, False),
        ("NUL", True, False),
        ("com1.tar.gz", True, False),
        ("LPT9", True, False),
        ("CONIN$", True, False),
        ("console.txt", True, True),
        ("common.zip", True, True),
        ("com10.txt", True, True),
        ("a:b", True, False),
        ("C:", True, False),
        ("a?", True, False),
        ("a.", True, False),
        ("a ", True, False),
        ("", False, False),
        (".", False, False),
        ("..", False, False),
        ("../x", False, False),
        ("/etc/passwd", False, False),
        ("a\\b", False, False),
        ("..\\x", False, False),
        ("a\nb", False, False),
        ("a\x00", False, False),
        ("\x1b[31m", False, False),
        ("a\u202eb", False, False),
    ],
)
def test_an_asset_name_is_checked_as_a_file_name(name: str, posix: bool, windows: bool) -> None:
    assert (name_problem(name, windows=False) == "") is posix
    assert (name_problem(name, windows=True) == "") is windows


@pytest.mark.parametrize(
    ("windows", "system"), [(False, PurePosixPath), (True, PureWindowsPath)], ids=["posix", "nt"]
)
def test_an_accepted_name_is_a_file_in_the_directory(windows: bool, system: type[PurePath]) -> None:
    directory = system("C:/out" if windows else "/out")
    accepted = 0
    for count in range(1, 6):
        for name in ("".join(letters) for letters in product("a./\\: C", repeat=count)):
            if not name_problem(name, windows=windows):
                accepted += 1
                path = directory / name
                assert path.parent == directory, name
                assert path.name == name
    assert accepted > 100


def test_names_that_are_the_same_file_are_refused() -> None:
    both = [asset("a.zip"), asset("A.zip", id=2)]
    assert list(bad_name_errors(both, NameRules(windows=False, ignores_case=False))) == []
    errors = list(bad_name_errors(both, NameRules(windows=False, ignores_case=True)))
    (error,) = errors
    assert all(name in error.what for name in ("`a.zip`", "`A.zip`"))


def test_an_error_about_a_name_has_no_control_characters() -> None:
    (error,) = bad_name_errors(
        [replace(asset(), name="a\x1b[2Jb")], NameRules(windows=False, ignores_case=False)
    )
    assert "\x1b" not in str(error)
    assert "--output FILE" in error.fix
