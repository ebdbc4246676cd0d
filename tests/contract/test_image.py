"""The image has all that Python and the action need, and little else."""

import json

import pytest

from scripts.image.binaries import PROGRAMS
from tests.support.container import Image, call_docker, layer_sizes

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300), pytest.mark.slow]

MIB = 1024 * 1024
# Modules that cannot be imported, by the reason.
ELSEWHERE = {
    "are for another system": (
        *("asyncio.windows_events", "asyncio.windows_utils", "encodings.mbcs", "encodings.oem"),
        *("multiprocessing.popen_spawn_win32", "_pyrepl.windows_console", "_ios_support"),
        "urllib3.contrib.emscripten",
    ),
    "need a library that Debian's Python has in a package of its own": (
        *("dbm.gnu", "_pyrepl._minimal_curses"),
    ),
    "need an optional requirement, or are compiled": (
        *("urllib3.contrib.pyopenssl", "urllib3.contrib.socks", "urllib3.http2.connection"),
        *("yaml.cyaml", "_yaml"),
    ),
}
# Imports every module below the directories, and prints the names of all, and of those that failed.
IMPORT_ALL = """
import contextlib, importlib, io, json, os, sys, warnings
warnings.simplefilter("ignore")
sys.path.insert(0, "/action/src")
library = os.path.dirname(os.__file__)
names, failed = [], {}
for root in (library, f"{library}/lib-dynload", "/action/src"):
    for directory, inner, files in os.walk(root):
        inner[:] = [name for name in inner if name != "lib-dynload" and "." not in name]
        package = os.path.relpath(directory, root).replace("/", ".").lstrip(".")
        names += [
            ".".join(filter(None, (package, "" if module == "__init__" else module)))
            for module, _, kind in (file.partition(".") for file in sorted(files))
            if kind.endswith(("pyc", "so")) and module != "__main__"
        ]
for name in filter(None, names):
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            importlib.import_module(name)
        except ImportError as error:
            failed[name] = str(error)
print(json.dumps([names, failed]))
"""
# Prints the files that packages list and that are not there, and the binaries that no package lists.
CHECK_PACKAGES = """
import glob, json, os
def real(path):
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
listed = [line for name in glob.glob("/var/lib/dpkg/info/*.list") for line in open(name).read().split()]
owned = set(map(real, listed))
binaries = []
for directory, inner, files in os.walk("/"):
    inner[:] = [name for name in inner if os.path.join(directory, name) not in ("/proc", "/sys", "/dev")]
    for path in (os.path.join(directory, name) for name in files):
        if not os.path.islink(path) and open(path, "rb").read(4) == b"\\x7fELF":
            binaries.append(path)
print(json.dumps({
    "missing": [path for path in listed if not os.path.lexists(path)],
    "foreign": [path for path in binaries if path not in owned and not path.startswith("/usr/local/")],
    "broken links": [
        path for directory, inner, files in os.walk("/") if not directory.startswith(("/proc", "/sys", "/dev"))
        for path in (os.path.join(directory, name) for name in (*inner, *files))
        if os.path.islink(path) and not os.path.exists(path) and path != "/etc/mtab"
    ],
    "setuid": [path for path in binaries if os.stat(path).st_mode & 0o6000],
    "programs": sorted({
        name for place in ("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin") if os.path.isdir(place)
        for name in os.listdir(place)
    }),
    "packages": sorted(
        line[9:-1] for line in open("/var/lib/dpkg/status") if line.startswith("Package: ")
    ),
    "notices": sorted(os.listdir("/usr/share/doc")),
}))
"""


def ask_confined(image: Image, *command: str) -> str:
    """Run a program of the image with a read-only root, as another user, without a network."""
    confined = ("--rm", "--read-only", "--user", "12345:12345", "--network", "none")
    program, *arguments = command
    return call_docker("run", *confined, "--entrypoint", program, image.name, *arguments)


def test_every_module_of_the_library_and_the_program_can_be_imported(image: Image) -> None:
    said = ask_confined(image, "/usr/local/bin/python3", "-I", "-c", IMPORT_ALL)
    names, failed = json.loads(said.splitlines()[-1])
    assert {"release_assets.publish.finalize", "requests", "sqlite3", "curses", "_ssl"} <= {*names}
    elsewhere = tuple(name for some in ELSEWHERE.values() for name in some)
    assert {name: why for name, why in failed.items() if not name.startswith(elsewhere)} == {}


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs_that_runners_start_are_there(image: Image, program: str) -> None:
    arguments = {"sh": ["-c", "echo Debian"], "stat": ["-c", "Debian", "/"]}
    ask_confined(image, program, *arguments.get(program, ["--version"]))


def test_servers_are_verified_by_default(image: Image) -> None:
    code = "import ssl; print(ssl.create_default_context().cert_store_stats()['x509_ca'])"
    assert int(ask_confined(image, "/usr/local/bin/python3", "-I", "-c", code)) > 100


def test_the_package_database_is_true_to_what_is_there(image: Image) -> None:
    found = json.loads(image.ask("-c", CHECK_PACKAGES))
    assert {"libc6", "dash"} <= {*found["packages"]}
    assert {*found["packages"]} - {*found["notices"]} == set(), "without a copyright file"
    others = {name for name in found["programs"] if not name.startswith("python")}
    assert others == {*PROGRAMS, "dash"}
    for kind in ("missing", "foreign", "broken links", "setuid"):
        assert found[kind] == [], kind


def test_the_image_is_small(image: Image) -> None:
    sizes = layer_sizes(image.name)
    assert len(sizes) == 2, "what comes from the base, and the program"
    assert sum(layer.compressed for layer in sizes) <= 16 * MIB
    assert sum(layer.unpacked for layer in sizes) <= 45 * MIB
