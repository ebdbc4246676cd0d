"""What macOS and Windows need of the command line, as far as it can be seen from here."""

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
# What Windows has not.
MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"}
CALLS = {
    *("chown", "fchmod", "fork", "forkpty", "getegid", "geteuid", "getgid", "getpgid", "getuid"),
    *("killpg", "mkfifo", "openpty", "pread", "pwrite", "sendfile", "setsid", "uname"),
    *("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGUSR1", "SIGUSR2"),
    *("pthread_kill", "sigwait", "set_blocking"),
}

# Modules from elsewhere are imported as Linux has them, ours as Windows would.
AS_WINDOWS = """
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
    """Return all that stands where a question about the system leads, or behind it."""
    inside: set[ast.AST] = set()
    for node in ast.walk(tree):
        asks = isinstance(node, ast.If) and "sys.platform" in ast.unparse(node.test)
        if asks or (isinstance(node, ast.FunctionDef) and guarded(_body_of(node))):
            inside.update(ast.walk(node))
    return inside


def _body_of(function: ast.FunctionDef) -> ast.Module:
    return ast.Module(body=function.body, type_ignores=[])


def posix_only(path: Path) -> list[str]:
    """Return what a module asks for, unconditionally, that Windows has not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in set(ast.walk(tree)) - guarded(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        found += [name for name in names if name.partition(".")[0] in MODULES]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            asks = node.value.id in {"os", "signal"} and node.attr in CALLS
            found += [f"{node.value.id}.{node.attr}"] if asks else []
    return found


@pytest.mark.parametrize("path", PROGRAM, ids=lambda path: str(path.relative_to(ROOT / "src")))
def test_nothing_is_asked_for_that_windows_has_not(path: Path) -> None:
    assert posix_only(path) == []


def test_the_search_finds_what_it_looks_for(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        "import sys, os\nimport fcntl\nif sys.platform != 'win32':\n    import termios\n"
        "os.geteuid()\n"
    )
    assert sorted(posix_only(module)) == ["fcntl", "os.geteuid"]


@pytest.mark.parametrize("arguments", [["--help"], ["publish", "--help"], ["completion", "bash"]])
def test_every_module_can_be_imported_on_windows(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AS_WINDOWS.format(modules=sorted(MODULES)), *arguments],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert "release-assets" in done.stdout


def test_a_wheel_of_it_works_alone(tmp_path: Path) -> None:
    """Without rich, without the sandbox's tests, without this directory."""
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    subprocess.run(
        [*build, "--no-build-isolation", "--wheel-dir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
        cwd=tmp_path,
    )
    (wheel,) = tmp_path.glob("*.whl")
    (tmp_path / "none").mkdir()
    (tmp_path / "none/rich.py").write_text("raise ImportError")
    for arguments in (["--version"], ["completion", "fish"], ["sandbox", "--help"]):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "release_assets", *arguments],
            env={"PYTHONPATH": f"{tmp_path / 'none'}:{wheel}"},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout
