"""Lay out the files of the image during its build: what Python needs from the base, and the program.

    pack_image.py SYSTEM PROGRAM

SYSTEM is an empty directory for what is taken from the base, in which this script runs. PROGRAM has action/, with
the program and its requirements.
"""

import compileall
import os
import py_compile
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

# The programs in addition to the interpreter. Runners on Kubernetes start a pod with `tail`, and run steps and copy files with the others.
PROGRAMS = ("sh", "env", "tail", "tar", "find", "stat", "mkdir", "mv", "rm")
# Libraries that are loaded by name, so that no program lists them: the C library needs this one to end a thread.
LOADED_BY_NAME = ("libgcc_s.so.1",)
SYSTEM_FILES = (
    *(
        "/etc/debian_version",
        "/etc/group",
        "/etc/ld.so.conf",
        "/etc/ld.so.conf.d/*",
        "/etc/nsswitch.conf",
    ),
    *("/etc/os-release", "/etc/passwd", "/etc/protocols", "/etc/services"),
    # What OpenSSL reads by default.
    *("/etc/ssl/certs/ca-certificates.crt", "/usr/lib/ssl/cert.pem", "/usr/lib/ssl/openssl.cnf"),
    "/usr/share/doc/ca-certificates/copyright",  # of the package that the certificates come from
    # It names the version of a Python that is no package of the distribution, for scripts/sbom.py.
    "/usr/local/include/python3*/patchlevel.h",
)
EMPTY_DIRECTORIES = ("/dev", "/proc", "/root", "/run", "/sys", "/var/tmp", "/tmp", "/home", "/mnt")
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
DATABASE = Path("/var/lib/dpkg")


def main(system: Path, program: Path) -> None:
    """Lay out both trees."""
    tree = Tree(Path("/"), system)
    for name in (sys.executable, *map(find_program, PROGRAMS)):
        tree.add(Path(name))
    for pattern in SYSTEM_FILES:
        for path in sorted(Path("/").glob(pattern[1:])):
            tree.add(path)
    add_standard_library(tree, Path(sysconfig.get_path("stdlib")))
    for library in shared_libraries(tree):
        tree.add(library)
    add_package_database(tree)
    subprocess.run(["ldconfig", "-X", "-r", str(system)], check=True)
    shutil.rmtree(system / "var/cache/ldconfig", ignore_errors=True)
    for directory in EMPTY_DIRECTORIES:
        (system / directory[1:]).mkdir(parents=True, exist_ok=True)
    compile_program(program)
    for one in (system, program):
        make_uniform(one)


class Tree:
    """Files that are copied from a base to the same places of another tree, with the links that lead to them."""

    def __init__(self, base: Path, out: Path) -> None:
        self.base = base
        self.out = out
        self.files: set[Path] = set()  # real paths in the base, from `/`

    def add(self, path: Path) -> None:
        """Copy a file, and each link on the way to it."""
        real = self._add_directory(path.parent) / path.name
        source = self.in_base(real)
        if source.is_symlink():
            self._copy(real)
            self.add(real.parent / source.readlink())
        elif source.is_dir():
            self._add_directory(real)
        else:
            self._copy(real)

    def in_out(self, path: Path) -> Path:
        """Return the place of a path of the image in the tree."""
        return self.out / path.relative_to("/")

    def in_base(self, path: Path) -> Path:
        """Return the place of a path of the image in the base."""
        return self.base / path.relative_to("/")

    def _copy(self, path: Path) -> None:
        self.files.add(path)
        shutil.copy2(self.in_base(path), self.in_out(path), follow_symlinks=False)

    def _add_directory(self, path: Path) -> Path:
        """Create a directory, and each link on the way to it; return its real path."""
        path = Path(os.path.normpath(path))
        if path == Path("/"):
            return path
        here = self._add_directory(path.parent) / path.name
        source = self.in_base(here)
        if not source.is_symlink():
            self.in_out(here).mkdir(exist_ok=True)
            return here
        if not self.in_out(here).is_symlink():
            self._copy(here)
        return self._add_directory(here.parent / source.readlink())


def find_program(name: str) -> str:
    """Return the path of a program. Raises: FileNotFoundError."""
    path = shutil.which(name)
    if path is None:
        raise FileNotFoundError(f"the base has no {name}")
    return path


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


def add_package_database(tree: Tree) -> None:
    """Add the entries, file lists and copyright files of the packages that files in the tree belong to."""
    if not (tree.base / "var/lib/dpkg/status").is_file():
        return  # another distribution
    names = set()
    for listed in sorted(tree.in_base(DATABASE / "info").glob("*.list")):
        name = listed.name.removesuffix(".list").partition(":")[0]
        lines = listed.read_text("utf-8").splitlines()
        if not any(kept_lines(lines, tree)):
            continue
        names.add(name)
        notice = Path("/usr/share/doc", name, "copyright")
        if tree.in_base(notice).exists():
            tree.add(notice)
        tree.add(DATABASE / "info" / listed.name)
        kept = "\n".join(kept_lines(lines, tree))
        tree.in_out(DATABASE / "info" / listed.name).write_text(f"{kept}\n", "utf-8")
    tree.add(DATABASE / "status")
    status = tree.in_out(DATABASE / "status")
    entries = status.read_text("utf-8").split("\n\n")
    kept_entries = [entry for entry in entries if package_of(entry) in names]
    status.write_text("\n\n".join(kept_entries) + "\n", "utf-8")


def kept_lines(lines: Iterable[str], tree: Tree) -> Iterator[str]:
    """Yield the paths of a package's list that are in the tree; lists may name them through links."""
    for line in lines:
        path = Path(line)
        parent = tree.in_base(path.parent).resolve()
        if (
            parent.is_relative_to(tree.base)
            and "/" / parent.relative_to(tree.base) / path.name in tree.files
        ):
            yield line


def package_of(entry: str) -> str:
    """Return the name of the package in an entry of the database."""
    found = re.search(r"^Package: (\S+)$", entry, re.MULTILINE)
    return found[1] if found else ""


def make_uniform(tree: Path) -> None:
    """Give everything permissions and times that do not depend on who builds the image, and when."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
        os.utime(path, (0, 0), follow_symlinks=False)
    for path in (tree / "tmp", tree / "var/tmp"):
        if path.is_dir():
            path.chmod(0o1777)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
