"""What is copied from the base image, and what is left out."""

import runpy
from pathlib import Path

import pytest

from scripts.image.byte_code import add_standard_library, compile_program
from scripts.image.packages import add_package_database
from scripts.image.tree import Tree, make_uniform

FILES = {
    "usr/bin/dash": "dash",
    "usr/bin/apt": "apt",
    "usr/lib/libc.so": "libc",
    "usr/lib/python3.14/json/__init__.py": "VALUE = 1",
    "usr/lib/python3.14/json/tests/test_json.py": "",
    "usr/lib/python3.14/abc.py": "",
    "usr/lib/python3.14/turtle.py": "",
    "usr/lib/python3.14/LICENSE.txt": "PSF",
    "usr/lib/python3.14/ensurepip/__init__.py": "",
    "usr/lib/python3.14/lib-dynload/_ssl.cpython-314-x86_64-linux-gnu.so": "",
    "usr/lib/python3.14/lib-dynload/_testcapi.cpython-314-x86_64-linux-gnu.so": "",
    "usr/lib/python3.14/site-packages/pip/__init__.py": "",
    "usr/share/doc/dash/copyright": "BSD",
    "usr/share/doc/apt/copyright": "GPL",
    "var/lib/dpkg/info/dash.list": "/.\n/bin\n/bin/dash\n/usr/share/man/man1/dash.1.gz\n",
    "var/lib/dpkg/info/apt.list": "/.\n/bin/apt\n/out/file\n",
    "var/lib/dpkg/info/libc6:arm64.list": "/lib/libc.so\n/gone\n",
    "var/lib/dpkg/status": "Package: apt\nVersion: 3\n\nPackage: dash\nVersion: 1\n\nPackage: libc6\nVersion: 2\n\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A base image whose /bin and /lib are links, like in Debian, and with a link that leads out of it."""
    base, out = tmp_path / "base", tmp_path / "out"
    for name, text in FILES.items():
        (base / name).parent.mkdir(parents=True, exist_ok=True)
        (base / name).write_text(text)
    (base / "bin").symlink_to("usr/bin")
    (base / "lib").symlink_to("usr/lib")
    (base / "usr/bin/sh").symlink_to("dash")
    (base / "out").symlink_to(tmp_path)
    out.mkdir()
    return Tree(base, out)


def files_in(directory: Path) -> set[str]:
    return {
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if path.is_symlink() or not path.is_dir()
    }


def test_a_file_is_copied_with_the_links_that_lead_to_it(tree: Tree) -> None:
    tree.add(Path("/bin/sh"))
    tree.add(Path("/lib/libc.so"))
    assert files_in(tree.out) == {"bin", "lib", "usr/bin/sh", "usr/bin/dash", "usr/lib/libc.so"}
    assert (tree.out / "bin/sh").read_text() == "dash"
    assert (tree.out / "lib/libc.so").read_text() == "libc"


def test_links_of_the_root_are_copied_if_they_lead_to_a_directory_of_the_base(tree: Tree) -> None:
    (tree.base / "usr/sbin").mkdir()
    (tree.base / "sbin").symlink_to("/usr/sbin")
    (tree.base / "initrd").symlink_to("boot/initrd")
    tree.add_links_of_root()
    assert files_in(tree.out) == {"bin", "lib", "sbin"}
    assert (tree.out / "usr/bin").is_dir()
    assert (tree.out / "usr/sbin").is_dir()


def test_the_standard_library_is_byte_code_without_tests_and_installers(tree: Tree) -> None:
    add_standard_library(tree, Path("/usr/lib/python3.14"))
    assert files_in(tree.out / "usr/lib/python3.14") == {
        "LICENSE.txt",
        "abc.pyc",
        "json/__init__.pyc",
        "lib-dynload/_ssl.cpython-314-x86_64-linux-gnu.so",
    }


# The module that an assertion ends early keeps the value None.
CODE = '''"""Text."""
VALUE = None
try:
    assert VALUE
    VALUE = 1
except AssertionError:
    pass
'''


def test_the_standard_library_loses_its_docstrings_and_assertions(tree: Tree) -> None:
    (tree.base / "usr/lib/python3.14/abc.py").write_text(CODE)
    add_standard_library(tree, Path("/usr/lib/python3.14"))
    module = runpy.run_path(str(tree.out / "usr/lib/python3.14/abc.pyc"))
    assert (module["__doc__"], module["VALUE"]) == (None, 1)


def test_the_program_keeps_its_docstrings_and_assertions(tmp_path: Path) -> None:
    source = tmp_path / "action/src/release_assets"
    source.mkdir(parents=True)
    (source / "step.py").write_text(CODE)
    compile_program(tmp_path)
    module = runpy.run_path(str(source / "step.pyc"))
    assert (module["__doc__"], module["VALUE"]) == ("Text.", None)


def test_the_package_database_has_only_files_that_are_there(tree: Tree) -> None:
    tree.add(Path("/bin/sh"))
    tree.add(Path("/lib/libc.so"))
    add_package_database(tree)
    assert files_in(tree.out / "var/lib/dpkg") == {
        "info/dash.list",
        "info/libc6:arm64.list",
        "status",
    }
    assert (tree.out / "var/lib/dpkg/info/dash.list").read_text() == "/bin\n/bin/dash\n"
    assert (tree.out / "var/lib/dpkg/info/libc6:arm64.list").read_text() == "/lib/libc.so\n"
    status = (tree.out / "var/lib/dpkg/status").read_text()
    assert [line for line in status.splitlines() if "Package" in line] == [
        "Package: dash",
        "Package: libc6",
    ]
    assert files_in(tree.out / "usr/share/doc") == {"dash/copyright"}


def test_a_base_of_another_distribution_has_no_package_database(tree: Tree) -> None:
    (tree.base / "var/lib/dpkg/status").unlink()
    add_package_database(tree)
    assert not (tree.out / "var").exists()


def test_the_program_is_byte_code_without_the_command_line(tmp_path: Path) -> None:
    source = tmp_path / "action/src"
    names = ("__main__.py", "action/step.py", "cli/main.py", "py.typed", "speedups.so")
    for name in names:
        (source / "release_assets" / name).parent.mkdir(parents=True, exist_ok=True)
        (source / "release_assets" / name).touch()
    (tmp_path / "action/entrypoint.py").touch()
    compile_program(tmp_path)
    assert files_in(tmp_path) == {
        "action/entrypoint.py",
        "action/src/release_assets/action/step.pyc",
        "action/src/release_assets/py.typed",
    }


def test_all_files_have_the_same_time_and_permissions(tree: Tree) -> None:
    script = tree.base / "usr/bin/dash"
    script.chmod(0o700)
    (tree.base / "tmp").mkdir()
    make_uniform(tree.base)
    assert {path.lstat().st_mtime for path in (tree.base, *tree.base.rglob("*"))} == {0}
    assert script.stat().st_mode & 0o7777 == 0o755
    assert (tree.base / "usr/lib/libc.so").stat().st_mode & 0o7777 == 0o644
    assert (tree.base / "tmp").stat().st_mode & 0o7777 == 0o1777
    assert tree.base.parent.stat().st_mtime > 0, "a link that leads out of the tree is not followed"
