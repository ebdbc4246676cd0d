"""Write the account of this repository into its documents, examples and metadata (`make owner`)."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPOSITORY = "publish-release-assets"
PLACEHOLDER = "OWNER"
# They read the name from README.md, or mean other repositories.
LEFT_OUT = ("src/", "tests/", "scripts/owner.py")

# Source: the messages of the form on https://github.com/join
_ACCOUNT = re.compile(r"(?=.{1,39}\Z)[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*")
_USES = re.compile(rf"uses: ([\w-]+)/{REPOSITORY}@")
# Text within a paragraph and without the end of a sentence.
_PART = r"(?:[^.\n]|\.(?=\S)|\n(?!\n))*"
_SENTENCE = rf"{_PART}`{PLACEHOLDER}`{_PART}\."
_EXPLANATIONS = re.compile(
    rf"(?<=\.)[ \n]{_SENTENCE}(?=\s)"  # after another sentence
    rf"|(?<=\n\n){_SENTENCE}(?:\n\n|[ \n])"  # at the start of a paragraph
    rf"|(?m:(?<=^\# Change: )){PLACEHOLDER}[,;] "
)


def main(arguments: list[str]) -> None:
    """Write the given name into the tracked files, and print the names of the changed files.

    Raises:
        SystemExit: GitHub does not allow the name for an account.
    """
    name = arguments[0] if len(arguments) == 1 else ""
    if not is_account(name):
        sys.exit(
            f"{name!r} cannot be the name of a GitHub account: give up to 39 letters, digits and "
            "single hyphens between them, as in `make owner OWNER=octo-org`"
        )
    old = current_owner()
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8")
        if (written := with_owner(text, old, name)) != text:
            path.write_bytes(written.encode("utf-8"))
            print(path.relative_to(ROOT).as_posix())


def is_account(name: str) -> bool:
    """Return whether GitHub allows name for an account, and it is not the placeholder."""
    return name != PLACEHOLDER and bool(_ACCOUNT.fullmatch(name))


def current_owner() -> str:
    """Return the account in the first `uses:` of README.md: `OWNER` until a name is written."""
    found = _USES.search((ROOT / "README.md").read_text("utf-8"))
    if not found:
        sys.exit(f"README.md does not use {REPOSITORY}")
    return found[1]


def tracked_files() -> list[Path]:
    """Return the text files that name the account."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
    ).stdout
    names = [name for name in listed.split("\0") if name and not name.startswith(LEFT_OUT)]
    return [ROOT / name for name in names]


def with_owner(text: str, old: str, new: str) -> str:
    """Return text with new for old before the repository's name, and without explanations of `OWNER`."""
    text = re.sub(rf"(?<![\w-]){re.escape(old)}(?=/{REPOSITORY}(?![\w-]))", new, text)
    return _EXPLANATIONS.sub("", text)


if __name__ == "__main__":
    main(sys.argv[1:])
