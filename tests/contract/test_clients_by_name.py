"""Independent clients over TLS, with a sandbox that has the host names of GitHub."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from github import Auth, Github, GithubException
from github.Repository import Repository

from tests.support.certificate import make_certificate
from tests.support.job import Job
from tests.support.openapi import Described
from tests.support.proxy import Proxy
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

HOSTS = {"github.com": "github.com", "ghe.com": "octo.ghe.com", "ghes": "ghes.example"}
PARTS = ("", "api.", "uploads.", "objects.")


class Gh:
    """The program gh, which reaches the sandbox through a proxy."""

    def __init__(self, directory: Path, environment: dict[str, str]) -> None:
        self.directory = directory
        self.environment = environment

    def __call__(self, *arguments: str) -> str:
        """Run `gh release`, and return its output."""
        done = subprocess.run(
            [str(Path(sys.executable).parent / "gh"), "release", *arguments],
            cwd=self.directory,
            env=self.environment,
            capture_output=True,
            encoding="utf-8",
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture(scope="module", params=HOSTS)
def named_sandbox(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Sandbox, Path]]:
    """A sandbox with host names, and its certificate."""
    host = HOSTS[request.param]
    directory = tmp_path_factory.mktemp("certificate")
    certificate, key = make_certificate(directory, *(f"{part}{host}" for part in PARTS))
    tls = ("--tls-cert", str(certificate), "--tls-key", str(key))
    options = ("--tag", "v1", "--flavour", request.param, "--hostname", host)
    with Sandbox.start(*options, *tls) as sandbox:
        yield sandbox, certificate


@pytest.fixture
def sandbox(named_sandbox: tuple[Sandbox, Path]) -> Sandbox:
    named_sandbox[0].reset()
    named_sandbox[0].settings(log_bodies=True)
    return named_sandbox[0]


@pytest.fixture
def proxy_variables(named_sandbox: tuple[Sandbox, Path]) -> Iterator[dict[str, str]]:
    """The environment variables of a proxy to the sandbox."""
    sandbox, certificate = named_sandbox
    host = HOSTS[sandbox.flavour]
    with Proxy({f"{part}{host}:443": sandbox.address for part in PARTS}) as proxy:
        yield {"HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": str(certificate)}


@pytest.fixture
def gh(sandbox: Sandbox, proxy_variables: dict[str, str], tmp_path: Path) -> Gh:
    host = HOSTS[sandbox.flavour]
    environment = {
        "HOME": str(tmp_path),
        "GH_HOST": host,
        "GH_REPO": f"{host}/{sandbox.repository}",
        "GH_TOKEN": sandbox.token,
        "GH_ENTERPRISE_TOKEN": sandbox.token,
        "GH_PROMPT_DISABLED": "1",
        "GH_NO_UPDATE_NOTIFIER": "1",
    }
    return Gh(tmp_path, environment | proxy_variables)


def test_gh_creates_publishes_and_deletes_a_release(gh: Gh, sandbox: Sandbox) -> None:
    (gh.directory / "my app.txt").write_text("content")
    gh("create", "v1", "--draft", "--title", "One", "--notes", "N", "my app.txt#Label")
    assert [(one["name"], one["label"]) for one in sandbox.assets("v1")] == [
        ("my.app.txt", "Label")
    ]
    (gh.directory / "my app.txt").write_text("other")
    gh("upload", "v1", "my app.txt", "--clobber")
    gh("edit", "v1", "--draft=false")
    assert sandbox.release("v1")["draft"] is False
    gh("download", "v1", "--dir", "down")
    assert (gh.directory / "down" / "my.app.txt").read_text() == "other"
    gh("delete-asset", "v1", "my.app.txt", "--yes")
    gh("delete", "v1", "--yes")
    assert sandbox.releases() == []
    assert Described(sandbox).check(sandbox.exchanges())


def test_gh_reads_what_the_action_published(
    gh: Gh, sandbox: Sandbox, proxy_variables: dict[str, str], tmp_path: Path
) -> None:
    job = Job.at(tmp_path / "runner", sandbox)
    job.write({"dist/app.zip": b"app", "dist/größe (1).txt": b"text"})
    step = job.run_program({"files": "dist/*", "notes": "What is new"}, proxy_variables)
    assert step.exit_code == 0, step.log
    release = json.loads(gh("view", "v1", "--json", "isDraft,body,assets"))
    assert (release["isDraft"], release["body"]) == (False, "What is new")
    assert {(one["name"], one["label"]) for one in release["assets"]} == {
        *(("app.zip", ""), ("grosse.1.txt", "größe (1).txt"))
    }
    gh("download", "v1", "--dir", "down")
    found = {path.name: path.read_bytes() for path in (gh.directory / "down").iterdir()}
    assert found == {"app.zip": b"app", "grosse.1.txt": b"text"}


@pytest.fixture
def repository(
    sandbox: Sandbox,
    proxy_variables: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Repository]:
    """The repository as an object of PyGithub."""
    monkeypatch.setenv("https_proxy", proxy_variables["HTTPS_PROXY"])
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", proxy_variables["SSL_CERT_FILE"])
    auth = Auth.Token(sandbox.token)
    with Github(
        auth=auth,
        base_url=sandbox.api_url,
        retry=None,
        seconds_between_requests=0,
        seconds_between_writes=0,
    ) as client:
        yield client.get_repo(sandbox.repository)
    assert Described(sandbox).check(sandbox.exchanges())


def test_pygithub_creates_publishes_and_deletes_a_release(
    repository: Repository, tmp_path: Path
) -> None:
    (tmp_path / "my app.txt").write_text("content")
    release = repository.create_git_release("v1", "One", "N", draft=True)
    assert (release.draft, release.tag_name) == (True, "v1")
    asset = release.upload_asset(
        str(tmp_path / "my app.txt"), label="My app", content_type="text/x-app"
    )
    assert (asset.name, asset.label, asset.content_type) == ("my.app.txt", "My app", "text/x-app")
    with pytest.raises(GithubException) as taken:
        release.upload_asset(str(tmp_path / "my app.txt"))
    assert taken.value.status == 422
    assert taken.value.data["errors"][0]["code"] == "already_exists"
    assert asset.update_asset(name="app.txt", label="App").name == "app.txt"
    public = release.update_release("One", "N", draft=False, tag_name="v1")
    assert public.html_url.endswith("/releases/tag/v1")
    assert repository.get_latest_release().id == release.id
    assert [one.tag_name for one in repository.get_releases()] == ["v1"]
    found = repository.get_release("v1").get_assets()[0]
    found.download_asset(str(tmp_path / "down"))
    assert (tmp_path / "down").read_text() == "content"
    assert found.delete_asset()
    release.delete_release()
    with pytest.raises(GithubException) as gone:
        repository.get_release(release.id)
    assert gone.value.status == 404


def test_pygithub_reads_what_the_action_published(
    repository: Repository, sandbox: Sandbox, proxy_variables: dict[str, str], tmp_path: Path
) -> None:
    job = Job.at(tmp_path / "runner", sandbox)
    job.write({"dist/app.zip": b"app", "dist/größe (1).txt": b"text"})
    step = job.run_program({"files": "dist/*", "notes": "What is new"}, proxy_variables)
    assert step.exit_code == 0, step.log
    release = repository.get_release("v1")
    assert (release.draft, release.body) == (False, "What is new")
    for asset in release.get_assets():
        asset.download_asset(str(tmp_path / asset.name))
    assert (tmp_path / "app.zip").read_bytes() == b"app"
    assert (tmp_path / "grosse.1.txt").read_bytes() == b"text"
