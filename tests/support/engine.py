"""The engine in this process, against the sandbox, with a clock that does not wait."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from release_assets.clock import Clock
from release_assets.github.client import GitHub
from release_assets.github.connect import connect_github
from release_assets.github.http.timeouts import TIMEOUTS, Timeouts
from release_assets.inputs.parse import Inputs, parse_inputs
from release_assets.inputs.reader import Job
from release_assets.publish.run import publish
from release_assets.report.journal import Journal
from release_assets.report.outcome import Outcome
from release_assets.stop import Stop
from tests.support.sandbox import Sandbox


@dataclass(slots=True)
class RecordingReporter:
    """Records everything that is reported."""

    lines: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    counts: dict[str, list[int]] = field(default_factory=dict)  # bytes moved, by name
    shows_debug: bool = True

    def line(self, text: str) -> None:
        self.lines.append(text)

    def warning(self, title: str, text: str) -> None:
        self.warnings.append(f"{title}: {text}")

    def notice(self, title: str, text: str) -> None:
        self.lines.append(f"notice: {title}: {text}")

    def debug(self, text: str) -> None:
        self.lines.append(f"debug: {text}")

    def moved(self, name: str, done: int, size: int) -> None:  # noqa: ARG002 - part of the interface
        self.counts.setdefault(name, []).append(done)

    @contextmanager
    def group(self, title: str) -> Iterator[None]:
        self.lines.append(f"{title}:")
        yield


@dataclass(slots=True)
class FakeTime:
    """A clock that advances only by sleeping."""

    seconds: float = 1_800_000_000.0
    waits: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        def sleep(seconds: float) -> None:
            self.waits.append(seconds)
            self.seconds += seconds

        return Clock(
            now=lambda: self.seconds, elapsed=lambda: self.seconds, sleep=sleep, chance=lambda: 0.5
        )


@dataclass(slots=True)
class Engine:
    """Publishes from a directory to a sandbox."""

    sandbox: Sandbox
    workspace: Path
    reporter: RecordingReporter = field(default_factory=RecordingReporter)
    time: FakeTime = field(default_factory=FakeTime)
    stop: Stop = field(default_factory=Stop)
    timeouts: Timeouts = TIMEOUTS
    run: str = ""  # id and attempt of the workflow run

    def write(self, files: Mapping[str, bytes]) -> None:
        """Put files into the workspace, by relative path."""
        for name, content in files.items():
            path = self.workspace / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def inputs(self, **values: str) -> Inputs:
        """Return the inputs for tag v1, `files` of all in dist, and the given values."""
        given = {
            "files": "dist/*",
            "tag": "" if "release_id" in values else "v1",
            "repository": self.sandbox.repository,
            "token": self.sandbox.token,
        }
        given |= {name.replace("_", "-"): value for name, value in values.items()}
        job = Job(api_url=self.sandbox.api_url, workspace=str(self.workspace), run=self.run)
        return parse_inputs(given, job)

    def github(self, **values: str) -> GitHub:
        """Return a client as a run creates it."""
        clock = self.time.clock()
        return connect_github(
            self.inputs(**values).access, {}, self.reporter, self.stop, clock, self.timeouts
        )

    def publish(self, **values: str) -> Outcome:
        """Run once."""
        inputs = self.inputs(**values)
        journal = Journal()
        publish(inputs, self.github(**values), self.reporter, journal)
        return journal.outcome

    def publish_well(self, **values: str) -> Outcome:
        """Run once, and check that there are no errors."""
        outcome = self.publish(**values)
        assert outcome.errors == (), outcome.errors
        return outcome


def results(outcome: Outcome) -> dict[str, str]:
    """Return the status of each file, by asset name."""
    return {
        (result.asset.name if result.asset else result.file.name): result.status
        for result in outcome.results
    }
