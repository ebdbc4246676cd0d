"""The command line: starts the server, prints a line of JSON, and serves until it is stopped."""

import argparse
import contextlib
import json
import os
import select
import signal
import ssl
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO, cast

from github_sandbox.models import Flavour
from github_sandbox.origins import OLDEST_GHES, origins, with_hostname
from github_sandbox.sandbox import Sandbox
from github_sandbox.server import Server, listen
from github_sandbox.settings import Limits, Settings

DEFAULT_REPOSITORY = "octo-org/app"
# The versions of Enterprise Server in use, and the oldest one whose documentation is known.
FLAVOURS = ("github.com", "ghe.com", "ghes", "ghes-3.19", "ghes-3.20", "ghes-3.21", "ghes-3.22")
KINDS_OF_RELEASE = ("draft", "prerelease", "immutable")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a sandbox until it is stopped; return the exit code: 0, or 2 for wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m github_sandbox", description="GitHub's releases API in one process."
    )
    add_options(parser)
    return serve(parser.parse_args(argv))


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the sandbox's options to a parser."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen at (%(default)s)")
    add("--hostname", metavar="NAME",
        help="host name for the URLs in answers, also api.NAME and so on; for use through a proxy")  # fmt: skip
    add("--port", type=int, default=0, help="port of the API; the other origins take those after "
        "it: uploads, storage, web, control (default: free ports)")  # fmt: skip
    add("--flavour", choices=FLAVOURS, default="github.com",
        help="which GitHub to imitate (%(default)s); `ghes` is Enterprise Server 3.8")  # fmt: skip
    add("--repository", action="append", metavar="OWNER/NAME",
        help=f"a repository that exists ({DEFAULT_REPOSITORY})")  # fmt: skip
    add("--tag", action="append", default=[], metavar="NAME", help="a git tag that exists")
    add("--release", action="append", default=[], metavar="TAG[:KIND]",
        help="a release that exists; KIND is draft, prerelease or immutable")  # fmt: skip
    add("--seed", type=Path, metavar="FILE", help="JSON file that describes what else exists")
    add("--data", type=Path, metavar="DIR", help="directory for the bytes (a temporary one)")
    add("--immutable-releases", action="store_true", help="make published releases immutable")
    add("--tls-cert", type=Path, metavar="FILE", help="serve https with this certificate (PEM)")
    add("--tls-key", type=Path, metavar="FILE", help="the key of the certificate (PEM)")
    add("--lag", type=float, default=0.0, metavar="SECONDS",
        help="how long a new object is missing from lists")  # fmt: skip
    add("--enforce-limits", action="store_true", help="enforce GitHub's rate limits")
    add("--no-stdin", action="store_true", help="keep running when standard input closes")


def serve(options: argparse.Namespace) -> int:
    """Serve until a signal or the end of standard input; return the exit code."""
    try:
        sandbox, server = _prepare(options)
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"github_sandbox: {error}\n")
        return 2
    stop_signal = _watch_signals()
    server.start()
    sys.stdout.write(json.dumps(_ready(sandbox)) + "\n")
    sys.stdout.flush()
    if sys.stderr.isatty():
        sys.stderr.write(_hints(_ready(sandbox)))
    try:
        _wait_for_stop(stop_signal, watch_stdin=not options.no_stdin)
    finally:
        server.stop()
        sandbox.close()
    return 0


def _prepare(options: argparse.Namespace) -> tuple[Sandbox, Server]:
    """Return the sandbox and its server; if that fails, close what has been opened."""
    seeds = _seeds(options)
    context = _tls_context(options)
    with contextlib.ExitStack() as opened:
        flavour, version = _flavour(options.flavour)
        sockets = listen(options.host, options.port, flavour)
        for item in sockets.values():
            opened.enter_context(item)
        ports = {origin: item.getsockname()[1] for origin, item in sockets.items()}
        urls = origins(flavour, "https" if context else "http", options.host, ports, version)
        if options.hostname:
            urls = with_hostname(urls, options.hostname)
        limits = Limits(enforce=options.enforce_limits, primary=_primary_limit(flavour))
        settings = Settings(lag=options.lag, limits=limits)
        sandbox = Sandbox(urls, settings, seeds, options.data)
        opened.pop_all()  # the server closes them
    return sandbox, Server(sandbox, sockets, context)


def _flavour(name: str) -> tuple[Flavour, tuple[int, int]]:
    """Return the flavour, and the version of Enterprise Server."""
    flavour, _, version = name.partition("-")
    major, minor = map(int, version.split(".")) if version else OLDEST_GHES
    return cast("Flavour", flavour), (major, minor)


def _primary_limit(flavour: str) -> int:
    """Return the points per hour of GITHUB_TOKEN.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    return 15_000 if flavour == "ghe.com" else 1000


def _seeds(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the seeds that the options describe."""
    releases = [_release(text) for text in options.release]
    names = options.repository
    if names is None:
        has_own = options.seed and not options.tag and not releases
        names = [] if has_own else [DEFAULT_REPOSITORY]
    repositories = [
        {
            "name": name,
            "tags": options.tag,
            "releases": releases,
            "immutable_releases": options.immutable_releases,
        }
        for name in names
    ]
    seeds: list[dict[str, Any]] = [{"repositories": repositories}]
    if options.seed:
        seeds.append(json.loads(options.seed.read_text(encoding="utf-8")))
    return seeds


def _release(text: str) -> dict[str, Any]:
    """Return the seed of a release, TAG or TAG:KIND."""
    tag, _, kind = text.partition(":")
    if kind and kind not in KINDS_OF_RELEASE:
        raise ValueError(f"--release {text}: {kind!r} is none of {', '.join(KINDS_OF_RELEASE)}")
    return {"tag": tag, "name": tag} | ({kind: True} if kind else {})


def _tls_context(options: argparse.Namespace) -> ssl.SSLContext | None:
    if (options.tls_cert is None) != (options.tls_key is None):
        raise ValueError("--tls-cert and --tls-key go together")
    if options.tls_cert is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(options.tls_cert, options.tls_key)
    return context


def _ready(sandbox: Sandbox) -> dict[str, Any]:
    origins = sandbox.origins
    return {
        "flavour": origins.flavour,
        "api_url": origins.api_url,
        "server_url": origins.server_url,
        "uploads_url": origins.uploads_url,
        "storage_url": origins.storage_url,
        "control_url": origins.control_url,
        "address": origins.address,
        "repositories": [item.full_name for item in sandbox.world.store.repositories.values()],
        "tokens": sandbox.world.tokens,
        "pid": os.getpid(),
    }


def _hints(ready: dict[str, Any]) -> str:
    """Return how to use the sandbox from another terminal."""
    lines = [
        "in another shell:",
        f"  export GITHUB_API_URL={ready['api_url']} GH_TOKEN={ready['tokens']['write']}",
        f"  export GH_REPO={next(iter(ready['repositories']), 'OWNER/NAME')}",
        "  release-assets list --tag TAG",
        f"its pages are at {ready['server_url']}; Ctrl-C ends it",
    ]
    return "\n".join(lines) + "\n"


def _watch_signals() -> int:
    """Return a file descriptor that becomes readable on SIGTERM and SIGINT."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return reader


def _wait_for_stop(stop_signal: int, *, watch_stdin: bool) -> None:
    watched: list[int] = [stop_signal]
    stdin: TextIO | None = sys.stdin  # None when it was closed before the start
    if watch_stdin and stdin is not None and not stdin.isatty():
        watched.append(stdin.fileno())
    while True:
        ready, _, _ = select.select(watched, [], [])
        if stop_signal in ready or not os.read(ready[0], 4096):
            return
