"""The image, run in the way of GitHub's runner."""

import json
import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.act import copy_of_the_action
from tests.support.certificate import make_certificate
from tests.support.container import (
    Image,
    action,
    call_docker,
    in_container,
    layers,
    layers_built_anew,
    one_at_a_time,
)
from tests.support.job import ROOT, Job
from tests.support.sandbox import Sandbox

pytestmark = [pytest.mark.docker, pytest.mark.timeout(300), pytest.mark.slow]

FILES = {"dist/app.zip": b"zip", "dist/app.tar.gz": b"tar", "dist/notes.txt": b"notes"}
NAMES = ["app.tar.gz", "app.zip", "notes.txt"]
# Variables that a job may set, and that must have no effect in the container.
HOSTILE = {
    "PATH": "/nonexistent",
    "PYTHONPATH": "/github/workspace/shadow",
    "PYTHONHOME": "/opt/hostedtoolcache/Python/3.9.1/x64",
    "PYTHONSTARTUP": "/github/workspace/shadow/json.py",
    "PYTHONWARNINGS": "error",
    "PYTHONIOENCODING": "ascii",
    "PYTHONUTF8": "0",
    "LC_ALL": "de_DE.ISO-8859-1",
    "LD_LIBRARY_PATH": "/opt/hostedtoolcache/Python/3.9.1/x64/lib",
    "REQUESTS_CA_BUNDLE": "/host/ca.pem",
    "CURL_CA_BUNDLE": "/host/ca.pem",
    "SSL_CERT_FILE": "/host/ca.pem",
    "SSL_CERT_DIR": "/host/certs",
    "NODE_EXTRA_CA_CERTS": "/host/ca.pem",
    "NETRC": "/host/netrc",
    "TMPDIR": "/host/tmp",
}
CONTENTS = """
import glob, importlib.util, json, os, sys
sys.path.insert(0, "/action/src")
installers = ("pip", "setuptools", "ensurepip", "wheel", "github_sandbox")
print(json.dumps({
    "uid": os.getuid(),
    "forbidden": [name for name in installers if importlib.util.find_spec(name)]
    + [path for name in ("pip*", "apt*", "dpkg*")
       for path in glob.glob(f"/usr/**/*bin/{name}", recursive=True)],
    "packages": sorted(
        entry.name for entry in os.scandir("/action/src")
        if entry.is_dir() and not entry.name.endswith(".dist-info")
    ),
    "compiled": glob.glob("/action/**/*.so", recursive=True),
    "files": sorted(os.listdir("/action")),
}))
"""


def test_only_new_and_changed_files_are_sent(image: Image, job: Job, sandbox: Sandbox) -> None:
    job.write(FILES)
    first = image.run(job, {"files": "dist/*"})
    assert first.exit_code == 0, first.log
    assert first.results() == dict.fromkeys(NAMES, "uploaded")
    assert (first.outputs["published"], first.outputs["changed"]) == ("true", "true")
    assert first.outputs["tag"] == job.tag
    assert all(name in first.summary for name in NAMES)
    assert sandbox.asset_names(job.tag) == NAMES

    before = len(sandbox.requests())
    second = image.run(job, {"files": "dist/*"})
    assert second.exit_code == 0, second.log
    assert second.results() == dict.fromkeys(NAMES, "unchanged")
    assert (second.outputs["published"], second.outputs["changed"]) == ("false", "false")
    assert len(sandbox.requests()) - before == 2

    job.write({"dist/app.zip": b"changed"})
    refused = image.run(job, {"files": "dist/*"})
    assert refused.exit_code == 1
    assert "overwrite: true" in refused.log
    assert sandbox.content(job.tag, "app.zip") == b"zip"

    swapped = image.run(job, {"files": "dist/*", "overwrite": "true"})
    assert swapped.exit_code == 0, swapped.log
    assert swapped.results() == dict.fromkeys(NAMES, "unchanged") | {"app.zip": "replaced"}
    assert sandbox.content(job.tag, "app.zip") == b"changed"
    assert sandbox.asset_names(job.tag) == NAMES


def test_variables_of_the_job_have_no_effect(image: Image, job: Job, sandbox: Sandbox) -> None:
    job.write({"dist/größe.txt": b"1", "shadow/json.py": b"raise SystemExit('shadowed')"})
    step = image.run(job, {"files": "dist/*"}, HOSTILE)
    assert step.exit_code == 0, step.log
    assert sandbox.content(job.tag, "grosse.txt") == b"1"


def test_a_private_authority_in_ca_bundle_is_trusted(
    image: Image, sandbox_with: Callable[..., Sandbox], tmp_path: Path
) -> None:
    certificate, key = make_certificate(tmp_path)
    tls = ("--tls-cert", str(certificate), "--tls-key", str(key))
    job = Job.at(tmp_path / "runner", sandbox_with("--tag", "v1", *tls))
    job.write({"app.zip": b"zip", "ca.pem": certificate.read_bytes()})
    refused = image.run(job, {"files": "app.zip", "max-attempts": "1"}, HOSTILE)
    assert refused.exit_code == 1
    assert "ca-bundle" in refused.log
    trusted = image.run(job, {"files": "app.zip", "ca-bundle": "ca.pem"}, HOSTILE)
    assert trusted.exit_code == 0, trusted.log
    assert trusted.results() == {"app.zip": "uploaded"}


def test_a_private_authority_in_a_variable_of_the_runner_is_trusted(
    image: Image, sandbox_with: Callable[..., Sandbox], tmp_path: Path
) -> None:
    """The file is in the workspace; the other variables name files on the host."""
    certificate, key = make_certificate(tmp_path)
    tls = ("--tls-cert", str(certificate), "--tls-key", str(key))
    job = Job.at(tmp_path / "runner", sandbox_with("--tag", "v1", "--flavour", "ghes", *tls))
    job.write({"app.zip": b"zip", "ca.pem": certificate.read_bytes()})
    variables = HOSTILE | {"NODE_EXTRA_CA_CERTS": str(job.workspace / "ca.pem")}
    step = image.run(job, {"files": "app.zip"}, variables)
    assert step.exit_code == 0, step.log
    assert step.results() == {"app.zip": "uploaded"}


def give_to_another_user(job: Job, rights: int) -> None:
    """Give the workspace to the user of the runner, with these permissions."""
    for path in (job.workspace, *job.workspace.rglob("*")):
        os.chown(path, 1001, 118)
        path.chmod(rights if path.is_dir() else rights & 0o666)


UMASK = "import os, sys; os.umask(0o77); os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"


@pytest.mark.parametrize(
    ("docker_options", "python_options", "rights"),
    [
        pytest.param(
            ["--read-only"], [], 0o755, id="a read-only file system except for the mounts"
        ),
        pytest.param([], [], 0o700, id="a workspace that only the runner's user may enter"),
        pytest.param(["--security-opt", "no-new-privileges"], [], 0o755, id="no new privileges"),
        pytest.param([], ["-c", UMASK], 0o755, id="files that only root may read"),
        pytest.param(
            ["--memory", "64m", "--pids-limit", "64"],
            [],
            0o755,
            id="little memory and few processes",
        ),
    ],
)
def test_restricted_containers_can_publish(
    image: Image,
    job: Job,
    sandbox: Sandbox,
    docker_options: list[str],
    python_options: list[str],
    rights: int,
) -> None:
    job.write(FILES)
    give_to_another_user(job, rights)
    step = image.run(
        job,
        {"files": "dist/*", "checksums": "SHA256SUMS"},
        python_options=python_options,
        docker_options=docker_options,
    )
    assert step.exit_code == 0, step.log
    assert sandbox.asset_names(job.tag) == ["SHA256SUMS", *NAMES]
    assert "::warning" not in step.log
    assert (job.workspace / step.outputs["checksums-file"]).is_file()


def test_without_capabilities_only_the_checksums_file_is_missing(
    image: Image, job: Job, sandbox: Sandbox
) -> None:
    job.write(FILES)
    give_to_another_user(job, 0o755)
    options = ("--cap-drop", "ALL", "--read-only")
    step = image.run(job, {"files": "dist/*"}, docker_options=options)
    assert step.exit_code == 0, step.log
    assert sandbox.asset_names(job.tag) == NAMES
    assert "title=Checksums not written" in step.log
    assert step.outputs["checksums-file"] == ""


def test_a_runner_on_kubernetes_can_publish(image: Image, job: Job, sandbox: Sandbox) -> None:
    job.write(FILES | {"dist/a $b `c` 'd'.txt": b"e"})
    step = image.run_in_pod(
        job, {"files": "dist/*\n!dist/*.gz", "notes": 'A "$quote" \\ and `more`'}
    )
    assert step.exit_code == 0, step.log
    assert sandbox.release(job.tag)["body"] == 'A "$quote" \\ and `more`'
    assert sandbox.asset_names(job.tag) == ["a.b.c.d.txt", "app.zip", "notes.txt"]
    assert step.outputs["published"] == "true"
    assert "app.zip" in step.summary
    assert "::warning" not in step.log


def test_image_and_action_have_the_same_entrypoint(image: Image) -> None:
    entrypoint = call_docker(
        "image", "inspect", "--format", "{{json .Config.Entrypoint}}", image.name
    )
    named = action()["runs"]["entrypoint"]
    assert json.loads(entrypoint) == ["/usr/local/bin/python3", "-I", named]
    shebang = "#!/usr/local/bin/python3 -I\n"
    assert (ROOT / named.removeprefix("/action/")).read_text("utf-8").startswith(shebang)


def test_a_missing_network_is_reported(image: Image, job: Job) -> None:
    job.write(FILES)
    inputs = {"files": "dist/*", "max-attempts": "1"}
    step = image.run(job, inputs, docker_options=("--network", "none"))
    assert step.exit_code == 1
    assert "title=GitHub could not be reached" in step.log
    assert step.outputs["changed"] == "false"


def test_host_paths_are_accepted_on_every_line(image: Image, job: Job, sandbox: Sandbox) -> None:
    job.write(FILES)
    lines = f"{job.workspace}/dist/*.zip\n{job.workspace}/dist/notes.txt"
    assert str(job.workspace) in in_container(lines, job), "the runner translates the first alone"
    step = image.run(job, {"files": lines})
    assert step.exit_code == 0, step.log
    assert sandbox.asset_names(job.tag) == ["app.zip", "notes.txt"]


def test_a_step_writes_the_files_that_the_runner_reads(
    image: Image, job: Job, sandbox: Sandbox
) -> None:
    job.write({"app.zip": b"zip"})
    step = image.run(job, {"files": "app.zip", "checksums": "SHA256SUMS"})
    assert step.exit_code == 0, step.log
    listed = (job.workspace / step.outputs["checksums-file"]).read_text("utf-8")
    assert "app.zip" in listed
    assert sandbox.asset_names(job.tag) == ["SHA256SUMS", "app.zip"]


def seed_old_asset(sandbox: Sandbox, job: Job) -> None:
    release = {"tag": job.tag, "assets": [{"name": "app.zip", "text": "old"}]}
    sandbox.seed({"repositories": [{"name": job.repository, "releases": [release]}]})


@pytest.mark.parametrize(("number", "exit_code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_cancelled_step_loses_no_asset(
    image: Image, job: Job, sandbox: Sandbox, number: int, exit_code: int
) -> None:
    seed_old_asset(sandbox, job)
    slow = {"do": "throttle", "bytes_per_second": 100_000}
    sandbox.fault(match={"origin": "uploads", "method": "POST"}, **slow)
    job.write({"app.zip": b"0" * 1024 * 1024})
    inputs = {"files": "app.zip", "overwrite": "true"}
    step = image.interrupt(job, inputs, lambda: sandbox.count("POST", "/assets") > 0, number)
    assert step.exit_code == exit_code, step.log
    assert step.results() == {"app.zip": "failed"}
    assert sandbox.content(job.tag, "app.zip") == b"old"
    again = image.run(job, inputs)
    assert again.results() == {"app.zip": "replaced"}
    assert sandbox.asset_names(job.tag) == ["app.zip"]


def test_the_cleanup_repairs_the_swap_of_a_killed_container(
    image: Image, job: Job, sandbox: Sandbox
) -> None:
    seed_old_asset(sandbox, job)
    # The old asset gets its backup name, and the container is killed before the answer comes.
    sandbox.fault(match={"method": "PATCH"}, do="delay", seconds=20)
    job.write({"app.zip": b"new"})
    inputs = {"files": "app.zip", "overwrite": "true"}
    killed = image.interrupt(job, inputs, lambda: sandbox.count("PATCH") > 0, signal.SIGKILL)
    assert killed.exit_code == 128 + signal.SIGKILL
    assert "app.zip" not in sandbox.asset_names(job.tag)
    cleanup = image.clean_up(job, inputs, after=killed)
    assert cleanup.exit_code == 0, cleanup.log
    assert sandbox.asset_names(job.tag) == ["app.zip"]
    assert sandbox.content(job.tag, "app.zip") == b"new"


def test_the_image_contains_only_what_the_action_needs(image: Image) -> None:
    contents = json.loads(image.ask("-c", CONTENTS))
    assert contents["uid"] == 0, "the runner's mounts belong to root"
    assert contents["forbidden"] == []
    assert contents["compiled"] == []
    assert contents["files"] == sorted(["src", *(path.name for path in ROOT.glob("*.py"))])
    assert {"release_assets", "actions_toolkit", "requests", "yaml"} <= {*contents["packages"]}


def test_builds_are_reproducible(image: Image, machine: Path, tmp_path: Path) -> None:
    """Another directory, time and builder, and other permissions, give the same layers."""
    clone = copy_of_the_action(tmp_path / "a clone")
    for path in (clone, *clone.rglob("*")):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (10**9, 10**9))
    # A layer that is removed afterwards may be in the cache of another build.
    with one_at_a_time(machine / "docker.lock"):
        built = layers_built_anew(image.base, clone)
    assert built == layers(image.name)


def test_all_modules_are_imported_from_byte_code(image: Image, job: Job) -> None:
    job.write({"app.zip": b"zip"})
    step = image.run(job, {"files": "app.zip"}, python_options=("-v",))
    assert step.exit_code == 0, step.log
    loaded = re.findall(r"^# code object from '?(.+?)'?$", step.log, re.MULTILINE)
    assert any(path.startswith("/action/src/release_assets/") for path in loaded)
    assert [path for path in loaded if not path.endswith(".pyc")] == []
