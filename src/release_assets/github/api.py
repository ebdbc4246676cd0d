"""What all endpoints share: URLs, decoding, and the check of each answer."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar
from urllib.parse import quote

from release_assets.github import decode, postconditions
from release_assets.github.errors import (
    GitHubError,
    NotFoundError,
    UnconfirmedError,
)
from release_assets.github.http.request import Answer, Request
from release_assets.github.pages import Lister
from release_assets.github.session import Session
from release_assets.models import Asset, Release
from release_assets.wording import words

Value = TypeVar("Value")


class RepositoryApi:
    """Sends requests about one repository, and decodes and checks the answers."""

    def __init__(self, session: Session, repository: str) -> None:
        self.session = session
        self.repository = repository
        owner, _, name = repository.partition("/")
        self._root = f"{session.api_url}/repos/{quote(owner, safe='')}/{quote(name, safe='')}"
        self._releases, self._assets = Lister(session), Lister(session)
        self._known_release_ids: set[int] = set()  # of all answers so far

    def _send(
        self,
        method: str,
        path: str,
        where: str,
        parse: Callable[[Answer], Value],
        *,
        json: object = None,
        params: Mapping[str, str] | None = None,
        is_idempotent: bool = True,
        retry_not_found: bool = False,
        before_resend: Callable[[GitHubError], None] | None = None,
    ) -> Value:
        request = Request(
            method=method,
            url=self._root + path,
            where=where,
            json=json,
            params=params,
            is_idempotent=is_idempotent,
            retry_not_found=retry_not_found,
            before_resend=before_resend,
        )
        return self.session.send(request, parse)

    def _send_for_release(
        self,
        method: str,
        path: str,
        where: str,
        check: Callable[[Release], None],
        *,
        json: object = None,
        is_idempotent: bool = True,
        retry_not_found: bool = False,
        before_resend: Callable[[GitHubError], None] | None = None,
    ) -> Release:
        def parse(answer: Answer) -> Release:
            release = decode.release(self._json(answer, where), where)
            check(release)
            return self._accept(release, where)

        return self._send(
            method,
            path,
            where,
            parse,
            json=json,
            is_idempotent=is_idempotent,
            retry_not_found=retry_not_found,
            before_resend=before_resend,
        )

    def _send_delete(
        self,
        path: str,
        where: str,
        before_resend: Callable[[GitHubError], None] | None = None,
    ) -> bool:
        def check(answer: Answer) -> None:
            require_confirmed(postconditions.deletion_mismatches(answer.status), where)

        try:
            self._send("DELETE", path, where, check, before_resend=before_resend)
        except NotFoundError:
            return False  # another job deleted it, or the answer to an earlier attempt was lost
        return True

    def _listed_release(self, data: object, where: str) -> Release:
        return self._accept(decode.release(data, where), where)

    def _accept(self, release: Release, where: str) -> Release:
        consistent = decode.consistent(release, where)
        self._known_release_ids.add(consistent.id)
        return consistent

    def _asset_parser(
        self, where: str, check: Callable[[Asset], None]
    ) -> Callable[[Answer], Asset]:
        def parse(answer: Answer) -> Asset:
            asset = decode.asset(self._json(answer, where), where)
            check(asset)
            return asset

        return parse

    def _json(self, answer: Answer, where: str) -> object:
        return decode.json_of(answer.body, where)


def require_confirmed(mismatches: Iterable[str], where: str) -> None:
    """Raise UnconfirmedError when the answer to a write does not match the request."""
    shown = "; ".join(mismatches)
    if shown:
        raise UnconfirmedError(
            f"GitHub reports success, but its answer shows {shown}",
            where=where,
            fix=words("{RUN_AGAIN}: it looks at what is there, and does what is missing"),
        )


def require_equal(name: str, expected: object, actual: object, where: str) -> None:
    """Raise UnexpectedAnswerError when an answer is about something else than the request."""
    if actual != expected:
        raise decode.unexpected(f"the answer has the {name} {actual!r}", where)
