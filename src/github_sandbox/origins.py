"""The origins: the base URL of each part of GitHub, and the origin that a request is for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from github_sandbox.models import Flavour, Origin

GHES_BASES: tuple[tuple[str, Origin, str], ...] = (
    # prefix of the path, origin, replacement of the prefix within that origin
    ("/api/v3", "api", ""),
    ("/api/uploads", "uploads", ""),
    ("/api/graphql", "api", "/graphql"),
    ("/storage", "storage", ""),
)
OLDEST_GHES = (3, 8)
PROXIED_HOSTS: dict[str, Origin] = {
    "api.github.localhost": "api",
    "uploads.github.localhost": "uploads",
    "github.localhost": "web",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """The base URLs, without a slash at the end.

    Source: https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api
    """

    flavour: Flavour
    ghes_version: tuple[int, int]  # of the flavour ghes
    api_url: str
    uploads_url: str
    storage_url: str
    server_url: str
    control_url: str
    address: str  # HOST:PORT at which the API listens
    hosts: Mapping[str, Origin]  # host name -> origin, at the port of the API

    def has(self, since: tuple[int, int]) -> bool:
        """Say whether this GitHub has what GHES has since a version; github.com has everything."""
        return self.flavour != "ghes" or self.ghes_version >= since

    @property
    def has_versions(self) -> bool:
        """Whether the API has versions."""
        return self.has((3, 9))

    @property
    def has_digests(self) -> bool:
        """Whether assets have a digest, and releases the field `immutable`."""
        return self.has((3, 17))

    @property
    def docs_url(self) -> str:
        """The documentation that the errors link to."""
        major, minor = self.ghes_version
        version = f"enterprise-server@{major}.{minor}/" if self.flavour == "ghes" else ""
        return f"https://docs.github.com/{version}rest"

    def locate(self, listener: Origin, host: str, path: str) -> tuple[Origin, str]:
        """Return the origin that a request is for, and the path within it.

        listener: the origin of the port. host: of the request; it counts if the request was sent to
        a proxy.
        """
        if listener == "control":
            return "control", path
        if listener == "api" and host.lower() in self.hosts:
            return self.hosts[host.lower()], path
        if self.flavour != "ghes":
            return listener, path
        for prefix, origin, replacement in GHES_BASES:
            if path == prefix or path.startswith(prefix + "/"):
                return origin, (replacement + path.removeprefix(prefix)) or "/"
        return "web", path


def origins(
    flavour: Flavour,
    scheme: str,
    host: str,
    ports: dict[Origin, int],
    ghes_version: tuple[int, int] = OLDEST_GHES,
) -> Origins:
    """Return the URLs of a server that listens on these ports."""
    name = f"[{host}]" if ":" in host else host
    url = {origin: f"{scheme}://{name}:{port}" for origin, port in ports.items()}
    if flavour == "ghes":
        parts: tuple[Origin, ...] = ("web", "api", "uploads", "storage")
        url |= _with_ghes_paths(dict.fromkeys(parts, url["api"]))
    elif host == "127.0.0.1":
        # Another host, not only another port: many clients send the token to the same host.
        url["storage"] = f"{scheme}://localhost:{ports['storage']}"
    return Origins(
        flavour=flavour,
        ghes_version=ghes_version,
        api_url=url["api"],
        uploads_url=url["uploads"],
        storage_url=url["storage"],
        server_url=url["web"],
        control_url=url["control"],
        address=f"{name}:{ports['api']}",
        hosts=PROXIED_HOSTS,
    )


def with_hostname(origins: Origins, hostname: str) -> Origins:
    """Return the URLs of the same server under a host name, for use through a proxy.

    Each origin has a host, as on github.com; on GHES as with subdomain isolation.
    Source: https://docs.github.com/en/enterprise-server/admin/configuring-settings/
    hardening-security-for-your-enterprise/enabling-subdomain-isolation
    """
    scheme = urlsplit(origins.api_url).scheme
    hosts: dict[str, Origin] = {
        hostname: "web",
        f"api.{hostname}": "api",
        f"uploads.{hostname}": "uploads",
        f"objects.{hostname}": "storage",
    }
    url = {origin: f"{scheme}://{name}" for name, origin in hosts.items()}
    if origins.flavour == "ghes":
        url = _with_ghes_paths(url | {"api": url["web"]})
        hosts = {}  # the path determines the origin
    return replace(
        origins,
        api_url=url["api"],
        uploads_url=url["uploads"],
        storage_url=url["storage"],
        server_url=url["web"],
        hosts={**PROXIED_HOSTS, **hosts},
    )


def _with_ghes_paths(url: dict[Origin, str]) -> dict[Origin, str]:
    """Return the URLs with the paths at which GHES has its origins."""
    paths = {origin: prefix for prefix, origin, replacement in GHES_BASES if not replacement}
    return {origin: base + paths.get(origin, "") for origin, base in url.items()}


def escaped(part: str) -> str:
    """Return a tag or name, escaped for one segment of a URL's path."""
    return quote(part, safe="-._~")
