"""The running sandbox: the state at the start, and the present state, which a reset replaces."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from github_sandbox import seed
from github_sandbox.clock import Clock
from github_sandbox.origins import Origins
from github_sandbox.settings import Settings
from github_sandbox.world import World, new_tokens, new_world


class Sandbox:
    """The state that all connections share."""

    def __init__(
        self,
        origins: Origins,
        settings: Settings,
        documents: list[dict[str, Any]],
        data: Path | None,
        clock: Clock | None = None,
    ) -> None:
        self._clock = clock or Clock()
        self.origins = origins
        self._settings = settings
        self._documents = documents
        self._temporary = None if data else Path(tempfile.mkdtemp(prefix="github-sandbox-"))
        self._folder = data or self._temporary or Path()
        self._tokens = new_tokens()
        for document in documents:
            self._tokens |= seed.tokens_of(document)
        self._count = 0
        self.world = self._new_world()

    def reset(self) -> None:
        """Restore the state at the start, with the same tokens.

        Requests in progress continue with the old world, and do not change the new one.
        """
        old = self._folder_of(self._count)
        self.world = self._new_world()
        shutil.rmtree(old, ignore_errors=True)

    def close(self) -> None:
        """Delete temporary files."""
        if self._temporary is not None:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _new_world(self) -> World:
        self._count += 1
        folder = self._folder_of(self._count)
        world = new_world(self.origins, self._tokens, self._settings, folder, self._clock)
        for document in self._documents:
            seed.add_seed(world, document)
        return world

    def _folder_of(self, count: int) -> Path:
        return self._folder / f"contents-{count}"
