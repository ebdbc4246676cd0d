"""GitHub's endpoints for blobs, trees, commits and tags, backed by a local git repository."""

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

IDENTITY = ("-c", "user.name=Octocat", "-c", "user.email=octocat@example.com")
Answer = tuple[int, Any]


class GitData(ThreadingHTTPServer):
    """The server. A call whose method and path contain `failing` takes effect and is answered with 502."""

    def __init__(self, repository: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repository = repository
        self.failing = ""
        self.writes: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def git(self, *arguments: str, stdin: bytes = b"") -> str:
        """Return git's output without surrounding white space."""
        return self.raw(*arguments, stdin=stdin).strip()

    def raw(self, *arguments: str, stdin: bytes = b"") -> str:
        """Return git's output unchanged."""
        command = ["git", *IDENTITY, "-C", str(self.repository), *arguments]
        return subprocess.run(command, input=stdin, stdout=-1, check=True).stdout.decode()

    def tags(self) -> dict[str, str]:
        """Return the commit of each tag."""
        listed = self.git("for-each-ref", "--format=%(refname:lstrip=2) %(objectname)", "refs/tags")
        return dict(line.split() for line in listed.splitlines())

    def commit_of(self, ref: str) -> str:
        """Return the commit of a branch or tag; empty if there is none."""
        return self.git("for-each-ref", "--format=%(objectname)", ref)

    def is_ancestor(self, commit: str, other: str) -> bool:
        """Say whether a commit is in the history of another one."""
        command = ["git", "-C", str(self.repository), "merge-base", "--is-ancestor", commit, other]
        return subprocess.run(command, check=False).returncode == 0

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Answer:
        """Return status and body for a call below the repository's address.

        Source: https://docs.github.com/en/rest/git
        """
        match method, path.split("/"):
            case "GET", ["git", "matching-refs", *start]:
                found = self.git("for-each-ref", "--format=%(refname) %(objectname)")
                prefix = "refs/" + "/".join(start)
                pairs = [line.split() for line in found.splitlines()]
                return 200, [_reference(*pair) for pair in pairs if pair[0].startswith(prefix)]
            case "GET", ["git", "commits", sha]:
                parents = self.git("rev-parse", f"{sha}^@").split()
                return 200, {"sha": sha, "parents": [{"sha": parent} for parent in parents]}
            case "GET", ["contents", *file]:
                return 200, self.raw("show", f"{query['ref'][0]}:{'/'.join(file)}")
            case "POST", ["git", "blobs"]:
                assert body["encoding"] == "base64"
                content = base64.b64decode(body["content"])
                return 201, {"sha": self.git("hash-object", "-w", "--stdin", stdin=content)}
            case "POST", ["git", "trees"]:
                return 201, {"sha": self._tree(body["base_tree"], body["tree"])}
            case "POST", ["git", "commits"]:
                parents = [word for parent in body["parents"] for word in ("-p", parent)]
                made = self.git("commit-tree", body["tree"], *parents, "-m", body["message"])
                return 201, {"sha": made}
            case "POST", ["git", "refs"]:
                if self.commit_of(body["ref"]):
                    return 422, {"message": "Reference already exists"}
                self.git("update-ref", body["ref"], body["sha"])
                return 201, _reference(body["ref"], body["sha"])
            case "PATCH", ["git", "refs", *name]:
                ref = "refs/" + "/".join(name)
                if not body["force"] and not self.is_ancestor(self.commit_of(ref), body["sha"]):
                    return 422, {"message": "Update is not a fast forward"}
                self.git("update-ref", ref, body["sha"])
                return 200, _reference(ref, body["sha"])
        return 404, {"message": "Not Found"}

    def _tree(self, base: str, entries: list[dict[str, str]]) -> str:
        pairs = (line.split("\t") for line in self.git("ls-tree", base).splitlines())
        lines = {path: entry for entry, path in pairs}
        lines |= {one["path"]: f"{one['mode']} {one['type']} {one['sha']}" for one in entries}
        listed = "".join(f"{entry}\t{path}\n" for path, entry in lines.items())
        return self.git("mktree", stdin=listed.encode())


@contextmanager
def serve(repository: Path) -> Iterator[GitData]:
    """Serve a local repository."""
    with GitData(repository) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def _reference(ref: str, sha: str) -> dict[str, Any]:
    return {"ref": ref, "object": {"type": "commit", "sha": sha}}


class _Handler(BaseHTTPRequestHandler):
    server: GitData
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        url = urlsplit(self.path)
        found = re.fullmatch(r"/(?:api/v3/)?repos/[^/]+/[^/]+/(.+)", url.path)
        assert found, self.path
        text = self._read()
        body = json.loads(text) if text else None
        status, answer = self.server.answer(self.command, found[1], parse_qs(url.query), body)
        if self.command != "GET":
            self.server.writes.append(f"{self.command} {found[1]}")
        if self.server.failing and self.server.failing in f"{self.command} {found[1]}":
            status, answer = 502, {"message": "Server Error"}
        content = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _read(self) -> bytes:
        """Return the body; gh sends what it reads from stdin in chunks."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    do_GET = do_POST = do_PATCH = _handle  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Write no log."""
