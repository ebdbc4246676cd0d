"""Paths on the runner's host -> paths in the container of the action. Pure."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

Mounts = Sequence[tuple[str, str]]
"""Pairs of a directory on the host and its mount point in the container."""


def find_mounts(environment: Mapping[str, str], repository: str) -> Mounts:
    """Return the mounts of a container action; none when this is not a container.

    The runner translates only a path at the start of a value. So in an input of several lines,
    only the first path exists in the container. The runner does not translate RUNNER_WORKSPACE,
    which therefore gives the path on the host.

    Source: ContainerActionHandler.cs and ContainerInfo.cs in https://github.com/actions/runner
    """
    workspace = environment.get("GITHUB_WORKSPACE", "")
    parent = environment.get("RUNNER_WORKSPACE", "")
    name = repository.rpartition("/")[2]
    if not workspace.startswith("/github/") or not parent or not name:
        return ()
    directory = PurePosixPath(parent)
    mounts = [(str(directory / name), workspace)]
    if temp := environment.get("RUNNER_TEMP"):
        mounts.append((str(directory.parent / "_temp"), temp))
    return tuple(mounts)


def with_slashes(pattern: str, *, windows: bool) -> str:
    r"""Return a pattern with `/` as separator: on Windows, `dist\*.zip` becomes `dist/*.zip`."""
    return pattern.replace("\\", "/") if windows else pattern


def in_container(path: str, mounts: Mounts) -> str:
    """Return the path or pattern in the container."""
    for host, container in mounts:
        if path == host or path.startswith(f"{host}/"):
            return container + path[len(host) :]
    return path


def is_outside_container(path: str, mounts: Mounts) -> bool:
    """Return whether a path is not mounted in the container, although the host may have it."""
    if not mounts:
        return False
    if path.startswith("~"):
        return True
    return path.startswith("/") and not path.startswith("/github/")
