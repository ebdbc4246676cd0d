"""What `gh release` calls otherwise: its commands and flags -> what to write here. Pure."""

from collections.abc import Mapping, Sequence

from release_assets.cli.arguments import options_before_files
from release_assets.cli.errors import UsageError

# Command of gh, or another word for one -> what to write here.
COMMANDS: Mapping[str, str] = {
    "create": "publish",
    "edit": "publish TAG --if-release-exists update --publish always",
    "delete-asset": "delete",
    "verify-asset": "verify TAG FILE",
    "rm": "delete",
    "remove": "delete",
    "rename": "update",
    "get": "download",
    "show": "view",
    "ls": "list",
    "check": "verify",
    "help": "--help",
    "version": "--version",
}

_RELEASES_ONLY = "`list` shows the assets of one release; `gh release list` lists releases"
_NO_TEMPLATE = "write --json FIELDS --jq EXPRESSION"
_TEMPLATE = {"-t": _NO_TEMPLATE, "--template": _NO_TEMPLATE}

_SAME_AS = {"upload": "publish", "plan": "publish"}

# Command -> flag of gh -> what to do instead.
FLAGS: Mapping[str, Mapping[str, str]] = {
    "publish": {
        "--draft=false": "write --publish always",
        "--notes-from-tag": (
            "write --notes \"$(git tag --list --format='%(contents)' TAG)\", with your tag"
        ),
        "--fail-on-no-commits": "compare the tags with `git rev-list --count OLD..NEW` before",
        "--generate-notes=false": "write --generate-notes false",
        "--verify-tag=false": "write --target COMMIT: it says where to create a missing tag",
    },
    "list": {
        "-L": _RELEASES_ONLY,
        "--limit": _RELEASES_ONLY,
        "-O": _RELEASES_ONLY,
        "--order": _RELEASES_ONLY,
        "--exclude-drafts": _RELEASES_ONLY,
        "--exclude-pre-releases": _RELEASES_ONLY,
        **_TEMPLATE,
    },
    "view": {
        "-w": "open the URL that `view` prints",
        "--web": "open the URL that `view` prints",
        **_TEMPLATE,
    },
    "download": {
        "-A": "write `gh release download --archive`, or `git archive`: these are no assets",
        "--archive": "write `gh release download --archive`, or `git archive`: these are no assets",
        "--skip-existing": (
            "leave it out: files with the same content are skipped; to replace the others, "
            "write --overwrite"
        ),
    },
    "delete": {
        "--cleanup-tag": "write `gh release delete`: `delete` deletes assets, not the release",
    },
    "verify": {
        "--format": "write --json",
        **_TEMPLATE,
    },
}


def flag_errors(command: str, arguments: Sequence[str]) -> list[UsageError]:
    """Return an error for each flag that gh has, and that does not exist here or means something else."""
    flags = FLAGS.get(_SAME_AS.get(command, command), {})
    errors = []
    for option, word in options_before_files(arguments):
        fix = flags.get(option) or flags.get(option.partition("=")[0])
        if option == "-q" and word.startswith((".", "[", "{")):
            errors.append(UsageError("-q means --quiet here", fix=f"write --jq '{word}'"))
        elif fix:
            errors.append(UsageError(f"{option} is a flag of gh alone", fix=fix))
    return errors
