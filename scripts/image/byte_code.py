"""Choose modules, and replace them by their byte code."""

import compileall
import os
import py_compile
import re
import shutil
import sys
from pathlib import Path

from scripts.image.tree import Tree

# Parts of the standard library that need a display, install software, or test Python; and Berkeley DB, whose library is
# larger than the program.
NOT_LIBRARY = re.compile(
    r"(?:test|tests|idlelib|tkinter|turtledemo|ensurepip|venv|lib2to3|pydoc_data|__phello__"
    r"|site-packages|dist-packages|config-.+|__pycache__)"
)
NOT_MODULES = re.compile(
    r"(?:turtle|_tkinter\..+|sitecustomize|_distutils_system_mod|ndbm|_dbm\..+|__hello__|_test.+|_ctypes_test\..+|_?xx.+)"
)
# Byte code is never compared with its source: an image is not edited, and its files have no meaningful times.
UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH


def add_standard_library(tree: Tree, library: Path) -> None:
    """Add the standard library: extension modules, and all others as byte code alone."""
    for directory, names, files in os.walk(tree.in_base(library)):
        names[:] = sorted(name for name in names if not NOT_LIBRARY.fullmatch(name))
        for name in sorted(files):
            path = Path(directory, name)
            if path.suffix in {".py", ".so", ".txt"} and not NOT_MODULES.fullmatch(path.stem):
                tree.add("/" / path.relative_to(tree.base))
    # Without docstrings and assertions: nobody reads them, and they would be a fifth of the image.
    compile_all(tree.in_out(library), tree.out, optimize=2)
    tree.files = {path for path in tree.files if os.path.lexists(tree.in_out(path))}


def compile_program(program: Path) -> None:
    """Compile the program and its requirements, and remove what does not run."""
    source = program / "action/src"
    # Some builders do not exclude the command line from the context.
    for path in (source / "bin", source / "release_assets/cli", *source.rglob("__pycache__")):
        shutil.rmtree(path, ignore_errors=True)
    # These modules are optional: each requirement falls back to Python without them.
    for path in (source / "release_assets/__main__.py", *source.rglob("*.so")):
        path.unlink(missing_ok=True)
    for path in source.glob("*.dist-info/RECORD"):
        path.unlink()  # it lists the files before
    compile_all(source, program, optimize=0)


def compile_all(directory: Path, root: Path, optimize: int) -> None:
    """Replace all modules below a directory by their byte code."""
    is_complete = compileall.compile_dir(
        directory,
        stripdir=str(root),
        prependdir="/",
        quiet=1,
        legacy=True,
        optimize=optimize,
        invalidation_mode=UNCHECKED,
    )
    if not is_complete:
        sys.exit(f"{directory} could not be compiled")
    for path in directory.rglob("*.py"):
        path.unlink()
