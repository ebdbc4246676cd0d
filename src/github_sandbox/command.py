"""The command line: options in, one line of JSON out, then serving until told to stop."""

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
from typing import Any, TextIO

from github_sandbox.origins import named, origins
from github_sandbox.sandbox import Sandbox
from github_sandbox.server import Server, listen
from github_sandbox.settings import Limits, Settings

DEFAULT_REPOSITORY = "octo-org/app"
KINDS_OF_RELEASE = ("draft", "prerelease", "immutable")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a sandbox until it is told to stop; return the exit code: 0, or 2 for wrong usage."""
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
        help="call itself NAME in its answers, and api.NAME and so on; for use through a proxy")  # fmt: skip
    add("--port", type=int, default=0, help="port of the API; the other origins take those after "
        "it: uploads, storage, web, control (default: free ones)")  # fmt: skip
    add("--flavour", choices=("github.com", "ghe.com", "ghes"), default="github.com",
        help="which GitHub to imitate (%(default)s)")  # fmt: skip
    add("--repository", action="append", metavar="OWNER/NAME",
        help=f"a repository that exists ({DEFAULT_REPOSITORY})")  # fmt: skip
    add("--tag", action="append", default=[], metavar="NAME", help="a git tag that exists")
    add("--release", action="append", default=[], metavar="TAG[:KIND]",
        help="a release that exists; KIND is draft, prerelease or immutable")  # fmt: skip
    add("--seed", type=Path, metavar="FILE", help="JSON that says what else exists")
    add("--data", type=Path, metavar="DIR", help="where the bytes are kept (a temporary folder)")
    add("--immutable-releases", action="store_true", help="lock releases when they are published")
    add("--tls-cert", type=Path, metavar="FILE", help="serve https with this certificate (PEM)")
    add("--tls-key", type=Path, metavar="FILE", help="and this key")
    add("--lag", type=float, default=0.0, metavar="SECONDS",
        help="how long what is new is missing from lists")  # fmt: skip
    add("--enforce-limits", action="store_true", help="refuse what exceeds GitHub's rate limits")
    add("--no-stdin", action="store_true", help="go on when standard input closes")


def serve(options: argparse.Namespace) -> int:
    """Serve until a signal or the end of standard input; return the exit code."""
    try:
        sandbox, server = _prepare(options)
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stderr.write(f"github_sandbox: {error}\n")
        return 2
    wakeup = _wakeup()
    server.start()
    sys.stdout.write(json.dumps(_ready(sandbox)) + "\n")
    sys.stdout.flush()
    if sys.stderr.isatty():
        sys.stderr.write(_advice(_ready(sandbox)))
    try:
        _wait(wakeup, watch_stdin=not options.no_stdin)
    finally:
        server.stop()
        sandbox.close()
    return 0


def _prepare(options: argparse.Namespace) -> tuple[Sandbox, Server]:
    """Return everything that is needed to serve; nothing stays open if something is wrong."""
    documents = _documents(options)
    context = _tls(options)
    with contextlib.ExitStack() as opened:
        sockets = listen(options.host, options.port, options.flavour)
        for item in sockets.values():
            opened.enter_context(item)
        ports = {origin: item.getsockname()[1] for origin, item in sockets.items()}
        where = origins(options.flavour, "https" if context else "http", options.host, ports)
        if options.hostname:
            where = named(where, options.hostname)
        limits = Limits(enforce=options.enforce_limits, primary=_primary(options.flavour))
        settings = Settings(lag=options.lag, limits=limits)
        sandbox = Sandbox(where, settings, documents, options.data)
        opened.pop_all()  # the server closes them
    return sandbox, Server(sandbox, sockets, context)


def _primary(flavour: str) -> int:
    """Return GITHUB_TOKEN's points an hour.

    Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    return 15_000 if flavour == "ghe.com" else 1000


def _documents(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return the seeds that the options amount to."""
    releases: list[dict[str, Any]] = []
    for text in options.release:
        tag, _, kind = text.partition(":")
        if kind and kind not in KINDS_OF_RELEASE:
            raise ValueError(f"--release {text}: {kind!r} is none of {', '.join(KINDS_OF_RELEASE)}")
        releases.append({"tag": tag, "name": tag} | ({kind: True} if kind else {}))
    named = options.repository
    if named is None:
        named = [] if options.seed and not options.tag and not releases else [DEFAULT_REPOSITORY]
    documents: list[dict[str, Any]] = [
        {
            "repositories": [
                {
                    "name": name,
                    "tags": options.tag,
                    "releases": releases,
                    "immutable_releases": options.immutable_releases,
                }
                for name in named
            ]
        }
    ]
    if options.seed:
        documents.append(json.loads(options.seed.read_text(encoding="utf-8")))
    return documents


def _tls(options: argparse.Namespace) -> ssl.SSLContext | None:
    if (options.tls_cert is None) != (options.tls_key is None):
        raise ValueError("--tls-cert and --tls-key go together")
    if options.tls_cert is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(options.tls_cert, options.tls_key)
    return context


def _ready(sandbox: Sandbox) -> dict[str, Any]:
    where = sandbox.origins
    return {
        "flavour": where.flavour,
        "api_url": where.api_url,
        "server_url": where.server_url,
        "uploads_url": where.uploads_url,
        "storage_url": where.storage_url,
        "control_url": where.control_url,
        "address": where.address,
        "repositories": [item.full_name for item in sandbox.world.store.repositories.values()],
        "tokens": sandbox.world.tokens,
        "pid": os.getpid(),
    }


def _advice(ready: dict[str, Any]) -> str:
    """Return what a person at a terminal can do with it."""
    lines = [
        "in another shell:",
        f"  export GITHUB_API_URL={ready['api_url']} GH_TOKEN={ready['tokens']['write']}",
        f"  export GH_REPO={next(iter(ready['repositories']), 'OWNER/NAME')}",
        "  release-assets list --tag TAG",
        f"its pages are at {ready['server_url']}; Ctrl-C ends it",
    ]
    return "\n".join(lines) + "\n"


def _wakeup() -> int:
    """Return a descriptor that becomes readable on SIGTERM and SIGINT."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return reader


def _wait(wakeup: int, *, watch_stdin: bool) -> None:
    watched: list[int] = [wakeup]
    stdin: TextIO | None = sys.stdin  # None when it was closed before the start
    if watch_stdin and stdin is not None and not stdin.isatty():
        watched.append(stdin.fileno())
    while True:
        ready, _, _ = select.select(watched, [], [])
        if wakeup in ready or not os.read(ready[0], 4096):
            return
