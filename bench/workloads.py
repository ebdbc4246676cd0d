"""The workloads: files of one size, a connection, and the release before the upload. Pure."""

from dataclasses import dataclass, replace
from typing import Literal

KIB, MIB, GIB = 1024, 1024**2, 1024**3
UNITS = ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Files to upload to a release, and the conditions."""

    name: str
    count: int
    size: int  # bytes of each
    note: str = ""  # appended to the title
    server: Literal["sandbox", "sink", "sink over TLS"] = "sandbox"
    latency: float = 0.0  # seconds added to every answer
    throttle: float | None = None  # bytes a second on each connection
    existing: int = 0  # number of assets before the upload, some with the names of the files
    unchanged: bool = False  # whether all files are uploaded already
    connections: int = 8  # for programs that have such an option
    ways: tuple[str, ...] = ("this program", "gh", "curl", "sendfile")
    repeats: int | None = None  # if the default number would take too long

    @property
    def title(self) -> str:
        """The description of the workload in tables."""
        unit, name = next(unit for unit in UNITS if self.size >= unit[0])
        files = "1 file" if self.count == 1 else f"{self.count} files"
        replaced = f", replaced among {self.existing}" if self.existing else ""
        return f"{files} of {self.size // unit} {name}{replaced}{self.note}"

    @property
    def total(self) -> int:
        """The number of assets after the upload."""
        return max(self.existing, self.count)

    def quick(self) -> "Workload":
        """Return a small version of the workload, to check that it works."""
        return replace(
            self,
            size=min(self.size, 16 * MIB),
            count=max(self.count // 10, min(self.count, 4)),
            existing=self.existing // 10,
            repeats=1,
        )

    def in_name_only(self) -> "Workload":
        """Return the workload with tiny files and no delays, to count calls."""
        return replace(self, size=min(self.size, KIB), latency=0.0, throttle=None, server="sandbox")


UPLOADS = (
    Workload(
        name="one",
        count=1,
        size=GIB,
        server="sink",
        ways=("this program", "gh", "curl", "sendfile", "openssl sha256"),
    ),
    Workload(
        name="one-tls",
        note=" over TLS",
        count=1,
        size=GIB,
        server="sink over TLS",
    ),
    Workload(
        name="large",
        count=8,
        size=GIB,
        server="sink",
        repeats=1,
    ),
    Workload(
        name="link",
        note=" at 64 MiB/s a connection",
        count=4,
        size=128 * MIB,
        throttle=64.0 * MIB,
    ),
    Workload(
        name="usual",
        note=", 400 ms an answer, 20 MiB/s a connection",
        count=40,
        size=5 * MIB,
        latency=0.4,
        throttle=20.0 * MIB,
    ),
    Workload(name="many", count=100, size=MIB),
    Workload(
        name="small",
        note=", 30 ms an answer",
        count=300,
        size=10 * KIB,
        latency=0.03,
        connections=32,
    ),
    Workload(
        name="tiny",
        count=800,
        size=10 * KIB,
        server="sink",
        ways=("this program", "gh"),
    ),
    Workload(
        name="unchanged",
        note=", there already",
        count=64,
        size=16 * MIB,
        unchanged=True,
        ways=("this program", "gh", "openssl sha256"),
    ),
    Workload(
        name="replaced",
        note=", 10 ms an answer",
        count=50,
        size=10 * KIB,
        existing=250,
        latency=0.01,
        ways=("this program", "gh"),
    ),
)
