import re

import pytest

from release_assets.cli.errors import UsageError
from release_assets.cli.repository import (
    Given,
    RepositoryName,
    host_of,
    missing_errors,
    parse_repository,
    resolve_connection,
)

APP = "octo-org/app"


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("octo-org/app", ""),
        ("github.com/octo-org/app", "github.com"),
        ("ghes.example:8443/octo-org/app", "ghes.example:8443"),
        ("https://github.com/octo-org/app", "github.com"),
        ("https://github.com/octo-org/app.git", "github.com"),
        ("https://www.github.com/octo-org/app/", "github.com"),
        ("https://user:secret@GitHub.com/octo-org/app.git", "github.com"),
        ("http://ghes.example:8080/octo-org/app", "ghes.example:8080"),
        ("git@github.com:octo-org/app.git", "github.com"),
        ("github.com:octo-org/app", "github.com"),
        ("git@ghes.example:/octo-org/app.git", "ghes.example"),
        ("ssh://git@github.com/octo-org/app.git", "github.com"),
        ("ssh://git@ssh.github.com:443/octo-org/app.git", "github.com"),
        ("ssh://git@ghes.example:2222/octo-org/app.git", "ghes.example"),
        ("git://github.com/octo-org/app.git", "github.com"),
        ("git+ssh://git@acme.ghe.com/octo-org/app", "acme.ghe.com"),
        ("https://ssh.acme.ghe.com/octo-org/app", "acme.ghe.com"),
        ("octo@acme.ghe.com:octo-org/app.git", "acme.ghe.com"),
    ],
)
def test_a_repository_name_or_url_is_parsed(text: str, host: str) -> None:
    assert parse_repository(text) == RepositoryName(host=host, repository=APP)


@pytest.mark.parametrize(
    "text",
    [
        *("", "app", "/app", "octo-org/", "a/b/c/d", "//a/b", "C:\\src\\app", "C:/src/app"),
        *("/srv/git/app.git", "../app", "file:///srv/app.git", "https://github.com/app"),
        *("https://github.com/a/b/c", "https:///a/b", "https://[::1/a/b", "git@github.com:app"),
        "javascript://github.com/a/b",
    ],
)
def test_other_text_is_no_repository(text: str) -> None:
    named = parse_repository(text)
    # `../app` has the form of an owner and a name; the check of the input refuses it.
    assert named is None or named.repository.startswith("..")


def connect(
    repository: str = "", api_url: str = "", token: str = "", remote: str = "", **environment: str
) -> tuple[str, str, str]:
    """Return API, repository and token."""
    connection = resolve_connection(
        Given(
            environment=environment,
            repository=repository,
            api_url=api_url,
            token=token,
            remote=remote,
        )
    )
    return connection.api_url, connection.repository, connection.token


GITHUB = "https://api.github.com"
GHES = "https://ghes.example/api/v3"
TOKENS = {"GH_TOKEN": "t", "GITHUB_TOKEN": "job", "GH_ENTERPRISE_TOKEN": "e"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, (GITHUB, "", "t"), id="nothing"),
        pytest.param({"GH_REPO": APP}, (GITHUB, APP, "t"), id="GH_REPO"),
        pytest.param({"GITHUB_REPOSITORY": APP}, (GITHUB, APP, "t"), id="a job's repository"),
        pytest.param(
            {"repository": "a/b", "GH_REPO": APP}, (GITHUB, "a/b", "t"), id="the option first"
        ),
        pytest.param({"GH_REPO": f"ghes.example/{APP}"}, (GHES, APP, "e"), id="host in GH_REPO"),
        pytest.param({"GH_HOST": "ghes.example", "GH_REPO": APP}, (GHES, APP, "e"), id="GH_HOST"),
        pytest.param(
            {"GH_HOST": "acme.ghe.com", "GH_REPO": APP},
            ("https://api.acme.ghe.com", APP, "t"),
            id="data residency uses GH_TOKEN",
        ),
        pytest.param(
            {"GH_HOST": "ghes.example", "repository": f"github.com/{APP}"},
            (GITHUB, APP, "t"),
            id="the host in the option first",
        ),
        pytest.param(
            {"GITHUB_API_URL": "http://ghes.example:81/api/v3", "GH_HOST": "ghes.example"},
            ("http://ghes.example:81/api/v3", "", "e"),
            id="GITHUB_API_URL of the same host",
        ),
        pytest.param(
            {"GITHUB_API_URL": GITHUB, "GH_HOST": "ghes.example"},
            (GHES, "", "e"),
            id="GH_HOST over GITHUB_API_URL",
        ),
        pytest.param(
            {"api_url": "https://x.example/api/v3", "GH_HOST": "ghes.example"},
            ("https://x.example/api/v3", "", "e"),
            id="--api-url first",
        ),
        pytest.param({"token": "file"}, (GITHUB, "", "file"), id="--token-file first"),
        pytest.param({"remote": f"git@github.com:{APP}.git"}, (GITHUB, APP, "t"), id="the remote"),
        pytest.param(
            {"remote": f"https://acme.ghe.com/{APP}"},
            ("https://api.acme.ghe.com", APP, "t"),
            id="the host of the remote",
        ),
        pytest.param(
            {"remote": f"git@ghes.example:{APP}.git", "GH_HOST": "ghes.example"},
            (GHES, APP, "e"),
            id="a remote at a host that is named",
        ),
        pytest.param(
            {"remote": f"http://127.0.0.1:8/{APP}", "GITHUB_API_URL": "http://127.0.0.1:9"},
            ("http://127.0.0.1:9", APP, "e"),
            id="ports are ignored",
        ),
        pytest.param({"remote": "/srv/app.git"}, (GITHUB, "", "t"), id="a remote that is a path"),
        pytest.param(
            {"remote": "git@github.com:x/y.git", "GH_REPO": APP},
            (GITHUB, APP, "t"),
            id="GH_REPO over the remote",
        ),
    ],
)
def test_options_variables_and_remote_define_the_connection(
    given: dict[str, str], expected: tuple[str, str, str]
) -> None:
    assert connect(**{**TOKENS, **given}) == expected


@pytest.mark.parametrize(
    ("given", "text", "fix"),
    [
        (
            {"remote": "git@evil.example:octo-org/app.git"},
            "evil.example",
            "GH_HOST=evil.example",
        ),
        (
            {"remote": "git@github.com:octo-org/app.git", "GH_HOST": "ghes.example"},
            "ghes.example",
            "GH_HOST",
        ),
        (
            {"remote": "git@github.com.evil.example:o/a.git"},
            "github.com.evil.example",
            "GH_HOST",
        ),
        ({"repository": "app"}, "'app'", "OWNER/NAME"),
        ({"GH_REPO": "a/b/c/d"}, "'a/b/c/d'", "OWNER/NAME"),
        ({"api_url": "https://[::1"}, "'https://[::1'", "https://api"),
        ({"api_url": "https://me@h/api/v3"}, "api/v3", "https://api"),
    ],
)
def test_an_unsafe_or_invalid_connection_is_refused(
    given: dict[str, str], text: str, fix: str
) -> None:
    with pytest.raises(UsageError) as caught:
        connect(**{**TOKENS, **given})
    assert text in str(caught.value)
    assert fix in caught.value.fix


@pytest.mark.parametrize("host", ["evil.example", "github.com.evil.example", "xghe.com", "ghe.com"])
def test_a_remote_at_an_unknown_host_gets_no_token(host: str) -> None:
    """A remote is not trusted: the usual token is sent to hosts of GitHub only."""
    with pytest.raises(UsageError, match=re.escape(host)):
        connect(remote=f"https://{host}/octo-org/app", **TOKENS)


@pytest.mark.parametrize("name", ["GH_HOST", "GH_REPO"])
def test_an_enterprise_server_does_not_get_the_token_for_github_com(name: str) -> None:
    value = "ghes.example" + (f"/{APP}" if name == "GH_REPO" else "")
    assert connect(**{name: value, "GH_TOKEN": "t", "GITHUB_TOKEN": "t"})[2] == ""
    assert connect(**{name: value, "GH_TOKEN": "t", "GITHUB_API_URL": GHES})[2] == "t"
    assert connect(api_url=GHES, GH_TOKEN="t")[2] == "t"


def test_a_missing_value_is_reported_with_its_option_or_variable() -> None:
    errors = missing_errors("https://api.github.com")
    assert "--repo OWNER/NAME" in errors["repository"].fix
    assert "GH_TOKEN=$(gh auth token)" in errors["token"].fix
    assert "--tag TAG" in errors["tag"].fix
    error = missing_errors(GHES)["token"]
    assert "ghes.example" in error.what
    assert "GH_ENTERPRISE_TOKEN=$(gh auth token --hostname ghes.example)" in error.fix


@pytest.mark.parametrize(
    ("api_url", "host"),
    [
        (GITHUB, "github.com"),
        ("https://api.acme.ghe.com", "acme.ghe.com"),
        (GHES, "ghes.example"),
        ("https://api.ghes.example/api/v3", "api.ghes.example"),
        ("http://127.0.0.1:81", "127.0.0.1:81"),
        ("http://[", ""),
    ],
)
def test_an_api_url_has_its_web_host(api_url: str, host: str) -> None:
    assert host_of(api_url) == host


def test_the_repr_does_not_contain_the_token() -> None:
    given = Given(environment={}, repository=APP, token="ghp_secret")
    connection = resolve_connection(given)
    assert "ghp_secret" not in repr(connection)
