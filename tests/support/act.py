"""act, another implementation of the Actions runner, running a workflow of a repository."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.owner import current_owner
from tests.support.container import one_at_a_time
from tests.support.job import ROOT, Job

# The names that README.md gives the action; act takes a directory for the first.
USES = f"{current_owner()}/publish-release-assets@v1"
USES_NATIVE = USES.replace("@", "/native@")
# All files that the image is built from, and action.yml.
ACTION = (
    *("action.yml", "Dockerfile", ".dockerignore", *(path.name for path in ROOT.glob("*.py"))),
    *("requirements/run.txt", "scripts/image", "native"),
    *("src/actions_toolkit", "src/release_assets"),
)

SHARED = "/shared"  # a directory that all jobs of a run see, for the stand-ins
# The jobs run in an image that has bash and Python and little else; a runner has curl. This one
# takes the options that the examples give it, and no others.
CURL = """#!/usr/local/bin/python3
import argparse, pathlib, ssl, urllib.request
parser = argparse.ArgumentParser(allow_abbrev=False)
for flag in ("--fail", "--silent", "--show-error", "--location"):
    parser.add_argument(flag, action="store_true", required=True)
parser.add_argument("--cacert")
parser.add_argument("--output", type=pathlib.Path, required=True)
parser.add_argument("url")
options = parser.parse_args()
context = ssl.create_default_context(cafile=options.cacert)
with urllib.request.urlopen(options.url, context=context) as answer:
    options.output.write_bytes(answer.read())
print("downloaded", options.url)
"""
# There is no git in that image either, and the sandbox takes no pushes: the tests move the tag, and
# test_the_step_that_moves_the_tag_of_a_nightly runs the same step with the real git.
GIT = '#!/bin/bash\necho git "$@"\n'
# act keeps artifacts only for the original action, which would have to be fetched.
UPLOAD = f"""
inputs: {{name: {{required: true}}, path: {{required: true}},
          if-no-files-found: {{}}, retention-days: {{}}}}
runs:
  using: composite
  steps:
    - shell: bash
      run: mkdir "{SHARED}/${{{{ inputs.name }}}}" &&
           cp -R "${{{{ inputs.path }}}}/." "{SHARED}/${{{{ inputs.name }}}}" &&
           chmod -R a+rwX {SHARED}/* # so that the host can delete it
"""
DOWNLOAD = f"""
inputs: {{pattern: {{required: true}}, path: {{required: true}}, merge-multiple: {{required: true}}}}
runs:
  using: composite
  steps:
    - shell: bash
      run: test "${{{{ inputs.merge-multiple }}}}" = true && mkdir "${{{{ inputs.path }}}}" &&
           for one in {SHARED}/${{{{ inputs.pattern }}}}; do
           cp -R "$one/." "${{{{ inputs.path }}}}"; done
"""
# The original would have to be fetched, and needs pull requests. The test creates the release v1 or not.
RELEASE_PLEASE = """
inputs: {release-type: {required: true}}
outputs:
  release_created: {value: "${{ steps.release.outputs.release_created }}"}
  tag_name: {value: "${{ steps.release.outputs.tag_name }}"}
runs:
  using: composite
  steps:
    - id: release
      shell: bash
      run: |
        release="$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/releases/tags/v1"
        if curl --fail --silent --show-error --location --output release.json "$release"; then
          printf 'release_created=true\\ntag_name=v1\\n' >> "$GITHUB_OUTPUT"
        fi
"""
# Signing needs GitHub's identity provider. Compares what it would sign with the release's assets.
ATTEST = """
inputs: {subject-checksums: {required: true}}
runs:
  using: composite
  steps:
    - shell: bash
      run: |
        mkdir /tmp/attested && cp "${{ inputs.subject-checksums }}" /tmp/attested/list
        cd /tmp/attested
        while read -r digest name; do
          curl --fail --silent --show-error --location --output "$name" \\
            "$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/releases/download/$GITHUB_REF_NAME/$name"
        done < list
        sha256sum --check --strict list && echo "attested $(wc -l < list) files"
"""

# Replacements for other authors' actions, whichever commit is pinned.
STAND_INS = {
    "actions/upload-artifact": UPLOAD,
    "actions/download-artifact": DOWNLOAD,
    "actions/attest": ATTEST,
    "googleapis/release-please-action": RELEASE_PLEASE,
}
# Nor is there gh. This one lists and deletes releases, with the options that the examples give it, and no others.
GH = """#!/usr/local/bin/python3
import json, os, sys, urllib.request
def call(method, path):
    url = f"{os.environ['GITHUB_API_URL']}/repos/{os.environ['GITHUB_REPOSITORY']}/{path}"
    headers = {"Authorization": f"Bearer {os.environ['GH_TOKEN']}"}
    with urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers)) as answer:
        return json.loads(answer.read() or "null")
repository = ["--repo", os.environ["GITHUB_REPOSITORY"]]
match sys.argv[1:]:
    case ["release", "list", *options]:
        assert options == [*repository, *"--exclude-drafts --limit 1000 --json tagName --jq .[].tagName".split()]
        for release in call("GET", "releases?per_page=100"):
            if not release["draft"]:
                print(release["tag_name"])
    case ["release", "delete", tag, *options]:
        assert options == [*repository, "--cleanup-tag", "--yes"]
        call("DELETE", f"releases/{call('GET', f'releases/tags/{tag}')['id']}")
        call("DELETE", f"git/refs/tags/{tag}")
        print("deleted", tag)
    case other:
        sys.exit(f"gh: {other}")
"""
PROGRAMS = {"curl": CURL, "git": GIT, "gh": GH}
# Labels of runners; all of them are Linux containers here.
RUNNERS = (
    *("ubuntu-latest", "ubuntu-slim", "ubuntu-24.04-arm"),
    *("macos-latest", "windows-latest", "self-hosted"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The event that starts a workflow."""

    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def push(cls, ref: str) -> "Event":
        """Return the push of a branch or tag."""
        return cls(name="push", payload={"ref": ref})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run of a workflow."""

    exit_code: int
    log: str

    def downloaded(self) -> list[str]:
        """Return the addresses that its steps gave to curl."""
        return re.findall(r"\| downloaded (\S+)", self.log)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """act on a machine with Docker."""

    home: Path
    base: str  # base image of the action's image; the jobs run in it too
    lock: Path  # held while act runs, since it names containers after workflows and jobs

    def push_tag(
        self, workflow: str, job: Job, pushed: Callable[[str], None] = lambda _: None
    ) -> str:
        """Push job's tag to a repository with this workflow; return the log of a green run."""
        run = self.run(workflow, job, Event.push(f"refs/tags/{job.tag}"), pushed=pushed)
        assert run.exit_code == 0, run.log
        return run.log

    def run(
        self,
        workflow: str,
        job: Job,
        event: Event,
        variables: Mapping[str, str] | None = None,
        *,
        secrets: Mapping[str, str] | None = None,
        pushed: Callable[[str], None] = lambda _: None,
    ) -> Run:
        """Trigger an event in a repository with this workflow, these `vars` and `secrets`.

        pushed: called with the id of the commit that `github.sha` will be, before the event.
        """
        self._configure()
        pushed(_make_repository(job, workflow, event))
        actions = {USES: self._copy_of_the_action()}
        options = [f"--volume={_empty(self.home / 'shared')}:{SHARED}"]
        for uses, name in re.findall(r"uses: ((\S+)@\S+)", workflow):
            if name in STAND_INS:
                actions[uses] = _empty(self.home / name)
                (actions[uses] / "action.yml").write_text(STAND_INS[name])
        for name, text in PROGRAMS.items():
            path = self.home / name
            path.write_text(text)
            path.chmod(0o755)
            options.append(f"--volume={path}:/usr/local/bin/{name}:ro")
        with one_at_a_time(self.lock):
            done = subprocess.run(
                [
                    *(_tool("act"), event.name, "--eventpath", "event.json", "--pull=false"),
                    *("--rm", "--concurrent-jobs", "4", "--container-options", " ".join(options)),
                    *(f"--platform={runner}={self.base}" for runner in RUNNERS),
                    *(f"--local-repository={uses}={path}" for uses, path in actions.items()),
                    *(f"--var={name}={value}" for name, value in (variables or {}).items()),
                    *("--secret", f"GITHUB_TOKEN={job.token}"),
                    *(f"--secret={name}={value}" for name, value in (secrets or {}).items()),
                    *("--env", f"GITHUB_API_URL={job.api_url}"),
                    *("--env", f"GITHUB_SERVER_URL={job.server_url}"),
                ],
                cwd=job.workspace,
                # Nothing else: act passes its own environment to the steps.
                env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
            )
        return Run(exit_code=done.returncode, log=done.stdout)

    def _configure(self) -> None:
        """Answer the question that act would ask at its first start."""
        settings = self.home / ".config" / "act" / "actrc"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.touch()

    def _copy_of_the_action(self) -> Path:
        """Return a copy of this checkout whose image is built on `base`.

        act has no way to pass a build argument, so the Dockerfile's default is replaced.
        """
        copy = copy_of_the_action(self.home / "action")
        dockerfile = copy / "Dockerfile"
        text, count = re.subn(
            "(?m)^ARG PYTHON_IMAGE=.*$", f"ARG PYTHON_IMAGE={self.base}", dockerfile.read_text()
        )
        assert count == 1
        dockerfile.write_text(text)
        return copy


def copy_of_the_action(directory: Path) -> Path:
    """Copy the files of the action to directory, and return it."""
    for name in ACTION:
        source, target = ROOT / name, directory / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copy(source, target)
    return directory


def _empty(directory: Path) -> Path:
    """Return directory, emptied."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory


def _make_repository(job: Job, workflow: str, event: Event) -> str:
    """Make job's workspace a clone of its repository, with a README.md, workflow and the tag.

    Returns: the id of its commit.
    """
    shutil.rmtree(job.workspace, ignore_errors=True)
    payload = {**event.payload, "repository": {"full_name": job.repository}}
    job.write(
        {
            "README.md": b"# App\n",
            "event.json": json.dumps(payload).encode(),
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
    head = ("git", "rev-parse", "HEAD")
    return subprocess.run(
        head, cwd=job.workspace, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    ).stdout.strip()


def _tool(name: str) -> str:
    """Return the path of a program of the development requirements."""
    return str(Path(sys.executable).parent / name)
