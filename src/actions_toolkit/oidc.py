"""OpenID Connect tokens, which prove to a third party which workflow a request comes from."""

import os
import time

from actions_toolkit.command import issue_command

_ATTEMPTS = 11
_RETRYABLE = {502, 503, 504}
_TIMEOUT_SECONDS = 60
_UNESCAPED = "!'()*-._~"  # in a URL, for JavaScript's encodeURIComponent


class OidcClient:
    """The service of the runner that issues such tokens to jobs with `id-token: write`.

    Source: https://github.com/actions/toolkit/blob/main/packages/core/src/oidc-utils.ts
    """

    @staticmethod
    def get_request_token() -> str:
        """Return the token for the request; raises RuntimeError if the job has none."""
        return _required("ACTIONS_ID_TOKEN_REQUEST_TOKEN")

    @staticmethod
    def get_id_token_url() -> str:
        """Return the URL of the service; raises RuntimeError if the job has none."""
        return _required("ACTIONS_ID_TOKEN_REQUEST_URL")

    @staticmethod
    def get_call(id_token_url: str) -> str:
        """Request the token from id_token_url and return it; retried while the service is unavailable.

        Raises:
            RuntimeError: the request was refused or got no answer, or the answer has no token.
        """
        answer = _get_json(id_token_url, OidcClient.get_request_token())
        token = answer["value"] if isinstance(answer, dict) and "value" in answer else None
        if not isinstance(token, str) or not token:
            raise RuntimeError("Response json body do not have ID Token field")
        return token

    @staticmethod
    def get_id_token(audience: str | None = None) -> str:
        """Return a token for audience, and mask it in the log.

        Raises:
            RuntimeError: the job has no permission, or the service issued none.
        """
        from urllib.parse import quote

        try:
            url = OidcClient.get_id_token_url()
            if audience:
                url += "&audience=" + quote(audience, safe=_UNESCAPED)
            issue_command("debug", {}, f"ID token url is {url}")
            token = OidcClient.get_call(url)
        except RuntimeError as error:
            raise RuntimeError(f"Error message: {error}") from error
        issue_command("add-mask", {}, token)
        return token


def _required(variable: str) -> str:
    value = os.environ.get(variable)
    if not value:
        raise RuntimeError(f"Unable to get {variable} env variable")
    return value


def _get_json(url: str, token: str) -> object:
    """Return the answer of the service; the backoff between attempts doubles from 10 ms to 5 s."""
    import json
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with urlopen(Request(url, headers=headers), timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310 - the runner's own URL
                answer: object = json.load(response)
                return answer
        except HTTPError as error:
            error.close()  # the error is the response, too, with its socket
            if error.code not in _RETRYABLE or attempt == _ATTEMPTS:
                raise _refused(error.code, error.reason) from error
        except (OSError, ValueError) as error:  # no connection, or no JSON
            raise _refused("none", error) from error
        time.sleep(0.005 * 2**attempt)
    raise AssertionError("the last attempt returns or raises")


def _refused(code: object, reason: object) -> RuntimeError:
    return RuntimeError(
        f"Failed to get ID Token. \n \n        Error Code : {code}\n \n"
        f"        Error Message: {reason}"
    )
