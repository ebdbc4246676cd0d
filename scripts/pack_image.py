"""Prepare the files of the image during its build: a base without installers, the program and its byte code."""

import ast
import compileall
import importlib
import os
import py_compile
import re
import shutil
import stat
import sys
import sysconfig
from collections.abc import Iterator
from importlib.machinery import FrozenImporter, PathFinder
from importlib.util import cache_from_source, find_spec
from pathlib import Path

PROGRAM = ("release_assets", "actions_toolkit")
# Imported by the standard library only for a name outside ASCII, a proxy or a cookie.
LATE = ("encodings.idna", "encodings.latin_1", "encodings.utf_8_sig", "http.cookies", "stringprep")
# Byte code is never compared with its source: an image is not edited, and its files have no meaningful times.
UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH
# Packages of Debian and paths that the image does not need; most of them install software.
PACKAGES = re.compile(r"apt|debconf|dpkg|libapt-pkg[\d.]+(t64)?")
PATHS = (
    *("usr/local/bin/pip*", "usr/local/lib/python3*/*-packages/*"),
    *("etc/apt", "var/lib/apt", "var/cache/apt", "var/cache/debconf", "var/log/*"),
    "dev/*",  # each container creates its devices, and one builder copies them as files
)


def main(base: Path, out: Path) -> None:
    """Prepare two trees: base, a copy of the base image, and out, with action/entrypoint.py and action/src."""
    drop_installers(base)
    source = out / "action" / "src"
    drop_what_is_not_needed(source)
    modules = modules_of_the_program(source)
    add_byte_code_of_the_program(source, out)
    add_byte_code_of_the_standard_library(modules, source, out)
    make_readable(out)
    for tree in (base, out):
        make_timeless(tree)


def drop_installers(base: Path) -> None:
    """Remove all programs below base that install software, and their entries in the package database."""
    ensurepip = Path(sysconfig.get_path("stdlib"), "ensurepip").relative_to("/")
    for pattern in (*PATHS, str(ensurepip)):
        for path in sorted(base.glob(pattern)):
            remove(path)
    database = base / "var/lib/dpkg"
    if database.is_dir():
        drop_packages(base, database)


def drop_packages(base: Path, database: Path) -> None:
    """Remove the packages that install others: their files, and their entries in the database."""
    for listed in sorted((database / "info").glob("*.list")):
        name = listed.name.removesuffix(".list")
        if PACKAGES.fullmatch(name.partition(":")[0]):
            for line in listed.read_text("utf-8").splitlines():
                path = base / line.lstrip("/")
                # Directories are listed too; some of them, like /lib, may be links to other directories.
                file = not path.is_dir() and (path.is_symlink() or path.is_file())
                # The license stays; a link of the base must not lead out of it.
                inside = path.parent.resolve().is_relative_to(base)
                if file and inside and path.name != "copyright":
                    path.unlink()
            for path in sorted((database / "info").glob(f"{name}.*")):
                path.unlink()
    status = database / "status"
    entries = status.read_text("utf-8").split("\n\n")
    kept = [entry for entry in entries if not PACKAGES.fullmatch(package_of(entry))]
    status.write_text("\n\n".join(kept), "utf-8")
    for path in database.glob("*-old"):
        path.unlink()


def package_of(entry: str) -> str:
    """Return the name of the package in an entry of the database."""
    found = re.search(r"^Package: (\S+)$", entry, re.MULTILINE)
    return found[1] if found else ""


def remove(path: Path) -> None:
    """Remove a file, a link or a directory."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def drop_what_is_not_needed(source: Path) -> None:
    """Remove scripts, tests and compiled modules below source.

    The compiled modules of the requirements are optional: each requirement falls back to Python when one
    is missing, which `modules_of_the_program` then proves by importing all modules.
    """
    shutil.rmtree(source / "bin", ignore_errors=True)
    # Some builders do not exclude these from the context.
    shutil.rmtree(source / "release_assets" / "cli", ignore_errors=True)
    (source / "release_assets" / "__main__.py").unlink(missing_ok=True)
    for path in (*source.rglob("tests"), *source.rglob("__pycache__")):
        shutil.rmtree(path)
    for path in source.rglob("*.so"):
        path.unlink()


def modules_of_the_program(source: Path) -> list[Path]:
    """Return the source file of every module that the program may import."""
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(source))
    for package in PROGRAM:
        # In order: byte code depends on the modules that were loaded before.
        for path in sorted((source / package).rglob("*.py")):
            name = ".".join(path.relative_to(source).with_suffix("").parts)
            if path.stem != "__main__":
                importlib.import_module(name.removesuffix(".__init__"))
            for inner in names_of_the_standard_library(path):
                importlib.import_module(inner)
    for name in LATE:
        importlib.import_module(name)
    return sorted({file for name in list(sys.modules) if (file := find_source(name))})


def find_source(name: str) -> Path | None:
    """Return the file that an import of name would compile, or None.

    The module itself does not show this: collections.abc, for example, replaces itself by another module.
    """
    parent = name.rpartition(".")[0]
    places = getattr(sys.modules.get(parent), "__path__", None)
    if FrozenImporter.find_spec(name) or (parent and places is None):
        return None
    spec = PathFinder.find_spec(name, places)
    return Path(spec.origin) if spec and spec.origin and spec.origin.endswith(".py") else None


def names_of_the_standard_library(path: Path) -> Iterator[str]:
    """Yield each module of the standard library that the module at path imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            if name.partition(".")[0] in sys.stdlib_module_names and find_spec(name):
                yield name


def add_byte_code_of_the_program(source: Path, out: Path) -> None:
    """Put byte code beside every module below source."""
    complete = compileall.compile_dir(
        source, stripdir=str(out), prependdir="/", quiet=1, invalidation_mode=UNCHECKED
    )
    if not complete:
        sys.exit("byte code of the program could not be compiled")


def add_byte_code_of_the_standard_library(modules: list[Path], source: Path, out: Path) -> None:
    """Put byte code below out for the modules that the base image has only as source."""
    for module in modules:
        if not module.is_relative_to(source):
            target = out / Path(cache_from_source(str(module))).relative_to("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            py_compile.compile(str(module), str(target), doraise=True, invalidation_mode=UNCHECKED)


def make_readable(out: Path) -> None:
    """Give everything below out permissions that do not depend on the user who builds the image."""
    for path in (out, *out.rglob("*")):
        path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)


def make_timeless(tree: Path) -> None:
    """Give everything below tree the same time, so that a layer depends only on its content."""
    for path in (tree, *tree.rglob("*")):
        os.utime(path, (0, 0), follow_symlinks=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
