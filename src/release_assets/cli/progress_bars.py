"""Progress bars on a terminal, one for each large file and one for the total, drawn by rich."""

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

from release_assets.cli.terminal import TerminalReporter
from release_assets.escape import harmless
from release_assets.text import count as count_text
from release_assets.text import size as size_text

_LARGE = 4 * 1024 * 1024  # bytes: a smaller file only counts for the total
_MAX_NAME = 40  # characters of a name that are shown


class ProgressBarReporter(TerminalReporter):
    """Prints lines above progress bars."""

    def __init__(self, *, debug: bool) -> None:
        super().__init__(quiet=False, debug=debug)
        self._lock = threading.Lock()
        self.progress = _new_progress()
        self._total: TaskID | None = None
        self._tasks: dict[str, TaskID] = {}
        self._done: dict[str, int] = {}  # transferred bytes by name

    def start_progress(self, count: int, size: int) -> None:
        """Start the bar of the total."""
        if size >= _LARGE:
            with self._lock:
                title = count_text(count, "file")
                self._total = self.progress.add_task(title, total=size)
                self.progress.start()

    def moved(self, name: str, done: int, size: int) -> None:
        """Update the bar of a file and the bar of the total."""
        with self._lock:
            if self._total is None:
                return
            before = self._done.get(name)
            self._done[name] = done
            self._move_total(self._total, before, done)
            if size >= _LARGE:
                self._move_file(name, before, done, size)

    def _move_total(self, total: TaskID, before: int | None, done: int) -> None:
        if before is None and done:
            # These bytes come from an earlier run: they must not count for the speed.
            remaining = self.progress.tasks[0].total or 0
            self.progress.update(total, total=max(remaining - done, 0))
        else:
            self.progress.advance(total, done - (before or 0))

    def _move_file(self, name: str, before: int | None, done: int, size: int) -> None:
        """Add, move or reset the bar of a file, or remove it at the end."""
        bars = self.progress
        if done >= size:
            if name in self._tasks:
                bars.remove_task(self._tasks.pop(name))
        elif name not in self._tasks:
            shown = harmless(name if len(name) <= _MAX_NAME else f"…{name[1 - _MAX_NAME :]}")
            self._tasks[name] = bars.add_task(shown, total=size, completed=done)
        elif before is not None and done < before:
            bars.reset(self._tasks[name], completed=done)
        else:
            bars.update(self._tasks[name], completed=done)

    def close(self) -> None:
        """Remove the bars."""
        self.progress.stop()

    def _print(self, text: str, label: str = "") -> None:
        shown = Text(text)
        if label:
            shown = Text.assemble((f"{label}:", "bold red" if label == "error" else "bold yellow"))
            shown.append(f" {text}")
        self.progress.console.print(shown, soft_wrap=True, highlight=False)


class _Rate(ProgressColumn):
    """The transfer rate, in the same units as the sizes."""

    def render(self, task: Task) -> Text:
        """Return the rate; empty while it is unknown."""
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
        # Results, such as the bytes of an asset, go to standard output unchanged.
        redirect_stdout=False,
        redirect_stderr=False,
    )
