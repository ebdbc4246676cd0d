"""Runs the action with the runner's own Python, where there is no Docker."""

import os
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements" / "run.txt"
PIP = (
    *("-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
    *("--require-hashes", "--only-binary", ":all:", "--no-deps", "--no-compile"),
)


def main(program: str) -> None:
    """Run a program of this repository as its container would, with what it requires.

    Raises:
        SystemExit: with the program's exit code.
    """
    temporary = Path(os.environ["RUNNER_TEMP"])
    # Its name cannot be predicted, so that no earlier step can have put modules there.
    packages = Path(tempfile.mkdtemp(prefix="publish-release-assets-", dir=temporary))
    try:
        install(packages)
        take_inputs()
        if program == "entrypoint.py":
            keep_state(temporary)
        else:
            take_state(Path(os.environ["STATE_FILE"]))
        sys.path.insert(0, str(packages))
        runpy.run_path(str(ROOT / program), run_name="__main__")
    finally:
        shutil.rmtree(packages, ignore_errors=True)


def install(packages: Path) -> None:
    """Install the pinned requirements into a directory.

    Not a virtual environment: making one takes longer than all the rest, and systems that manage
    their Python often leave out what makes one.

    Raises:
        SystemExit: they could not be installed.
    """
    # What is given to the action is no business of pip's.
    environment = {name: value for name, value in os.environ.items() if name[:6] != "INPUT_"}
    environment |= {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}
    done = subprocess.run(
        [sys.executable, *PIP, "--target", str(packages), "--requirement", str(REQUIREMENTS)],
        env=environment,
        check=False,
    )
    if done.returncode:
        sys.exit(
            "::error title=Requirements not installed::pip could not install what the action needs "
            f"(see above; Python {sys.version.split()[0]}). To fix: let actions/setup-python set up "
            "a current Python before this step, and let pip reach its index, or a mirror of it"
        )


def take_inputs() -> None:
    """Give the inputs the names that a runner gives them; shells take none with a hyphen.

    In the variables of action.yml, `_` is a hyphen, and `__` is `_`.
    """
    names = [name for name in os.environ if name.startswith("INPUT_")]
    # All are taken before the first is given back: a new name may be an old one.
    for name, value in [(name, os.environ.pop(name)) for name in names]:
        parts = name.removeprefix("INPUT_").split("__")
        os.environ["INPUT_" + "_".join(part.replace("_", "-") for part in parts)] = value


def keep_state(temporary: Path) -> None:
    """Let the program keep its state where the clean-up finds it, since no runner carries it on."""
    path = temporary / f"publish-release-assets-{uuid.uuid4().hex}.state"
    path.touch()
    with Path(os.environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as outputs:
        outputs.write(f"state-file={path}\n")
    os.environ["GITHUB_STATE"] = str(path)


def take_state(path: Path) -> None:
    """Give the clean-up the state as a runner would."""
    text = path.read_text(encoding="utf-8")
    for name, _, value in re.findall(r"(?ms)^(\w+)<<(\S+)\n(.*?)\n\2$", text):
        os.environ[f"STATE_{name}"] = value


if __name__ == "__main__":
    main(sys.argv[1])
