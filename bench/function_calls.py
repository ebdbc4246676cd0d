"""Counts function calls, which are free of noise: per further upload, and to start."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench.uploads import SEARCHED, Bench
from bench.ways import ROOT, inputs_of_the_action
from bench.workloads import KIB, Workload

FEW, MANY = 100, 300  # files
COUNTED, ADAPTER = (str(ROOT / "bench" / name) for name in ("counted.py", "adapter.py"))
ENTRYPOINT = str(ROOT / "entrypoint.py")


def table(repeats: int, quick: bool) -> Iterator[str]:
    """Yield a table: function calls of this program, and of what it is compared with."""
    del repeats, quick
    yield "| function calls | this program | compared with | of it |"
    yield "|---|---:|---|---:|"
    ours, adapter = per_upload()
    yield f"| for each further upload | {ours:.0f} | {adapter:.0f}, a bare adapter of requests | {ours / adapter:.2f} |"
    ours, theirs = to_start()
    yield f"| to start | {ours} | {theirs}, `import requests` | {ours / theirs:.2f} |"


def per_upload() -> tuple[float, float]:
    """Return the function calls for each further upload, by this program and by a bare adapter."""
    few, many = (_uploads(Workload(name="calls", count=n, size=KIB)) for n in (FEW, MANY))
    ours, adapter = ((many[i] - few[i]) / (MANY - FEW) for i in (0, 1))
    return ours, adapter


def to_start() -> tuple[int, int]:
    """Return the function calls of importing this program, and of importing requests."""
    with tempfile.TemporaryDirectory() as directory:
        program = f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); from release_assets import action"
        script = Path(directory, "script.py")
        calls = []
        for code in (program, "import requests"):
            script.write_text(code)
            calls.append(_count([str(script)], {}, Path(directory)))
    return calls[0], calls[1]


def _uploads(workload: Workload) -> tuple[int, int]:
    """Return the function calls of uploading files, by this program and by a bare adapter."""
    with Bench(workload) as bench:
        bench.prepare()
        place, files = bench.place, [str(path) for path in bench.place.files]
        adapter = _count([ADAPTER, place.upload_url, place.token, *files], {}, place.workspace)
        bench.prepare()
        inputs = inputs_of_the_action(workload, place) | {"INPUT_CONCURRENCY": "1"}
        return _count([ENTRYPOINT], inputs, place.workspace), adapter


def _count(words: Sequence[str], environment: Mapping[str, str], directory: Path) -> int:
    """Return how many functions a script of Python calls. Raises: CalledProcessError."""
    with tempfile.TemporaryDirectory() as scratch:
        result = Path(scratch, "calls")
        command = [sys.executable, COUNTED, str(result), *words]
        environment = {"PATH": SEARCHED, **environment}
        subprocess.run(command, cwd=directory, env=environment, check=True, capture_output=True)
        return int(result.read_text())
