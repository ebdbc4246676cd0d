"""The program with proxies and private authorities, and a GitHub of several hosts."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from release_assets.github.http.tls import VARIABLES
from tests.support.certificate import make_certificate
from tests.support.job import Job, Step
from tests.support.proxy import Proxy
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.slow

NAME = "octo.example"
HOSTS = (NAME, f"api.{NAME}", f"uploads.{NAME}", f"objects.{NAME}")
INPUTS = {"files": "dist/*", "verify": "download"}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"), *HOSTS)


@pytest.fixture(scope="module", params=["ghe.com", "ghes"])
def named_sandbox(
    request: pytest.FixtureRequest, certificate: tuple[Path, Path]
) -> Iterator[Sandbox]:
    """A sandbox whose API, uploads and storage have host names that only the proxy resolves."""
    tls = ("--tls-cert", str(certificate[0]), "--tls-key", str(certificate[1]))
    named = ("--flavour", request.param, "--hostname", NAME)
    with Sandbox.start("--tag", "v1", *named, *tls) as started:
        yield started


@pytest.fixture
def local_sandbox(sandbox_with: Callable[..., Sandbox], certificate: tuple[Path, Path]) -> Sandbox:
    """A sandbox at a loopback address."""
    tls = ("--tls-cert", str(certificate[0]), "--tls-key", str(certificate[1]))
    return sandbox_with("--tag", "v1", "--flavour", "ghes", *tls)


@contextmanager
def proxy_to(sandbox: Sandbox, credentials: str | None = None) -> Iterator[Proxy]:
    with Proxy({f"{host}:443": sandbox.address for host in HOSTS}, credentials) as proxy:
        yield proxy


def publish(
    sandbox: Sandbox, directory: Path, environment: Mapping[str, str], **inputs: str
) -> Step:
    sandbox.reset()
    job = Job.at(directory, sandbox)
    job.write({"dist/app.zip": b"app" * 1000, "dist/notes.txt": b"notes"})
    given = INPUTS | {name.replace("_", "-"): value for name, value in inputs.items()}
    return job.run_program(given | {"max-attempts": "2"}, environment)


def test_hosts_are_reached_through_the_proxy_and_only_api_and_uploads_get_the_token(
    named_sandbox: Sandbox, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    with proxy_to(named_sandbox) as proxy:
        trusted = {"HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": str(certificate[0])}
        step = publish(named_sandbox, tmp_path, trusted)
    assert step.exit_code == 0, step.log
    assert named_sandbox.asset_names("v1") == ["app.zip", "notes.txt"]
    seen_token = {r.headers["host"] for r in named_sandbox.requests() if r.authorized}
    api = urlsplit(named_sandbox.api_url).netloc
    assert seen_token == {api, f"uploads.{NAME}"}
    reading_back = {r.headers["host"] for r in named_sandbox.requests() if not r.authorized}
    assert reading_back == ({f"objects.{NAME}"} if named_sandbox.flavour == "ghes" else set())
    assert named_sandbox.token.encode() not in proxy.seen
    assert "sig=" not in step.log, "a signed URL gives access like a token, for a while"
    assert set(proxy.asked) == {f"{host}:443" for host in seen_token | reading_back}


def test_an_upload_redirected_to_storage_is_sent_without_the_token(
    named_sandbox: Sandbox, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    with proxy_to(named_sandbox) as proxy:
        trusted = {"HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": str(certificate[0])}
        named_sandbox.reset()
        named_sandbox.settings(redirect_uploads=True)
        job = Job.at(tmp_path, named_sandbox)
        job.write({"dist/app.zip": b"app"})
        step = job.run_program(INPUTS, trusted)
    assert step.exit_code == 0, step.log
    posts = {
        (r.headers["host"], r.authorized) for r in named_sandbox.requests() if r.method == "POST"
    }
    assert (f"objects.{NAME}", False) in posts
    assert (f"objects.{NAME}", True) not in posts


@pytest.mark.parametrize("status", [307, 308])
def test_an_upload_redirected_within_the_uploads_host_keeps_the_token(
    status: int, named_sandbox: Sandbox, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    named_sandbox.reset()
    named_sandbox.seed(
        {"repositories": [{"name": named_sandbox.repository, "releases": [{"tag": "v1"}]}]}
    )
    address = named_sandbox.release("v1")["upload_url"].partition("{")[0]
    moved = {"status": status, "headers": {"Location": f"{address}?name=app.zip"}}
    named_sandbox.fault(
        match={"origin": "uploads", "method": "POST"}, do="status", times=1, **moved
    )
    job = Job.at(tmp_path, named_sandbox)
    job.write({"dist/app.zip": b"app" * 1000})
    with proxy_to(named_sandbox) as proxy:
        environment = {"HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": str(certificate[0])}
        step = job.run_program(INPUTS | {"max-attempts": "1"}, environment)
    assert step.exit_code == 0, step.log
    assert named_sandbox.content("v1", "app.zip") == b"app" * 1000
    posts = [r for r in named_sandbox.requests() if r.method == "POST"]
    assert [(r.headers["host"], r.authorized) for r in posts] == [(f"uploads.{NAME}", True)] * 2


@pytest.mark.parametrize("way", ["ca-bundle, a file", "ca-bundle, text", *VARIABLES])
def test_a_private_authority_is_trusted(
    way: str, local_sandbox: Sandbox, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    job = Job.at(tmp_path, local_sandbox)
    job.write({"dist/app.zip": b"app", "certs/ca.pem": certificate[0].read_bytes()})
    ca_bundle = {
        "ca-bundle, a file": "certs/ca.pem",
        "ca-bundle, text": certificate[0].read_text("ascii"),
    }.get(way, "")
    environment = {way: str(certificate[0])} if way in VARIABLES else {}
    step = job.run_program(INPUTS | {"ca-bundle": ca_bundle}, environment)
    assert step.exit_code == 0, step.log
    assert local_sandbox.asset_names("v1") == ["app.zip"]


def test_a_server_with_an_unknown_authority_gets_no_token(
    local_sandbox: Sandbox, tmp_path: Path
) -> None:
    step = publish(local_sandbox, tmp_path, {})
    assert step.exit_code == 1
    assert "title=Certificate not trusted" in step.log
    assert "`ca-bundle`" in step.log
    assert local_sandbox.requests() == []


def test_a_certificate_of_another_host_is_not_trusted(
    sandbox_with: Callable[..., Sandbox], tmp_path: Path
) -> None:
    mine, key = make_certificate(tmp_path, "other.example")
    tls = ("--tls-cert", str(mine), "--tls-key", str(key))
    sandbox = sandbox_with("--tag", "v1", "--flavour", "ghe.com", "--hostname", NAME, *tls)
    with proxy_to(sandbox) as proxy:
        environment = {"HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": str(mine)}
        step = publish(sandbox, tmp_path / "runner", environment)
    assert step.exit_code == 1
    assert "title=Certificate not trusted" in step.log
    assert sandbox.requests() == []


def test_only_the_proxy_gets_its_password(
    named_sandbox: Sandbox, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    with proxy_to(named_sandbox, credentials="user:pa@ss/word") as proxy:
        url = f"http://user:pa%40ss%2Fword@{proxy.address}"
        environment = {"https_proxy": url, "SSL_CERT_FILE": str(certificate[0])}
        step = publish(named_sandbox, tmp_path, environment | {"RUNNER_DEBUG": "1"})
    assert step.exit_code == 0, step.log
    assert proxy.refused == 0
    assert "pa@ss" not in step.log
    assert "pa%40ss" not in step.log
    assert not [r for r in named_sandbox.requests() if "proxy-authorization" in r.headers]


@pytest.mark.parametrize("user", ["", "user:secret@"])
def test_the_error_for_a_refusing_proxy_does_not_show_the_password(
    user: str, named_sandbox: Sandbox, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    with proxy_to(named_sandbox, credentials="user:other") as proxy:
        environment = {
            "https_proxy": f"http://{user}{proxy.address}",
            "SSL_CERT_FILE": str(certificate[0]),
        }
        step = publish(named_sandbox, tmp_path, environment)
    assert step.exit_code == 1
    assert "(407)" in step.log
    assert proxy.refused == 1, "a refusal must not be retried"
    assert "secret" not in step.log
    assert named_sandbox.requests() == []


def test_a_missing_proxy_password_is_reported_for_plain_http(
    sandbox_with: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_with("--tag", "v1", "--flavour", "ghes", "--hostname", NAME)
    with Proxy(dict.fromkeys(HOSTS, sandbox.address), "user:other") as proxy:
        step = publish(sandbox, tmp_path, {"http_proxy": proxy.url})
    assert step.exit_code == 1
    assert "(407)" in step.log


def test_a_proxy_that_cannot_reach_the_host_is_reported(
    named_sandbox: Sandbox, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    with Proxy({}) as proxy:
        environment = {"https_proxy": proxy.url, "SSL_CERT_FILE": str(certificate[0])}
        step = publish(named_sandbox, tmp_path, environment)
    assert step.exit_code == 1
    assert "502" in step.log


def test_an_unreachable_proxy_is_reported_without_its_password(
    named_sandbox: Sandbox, tmp_path: Path
) -> None:
    step = publish(named_sandbox, tmp_path, {"https_proxy": "http://user:secret@127.0.0.1:1"})
    assert step.exit_code == 1
    assert "title=GitHub could not be reached::" in step.log
    assert "secret" not in step.log


@pytest.mark.parametrize(
    ("variables", "uses_proxy"),
    [
        pytest.param({"https_proxy": "{}"}, True, id="https_proxy"),
        pytest.param({"HTTPS_PROXY": "{}"}, True, id="upper case"),
        pytest.param({"all_proxy": "{}"}, True, id="all_proxy"),
        pytest.param({"https_proxy": "{}", "HTTPS_PROXY": "http://[x"}, True, id="lower wins"),
        pytest.param({"http_proxy": "{}"}, False, id="http_proxy is not for https"),
        pytest.param({"https_proxy": "{}", "no_proxy": "127.0.0.1"}, False, id="no_proxy"),
        pytest.param({"https_proxy": "{}", "NO_PROXY": "a,127.0.0.0/8"}, False, id="a network"),
        pytest.param({"https_proxy": "{}", "no_proxy": "*"}, False, id="no_proxy, all"),
        pytest.param({"https_proxy": "{}", "no_proxy": "27.0.0.1"}, True, id="another address"),
    ],
)
def test_variables_select_the_proxy(
    variables: dict[str, str],
    uses_proxy: bool,
    local_sandbox: Sandbox,
    certificate: tuple[Path, Path],
    tmp_path: Path,
) -> None:
    address = urlsplit(local_sandbox.api_url).netloc
    with Proxy({address: address}) as proxy:
        environment = {name: value.format(proxy.url) for name, value in variables.items()}
        step = publish(
            local_sandbox, tmp_path, environment | {"SSL_CERT_FILE": str(certificate[0])}
        )
    assert step.exit_code == 0, step.log
    assert set(proxy.asked) == ({address} if uses_proxy else set())


def test_plain_http_goes_through_the_proxy_in_absolute_form(
    sandbox_with: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = sandbox_with("--tag", "v1", "--flavour", "ghes", "--hostname", NAME)
    with Proxy(dict.fromkeys(HOSTS, sandbox.address)) as proxy:
        step = publish(sandbox, tmp_path, {"http_proxy": proxy.url})
    assert step.exit_code == 0, step.log
    assert all(target.startswith("http://") for target in proxy.asked)
    assert sandbox.asset_names("v1") == ["app.zip", "notes.txt"]


def test_a_redirect_to_another_server_does_not_get_the_token(
    named_sandbox: Sandbox, local_sandbox: Sandbox, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    """The API answers with a redirect to another server, and then with URLs of that server."""
    job = replace(Job.at(tmp_path, local_sandbox), token="ghs_canary")
    with proxy_to(named_sandbox) as proxy:
        environment = {"https_proxy": proxy.url, "no_proxy": "127.0.0.1"}
        job.write({"dist/app.zip": b"app"})
        local_sandbox.fault(
            do="status",
            status=307,
            headers={
                "Location": f"{named_sandbox.api_url}/repos/{named_sandbox.repository}/releases"
            },
            times=None,
        )
        named_sandbox.reset()
        step = job.run_program(
            INPUTS | {"max-attempts": "2"}, environment | {"SSL_CERT_FILE": str(certificate[0])}
        )
    assert step.exit_code == 1
    assert named_sandbox.requests()
    assert not [request for request in named_sandbox.requests() if request.authorized]


def test_a_certificate_with_its_host_in_the_common_name_alone_is_refused(
    sandbox_with: Callable[..., Sandbox], tmp_path: Path
) -> None:
    mine, key = make_certificate(tmp_path, common_name_alone="localhost")
    tls = ("--tls-cert", str(mine), "--tls-key", str(key))
    sandbox = sandbox_with("--tag", "v1", "--flavour", "ghes", "--host", "localhost", *tls)
    job = Job.at(tmp_path / "runner", sandbox)
    job.write({"app.zip": b"zip", "ca.pem": mine.read_bytes()})
    done = job.run_program({"files": "app.zip", "ca-bundle": "ca.pem", "max-attempts": "1"})
    assert done.exit_code == 1
    assert "::error title=Certificate not trusted::" in done.log
