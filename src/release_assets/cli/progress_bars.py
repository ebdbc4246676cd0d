"""Bars on a terminal, one for each large file on its way and one for all, drawn by rich."""

import threading

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from actions_toolkit.command import harmless
from release_assets.cli.terminal import TerminalReporter
from release_assets.text import size as size_text

_LARGE = 4 * 1024 * 1024  # bytes: what is smaller is counted, but has no bar of its own
_NAME = 40  # characters of a name that are shown


class ProgressBarReporter(TerminalReporter):
    """Tells a run in lines, above bars while bytes move."""

    def __init__(self, *, debug: bool) -> None:
        super().__init__(quiet=False, debug=debug)
        self._lock = threading.Lock()
        self.progress = _new_progress()
        self._total: TaskID | None = None
        self._tasks: dict[str, TaskID] = {}
        self._done: dict[str, int] = {}  # bytes by name, as told last

    def expect(self, count: int, size: int) -> None:
        """Begin the bar for all."""
        if size >= _LARGE:
            with self._lock:
                title = f"{count} file{'s' * (count != 1)}"
                self._total = self.progress.add_task(title, total=size)
                self.progress.start()

    def moved(self, name: str, done: int, size: int) -> None:
        """Move the bar of a file, and that for all."""
        with self._lock:
            if self._total is None:
                return
            before = self._done.get(name)
            self._done[name] = done
            bars = self.progress
            if before is None and done:
                # What is there already did not move: it counts, but not as speed.
                left = bars.tasks[0].total or 0
                bars.update(self._total, total=max(left - done, 0))
            else:
                bars.advance(self._total, done - (before or 0))
            if size < _LARGE:
                return
            if done >= size:
                if name in self._tasks:
                    bars.remove_task(self._tasks.pop(name))
                return
            if name not in self._tasks:
                shown = harmless(name if len(name) <= _NAME else f"…{name[1 - _NAME :]}")
                self._tasks[name] = bars.add_task(shown, total=size, completed=done)
            elif before is not None and done < before:
                bars.reset(self._tasks[name], completed=done)
            else:
                bars.update(self._tasks[name], completed=done)

    def close(self) -> None:
        """Take the bars away."""
        self.progress.stop()

    def _print(self, text: str, label: str = "") -> None:
        shown = Text(text)
        if label:
            shown = Text.assemble((f"{label}:", "bold red" if label == "error" else "bold yellow"))
            shown.append(f" {text}")
        self.progress.console.print(shown, soft_wrap=True, highlight=False)


class _Rate(ProgressColumn):
    """How fast it goes, in the units of the sizes beside it."""

    def render(self, task: Task) -> Text:
        """Return the rate, empty while none is known."""
        rate = task.finished_speed or task.speed
        return Text(f"{size_text(int(rate))}/s" if rate else "", style="progress.data.speed")


def _new_progress() -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=None),
        DownloadColumn(binary_units=True),
        _Rate(),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        transient=True,
        # Results go to standard output untouched, bytes of an asset among them.
        redirect_stdout=False,
        redirect_stderr=False,
    )
