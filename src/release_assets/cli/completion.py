"""`completion`: prints the script for completion in a shell."""

import argparse
from importlib import resources

from release_assets.cli.terminal import write_line

TITLE = "print a completion script for a shell"

SHELLS = ("bash", "zsh", "fish")

EXAMPLES = """\
to install it:
  bash   release-assets completion bash > ~/.local/share/bash-completion/completions/release-assets
  zsh    release-assets completion zsh > "${fpath[1]}/_release-assets"
  fish   release-assets completion fish > ~/.config/fish/completions/release-assets.fish

to use it in this shell only:
  bash   eval "$(release-assets completion bash)"
  zsh    eval "$(release-assets completion zsh)"
  fish   release-assets completion fish | source"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of completion."""
    parser.add_argument("shell", choices=SHELLS, help="Name of the shell.")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the script, and return the exit code."""
    write_line(script(options.shell).rstrip("\n"))
    return 0


def script(shell: str) -> str:
    """Return the script for a shell. `make completions` generates the scripts with shtab."""
    path = resources.files(__package__ or "release_assets.cli") / "completions" / shell
    return path.read_text(encoding="utf-8")
