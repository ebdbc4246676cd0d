"""What all endpoints share: URLs, decoding, and the check of each answer."""

from collections.abc import Callable, Iterable
from urllib.parse import quote

from release_assets.github import decode, postconditions
from release_assets.github.errors import (
    NotFoundError,
    UnconfirmedError,
)
from release_assets.github.http.request import Answer, Request
from release_assets.github.pages import Lister
from release_assets.github.session import Session
from release_assets.models import Asset, Release
from release_assets.wording import words


class RepositoryApi:
    """Sends requests about one repository, and decodes and checks the answers."""

    def __init__(self, session: Session, repository: str) -> None:
        self.session = session
        self.repository = repository
        owner, _, name = repository.partition("/")
        self._root = f"{session.api_url}/repos/{quote(owner, safe='')}/{quote(name, safe='')}"
        self._releases, self._assets = Lister(session), Lister(session)
        self._known_release_ids: set[int] = set()  # of all answers so far

    def _send_for_release(self, request: Request, check: Callable[[Release], None]) -> Release:
        def parse(answer: Answer) -> Release:
            release = decode.release(decode.json_of(answer.body, request.where), request.where)
            check(release)
            return self._accept(release, request.where)

        return self.session.send(request, parse)

    def _send_for_asset(self, request: Request, check: Callable[[Asset], None]) -> Asset:
        def parse(answer: Answer) -> Asset:
            asset = decode.asset(decode.json_of(answer.body, request.where), request.where)
            check(asset)
            return asset

        return self.session.send(request, parse)

    def _send_delete(self, request: Request) -> bool:
        def check(answer: Answer) -> None:
            require_confirmed(postconditions.deletion_mismatches(answer.status), request.where)

        try:
            self.session.send(request, check)
        except NotFoundError:
            return False  # another job deleted it, or the answer to an earlier attempt was lost
        return True

    def _listed_release(self, data: object, where: str) -> Release:
        return self._accept(decode.release(data, where), where)

    def _accept(self, release: Release, where: str) -> Release:
        consistent = decode.consistent(release, where)
        self._known_release_ids.add(consistent.id)
        return consistent


def require_confirmed(mismatches: Iterable[str], where: str) -> None:
    """Raise UnconfirmedError when the answer to a write does not match the request."""
    shown = "; ".join(mismatches)
    if shown:
        raise UnconfirmedError(
            f"GitHub reports success, but its answer shows {shown}",
            where=where,
            fix=words("{RUN_AGAIN}: it reads the release, and does only what is missing"),
        )


def require_equal(name: str, expected: object, actual: object, where: str) -> None:
    """Raise UnexpectedAnswerError when an answer is about something else than the request."""
    if actual != expected:
        raise decode.unexpected(f"the answer has the {name} {actual!r}", where)
