"""The documents of this repository: their headings, links, tables, and workflows."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import yaml

from tests.support.act import USES, USES_NATIVE
from tests.support.job import ROOT

DOCUMENTS = tuple(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "examples/*.md", "docs/*.md", "docs/decisions/*.md")
    for path in sorted(ROOT.glob(pattern))
)
_FENCE = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")


def read(document: str) -> str:
    return (ROOT / document).read_text("utf-8")


def prose(text: str) -> str:
    """Return a text without its blocks of code."""
    return _FENCE.sub("", text)


def headings(text: str, level: int | None = None) -> list[str]:
    """Return the headings of a text, of all levels or of one."""
    found = re.findall(r"^(#+) (.+)$", prose(text), re.MULTILINE)
    return [title for marks, title in found if level in {None, len(marks)}]


def anchors(text: str) -> list[str]:
    """Return the anchors that GitHub gives the headings of a text."""
    plain = [re.sub(r"[^\w\- ]", "", title) for title in headings(text)]
    slugs = [title.strip().lower().replace(" ", "-") for title in plain]
    counts = [slugs[:place].count(slug) for place, slug in enumerate(slugs)]
    return [f"{slug}-{count}" if count else slug for slug, count in zip(slugs, counts, strict=True)]


def links(text: str) -> list[str]:
    """Return the targets of the links and pictures of a text."""
    plain = re.sub(r"`[^`\n]*`", "", prose(text))
    return re.findall(r"\]\(([^)\s]+)\)", plain) + re.findall(
        r'(?:href|src|srcset)="([^"]+)"', plain
    )


def leads_somewhere(link: str, document: str) -> bool:
    """Return whether a link of a document points to an existing file or directory, and to a heading in it."""
    path, _, heading = link.partition("#")
    target = posixpath.normpath(posixpath.join(posixpath.dirname(document), path))
    target = target if path else document
    if target.startswith("..") or not (ROOT / target).exists():
        return False
    return not heading or (target.endswith(".md") and heading in anchors(read(target)))


def sections(text: str, level: int = 2) -> dict[str, str]:
    """Return the text under each heading of a level, including subsections.

    Raises: AssertionError when two headings are the same.
    """
    place = "#" * level
    masked = _FENCE.sub(lambda match: re.sub("(?m)^#", "\\#", match[0]), text)
    parts = re.split(rf"(?m)^{place} (.+)\n", masked)
    titles = parts[1::2]
    assert len(set(titles)) == len(titles), "two sections with one title"
    bodies = [re.split(rf"(?m)^#{{1,{level - 1}}} ", body)[0] for body in parts[2::2]]
    bodies = [re.sub(r"(?m)^\\#", "#", body) for body in bodies]
    return dict(zip(titles, bodies, strict=True))


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of each row of the tables in a text, without the header rows."""
    lines = prose(text).split("\n")
    for place, line in enumerate(lines):
        above = lines[place + 1] if place + 1 < len(lines) else ""
        is_head = above.startswith(("|---", "| :-", "| -"))
        if line.startswith("| ") and not line.startswith(("| :-", "| -")) and not is_head:
            yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of YAML in a document that is a workflow, or a part of one."""

    place: str  # document:line
    text: str
    content: Any

    @property
    def is_whole(self) -> bool:
        # YAML 1.1 reads `on` as a boolean.
        return isinstance(self.content, dict) and True in self.content

    @property
    def is_steps(self) -> bool:
        return isinstance(self.content, list)

    @property
    def jobs(self) -> dict[str, dict[str, Any]]:
        """Its jobs; of a list of steps, none."""
        if self.is_steps:
            return {}
        jobs: dict[str, dict[str, Any]] = self.content.get("jobs", self.content)
        return jobs

    def steps(self) -> list[dict[str, Any]]:
        """Return its steps, of all jobs."""
        if self.is_steps:
            return list(self.content)
        return [step for job in self.jobs.values() for step in job.get("steps", [])]

    def workflow(self) -> str:
        """Return it as a whole workflow, with the required parts that it leaves out."""
        if self.is_whole:
            return self.text
        if self.is_steps:
            return workflow_of([self.text])
        rest = {"runs-on": "ubuntu-latest", "steps": [{"run": "true"}]}
        jobs = {name: job if "uses" in job else rest | job for name, job in self.jobs.items()}
        return _HEAD + yaml.safe_dump({"jobs": jobs}, sort_keys=False)


_HEAD = "name: Release\non:\n  push:\n    tags: ['v*']\npermissions: {}\n"


def workflow_of(steps: Sequence[str]) -> str:
    """Return a workflow of one job with these lists of steps, concatenated."""
    job = "runs-on: ubuntu-latest\npermissions:\n  contents: write\nsteps:\n"
    job += "".join(indented(one, 2) for one in steps)
    return f"{_HEAD}jobs:\n  release:\n{indented(job, 4)}"


def indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}" if line.strip() else line for line in text.splitlines(True))


def blocks(document: str) -> Iterator[Block]:
    """Yield the blocks of YAML in a document that are workflows or parts of them.

    Blocks of other YAML have another language name at the fence.
    """
    text = read(document)
    for match in _FENCE.finditer(text):
        if match[1] == "yaml":
            line = text[: match.start()].count("\n") + 1
            content = yaml.safe_load(match[2])
            yield Block(place=f"{document}:{line}", text=match[2], content=content)


def ours(block: Block) -> list[dict[str, Any]]:
    """Return the steps of a block that use this action, in either form."""
    return [step for step in block.steps() if step.get("uses") in {USES, USES_NATIVE}]
