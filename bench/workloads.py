"""What is measured: files of one size, on a link, to a release that may hold something. Pure."""

from dataclasses import dataclass, replace
from typing import Literal

KIB, MIB, GIB = 1024, 1024**2, 1024**3
UNITS = ((GIB, "GiB"), (MIB, "MiB"), (KIB, "KiB"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Files to bring to a release."""

    name: str
    count: int
    size: int  # bytes of each
    besides: str = ""  # what else is to be said of them
    server: Literal["sandbox", "sink", "sink over TLS"] = "sandbox"
    latency: float = 0.0  # seconds added to every answer
    throttle: float | None = None  # bytes a second on each connection
    standing: int = 0  # assets on the release before, of which some bear the files' names
    unchanged: bool = False  # whether all was published before
    connections: int = 8  # of those who can be told
    ways: tuple[str, ...] = ("this program", "gh", "curl", "sendfile")
    repeats: int | None = None  # where the usual number would take too long

    @property
    def title(self) -> str:
        """What a reader is told that it is."""
        unit, name = next(unit for unit in UNITS if self.size >= unit[0])
        files = "1 file" if self.count == 1 else f"{self.count} files"
        replaced = f", replaced among {self.standing}" if self.standing else ""
        return f"{files} of {self.size // unit} {name}{replaced}{self.besides}"

    @property
    def total(self) -> int:
        """Assets on the release in the end."""
        return max(self.standing, self.count)

    def quick(self) -> "Workload":
        """Return the same in little, to see that all of it works."""
        return replace(
            self,
            size=min(self.size, 16 * MIB),
            count=max(self.count // 10, min(self.count, 4)),
            standing=self.standing // 10,
            repeats=1,
        )

    def in_name_only(self) -> "Workload":
        """Return as many files of no size and no delay, to count calls."""
        return replace(self, size=min(self.size, KIB), latency=0.0, throttle=None, server="sandbox")


UPLOADS = (
    Workload(name="one", count=1, size=GIB, server="sink"),
    Workload(
        name="one-tls",
        besides=" over TLS",
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
        besides=" at 256 MiB/s, some 2 Gbit/s",
        count=1,
        size=512 * MIB,
        throttle=256.0 * MIB,
    ),
    Workload(name="many", count=100, size=MIB, server="sink"),
    Workload(
        name="small",
        besides=", 30 ms an answer",
        count=300,
        size=10 * KIB,
        latency=0.03,
        connections=32,
    ),
    Workload(
        name="capped",
        besides=", 64 MiB/s a connection",
        count=4,
        size=64 * MIB,
        throttle=64.0 * MIB,
    ),
    Workload(
        name="unchanged",
        besides=", there already",
        count=64,
        size=16 * MIB,
        unchanged=True,
        ways=("this program", "gh", "openssl sha256"),
    ),
    Workload(
        name="replaced",
        besides=", 10 ms an answer",
        count=50,
        size=10 * KIB,
        standing=250,
        latency=0.01,
        ways=("this program", "gh"),
    ),
)

GROWTH = tuple(
    Workload(
        name="growth",
        count=count,
        size=10 * KIB,
        server="sink",
        ways=("this program", "gh"),
    )
    for count in (200, 400, 800)
)
