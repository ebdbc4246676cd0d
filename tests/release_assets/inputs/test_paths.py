import pytest

from release_assets.inputs.paths import (
    Mounts,
    find_mounts,
    in_container,
    is_outside_container,
    with_slashes,
)

CONTAINER = {
    "GITHUB_WORKSPACE": "/github/workspace",
    "RUNNER_WORKSPACE": "/home/runner/work/app",
    "RUNNER_TEMP": "/github/runner_temp",
}
MOUNTS: Mounts = (
    ("/home/runner/work/app/app", "/github/workspace"),
    ("/home/runner/work/_temp", "/github/runner_temp"),
)


@pytest.mark.parametrize(
    ("environment", "repository", "expected"),
    [
        pytest.param(CONTAINER, "octo-org/app", MOUNTS, id="a container"),
        pytest.param(CONTAINER | {"RUNNER_TEMP": ""}, "octo-org/app", MOUNTS[:1], id="no temp"),
        pytest.param({}, "octo-org/app", (), id="a terminal"),
        pytest.param(
            CONTAINER | {"GITHUB_WORKSPACE": "/home/runner/work/app/app"},
            "octo-org/app",
            (),
            id="no container",
        ),
        pytest.param(
            CONTAINER | {"RUNNER_WORKSPACE": ""}, "octo-org/app", (), id="no RUNNER_WORKSPACE"
        ),
        pytest.param(CONTAINER, "", (), id="no repository"),
    ],
)
def test_mounts_are_found_in_a_container_action_only(
    environment: dict[str, str], repository: str, expected: Mounts
) -> None:
    assert find_mounts(environment, repository) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/home/runner/work/app/app", "/github/workspace"),
        ("/home/runner/work/app/app/dist/*", "/github/workspace/dist/*"),
        ("/home/runner/work/_temp/x", "/github/runner_temp/x"),
        ("/home/runner/work/app/application/x", "/home/runner/work/app/application/x"),
        ("/github/workspace/dist", "/github/workspace/dist"),
        ("dist/home/runner/work/app/app", "dist/home/runner/work/app/app"),
        ("", ""),
    ],
)
def test_a_host_path_in_a_mount_becomes_a_container_path(path: str, expected: str) -> None:
    assert in_container(path, MOUNTS) == expected
    assert in_container(path, ()) == path


@pytest.mark.parametrize(
    ("path", "outside"),
    [
        ("/tmp/x", True),
        ("/opt/hostedtoolcache/x", True),
        ("~/x", True),
        ("/github/workspace/x", False),
        ("dist/x", False),
        ("../x", False),
    ],
)
def test_a_path_that_is_not_mounted_is_outside_the_container(path: str, outside: bool) -> None:
    assert is_outside_container(path, MOUNTS) is outside
    assert is_outside_container(path, ()) is False


@pytest.mark.parametrize(
    ("pattern", "windows", "expected"),
    [
        ("D:\\a\\app\\app\\dist\\*.zip", True, "D:/a/app/app/dist/*.zip"),
        ("D:\\a\\app/dist/*\n!dist\\x", True, "D:/a/app/dist/*\n!dist/x"),
        ("C:\\build\\a b.zip => b.zip", True, "C:/build/a b.zip => b.zip"),
        ("dist/\\*.zip", False, "dist/\\*.zip"),
    ],
)
def test_backslashes_become_slashes_on_windows_only(
    pattern: str, windows: bool, expected: str
) -> None:
    assert with_slashes(pattern, windows=windows) == expected
