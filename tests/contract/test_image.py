"""The image has all that Python and the action need, and little else."""

import json
import re

import pytest

from scripts.image.binaries import PROGRAMS
from tests.support.container import Image, call_docker, layer_sizes
from tests.support.job import ROOT, Job

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300), pytest.mark.slow]

MIB = 1024 * 1024
CONFINED = ("--read-only", "--user", "12345:12345", "--network", "none")
# Modules of the library that the image lacks, by the reason.
LEFT_OUT = {
    "are for another system": (
        *("_overlapped", "_scproxy", "_winapi", "_wmi", "msvcrt", "nt", "winreg", "winsound"),
    ),
    "need a display": ("_tkinter", "idlelib", "tkinter", "turtle", "turtledemo"),
    "install software": ("ensurepip", "venv"),
    "hold manuals": ("pydoc_data",),
    "need a library that Debian's Python has in a package of its own, or a large one": (
        *("_dbm", "_gdbm"),
    ),
}
# Modules that the image has, and that cannot be imported, by the reason.
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
# Prints the names of the library's modules that are not there.
MISSING = """
import importlib.util, json, sys
print(json.dumps([name for name in sys.stdlib_module_names if importlib.util.find_spec(name) is None]))
"""
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
# Uses what Python asks of the C library, which loads some of it only then.
USE_SYSTEM = """
import _thread, ctypes, locale, pwd, socket, ssl, subprocess, time
assert locale.setlocale(locale.LC_ALL, "") == "C.UTF-8"
assert pwd.getpwuid(0).pw_dir == "/root"
assert socket.getaddrinfo("localhost", "https")[0][4][1] == 443
assert ssl.create_default_context().cert_store_stats()["x509_ca"] > 100
assert subprocess.run("exit 3", shell=True).returncode == 3
program = ctypes.CDLL(None)
_thread.start_new_thread(lambda: program.pthread_exit(None), ())
time.sleep(0.5)
print("alive")
"""
# Prints modules whose byte code says in which columns of its source it was; without sources, nothing shows them.
WITH_COLUMNS = """
import json, sys
sys.path.insert(0, "/action/src")
import release_assets.publish, requests
def has_columns(code):
    return any(column is not None for _, _, column, _ in code.co_positions())
functions = (json.dumps, requests.get, release_assets.publish.publish)
print([function.__module__ for function in functions if has_columns(function.__code__)])
"""
# Prints the files that packages list and that are not there, the binaries that no package lists, and more.
CHECK_PACKAGES = """
import glob, json, os
def real(path):
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
def is_binary(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\\x7fELF"
listed = [line for name in glob.glob("/var/lib/dpkg/info/*.list") for line in open(name).read().split()]
owned = set(map(real, listed))
files, links = [], []
for directory, inner, names in os.walk("/"):
    inner[:] = [name for name in inner if os.path.join(directory, name) not in ("/proc", "/sys", "/dev")]
    for path in (os.path.join(directory, name) for name in (*inner, *names)):
        if os.path.islink(path):
            links.append(path)
        elif os.path.isfile(path):
            files.append(path)
print(json.dumps({
    "missing": [path for path in listed if not os.path.lexists(path)],
    "foreign": [
        path for path in files
        if is_binary(path) and path not in owned and not path.startswith("/usr/local/")
    ],
    "broken links": [path for path in links if not os.path.exists(path) and path != "/etc/mtab"],
    "setuid": [path for path in files if os.stat(path).st_mode & 0o6000],
    "sources": [path for path in files if path.endswith(".py") and os.path.dirname(path) != "/action"],
    "executable": [
        path for path in files
        if os.access(path, os.X_OK) and ".so" not in os.path.basename(path) and path != "/.dockerenv"
    ],
    "programs": [
        name for place in ("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin") if os.path.isdir(place)
        for name in os.listdir(place)
    ],
    "packages": [line[9:-1] for line in open("/var/lib/dpkg/status") if line.startswith("Package: ")],
    "notices": os.listdir("/usr/share/doc"),
    "licences": [
        os.path.dirname(os.path.relpath(path, "/action/src")).partition(".dist-info/licenses")[0]
        for path in glob.glob("/action/src/*.dist-info/licenses/**", recursive=True) if os.path.isfile(path)
    ],
    "licence of Python": os.path.isfile(os.path.join(os.path.dirname(os.__file__), "LICENSE.txt")),
}))
"""


def ask_confined(image: Image, program: str, *arguments: str) -> str:
    """Run a program of the image with a read-only root, as another user, without a network."""
    return call_docker("run", "--rm", *CONFINED, "--entrypoint", program, image.name, *arguments)


def ask_python(image: Image, code: str) -> str:
    """Run code so, and return the last line that it prints."""
    return ask_confined(image, "/usr/local/bin/python3", "-I", "-c", code).splitlines()[-1]


def test_the_standard_library_is_complete(image: Image) -> None:
    left_out = {name for some in LEFT_OUT.values() for name in some}
    assert {*json.loads(ask_python(image, MISSING))} - left_out == set()


def test_every_module_of_the_library_and_the_program_can_be_imported(image: Image) -> None:
    names, failed = json.loads(ask_python(image, IMPORT_ALL))
    assert {"release_assets.publish.finalize", "requests", "sqlite3", "curses", "_ssl"} <= {*names}
    elsewhere = tuple(name for some in ELSEWHERE.values() for name in some)
    assert {name: why for name, why in failed.items() if not name.startswith(elsewhere)} == {}


def test_what_python_asks_of_the_system_is_there(image: Image) -> None:
    assert ask_python(image, USE_SYSTEM) == "alive"


def test_a_confined_action_reports_what_it_lacks(image: Image, job: Job) -> None:
    job.write({"app.zip": b"zip"})
    step = image.run(job, {"files": "app.zip", "max-attempts": "1"}, docker_options=CONFINED)
    assert step.exit_code == 1
    assert "title=GitHub could not be reached" in step.log
    assert "title=Bug" not in step.log


@pytest.mark.parametrize("program", [*PROGRAMS, "/bin/sh", "/usr/bin/env"])
def test_programs_that_runners_start_are_there(image: Image, program: str) -> None:
    arguments = {"sh": ["-c", "echo Debian"], "stat": ["-c", "Debian", "/"]}
    ask_confined(image, program, *arguments.get(program.rpartition("/")[2], ["--version"]))


def test_the_package_database_is_true_to_what_is_there(image: Image) -> None:
    found = json.loads(image.ask("-c", CHECK_PACKAGES))
    assert {"libc6", "dash"} <= {*found["packages"]}
    for kind in ("missing", "foreign", "broken links"):
        assert found[kind] == [], kind


def test_whatever_is_there_has_its_licence(image: Image) -> None:
    found = json.loads(image.ask("-c", CHECK_PACKAGES))
    assert {*found["packages"]} - {*found["notices"]} == set()
    required = re.findall(r"^([\w-]+)==", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE)
    licensed = {name.rpartition("-")[0].replace("_", "-") for name in found["licences"]}
    assert licensed == {*required}
    assert found["licence of Python"]


def test_no_other_program_is_there(image: Image) -> None:
    found = json.loads(image.ask("-c", CHECK_PACKAGES))
    others = {name for name in found["programs"] if not name.startswith("python")}
    assert others == {*PROGRAMS, "dash"}
    places = {path.rpartition("/")[0] for path in found["executable"]}
    assert places <= {"/usr/bin", "/usr/local/bin", "/action"}
    assert found["setuid"] == []
    assert found["sources"] == []


def test_byte_code_has_no_columns_of_its_source(image: Image) -> None:
    assert ask_python(image, WITH_COLUMNS) == "[]"


def test_the_image_is_small(image: Image) -> None:
    sizes = layer_sizes(image.name)
    assert len(sizes) == 2, "what comes from the base, and the program"
    assert sum(layer.compressed for layer in sizes) <= 16 * MIB
    assert sum(layer.unpacked for layer in sizes) <= 45 * MIB
