"""Lay out the files of the image, in the base image that it is built from.

    python -m scripts.image SYSTEM PROGRAM

SYSTEM is an empty directory for what is taken from the base. PROGRAM has action/, with the program and its
requirements.
"""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from scripts.image.binaries import PROGRAMS, find_program, shared_libraries
from scripts.image.byte_code import add_standard_library, compile_program
from scripts.image.packages import add_package_database
from scripts.image.tree import Tree, make_uniform

SYSTEM_FILES = (
    "/etc/debian_version",
    "/etc/group",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d/*",
    "/etc/nsswitch.conf",
    "/etc/os-release",
    "/etc/passwd",
    "/etc/protocols",
    "/etc/services",
    # What OpenSSL reads by default.
    "/etc/ssl/certs/ca-certificates.crt",
    "/usr/lib/ssl/cert.pem",
    "/usr/lib/ssl/openssl.cnf",
    "/usr/share/doc/ca-certificates/copyright",  # of the package that the certificates come from
    # The locale that the image sets: without it, setlocale() fails.
    "/usr/lib/locale/C.utf8/**/*",
    # It names the version of a Python that is no package of the distribution, for scripts/sbom.py.
    "/usr/local/include/python3*/patchlevel.h",
)
EMPTY_DIRECTORIES = ("/dev", "/proc", "/root", "/run", "/sys", "/var/tmp", "/tmp", "/home", "/mnt")


def main(system: Path, program: Path) -> None:
    """Lay out both trees."""
    tree = Tree(Path("/"), system)
    tree.add_links_of_root()
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


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
