"""Options, gh's variables and a git remote -> which GitHub, which repository, which token. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from release_assets.cli.errors import UsageError
from release_assets.errors import ReleaseAssetsError
from release_assets.inputs import is_api_address

GITHUB = "github.com"
TOKENS = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GH_TOKEN", "GITHUB_TOKEN")
"""Variables that hold a token, those for a server of one's own first."""

_WITH_HOST = re.compile(r"([A-Za-z0-9.-]+(?::[0-9]+)?)/([^/]+/[^/]+)")
_SCHEMES = {"http", "https", "ssh", "git", "git+ssh", "git+https"}
# The host is longer than a letter: `C:/a/b` is a path of Windows.
_LIKE_SCP = re.compile(r"(?:[^@/:]+@)?([^@/:]{2,}):(?!//)/?(.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A repository as somebody named it."""

    host: str  # with the port of its web address; empty when it was not told
    repository: str  # `owner/name`


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a command works, and with whose rights."""

    api_url: str
    repository: str  # empty when nobody named one
    token: str = field(repr=False)


def parse(text: str) -> Named | None:
    """Return what `[HOST/]OWNER/NAME`, or the address of a repository, names; None for neither."""
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
    return Named(host=_plain_host(host), repository=f"{owner}/{name}")


def resolve(
    environment: Mapping[str, str], *, repository: str, api_url: str, token: str, remote: str
) -> Place:
    """Return the place that options, variables and the remote of the working directory name.

    repository, api_url, token: as options gave them, or empty. remote: address of the git remote,
    looked at only when no repository is named otherwise.

    Raises: UsageError.
    """
    command_report = repository or first(environment, "GH_REPO", "GITHUB_REPOSITORY")
    named = parse(command_report) if command_report else None
    if command_report and named is None:
        raise UsageError(
            f"{command_report!r} names no repository",
            where="--repository, GH_REPO or GITHUB_REPOSITORY",
            fix="give OWNER/NAME, HOST/OWNER/NAME or the address of a repository",
        )
    is_said = bool(api_url)
    api_url = api_url or _api_url_by(environment, named.host if named else "")
    if named is None and remote:
        named = parse(remote)
        if named is not None:
            api_url = api_url or _api_url_of_remote(named.host)
            _check_remote(named.host, api_url)
    api_url = api_url or _api_url(GITHUB)
    if not is_api_address(api_url):
        raise UsageError(
            f"{api_url!r} is no address of an API",
            where="--api-url or GITHUB_API_URL",
            fix="give https://api.github.com, or https://HOST/api/v3 of an Enterprise Server",
        )
    return Place(
        api_url=api_url,
        repository=named.repository if named else "",
        token=token or _token(environment, api_url, is_said=is_said),
    )


def needs_remote(environment: Mapping[str, str], repository: str) -> bool:
    """Say whether only a git remote can tell the repository."""
    return not (repository or first(environment, "GH_REPO", "GITHUB_REPOSITORY"))


def faults_of(place: Place) -> tuple[ReleaseAssetsError, ...]:
    """Return what is missing, in the words of the command line."""
    faults: list[ReleaseAssetsError] = []
    if not place.repository:
        faults.append(
            UsageError(
                "no repository is named, and the working directory has no git remote that names one",
                fix="give --repository OWNER/NAME, or set GH_REPO",
            )
        )
    if not place.token:
        own = is_enterprise_server(place.api_url)
        name = "GH_ENTERPRISE_TOKEN" if own else "GH_TOKEN"
        host = host_of(place.api_url)
        command = f"gh auth token --hostname {host}" if host != GITHUB else "gh auth token"
        faults.append(
            UsageError(
                f"there is no token for {host}",
                fix=f"set {name} (`{name}=$({command})` takes gh's), or give --token-file PATH",
            )
        )
    return tuple(faults)


def host_of(api_url: str) -> str:
    """Return the host whose web pages belong to an API address, with its port."""
    try:
        host = urlsplit(api_url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""
    return host.removeprefix("api.") if _is_hosted(host.removeprefix("api.")) else host


def is_enterprise_server(api_url: str) -> bool:
    """Say whether an API address is that of a server of one's own."""
    return not _is_hosted(host_of(api_url))


def first(environment: Mapping[str, str], *names: str) -> str:
    """Return the first of some variables that is set to something."""
    return next((value for name in names if (value := environment.get(name))), "")


def _api_url_by(environment: Mapping[str, str], named_host: str) -> str:
    """Return the API that variables name; empty when they name none."""
    job = environment.get("GITHUB_API_URL", "")
    host = named_host or environment.get("GH_HOST", "").strip().lower()
    if not host or (job and _bare(host_of(job)) == _bare(host)):
        return job  # it knows scheme, port and path besides
    return _api_url(host)


def _api_url(host: str) -> str:
    if host == GITHUB or host.endswith(".ghe.com"):
        return f"https://api.{host}"
    return f"https://{host}/api/v3"


def _api_url_of_remote(host: str) -> str:
    """Return the API of a remote's host.

    Anybody can write a remote into a directory, and the token goes to that host: so it has to be
    GitHub's own, as for gh, or one that was named elsewhere too.

    Raises: UsageError.
    """
    if _is_hosted(host):
        return _api_url(host)
    raise UsageError(
        f"the git remote is at {host}, which is not known to be a GitHub",
        fix=f"set GH_HOST={host}, or give --repository {host}/OWNER/NAME",
    )


def _check_remote(host: str, api_url: str) -> None:
    if _bare(host) != _bare(host_of(api_url)):
        raise UsageError(
            f"the git remote is at {host}, and the API is that of {host_of(api_url)}",
            fix="give --repository OWNER/NAME, or correct GH_HOST and GITHUB_API_URL",
        )


def tokens(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return all that variables hold of tokens, whether they are meant for us or not."""
    return tuple(environment[name] for name in TOKENS if environment.get(name))


def _token(environment: Mapping[str, str], api_url: str, *, is_said: bool) -> str:
    """Return the token that variables hold for an API, by gh's rules.

    A server of one's own gets GH_TOKEN only where its API was named in full.

    Source: `gh help environment` of gh 2.103
    """
    own, usual = TOKENS[:2], TOKENS[2:]
    if not is_enterprise_server(api_url):
        return first(environment, *usual)
    is_said = is_said or environment.get("GITHUB_API_URL") == api_url
    return first(environment, *own, *(usual if is_said else ()))


def _is_hosted(host: str) -> bool:
    return host == GITHUB or host.endswith(".ghe.com")


def _plain_host(host: str) -> str:
    """Return a host without what only tells apart its services, such as `ssh.`."""
    host = host.lower()
    if host.endswith(f".{GITHUB}"):
        return GITHUB
    if host.endswith(".ghe.com"):
        return ".".join(host.split(".")[-3:])
    return host.removeprefix("www.")


def _bare(host: str) -> str:
    return re.sub(r":\d+$", "", host)
