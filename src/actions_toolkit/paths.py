"""Slashes and backslashes in paths, turned one way or the other."""

import os


def to_posix_path(path: str) -> str:
    """Return path with every backslash turned into a slash."""
    return path.replace("\\", "/")


def to_win32_path(path: str) -> str:
    """Return path with every slash turned into a backslash."""
    return path.replace("/", "\\")


def to_platform_path(path: str) -> str:
    """Return path with every slash and backslash turned into this system's separator."""
    return path.replace("\\", os.sep).replace("/", os.sep)
