"""What all calls of the API share: addresses, decoding, and the check of what was answered."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar
from urllib.parse import quote

from release_assets.github import decode, postconditions
from release_assets.github.errors import NotFoundError, UnconfirmedError, UnexpectedAnswerError
from release_assets.github.http.request import Answer, Request
from release_assets.github.pages import Lister
from release_assets.github.session import Session
from release_assets.models import Asset, Release

Value = TypeVar("Value")


class Calls:
    """Sends requests about one repository, and understands the answers."""

    def __init__(self, session: Session, repository: str) -> None:
        self.session = session
        self.repository = repository
        owner, _, name = repository.partition("/")
        self._root = f"{session.api_url}/repos/{quote(owner, safe='')}/{quote(name, safe='')}"
        self._releases, self._assets = Lister(session), Lister(session)
        self._release_ids: set[int] = set()  # that answers have shown

    def _delete(self, path: str, where: str) -> bool:
        def check(answer: Answer) -> None:
            confirm(postconditions.of_deletion(answer.status), where)

        try:
            self._send("DELETE", path, where, check)
        except NotFoundError:
            return False  # another job deleted it, or the answer to a first attempt was lost
        return True

    def _send(
        self,
        method: str,
        path: str,
        where: str,
        parse: Callable[[Answer], Value],
        *,
        json: object = None,
        params: Mapping[str, str] | None = None,
        repeat: bool = True,
        known: bool = False,
    ) -> Value:
        request = Request(
            method=method,
            url=self._root + path,
            where=where,
            json=json,
            params=params,
            repeat=repeat,
            known=known,
        )
        return self.session.send(request, parse)

    def _release(
        self,
        method: str,
        path: str,
        where: str,
        check: Callable[[Release], None],
        *,
        json: object = None,
        repeat: bool = True,
        known: bool = False,
    ) -> Release:
        def parse(answer: Answer) -> Release:
            release = decode.release(self._json(answer, where), where)
            check(release)
            return self._shown(release, where)

        return self._send(method, path, where, parse, json=json, repeat=repeat, known=known)

    def _shown_release(self, data: object, where: str) -> Release:
        return self._shown(decode.release(data, where), where)

    def _shown(self, release: Release, where: str) -> Release:
        found = decode.consistent(release, where)
        self._release_ids.add(found.id)
        return found

    def _asset(self, where: str, check: Callable[[Asset], None]) -> Callable[[Answer], Asset]:
        def parse(answer: Answer) -> Asset:
            asset = decode.asset(self._json(answer, where), where)
            check(asset)
            return asset

        return parse

    def _json(self, answer: Answer, where: str) -> object:
        return decode.json_of(answer.body, where)


def confirm(problems: Iterable[str], where: str) -> None:
    """Raise UnconfirmedError when an answer does not show what was asked."""
    told = "; ".join(problems)
    if told:
        raise UnconfirmedError(
            f"GitHub reports success, but its answer shows {told}",
            where=where,
            fix="run the job again: it looks at what is there, and does what is missing",
        )


def expect(what: str, asked: object, answered: object, where: str) -> None:
    """Raise UnexpectedAnswerError when an answer is of something else than was asked for."""
    if answered != asked:
        raise UnexpectedAnswerError(
            f"the answer has the {what} {answered!r}", where=where, fix=decode.NOT_THE_API
        )
