import os
import subprocess
import sys

import pytest

from actions_toolkit import core


def _run(program: str) -> subprocess.CompletedProcess[bytes]:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    for name in ("GITHUB_OUTPUT", "GITHUB_STATE"):
        environ.pop(name, None)
    return subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, timeout=60
    )


def test_set_failed_exits_with_code_1() -> None:
    done = _run("from actions_toolkit import core\ncore.set_failed('a\\nb')\nprint('never')")
    assert (done.returncode, done.stdout, done.stderr) == (1, b"::error::a%0Ab\n", b"")


def test_the_example_of_the_pypi_package_works() -> None:
    done = _run(
        "import os\n"
        "from actions_toolkit import core\n"
        "os.environ['INPUT_NAME'] = 'Actions Toolkit'\n"
        "assert core.get_input('name', required=True) == 'Actions Toolkit'\n"
        "core.error('Something went wrong.')\n"
        "core.info('Run successfully.')\n"
        "core.set_failed('SSL certificates installation failed.')\n"
    )
    assert done.stdout.decode().splitlines() == [
        "::error::Something went wrong.",
        "Run successfully.",
        "::error::SSL certificates installation failed.",
    ]
    assert done.returncode == core.ExitCode.failure.value


def test_the_import_loads_no_large_modules() -> None:
    heavy = "asyncio dataclasses email http inspect json logging requests socket ssl subprocess"
    heavy += " tempfile urllib.request uuid"
    done = _run(
        "import sys; before = set(sys.modules)\n"
        "from actions_toolkit import core, context\n"
        f"print(*sorted((set(sys.modules) - before) & set('{heavy}'.split())))\n"
    )
    assert (done.stdout, done.stderr) == (b"\n", b"")


@pytest.mark.parametrize("others", [None, ""])
def test_a_path_is_added_to_an_empty_variable(
    others: str | None, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.delenv("GITHUB_PATH", raising=False)
    monkeypatch.setenv("PATH", others or "")
    if others is None:
        monkeypatch.delenv("PATH")
    core.add_path("/a b")
    assert os.environ["PATH"] == "/a b"
    assert capsysbinary.readouterr().out == b"::add-path::/a b\n"


def test_a_path_that_is_not_utf8_is_unchanged(
    monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.delenv("GITHUB_PATH", raising=False)
    monkeypatch.setenv("PATH", "/bin")
    core.add_path("/\udcff")
    assert os.environ["PATH"] == f"/\udcff{os.pathsep}/bin"
    assert capsysbinary.readouterr().out == "::add-path::/\ufffd\n".encode()


def test_all_names_of_the_summary_are_the_same_object() -> None:
    from actions_toolkit import summary

    assert core.summary is core.markdown_summary is summary.summary
