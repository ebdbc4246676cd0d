"""act, another implementation of the Actions runner, running a workflow of a repository."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.support.container import one_at_a_time
from tests.support.job import ROOT, Job

# The name that README.md gives the action; act takes a directory for it.
USES = "OWNER/publish-release-assets@v1"
# All that the image is built from, and the contract.
ACTION = (
    *("action.yml", "Dockerfile", ".dockerignore", *(path.name for path in ROOT.glob("*.py"))),
    *("requirements/run.txt", "scripts/pack_image.py"),
    *("src/actions_toolkit", "src/release_assets"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """act on a machine with Docker."""

    home: Path
    base: str  # image that the action's is built on; it also does for the jobs
    lock: Path  # held while act runs, since it names containers after workflows and jobs

    def push_tag(self, workflow: str, job: Job) -> str:
        """Push job's tag to a repository with this workflow; return the log of a green run."""
        self._configure()
        _make_repository(job, workflow)
        with one_at_a_time(self.lock):
            done = subprocess.run(
                [
                    *(_tool("act"), "push", "--eventpath", "event.json", "--pull=false", "--rm"),
                    *("--platform", f"ubuntu-latest={self.base}"),
                    *("--local-repository", f"{USES}={self._copy_of_the_action()}"),
                    *("--secret", f"GITHUB_TOKEN={job.token}"),
                    *("--env", f"GITHUB_API_URL={job.api_url}"),
                    *("--env", f"GITHUB_SERVER_URL={job.server_url}"),
                ],
                cwd=job.workspace,
                # Nothing else: act hands its own environment on to the steps.
                env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
            )
        assert done.returncode == 0, done.stdout
        return done.stdout

    def _configure(self) -> None:
        """Answer the question that act would ask at its first start."""
        settings = self.home / ".config" / "act" / "actrc"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.touch()

    def _copy_of_the_action(self) -> Path:
        """Return a copy of this checkout whose image is built on `base`.

        act has no way to pass a build argument, so the Dockerfile's default is replaced.
        """
        copy = self.home / "action"
        for name in ACTION:
            source, target = ROOT / name, copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                shutil.copy(source, target)
        dockerfile = copy / "Dockerfile"
        text, count = re.subn(
            "(?m)^ARG PYTHON_IMAGE=.*$", f"ARG PYTHON_IMAGE={self.base}", dockerfile.read_text()
        )
        assert count == 1
        dockerfile.write_text(text)
        return copy


def _make_repository(job: Job, workflow: str) -> None:
    """Make job's workspace a clone of its repository, with a README.md, workflow and the tag."""
    shutil.rmtree(job.workspace, ignore_errors=True)
    event = {"ref": f"refs/tags/{job.tag}", "repository": {"full_name": job.repository}}
    job.write(
        {
            "README.md": b"# App\n",
            "event.json": json.dumps(event).encode(),
            ".github/workflows/release.yml": workflow.encode(),
        }
    )
    for command in (
        ("init", "--quiet", "--initial-branch=main"),
        ("add", "."),
        ("commit", "--quiet", "--message=Add the app"),
        ("tag", job.tag),
        ("remote", "add", "origin", f"https://github.com/{job.repository}.git"),
    ):
        subprocess.run(
            ["git", "-c", "user.name=Octocat", "-c", "user.email=octocat@example.com", *command],
            cwd=job.workspace,
            check=True,
        )


def _tool(name: str) -> str:
    """Return the path of a program that the development requirements brought."""
    return str(Path(sys.executable).parent / name)
