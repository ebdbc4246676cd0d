"""Write native/action.yml, the action for runners without Docker, from action.yml (`make tables`)."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
HEAD = """\
# Made from ../action.yml by `make tables`: the same inputs and outputs for runners without Docker, macOS and Windows
# among them. It runs the same program with the runner's own Python. Inputs go in through the environment alone, so that
# no shell reads them.
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
        "inputs": action["inputs"],
        "outputs": {
            name: {**output, "value": f"${{{{ steps.publish.outputs.{name} }}}}"}
            for name, output in action["outputs"].items()
        },
        "runs": {"using": "composite", "steps": steps(list(action["inputs"]))},
    }
    return HEAD + yaml.safe_dump(native, sort_keys=False, width=116, allow_unicode=True)


def steps(inputs: list[str]) -> list[dict[str, Any]]:
    """Return the step that publishes, and the one that cleans up after a killed run."""
    variables = {
        f"INPUT_{name.upper().replace('-', '_')}": f"${{{{ inputs.{name} }}}}" for name in inputs
    }
    # Otherwise the shell on Windows rewrites text like a path: https://www.msys2.org/docs/filesystem-paths
    variables = {"MSYS2_ENV_CONV_EXCL": "INPUT_", **variables}
    state = "${{ steps.publish.outputs.state-file }}"
    return [
        {
            "id": "publish",
            "name": "Publish",
            "shell": "bash",
            "env": variables,
            "run": START.format("entrypoint.py"),
        },
        {
            "name": "Finish or undo what was left half done",
            "if": "(failure() || cancelled()) && steps.publish.outputs.state-file",
            "shell": "bash",
            "env": {"STATE_FILE": state, **variables},
            "run": START.format("post.py"),
        },
    ]


if __name__ == "__main__":
    main()
