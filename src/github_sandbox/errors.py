"""The errors of the API, and their bodies in JSON."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from github_sandbox.models import Origin

JSON_TYPE = ("Content-Type", "application/json; charset=utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """One entry of a validation error."""

    resource: str
    code: str
    field: str | None = None
    message: str | None = None

    def as_json(self) -> dict[str, str]:
        """Return the entry, with its fields in GitHub's order."""
        entry = {"resource": self.resource, "code": self.code}
        if self.field is not None:
            entry["field"] = self.field
        if self.message is not None:
            entry["message"] = self.message
        return entry


class ApiError(Exception):
    """An answer with an error."""

    def __init__(
        self,
        status: int,
        message: str,
        errors: tuple[FieldError, ...] = (),
        *,
        documentation: str | None = "",
        headers: tuple[tuple[str, str], ...] = (),
        extra: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.documentation = documentation  # "": the endpoint's page; None: left out
        self.headers = headers
        self.extra = extra or {}

    def body(
        self, origin: Origin, documentation: str, request_id: str, *, with_status: bool
    ) -> bytes:
        """Return the body in JSON; the hosts add different fields.

        Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api and
        https://github.com/octokit/fixtures (recorded answers of the uploads host).
        """
        url = documentation if self.documentation == "" else self.documentation
        page = {} if url is None else {"documentation_url": url}
        errors = {"errors": [error.as_json() for error in self.errors]} if self.errors else {}
        body: dict[str, Any] = {"message": self.message}
        if origin == "uploads":
            body |= {"request_id": request_id} | page | errors | self.extra
        else:
            body |= errors | self.extra | page
            body |= {"status": str(self.status)} if self.status >= 400 and with_status else {}
        return json.dumps(body).encode()


def invalid(*errors: FieldError) -> ApiError:
    """Return the error for values that GitHub refuses."""
    return ApiError(422, "Validation Failed", errors)


def not_found() -> ApiError:
    """Return the error for an object that does not exist, or that the token may not see."""
    return ApiError(404, "Not Found")


def not_accessible() -> ApiError:
    """Return the error for GITHUB_TOKEN without a permission."""
    return ApiError(403, "Resource not accessible by integration")


def new_request_id() -> str:
    """Return an id in the format that GitHub uses for requests."""
    digits = secrets.token_hex(18).upper()
    return ":".join((digits[:4], digits[4:8], digits[8:14], digits[14:20], digits[20:28]))
