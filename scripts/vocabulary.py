"""Find words for which the field has a standard term, from `vocabulary.yml` (`make lint`)."""

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
LIST = Path(__file__).with_suffix(".yml")
SUFFIXES = {".md", ".py", ".sh", ".toml", ".yml"}
# The list itself, texts of others, and the test of the list.
LEFT_OUT = (
    str(LIST.relative_to(ROOT)),
    "requirements/",
    "tests/contract/test_vocabulary.py",
)
_WORD_ENDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|_")


def main() -> int:
    """Print each refused word with its place, and return 1 if there is any."""
    refused = read_list()
    found = [
        f"{path.relative_to(ROOT)}:{line}: `{word}`: write {term}"
        for path in files()
        for line, word, term in problems(path.read_text("utf-8"), refused)
    ]
    print("\n".join(found), end="\n" if found else "")
    return int(bool(found))


def read_list() -> Mapping[re.Pattern[str], str]:
    """Return pattern of a refused word -> the term to write instead."""
    listed = yaml.safe_load(LIST.read_text("utf-8"))
    return {re.compile(rf"\b(?:{key})\b", re.IGNORECASE): term for key, term in listed.items()}


def files() -> Iterator[Path]:
    """Yield the files of the repository that are checked."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    for name in listed.splitlines():
        if Path(name).suffix in SUFFIXES and not name.startswith(LEFT_OUT):
            yield ROOT / name


def problems(text: str, refused: Mapping[re.Pattern[str], str]) -> Iterator[tuple[int, str, str]]:
    """Yield line, word and the term to write instead, for each refused word."""
    for number, line in enumerate(text.splitlines(), 1):
        plain = _WORD_ENDS.sub(" ", line)
        for pattern, term in refused.items():
            for match in pattern.finditer(plain):
                yield number, match.group(), term


if __name__ == "__main__":
    sys.exit(main())
