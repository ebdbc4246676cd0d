"""The upload methods that are compared: commands and their environment variables. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from bench.workloads import Workload

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The files, and the server and repository to upload them to."""

    files: tuple[Path, ...]
    scratch: Path  # a directory for other files that a program writes
    python: Path
    api_url: str
    upload_url: str
    token: str
    repository: str
    authority: str  # path of the certificate to trust; empty: no TLS

    @property
    def workspace(self) -> Path:
        """The directory of the files."""
        return self.files[0].parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command to run."""

    words: Sequence[str]
    environment: Mapping[str, str]


Way = Callable[[Workload, Place], Command]


def this_program(workload: Workload, place: Place) -> Command:
    """Return the action as a runner starts it, but without a container."""
    return Command(
        words=[str(place.python), "-I", str(ROOT / "entrypoint.py")],
        environment=inputs_of_the_action(workload, place),
    )


def inputs_of_the_action(workload: Workload, place: Place) -> dict[str, str]:
    """Return the variables that a runner sets for the action, with paths of this machine."""
    return {
        "GITHUB_API_URL": place.api_url,
        "GITHUB_SERVER_URL": place.api_url,
        "GITHUB_REPOSITORY": place.repository,
        "GITHUB_WORKSPACE": str(place.workspace),
        "GITHUB_OUTPUT": str(place.scratch / "output"),
        "GITHUB_STATE": str(place.scratch / "state"),
        "GITHUB_STEP_SUMMARY": str(place.scratch / "summary"),
        "RUNNER_TEMP": str(place.scratch),
        "INPUT_FILES": "*.bin",
        "INPUT_TAG": "v1",
        "INPUT_REPOSITORY": place.repository,
        "INPUT_TOKEN": place.token,
        "INPUT_OVERWRITE": "true" if workload.existing else "false",
        "INPUT_CA-BUNDLE": place.authority,
    }


def gh(workload: Workload, place: Place) -> Command:
    """Return GitHub's own command line."""
    del workload
    host = urlsplit(place.api_url).netloc if place.authority else "github.localhost"
    environment = {
        "GH_HOST": host,
        "GH_REPO": f"{host}/{place.repository}",
        "GH_TOKEN": place.token,
        "GH_ENTERPRISE_TOKEN": place.token,
        "HOME": str(place.scratch),
        "GH_PROMPT_DISABLED": "1",
        "GH_NO_UPDATE_NOTIFIER": "1",
    }
    if place.authority:
        environment["SSL_CERT_FILE"] = place.authority
    else:
        # gh uses plain HTTP only for this host, and connects to it through a proxy.
        environment["HTTP_PROXY"] = place.api_url
    words = ["gh", "release", "upload", "v1", "--clobber"]
    return Command(words=[*words, *map(str, place.files)], environment=environment)


def curl(workload: Workload, place: Place) -> Command:
    """Return curl, which gets the upload URL and checks only the status."""
    words = ["curl", "--silent", "--show-error", "--fail-early", "--http1.1"]
    words += ["--parallel", "--parallel-immediate", "--parallel-max", str(workload.connections)]
    for file in place.files:
        words += ["--next"] if file != place.files[0] else []
        words += [
            "--fail",
            "--request",
            "POST",
            "--upload-file",
            str(file),
            "--output",
            "/dev/null",
        ]
        words += ["--header", f"Authorization: Bearer {place.token}"]
        words += ["--header", "Content-Type: application/octet-stream", "--header", "Expect:"]
        words += ["--cacert", place.authority] if place.authority else []
        words += [f"{place.upload_url}?name={quote(file.name)}"]
    return Command(words=words, environment={})


def sendfile(workload: Workload, place: Place) -> Command:
    """Return the minimal program that can upload the files."""
    words = [str(place.python), "-I", "-S", str(ROOT / "bench" / "bare.py")]
    words += [place.upload_url, place.authority, place.token, str(workload.connections)]
    return Command(words=[*words, *map(str, place.files)], environment={})


def openssl_sha256(workload: Workload, place: Place) -> Command:
    """Return a command that only hashes the files."""
    del workload
    words = ["openssl", "dgst", "-sha256", *map(str, place.files)]
    return Command(words=words, environment={})


HASHES_ONLY = "openssl sha256"  # uploads nothing

PROGRAMS = {"gh": "gh", "curl": "curl", HASHES_ONLY: "openssl"}
"""The program that an upload method needs, if it is not Python."""

WAYS: dict[str, Way] = {
    "this program": this_program,
    "gh": gh,
    "curl": curl,
    "sendfile": sendfile,
    HASHES_ONLY: openssl_sha256,
}
