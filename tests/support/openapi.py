"""Checks the sandbox's log of requests and answers against GitHub's OpenAPI description."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse

from tests.support.sandbox import Sandbox

DATA = Path(__file__).resolve().parents[1] / "contract" / "data"
FILES = {"ghes": "openapi-ghes-3.8.json"}  # the other flavours use github.com's

# Errors that any call may be answered with, although its description does not list them, and their schemas.
# Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api and, for
# redirects, https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
GENERAL_ERRORS = {
    **dict.fromkeys((301, 307, 400, 401, 403, 404, 415), "basic-error"),
    422: "validation-error",
}
# The uploads host sends these errors without `documentation_url`, and one of them without `errors`.
# Source: https://github.com/denoland/deno/issues/24197
WITHOUT_PAGE = {"Bad Content-Length: ", "Invalid name for request"}

Exchange = Mapping[str, Any]


class NotAsDescribedError(AssertionError):
    """An exchange that GitHub's description does not allow."""


class Described:
    """The description, with a sandbox in place of the servers that it names."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._bases = {"api": sandbox.api_url, "uploads": sandbox.uploads_url}
        self._calls: dict[re.Pattern[str], tuple[str, set[str]]] = {}
        document = description(sandbox)
        for path, operations in document["paths"].items():
            pattern = re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))
            for method, operation in operations.items():
                parameters = {
                    _resolved(document, one)["name"]
                    for one in operation["parameters"]
                    if _resolved(document, one)["in"] == "query"
                }
                key = re.compile(f"{method} {pattern.pattern}", re.IGNORECASE)
                self._calls.setdefault(key, (f"{method.upper()} {path}", parameters))
        # Another test validates the description itself, which is slow.
        self._api = OpenAPI.from_dict(document, Config(spec_validator_cls=None))

    def check(self, exchanges: Iterable[Exchange]) -> Counter[str]:
        """Return how often each call got each status, when all is as described.

        Calls of other things than releases and their assets are left out, and failures (5xx).

        Raises: NotAsDescribedError for the first exchange that is not.
        """
        seen: Counter[str] = Counter()
        for exchange in exchanges:
            path = self._path(exchange)
            if path is None or exchange["status"] is None or exchange["status"] >= 500:
                continue
            try:
                seen[self._check(exchange, path)] += 1
            except OpenAPIError as error:
                raise NotAsDescribedError(_message(exchange, error)) from error
        return seen

    def _path(self, exchange: Exchange) -> str | None:
        """Return the path of a call in the form that is described; None for other calls."""
        base = self._bases.get(exchange["origin"])
        if base is None:
            return None
        path: str = exchange["path"].removeprefix(urlsplit(base).path)
        # `Link` headers and redirects use the id; only this repository has any in these tests.
        path = re.sub(r"^/repositories/\d+/", "/repos/octo-org/app/", path)
        if not re.match("/repos/[^/]+/[^/]+/(releases|immutable-releases)", path):
            return None
        before, of_tag, tag = path.partition("/releases/tags/")
        return f"{before}{of_tag}{quote(tag, safe='%')}" if of_tag else path

    def _check(self, exchange: Exchange, path: str) -> str:
        method, status = exchange["method"], exchange["status"]
        method = "GET" if method == "HEAD" else method
        call, parameters = next(
            (call for key, call in self._calls.items() if key.fullmatch(f"{method} {path}")),
            ("", set[str]()),
        )
        request = self._request(exchange, method, path)
        if status < 400:  # tests send wrong requests on purpose, which are refused
            if unknown := set(request.parameters.query) - parameters:
                raise NotAsDescribedError(f"{call} has no parameter {sorted(unknown)}")
            self._api.validate_request(request)
        body = exchange["response_body"] or ""
        if call and not _is_bare(body):
            headers = exchange["response_headers"]
            answer = MockResponse(
                body.encode(),
                status_code=status,
                headers=headers,
                content_type=headers.get("content-type", "").partition(";")[0],
            )
            if exchange["method"] != "HEAD":
                self._api.validate_response(request, answer)
        elif status != 404:
            assert call, f"{method} {path} is not described, and answered with {status}"
        return f"{call or 'nothing'} {status}"

    def _request(self, exchange: Exchange, method: str, path: str) -> MockRequest:
        body = (exchange["request_body"] or "").encode() or None
        content_type = exchange["headers"].get("content-type", "").partition(";")[0]
        if exchange["origin"] == "uploads":
            # Described with one type; the manual asks for that of the file.
            # Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset
            body, content_type = b"bytes", "application/octet-stream"
        base = urlsplit(self._bases[exchange["origin"]])
        return MockRequest(
            f"{base.scheme}://{base.netloc}",
            method.lower(),
            base.path + path,
            args=dict(parse_qsl(exchange["query"])),  # gh sends `label=` for none
            data=body,
            content_type=content_type or "application/json",
        )


def description(sandbox: Sandbox) -> dict[str, Any]:
    """Return the description with the sandbox's addresses, and made strict.

    Objects may hold only described fields, and every call may be answered with a general error.
    """
    name = FILES.get(sandbox.flavour, "openapi-github.com.json")
    document: dict[str, Any] = json.loads((DATA / name).read_text("utf-8"))
    document["servers"] = [{"url": sandbox.api_url}]
    for operations in document["paths"].values():
        for operation in operations.values():
            if "servers" in operation:
                operation["servers"] = [{"url": sandbox.uploads_url}]
            for status, schema in GENERAL_ERRORS.items():
                operation["responses"].setdefault(str(status), _error(schema))
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if body is not None:
                body["schema"]["additionalProperties"] = False
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        if schema.get("type") == "object":
            schema["additionalProperties"] = False
    # The manual documents a third state, which the service does send.
    # Source: https://docs.github.com/en/rest/releases/assets#upload-a-release-asset
    schemas["release-asset"]["properties"]["state"]["enum"].append("starter")
    # Further fields that the uploads host sends in every known recording.
    # Source: https://github.com/octokit/fixtures (release-assets-conflict)
    for name in ("basic-error", "validation-error"):
        schemas[name]["properties"] |= {
            "request_id": {"type": "string"},
            "status": {"type": "string"},
        }
    return document


def _error(schema: str) -> dict[str, Any]:
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {"description": "", "content": {"application/json": {"schema": reference}}}


def _resolved(document: Mapping[str, Any], one: Mapping[str, Any]) -> Mapping[str, Any]:
    name = one.get("$ref", "").rpartition("/")[2]
    found: Mapping[str, Any] = document["components"]["parameters"][name] if name else one
    return found


def _is_bare(body: str) -> bool:
    return body.startswith("{") and json.loads(body).get("message") in WITHOUT_PAGE


def _message(exchange: Exchange, error: OpenAPIError) -> str:
    reason = getattr(error.__cause__, "schema_errors", None) or error.__cause__ or ""
    return (
        f"{exchange['method']} {exchange['path']} {exchange['query']} {exchange['status']}: "
        f"{error} {reason}\nsent: {exchange['request_body']}\ngot: {exchange['response_body']}"
    )
