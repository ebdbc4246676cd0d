"""When the bytes of each file began to move."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from release_assets.say import Say


class Stopwatch:
    """Tells what it is told to tell, and notes when each file began to move.

    Before that a file waits for its turn, which says nothing of how fast it went.
    """

    def __init__(self, say: Say, elapsed: Callable[[], float]) -> None:
        self._say = say
        self._elapsed = elapsed
        self._began: dict[str, float] = {}

    def seconds(self, name: str, since: float) -> float:
        """Return how long a file took: since its last try began, else since another moment."""
        return self._elapsed() - self._began.get(name, since)

    def line(self, text: str) -> None:
        """Tell something worth a line."""
        self._say.line(text)

    def warning(self, title: str, text: str) -> None:
        """Tell something that the user should look at."""
        self._say.warning(title, text)

    def debug(self, text: str) -> None:
        """Tell something for who looks for a fault."""
        self._say.debug(text)

    def moved(self, name: str, done: int, size: int) -> None:
        """Tell how many bytes of a file are out by now."""
        if not done:
            self._began[name] = self._elapsed()
        self._say.moved(name, done, size)

    def group(self, title: str) -> AbstractContextManager[None]:
        """Tell what the lines until the end of the context are about."""
        return self._say.group(title)
