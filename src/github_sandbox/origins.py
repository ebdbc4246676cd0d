"""Where each part of the imitated GitHub listens, and which part a request is for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlsplit

from github_sandbox.models import Flavour, Origin

GHES_BASES: tuple[tuple[str, Origin, str], ...] = (
    # prefix of the path, origin, what stands for the prefix within that origin
    ("/api/v3", "api", ""),
    ("/api/uploads", "uploads", ""),
    ("/api/graphql", "api", "/graphql"),
    ("/storage", "storage", ""),
)
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
    api_url: str
    uploads_url: str
    storage_url: str
    server_url: str
    control_url: str
    address: str  # where the API listens, whatever it is called
    hosts: Mapping[str, Origin]  # which part a host name stands for, at the port of the API

    @property
    def has_versions(self) -> bool:
        """Whether X-GitHub-Api-Version is known: not on GHES before 3.9."""
        return self.flavour != "ghes"

    @property
    def has_digests(self) -> bool:
        """Whether assets carry a digest and releases say if they are immutable."""
        return self.flavour != "ghes"

    @property
    def docs_url(self) -> str:
        """Where documentation_url of error bodies points."""
        version = "enterprise-server@3.8/" if self.flavour == "ghes" else ""
        return f"https://docs.github.com/{version}rest"

    def place(self, listener: Origin, host: str, path: str) -> tuple[Origin, str]:
        """Return the origin that a request is for, and the path within it.

        The listener is the port it came to; a request in absolute form, as to a proxy, names its
        host itself.
        """
        if listener == "control":
            return "control", path
        if listener == "api" and host.lower() in self.hosts:
            return self.hosts[host.lower()], path
        if self.flavour != "ghes":
            return listener, path
        for prefix, origin, within in GHES_BASES:
            if path == prefix or path.startswith(prefix + "/"):
                return origin, (within + path.removeprefix(prefix)) or "/"
        return "web", path


def origins(flavour: Flavour, scheme: str, host: str, ports: dict[Origin, int]) -> Origins:
    """Return the URLs of a server that listens on these ports."""
    name = f"[{host}]" if ":" in host else host
    base = {origin: f"{scheme}://{name}:{port}" for origin, port in ports.items()}
    if host == "127.0.0.1" and "storage" in ports:
        # Another host, not only another port: many clients keep the token where the host stays.
        base["storage"] = f"{scheme}://localhost:{ports['storage']}"
    if flavour == "ghes":
        root = base["api"]
        return Origins(
            flavour=flavour,
            api_url=f"{root}/api/v3",
            uploads_url=f"{root}/api/uploads",
            storage_url=f"{root}/storage",
            server_url=root,
            control_url=base["control"],
            address=f"{name}:{ports['api']}",
            hosts=PROXIED_HOSTS,
        )
    return Origins(
        flavour=flavour,
        api_url=base["api"],
        uploads_url=base["uploads"],
        storage_url=base["storage"],
        server_url=base["web"],
        control_url=base["control"],
        address=f"{name}:{ports['api']}",
        hosts=PROXIED_HOSTS,
    )


def named(where: Origins, hostname: str) -> Origins:
    """Return the URLs of the same server for who knows it by a name, such as through a proxy.

    With a host for each part, as github.com has them; on GHES as with subdomain isolation.
    Source: https://docs.github.com/en/enterprise-server/admin/configuring-settings/
    hardening-security-for-your-enterprise/enabling-subdomain-isolation
    """
    scheme = urlsplit(where.api_url).scheme
    subdomains: dict[str, Origin] = {
        hostname: "web",
        f"api.{hostname}": "api",
        f"uploads.{hostname}": "uploads",
        f"objects.{hostname}": "storage",
    }
    url = {origin: f"{scheme}://{name}" for name, origin in subdomains.items()}
    if where.flavour == "ghes":
        url["api"] = url["web"]
        url |= {origin: url[origin] + prefix for prefix, origin, within in GHES_BASES if not within}
        subdomains = {}  # the path alone tells which part it is
    return replace(
        where,
        api_url=url["api"],
        uploads_url=url["uploads"],
        storage_url=url["storage"],
        server_url=url["web"],
        hosts={**PROXIED_HOSTS, **subdomains},
    )


def escaped(part: str) -> str:
    """Return a tag or name as one segment of a URL's path."""
    return quote(part, safe="-._~")
