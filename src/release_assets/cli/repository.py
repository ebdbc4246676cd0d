"""Options, variables of gh and a git remote -> the API, the repository and the token. Pure."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from release_assets.cli.errors import UsageError
from release_assets.errors import ReleaseAssetsError
from release_assets.inputs import is_api_address
from release_assets.light_dataclasses import dataclass, field

GITHUB = "github.com"
TOKEN_VARIABLES = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GH_TOKEN", "GITHUB_TOKEN")
"""Variables with a token, those for GitHub Enterprise Server first."""

_WITH_HOST = re.compile(r"([A-Za-z0-9.-]+(?::[0-9]+)?)/([^/]+/[^/]+)")
_SCHEMES = {"http", "https", "ssh", "git", "git+ssh", "git+https"}
# The host has at least two letters: `C:/a/b` is a path on Windows.
_LIKE_SCP = re.compile(r"(?:[^@/:]+@)?([^@/:]{2,}):(?!//)/?(.+)")


@dataclass(frozen=True, kw_only=True)
class RepositoryName:
    """The name of a repository, with its host if one is given."""

    host: str  # with the port of its web pages; empty if none is given
    repository: str  # `owner/name`


@dataclass(frozen=True, kw_only=True)
class Connection:
    """The API, the repository and the token of a command."""

    api_url: str
    repository: str  # empty if none is given
    token: str = field(repr=False)


def parse_repository(text: str) -> RepositoryName | None:
    """Parse `[HOST/]OWNER/NAME` or the URL of a repository; return None for any other text."""
    host, path = "", text.strip()
    if "://" in path:
        try:
            parts = urlsplit(path)
            host = parts.netloc if parts.scheme in {"http", "https"} else parts.hostname or ""
        except ValueError:
            return None
        if parts.scheme not in _SCHEMES or not parts.hostname:
            return None
        host, path = host.rpartition("@")[2], parts.path.strip("/")
    elif match := _WITH_HOST.fullmatch(path) or _LIKE_SCP.fullmatch(path):
        host, path = match.groups()
    owner, _, name = path.partition("/")
    name = name.removesuffix(".git")
    if not owner or not name or "/" in name:
        return None
    return RepositoryName(host=_normalized_host(host), repository=f"{owner}/{name}")


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a command gets to find its connection from; empty where nothing is given."""

    environment: Mapping[str, str]
    repository: str = ""  # the option
    api_url: str = ""  # the option
    token: str = field(default="", repr=False)  # in the file that the option names
    remote: str = ""  # URL of the git remote; used only if nothing else names the repository


def resolve_connection(given: Given) -> Connection:
    """Return the connection that options, variables and the git remote define.

    Raises: UsageError.
    """
    named = _given_repository(given)
    api_url = given.api_url or _api_url_of_variables(given.environment, named.host if named else "")
    if named is None and given.remote:
        named = parse_repository(given.remote)
        if named is not None:
            api_url = api_url or _api_url_of_remote(named.host)
            _check_remote_host(named.host, api_url)
    api_url = api_url or _api_url(GITHUB)
    _check_api_address(api_url)
    return Connection(
        api_url=api_url,
        repository=named.repository if named else "",
        token=given.token or _token(given, api_url),
    )


def _given_repository(given: Given) -> RepositoryName | None:
    """Return the repository of the option or of a variable; None if neither is given.

    Raises: UsageError.
    """
    text = given.repository or first_set(given.environment, "GH_REPO", "GITHUB_REPOSITORY")
    if not text:
        return None
    named = parse_repository(text)
    if named is None:
        raise UsageError(
            f"{text!r} is not a repository",
            where="--repo, GH_REPO or GITHUB_REPOSITORY",
            fix="give OWNER/NAME, HOST/OWNER/NAME or the URL of a repository",
        )
    return named


def _check_api_address(api_url: str) -> None:
    if not is_api_address(api_url):
        raise UsageError(
            f"{api_url!r} is not the URL of an API",
            where="--api-url or GITHUB_API_URL",
            fix="give https://api.github.com, or https://HOST/api/v3 of an Enterprise Server",
        )


def needs_remote(environment: Mapping[str, str], repository: str) -> bool:
    """Return whether only a git remote can name the repository."""
    return not (repository or first_set(environment, "GH_REPO", "GITHUB_REPOSITORY"))


def missing_errors(api_url: str) -> Mapping[str, ReleaseAssetsError]:
    """Return what to report when the repository, the token or the release is not given."""
    name = "GH_ENTERPRISE_TOKEN" if is_enterprise_server(api_url) else "GH_TOKEN"
    host = host_of(api_url)
    command = f"gh auth token --hostname {host}" if host != GITHUB else "gh auth token"
    return {
        "repository": UsageError(
            "no repository is named, and the working directory has no git remote that names one",
            fix="give --repo OWNER/NAME, or set GH_REPO",
        ),
        "token": UsageError(
            f"there is no token for {host}",
            fix=f"set {name} (`{name}=$({command})` uses that of gh), or give --token-file PATH",
        ),
        "tag": UsageError(
            "no release is named",
            fix="give its tag as an argument, or --tag TAG, or --release-id ID",
        ),
        "files": UsageError(
            "no files are named",
            fix="name the files to publish, or give --manifest PATH; without files, give --publish "
            "always for a public release, or --draft for a draft",
        ),
    }


def host_of(api_url: str) -> str:
    """Return the host of the web pages for an API address, with its port."""
    try:
        host = urlsplit(api_url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
    return host.removeprefix("api.") if _is_github_hosted(host.removeprefix("api.")) else host


def is_enterprise_server(api_url: str) -> bool:
    """Return whether an API address belongs to a GitHub Enterprise Server."""
    return not _is_github_hosted(host_of(api_url))


def first_set(environment: Mapping[str, str], *names: str) -> str:
    """Return the value of the first variable that is not empty; empty if all are."""
    return next((value for name in names if (value := environment.get(name))), "")


def _api_url_of_variables(environment: Mapping[str, str], host_of_repository: str) -> str:
    """Return the API that variables and the host define; empty if they define none."""
    job_api_url = environment.get("GITHUB_API_URL", "")
    host = host_of_repository or environment.get("GH_HOST", "").strip().lower()
    if not host or (job_api_url and _without_port(host_of(job_api_url)) == _without_port(host)):
        return job_api_url  # has the right scheme, port and path too
    return _api_url(host)


def _api_url(host: str) -> str:
    if host == GITHUB or host.endswith(".ghe.com"):
        return f"https://api.{host}"
    return f"https://{host}/api/v3"


def _api_url_of_remote(host: str) -> str:
    """Return the API for the host of a remote.

    The token is sent to this host, and a remote in a directory is not trusted. So the host must
    belong to GitHub, as for gh, or an option or a variable must name it too.

    Raises: UsageError.
    """
    if _is_github_hosted(host):
        return _api_url(host)
    raise UsageError(
        f"the git remote is at {host}, which may not be a GitHub Enterprise Server",
        fix=f"set GH_HOST={host}, or give --repo {host}/OWNER/NAME",
    )


def _check_remote_host(host: str, api_url: str) -> None:
    if _without_port(host) != _without_port(host_of(api_url)):
        raise UsageError(
            f"the git remote is at {host}, and the API is that of {host_of(api_url)}",
            fix="give --repo OWNER/NAME, or correct GH_HOST and GITHUB_API_URL",
        )


def all_tokens(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the tokens in all variables, whether they are used or not."""
    return tuple(environment[name] for name in TOKEN_VARIABLES if environment.get(name))


def _token(given: Given, api_url: str) -> str:
    """Return the token for an API from the variables, by the rules of gh.

    A GitHub Enterprise Server gets GH_TOKEN only if an option or a variable gives its API URL.

    Source: `gh help environment` of gh 2.103
    """
    server_variables, usual_variables = TOKEN_VARIABLES[:2], TOKEN_VARIABLES[2:]
    if not is_enterprise_server(api_url):
        return first_set(given.environment, *usual_variables)
    is_api_named = given.api_url or given.environment.get("GITHUB_API_URL") == api_url
    allowed_variables = (*server_variables, *(usual_variables if is_api_named else ()))
    return first_set(given.environment, *allowed_variables)


def _is_github_hosted(host: str) -> bool:
    return host == GITHUB or host.endswith(".ghe.com")


def _normalized_host(host: str) -> str:
    """Return a host in lower case, without the subdomain of a service such as `ssh.`."""
    host = host.lower()
    if host.endswith(f".{GITHUB}"):
        return GITHUB
    if host.endswith(".ghe.com"):
        return ".".join(host.split(".")[-3:])
    return host.removeprefix("www.")


def _without_port(host: str) -> str:
    return re.sub(r":\d+$", "", host)
