"""Output on a terminal: colours, progress bars, lines and tables."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from release_assets.cli.progress_bars import ProgressBarReporter
from release_assets.cli.table import table_lines
from release_assets.cli.terminal import TerminalReporter, coloured, printable
from scripts.screen import Screen, plain
from tests.support.cli import Run
from tests.support.sandbox import ROOT, Sandbox

pytestmark = pytest.mark.slow

MIB = 1024 * 1024
SIZE = 24 * MIB


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "has_colour"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": ""}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (Terminal(), {}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_only_a_terminal_with_colours_gets_colour(
    stream: io.StringIO, environment: dict[str, str], has_colour: bool
) -> None:
    assert ("\x1b[" in coloured("error", stream, environment)) is has_colour


def test_characters_that_the_encoding_lacks_are_escaped() -> None:
    console = io.TextIOWrapper(io.BytesIO(), encoding="cp437")
    assert printable("é 茶", console) == "é \\u8336"


def test_results_are_unbuffered_utf8_in_any_locale() -> None:
    program = (
        "import os\n"
        "from release_assets.cli.terminal import write_line\n"
        "print('first')\n"
        r"write_line('\xe9 \u8336 \U0001f600 \ud800 \udc80')"
        "\nos._exit(0)\n"
    )
    environment = {"PYTHONPATH": str(ROOT / "src"), "LC_ALL": "C", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment | {"PYTHONIOENCODING": "ascii"},
        capture_output=True,
    )
    assert done.stderr == b""
    lines = ["first", "é 茶 😀 \\ud800 \\udc80", ""]
    assert done.stdout == os.linesep.join(lines).encode()


def test_lines_contain_no_control_characters_or_commands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reporter = TerminalReporter(quiet=False, debug=True)
    with reporter.group("Plan"):
        reporter.line("a\x1b[2Jb")
    reporter.warning("W", "::error::x\r")
    reporter.debug("##[error]y")
    reporter.show_lines("\x07")
    shown = capsys.readouterr()
    assert shown.out == ""
    assert not set(shown.err) & {"\x1b", "\r", "\x07"}
    assert not any(line.startswith("::") or "##[" in line for line in shown.err.splitlines())


def test_wide_characters_are_aligned_in_a_table() -> None:
    rows = [("茶.zip", "1 B", "x"), ("a.zip", "10 B", ""), ("e\u0301.zip", "1 B", "y")]
    assert list(table_lines(("NAME", "SIZE", "L"), rows, right="SIZE")) == [
        "NAME    SIZE  L",
        "茶.zip   1 B  x",
        "a.zip   10 B",
        "e\u0301.zip    1 B  y",
    ]


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> ProgressBarReporter:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    return ProgressBarReporter(debug=False)


def counts(reporter: ProgressBarReporter) -> dict[str, tuple[float, float | None]]:
    """Return the completed and the total bytes of each bar."""
    return {task.description: (task.completed, task.total) for task in reporter.progress.tasks}


def test_each_large_file_and_the_total_have_a_bar(bars: ProgressBarReporter) -> None:
    bars.start_progress(3, 2 * SIZE + 10)
    bars.moved("a.zip", 0, SIZE)
    bars.moved("b.zip", 0, SIZE)
    bars.moved("small", 0, 10)
    bars.moved("small", 10, 10)
    bars.moved("a.zip", 8 * MIB, SIZE)
    assert counts(bars) == {
        "3 files": (8 * MIB + 10, 2 * SIZE + 10),
        "a.zip": (8 * MIB, SIZE),
        "b.zip": (0, SIZE),
    }
    bars.moved("a.zip", SIZE, SIZE)
    assert "a.zip" not in counts(bars)
    bars.close()


def test_a_new_attempt_resets_the_bytes(bars: ProgressBarReporter) -> None:
    bars.start_progress(1, SIZE)
    for done in (0, 20 * MIB, 0, 4 * MIB):
        bars.moved("a.zip", done, SIZE)
    assert counts(bars) == {"1 file": (4 * MIB, SIZE), "a.zip": (4 * MIB, SIZE)}
    bars.moved("a.zip", SIZE, SIZE)
    bars.moved("a.zip", 0, SIZE)
    assert counts(bars) == {"1 file": (0, SIZE), "a.zip": (0, SIZE)}
    bars.close()


def test_bytes_of_an_earlier_run_do_not_count_for_the_speed(bars: ProgressBarReporter) -> None:
    bars.start_progress(1, SIZE)
    bars.moved("a.zip", 20 * MIB, SIZE)
    assert counts(bars) == {"1 file": (0, 4 * MIB), "a.zip": (20 * MIB, SIZE)}
    bars.close()


def test_small_files_have_no_bar(bars: ProgressBarReporter) -> None:
    bars.start_progress(2, MIB)
    bars.moved("a.zip", 0, MIB)
    assert counts(bars) == {}
    bars.close()


def test_a_name_is_not_interpreted_as_markup(bars: ProgressBarReporter) -> None:
    stream = io.StringIO()
    bars.progress.live.console = Console(file=stream, force_terminal=True, width=120)
    bars.start_progress(1, SIZE)
    bars.moved("[red]x[/nope]\x1b[2J.zip", 0, SIZE)
    bars.progress.refresh()
    bars.line("[bold]y[/nope] :smile:")
    bars.close()
    assert "[red]x[/nope]\\x1b[2J.zip" in stream.getvalue()
    assert "[bold]y[/nope] :smile:" in stream.getvalue()


def publish_slowly(sandbox: Sandbox, cli: Run, *more: str, **environment: str) -> tuple[int, str]:
    (cli.directory / "big.bin").write_bytes(b"x" * SIZE)
    sandbox.settings(throttle=24 * MIB)
    return cli.on_a_terminal("publish", "--tag", "v1", "big.bin", *more, **environment)


def test_a_terminal_shows_bars(sandbox: Sandbox, cli: Run) -> None:
    code, shown = publish_slowly(sandbox, cli)
    assert code == 0
    assert "━" in shown
    assert re.search(r"1 file\W.*/24\.0 MiB", shown)
    assert "\x1b[?25h" in shown  # the cursor is shown again
    *_, address, totals = plain_lines(shown)
    assert address == f"v1 is published: {sandbox.server_url}/{sandbox.repository}/releases/tag/v1"
    assert totals.startswith("1 uploaded, 24.0 MiB sent in ")


@pytest.mark.parametrize(
    ("more", "environment"),
    [
        ((), {"CI": "true"}),
        ((), {"TERM": "dumb"}),
        (("--quiet",), {}),
    ],
)
def test_ci_dumb_terminals_and_quiet_show_no_bars(
    sandbox: Sandbox, cli: Run, more: tuple[str, ...], environment: dict[str, str]
) -> None:
    code, shown = publish_slowly(sandbox, cli, *more, **environment)
    assert code == 0
    assert "━" not in shown
    assert "\x1b[" not in shown


def test_without_rich_lines_are_printed(sandbox: Sandbox, cli: Run, tmp_path: Path) -> None:
    (tmp_path / "without").mkdir()
    (tmp_path / "without/rich.py").write_text("raise ImportError")
    path = os.pathsep.join((str(tmp_path / "without"), str(ROOT / "src")))
    code, shown = publish_slowly(sandbox, cli, PYTHONPATH=path)
    assert code == 0, shown
    assert "━" not in shown
    assert "uploaded big.bin, 24.0 MiB" in shown


def test_no_color_removes_colours_from_the_bars(sandbox: Sandbox, cli: Run) -> None:
    _, shown = publish_slowly(sandbox, cli, NO_COLOR="1")
    assert "━" in shown
    assert not re.search(r"\x1b\[[0-9;]*3[0-9][;m]", shown)


def test_an_error_is_red_on_a_terminal(cli: Run) -> None:
    _, shown = cli.on_a_terminal("list", "--tag", "v9")
    assert re.search(r"\x1b\[1;31merror:", shown)
    _, plain = cli.on_a_terminal("list", "--tag", "v9", NO_COLOR="1")
    assert "error: Release not found" in re.sub(r"\x1b\[[0-9;]*m", "", plain)
    assert not re.search(r"\x1b\[[0-9;]*31", plain)


def test_on_a_terminal_a_run_ends_with_the_address_and_the_totals(
    sandbox: Sandbox, cli: Run
) -> None:
    for number in range(3):
        (cli.directory / f"{number}.zip").write_text(str(number))
    address = f"{sandbox.server_url}/{sandbox.repository}/releases/tag/v1"
    ends = []
    for option in ("--prerelease", "--verbose", "--quiet"):
        code, shown = cli.on_a_terminal("publish", "v1", "*.zip", option)
        assert code == 0
        assert "/releases/download/" not in re.sub("debug: .*", "", shown)
        ends.append(plain_lines(shown))
    first, second, quiet = ends
    assert first[-2] == f"v1 is published: {address}"
    assert first[-1].startswith("3 uploaded, 3 B sent in ")
    assert second[-2] == address
    assert second[-1].startswith("3 unchanged, nothing sent in ")
    assert quiet == [address]


def test_ctrl_c_is_one_line_on_a_terminal(sandbox: Sandbox, cli: Run) -> None:
    (cli.directory / "a.zip").write_text("a")
    sandbox.fault(match={"origin": "uploads"}, do="status", status=502, times=None)
    code, shown = cli.on_a_terminal("publish", "v1", "a.zip", interrupt_at="trying again")
    assert code == 130
    lines = plain_lines(shown)
    errors = [line for line in lines if line.startswith("error: ")]
    assert errors == lines[-1:]
    assert "Cancelled" in errors[0]


def plain_lines(shown: str) -> list[str]:
    """Return the lines that a terminal shows at the end, without colours."""
    screen = Screen()
    screen.write(shown)
    return [plain(line) for line in screen.lines if line]
