"""Scripts of workflows, run as a runner runs them, with gh against the sandbox."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.job import Job


def run_script(step: Mapping[str, Any], job: Job) -> str:
    """Run a step's script with its variables; return what it wrote as outputs."""
    output = job.temp / "output"
    for directory in (job.temp, job.workspace):
        directory.mkdir(parents=True, exist_ok=True)
    output.touch()
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
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
    environment["GH_TOKEN"] = job.token
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(command, cwd=job.workspace, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return output.read_text("utf-8")
