"""Find programs, and the libraries that they need."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.image.tree import Tree

# The programs in addition to the interpreter. Runners on Kubernetes start a pod with `tail`, and run steps and copy files
# with the others.
PROGRAMS = ("sh", "env", "tail", "tar", "find", "stat", "mkdir", "mv", "rm")
# What a library loads by its name, so that `ldd` cannot find it: the C library needs this one to end a thread.
LOADED_BY_NAME = ("libgcc_s.so.1",)


def find_program(name: str) -> str:
    """Return the path of a program. Raises: FileNotFoundError."""
    path = shutil.which(name)
    if path is None:
        raise FileNotFoundError(f"the base has no {name}")
    return path


def shared_libraries(tree: Tree) -> set[Path]:
    """Return the libraries that the programs and extension modules in the tree need, also indirectly."""
    binaries = [str(path) for path in sorted(tree.files) if is_binary(tree.in_out(path))]
    said = subprocess.run(["ldd", *binaries], stdout=subprocess.PIPE, encoding="utf-8", check=True)
    if missing := re.findall(r"\S+ => not found", said.stdout):
        sys.exit(f"libraries are missing: {missing}")
    found = set(re.findall(r"(?:=> |^\t)(/\S+) \(0x", said.stdout, re.MULTILINE))
    cache = subprocess.run(["ldconfig", "-p"], stdout=subprocess.PIPE, encoding="utf-8", check=True)
    for name in LOADED_BY_NAME:
        found |= set(re.findall(rf"\t{re.escape(name)} .* => (\S+)$", cache.stdout, re.MULTILINE))
    return set(map(Path, found))


def is_binary(path: Path) -> bool:
    """Say whether a file is a program or a library."""
    if path.is_symlink():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"
