"""The heads of HTTP/1.1 requests and answers: parsed and formatted."""

from dataclasses import dataclass
from http import HTTPStatus

from github_sandbox.messages import Response
from github_sandbox.request_body import BadRequestError

NO_BODY = {204, 304}  # statuses of answers that have neither a body nor its length
_STATUSES = frozenset(int(status) for status in HTTPStatus)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestHead:
    """The request line and the headers of a request."""

    method: str
    target: str  # as sent
    version: str  # such as "HTTP/1.1"
    headers: dict[str, str]  # names in lower case

    @property
    def keep_alive(self) -> bool:
        """Whether the client wants to use the connection again."""
        options = self.headers.get("connection", "").lower()
        return "close" not in options if self.version == "HTTP/1.1" else "keep-alive" in options

    @property
    def is_chunked(self) -> bool:
        """Whether the body arrives in chunks."""
        return "chunked" in self.headers.get("transfer-encoding", "").lower()

    @property
    def body_length(self) -> int | None:
        """The length of the body in bytes; None for a chunked one, and where none is given.

        Raises:
            BadRequestError: Content-Length is not a number.
        """
        length = self.headers.get("content-length")
        if length is not None and not (length.isascii() and length.isdigit()):
            raise BadRequestError("malformed Content-Length")
        return None if length is None or self.is_chunked else int(length)

    def split_target(self) -> tuple[str, str, str]:
        """Return host, path and query; a proxy is sent the whole URL as target."""
        target, host = self.target, self.headers.get("host", "")
        if "://" in target:
            host, _, rest = target.partition("://")[2].partition("/")
            target = f"/{rest}"
        path, _, query = target.partition("?")
        return host, path, query


def parse_request_head(head: bytes) -> RequestHead:
    """Return what a head says; it comes without the empty line at its end.

    Raises:
        BadRequestError: it is not HTTP/1.
    """
    request_line, *lines = head.split(b"\r\n")
    parts = request_line.split(b" ")
    if len(parts) != 3 or not parts[2].startswith(b"HTTP/1."):
        raise BadRequestError("malformed request line")
    if any(byte >= 0x80 or byte < 0x21 for byte in parts[1]):
        raise BadRequestError("the target holds bytes that must be percent-encoded")
    method, target, version = (part.decode("ascii") for part in parts)
    return RequestHead(method=method, target=target, version=version, headers=_headers(lines))


def format_answer_head(response: Response, *, keep_alive: bool) -> bytes:
    """Return the head of an answer, with the length of its body."""
    lines = _lines(response.status, response.headers)
    if response.chunked:
        lines.append("Transfer-Encoding: chunked")
    elif response.status not in NO_BODY:
        lines.append(f"Content-Length: {response.length}")
    if not keep_alive:
        lines.append("Connection: close")
    return _joined(lines)


def format_interim_answer(status: int, headers: tuple[tuple[str, str], ...]) -> bytes:
    """Return an answer with a status of 1xx, which has no body.

    Source: https://www.rfc-editor.org/rfc/rfc9110#section-15.2
    """
    return _joined(_lines(status, headers))


def format_chunked(body: bytes) -> bytes:
    """Return a body in the chunked transfer encoding, as one chunk."""
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"


def _headers(lines: list[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not name or name != name.strip():
            raise BadRequestError("malformed header")
        headers[name.decode("latin-1").lower()] = value.decode("latin-1").strip()
    return headers


def _lines(status: int, headers: tuple[tuple[str, str], ...]) -> list[str]:
    phrase = HTTPStatus(status).phrase if status in _STATUSES else "Unknown"
    return [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers)]


def _joined(lines: list[str]) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
