"""Paths of the runner's machine -> paths as a container sees them. Pure."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

Mounts = Sequence[tuple[str, str]]
"""Pairs of a directory on the runner's machine and where the container sees it."""


def find_mounts(environment: Mapping[str, str], repository: str) -> Mounts:
    """Return what a container action sees of the runner's machine; nothing outside of one.

    The runner translates a value only where it begins, so that of several lines only the first
    holds a path that exists in the container. RUNNER_WORKSPACE is not translated, and tells.

    Source: ContainerActionHandler.cs and ContainerInfo.cs in https://github.com/actions/runner
    """
    workspace = environment.get("GITHUB_WORKSPACE", "")
    parent = environment.get("RUNNER_WORKSPACE", "")
    name = repository.rpartition("/")[2]
    if not workspace.startswith("/github/") or not parent or not name:
        return ()
    work = PurePosixPath(parent)
    found = [(str(work / name), workspace)]
    if temp := environment.get("RUNNER_TEMP"):
        found.append((str(work.parent / "_temp"), temp))
    return tuple(found)


def with_slashes(pattern: str, *, windows: bool) -> str:
    r"""Return a pattern as it is understood: on Windows, `dist\*.zip` is `dist/*.zip`."""
    return pattern.replace("\\", "/") if windows else pattern


def in_container(path: str, seen: Mounts) -> str:
    """Return a path or pattern as the container sees it."""
    for host, container in seen:
        if path == host or path.startswith(f"{host}/"):
            return container + path[len(host) :]
    return path


def is_hidden(path: str, seen: Mounts) -> bool:
    """Say whether a container cannot see a path, though the runner's machine may have it."""
    if not seen:
        return False
    if path.startswith("~"):
        return True
    return path.startswith("/") and not path.startswith("/github/")
