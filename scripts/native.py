"""Write native/action.yml, the action for runners without Docker, from action.yml (`make tables`)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from release_assets.inputs.unknown_inputs import REPLACEMENTS, Replacement
from release_assets.text import enumerated

ROOT = Path(__file__).resolve().parent.parent
HEAD = """\
# Made from ../action.yml by `make tables`: the same inputs and outputs for runners without Docker, macOS and Windows
# among them. It runs the same program with the runner's own Python. Inputs go in through the environment alone, so that
# no shell reads them. The runner passes on declared inputs only, so those of other actions are declared too: the runner
# warns about each, and the program refuses it.
"""
START = 'source "$GITHUB_ACTION_PATH/start.sh" {}'


def main() -> None:
    """Update native/action.yml."""
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    (ROOT / "native" / "action.yml").write_text(native_action(action), "utf-8")


def native_action(action: dict[str, Any]) -> str:
    """Return native/action.yml for an action.yml."""
    native = {
        "name": f"{action['name']}, without Docker",
        "description": f"{action['description']}; for macOS, Windows, and Linux without Docker",
        "author": action["author"],
        "inputs": action["inputs"] | {name: foreign(one) for name, one in REPLACEMENTS.items()},
        "outputs": {
            name: {**output, "value": f"${{{{ steps.publish.outputs.{name} }}}}"}
            for name, output in action["outputs"].items()
        },
        "runs": {"using": "composite", "steps": steps(action["inputs"])},
    }
    return HEAD + yaml.safe_dump(native, sort_keys=False, width=116, allow_unicode=True)


def foreign(replacement: Replacement) -> dict[str, Any]:
    """Return the declaration of an input of other actions."""
    return {
        "description": "Refused: an input of another action.",
        "deprecationMessage": (
            f"it belongs to {enumerated(replacement.actions)}; {replacement.instead}"
        ),
    }


def variables_of(inputs: Iterable[str]) -> dict[str, str]:
    """Return the variables that pass inputs on, by names that every shell keeps.

    start.py reverses it: `-` is `_`, and `_` is `__`.
    """
    return {
        f"INPUT_{name.upper().replace('_', '__').replace('-', '_')}": f"${{{{ inputs.{name} }}}}"
        for name in inputs
    }


def steps(inputs: Iterable[str]) -> list[dict[str, Any]]:
    """Return the step that publishes, and the one that cleans up after a killed run.

    inputs: names of the inputs of action.yml.
    """
    # Otherwise the shell on Windows rewrites text like a path: https://www.msys2.org/docs/filesystem-paths
    variables = {"MSYS2_ENV_CONV_EXCL": "INPUT_", **variables_of(inputs)}
    state = "${{ steps.publish.outputs.state-file }}"
    return [
        {
            "id": "publish",
            "name": "Publish",
            "shell": "bash",
            "env": variables | variables_of(REPLACEMENTS),
            "run": START.format("entrypoint.py"),
        },
        {
            "name": "Repair an interrupted run",
            "if": "(failure() || cancelled()) && steps.publish.outputs.state-file",
            "shell": "bash",
            "env": {"STATE_FILE": state, **variables},
            "run": START.format("post.py"),
        },
    ]


if __name__ == "__main__":
    main()
