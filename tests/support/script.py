"""Scripts of workflows, run as a runner runs them, with gh against the sandbox."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.job import Job


def run_script(step: Mapping[str, Any], job: Job, **variables: str) -> str:
    """Run a step's script; return what it wrote as outputs.

    variables: values for the step's variables that are expressions, and others.
    """
    done, output = try_script(step, job, **variables)
    assert done.returncode == 0, done.stderr
    return output


def try_script(
    step: Mapping[str, Any], job: Job, **variables: str
) -> tuple["subprocess.CompletedProcess[str]", str]:
    """Run a step's script that may fail; return how it ended, and what it wrote as outputs."""
    output = job.temp / "output"
    for directory in (job.temp, job.workspace):
        directory.mkdir(parents=True, exist_ok=True)
    output.touch()
    environment = {
        "PATH": os.pathsep.join(
            [str(job.root / "programs"), str(Path(sys.executable).parent), os.environ["PATH"]]
        ),
        "HOME": str(job.temp),
        "GITHUB_OUTPUT": str(output),
        "GITHUB_REF_NAME": job.tag,
        "GITHUB_REPOSITORY": job.repository,
        # gh uses plain HTTP with this host only, and reaches it through the proxy.
        "GH_HOST": "github.localhost",
        "GH_REPO": f"github.localhost/{job.repository}",
        "GH_ENTERPRISE_TOKEN": job.token,
        "HTTP_PROXY": job.api_url,
    }
    environment |= {name: str(value) for name, value in step.get("env", {}).items()}
    environment |= {"GH_TOKEN": job.token, **variables}
    assert "${{" not in "".join([step["run"], *environment.values()]), "an expression has no value"
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(
        command, cwd=job.workspace, env=environment, capture_output=True, text=True
    )
    return done, output.read_text("utf-8")


def install(name: str, program: str, job: Job) -> None:
    """Put a stand-in for a program that scripts start into their PATH."""
    path = job.root / "programs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/bash\n{program}\n")
    path.chmod(0o755)
