import pytest

from release_assets.inputs.paths import Mounts, find_mounts, in_container, is_hidden, with_slashes

CONTAINER = {
    "GITHUB_WORKSPACE": "/github/workspace",
    "RUNNER_WORKSPACE": "/home/runner/work/app",
    "RUNNER_TEMP": "/github/runner_temp",
}
SEEN: Mounts = (
    ("/home/runner/work/app/app", "/github/workspace"),
    ("/home/runner/work/_temp", "/github/runner_temp"),
)


@pytest.mark.parametrize(
    ("environment", "repository", "expected"),
    [
        pytest.param(CONTAINER, "octo-org/app", SEEN, id="a container"),
        pytest.param(CONTAINER | {"RUNNER_TEMP": ""}, "octo-org/app", SEEN[:1], id="no temp"),
        pytest.param({}, "octo-org/app", (), id="a terminal"),
        pytest.param(
            CONTAINER | {"GITHUB_WORKSPACE": "/home/runner/work/app/app"},
            "octo-org/app",
            (),
            id="the machine itself",
        ),
        pytest.param(CONTAINER | {"RUNNER_WORKSPACE": ""}, "octo-org/app", (), id="not told"),
        pytest.param(CONTAINER, "", (), id="no repository"),
    ],
)
def test_mounts(environment: dict[str, str], repository: str, expected: Mounts) -> None:
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
def test_inside(path: str, expected: str) -> None:
    assert in_container(path, SEEN) == expected
    assert in_container(path, ()) == path


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("/tmp/x", True),
        ("/opt/hostedtoolcache/x", True),
        ("~/x", True),
        ("/github/workspace/x", False),
        ("dist/x", False),
        ("../x", False),
    ],
)
def test_is_hidden(path: str, hidden: bool) -> None:
    assert is_hidden(path, SEEN) is hidden
    assert is_hidden(path, ()) is False


@pytest.mark.parametrize(
    ("pattern", "windows", "expected"),
    [
        ("D:\\a\\app\\app\\dist\\*.zip", True, "D:/a/app/app/dist/*.zip"),
        ("D:\\a\\app/dist/*\n!dist\\x", True, "D:/a/app/dist/*\n!dist/x"),
        ("C:\\build\\a b.zip => b.zip", True, "C:/build/a b.zip => b.zip"),
        ("dist/\\*.zip", False, "dist/\\*.zip"),
    ],
)
def test_with_slashes(pattern: str, windows: bool, expected: str) -> None:
    assert with_slashes(pattern, windows=windows) == expected
