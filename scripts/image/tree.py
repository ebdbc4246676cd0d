"""A tree of files that is copied from a base, with the links between them."""

import os
import shutil
import stat
from pathlib import Path


class Tree:
    """Files that are copied from a base to the same places of another tree, with the links that lead to them."""

    def __init__(self, base: Path, out: Path) -> None:
        self.base = base
        self.out = out
        self.files: set[Path] = set()  # real paths in the base, from `/`

    def add(self, path: Path) -> None:
        """Copy a file, and each link on the way to it."""
        real = self._add_directory(path.parent) / path.name
        source = self.in_base(real)
        if source.is_symlink():
            self._copy(real)
            self.add(real.parent / source.readlink())
        elif source.is_dir():
            self._add_directory(real)
        else:
            self._copy(real)

    def add_links_of_root(self) -> None:
        """Add /bin, /lib and the like where they are links: scripts name programs by them."""
        for path in sorted(self.base.iterdir()):
            if path.is_symlink() and self.in_base(Path("/", path.readlink())).is_dir():
                self._add_directory(Path("/", path.name))

    def in_out(self, path: Path) -> Path:
        """Return the place of a path of the image in the tree."""
        return self.out / path.relative_to("/")

    def in_base(self, path: Path) -> Path:
        """Return the place of a path of the image in the base."""
        return self.base / path.relative_to("/")

    def _copy(self, path: Path) -> None:
        self.files.add(path)
        shutil.copy2(self.in_base(path), self.in_out(path), follow_symlinks=False)

    def _add_directory(self, path: Path) -> Path:
        """Create a directory, and each link on the way to it; return its real path."""
        path = Path(os.path.normpath(path))
        if path == Path("/"):
            return path
        here = self._add_directory(path.parent) / path.name
        source = self.in_base(here)
        if not source.is_symlink():
            self.in_out(here).mkdir(exist_ok=True)
            return here
        if not self.in_out(here).is_symlink():
            self._copy(here)
        return self._add_directory(here.parent / source.readlink())


def make_uniform(tree: Path) -> None:
    """Give everything permissions and times that do not depend on who builds the image, and when."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            path.chmod(0o755 if executable else 0o644)
        os.utime(path, (0, 0), follow_symlinks=False)
    for path in (tree / "tmp", tree / "var/tmp"):
        if path.is_dir():
            path.chmod(0o1777)
