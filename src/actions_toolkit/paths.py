"""Paths with slashes <-> paths with backslashes."""

import os


def to_posix_path(path: str) -> str:
    """Return path with every backslash replaced by a slash."""
    return path.replace("\\", "/")


def to_win32_path(path: str) -> str:
    """Return path with every slash replaced by a backslash."""
    return path.replace("/", "\\")


def to_platform_path(path: str) -> str:
    """Return path with every slash and backslash replaced by this system's separator."""
    return path.replace("\\", os.sep).replace("/", os.sep)
