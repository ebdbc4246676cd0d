"""Cut the package database of the distribution to what is in a tree."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.image.tree import Tree

DATABASE = Path("/var/lib/dpkg")


def add_package_database(tree: Tree) -> None:
    """Add the entries, file lists and copyright files of the packages that files in the tree belong to."""
    if not (tree.base / "var/lib/dpkg/status").is_file():
        return  # another distribution
    names = set()
    for listed in sorted(tree.in_base(DATABASE / "info").glob("*.list")):
        name = listed.name.removesuffix(".list").partition(":")[0]
        lines = listed.read_text("utf-8").splitlines()
        if not any(kept_lines(lines, tree)):
            continue
        names.add(name)
        notice = Path("/usr/share/doc", name, "copyright")
        if tree.in_base(notice).exists():
            tree.add(notice)
        tree.add(DATABASE / "info" / listed.name)
        kept = "\n".join(kept_lines(lines, tree))
        tree.in_out(DATABASE / "info" / listed.name).write_text(f"{kept}\n", "utf-8")
    tree.add(DATABASE / "status")
    status = tree.in_out(DATABASE / "status")
    entries = status.read_text("utf-8").split("\n\n")
    kept_entries = [entry for entry in entries if package_of(entry) in names]
    status.write_text("\n\n".join(kept_entries) + "\n", "utf-8")


def kept_lines(lines: Iterable[str], tree: Tree) -> Iterator[str]:
    """Yield the paths of a package's list that are in the tree; lists may name them through links."""
    for line in lines:
        path = Path(line)
        parent = tree.in_base(path.parent).resolve()
        if (
            parent.is_relative_to(tree.base)
            and "/" / parent.relative_to(tree.base) / path.name in tree.files
        ):
            yield line


def package_of(entry: str) -> str:
    """Return the name of the package in an entry of the database."""
    found = re.search(r"^Package: (\S+)$", entry, re.MULTILINE)
    return found[1] if found else ""
