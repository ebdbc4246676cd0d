"""Uploads an asset that the next list does not show yet, as another job's may be."""

from collections.abc import Iterator

from tests.support.engine import Engine
from tests.support.sandbox import Sandbox


def upload_unlisted(engine: Engine, sandbox: Sandbox, name: str, content: bytes) -> None:
    """Upload an asset to the only release; the next list of its assets does not contain it."""
    github = engine.github()
    (release,) = next(github.list_releases())
    sandbox.fault(match={"origin": "uploads"}, do="lag", requests=1)
    kind = "application/octet-stream"
    github.upload_asset(
        release, name=name, label=None, content_type=kind, body=Body(content), known_ids=()
    )


class Body:
    """The content of a file, with its length in bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __len__(self) -> int:
        return len(self._content)

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
