"""Portability of the command line to macOS and Windows, as far as Linux can test it."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.sandbox import ROOT

pytestmark = pytest.mark.slow

PROGRAM = [
    path
    for package in ("release_assets", "actions_toolkit")
    for path in sorted((ROOT / "src" / package).rglob("*.py"))
]
# Modules and functions that Windows lacks.
MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"}
CALLS = {
    *("chown", "fchmod", "fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid", "getuid"),
    *("killpg", "mkfifo", "openpty", "pread", "pwrite", "sendfile", "setsid", "uname"),
    *("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGUSR1", "SIGUSR2"),
    *("pthread_kill", "sigwait", "set_blocking"),
}

# Other modules are imported as on Linux; the modules of this program as on Windows.
SIMULATED_WINDOWS = """
import argparse, importlib, pkgutil, shutil, subprocess, sys, tempfile, types
import bracex, certifi, requests, rich.progress, wcmatch.fnmatch, wcmatch.glob, yaml
from importlib import resources
sys.platform = "win32"
for name in {modules!r}:
    sys.modules[name] = None
sys.modules["msvcrt"] = types.ModuleType("msvcrt")
import release_assets
for found in pkgutil.walk_packages(release_assets.__path__, "release_assets."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
from release_assets.cli import main
sys.exit(main(sys.argv[1:]))
"""


def guarded(tree: ast.Module) -> set[ast.AST]:
    """Return all nodes below a condition on `sys.platform`."""
    inside: set[ast.AST] = set()
    for node in ast.walk(tree):
        is_condition = isinstance(node, ast.If) and "sys.platform" in ast.unparse(node.test)
        if is_condition or (isinstance(node, ast.FunctionDef) and guarded(_body_of(node))):
            inside.update(ast.walk(node))
    return inside


def _body_of(function: ast.FunctionDef) -> ast.Module:
    return ast.Module(body=function.body, type_ignores=[])


def posix_only(path: Path) -> list[str]:
    """Return what a module uses unconditionally although Windows lacks it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in set(ast.walk(tree)) - guarded(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        found += [name for name in names if name.partition(".")[0] in MODULES]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            is_posix = node.value.id in {"os", "signal"} and node.attr in CALLS
            found += [f"{node.value.id}.{node.attr}"] if is_posix else []
    return found


@pytest.mark.parametrize("path", PROGRAM, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_a_module_uses_nothing_that_windows_lacks(path: Path) -> None:
    assert posix_only(path) == []


def test_the_search_finds_unconditional_uses_only(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "import sys, os\nimport fcntl\nif sys.platform != 'win32':\n    import termios\n"
        "os.geteuid()\n"
    )
    assert sorted(posix_only(module)) == ["fcntl", "os.geteuid"]


@pytest.mark.parametrize("arguments", [["--help"], ["publish", "--help"], ["completion", "bash"]])
def test_every_module_can_be_imported_on_windows(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SIMULATED_WINDOWS.format(modules=sorted(MODULES)), *arguments],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "release-assets" in done.stdout
