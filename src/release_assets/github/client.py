"""Endpoints of releases and commits: one method each, with models in and out."""

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote

from release_assets.github import decode, postconditions
from release_assets.github.api import require_confirmed, require_equal
from release_assets.github.assets import AssetApi
from release_assets.github.errors import GitHubError, NotFoundError, ValidationFailedError
from release_assets.github.http.request import Answer, Request
from release_assets.models import Release


class GitHub(AssetApi):
    """The releases of one repository, their assets and its commits.

    Every method raises GitHubError when GitHub refuses, fails or cannot be reached.

    Source: https://docs.github.com/en/rest/releases/releases and
    https://docs.github.com/en/rest/releases/assets
    """

    # Releases

    def get_release(self, release_id: int, *, retry_not_found: bool = False) -> Release:
        """Return a release, also a draft.

        retry_not_found: whether it existed a moment ago, so that a first 404 may be lag.
        """
        where = f"reading release {release_id} of {self.repository}"

        def check(release: Release) -> None:
            require_equal("id", release_id, release.id, where)

        url = f"{self._root}/releases/{release_id}"
        request = Request(method="GET", url=url, where=where, retry_not_found=retry_not_found)
        return self._send_for_release(request, check)

    def find_release(self, release_id: int) -> Release | None:
        """Return a release, also a draft; None when it does not exist."""
        try:
            return self.get_release(release_id)
        except NotFoundError:
            return None

    def find_release_by_tag(self, tag: str) -> Release | None:
        """Return the published release of a tag, not a draft; None when there is none."""
        where = f"reading release `{tag}` of {self.repository}"

        def check(release: Release) -> None:
            require_equal("tag", tag, release.tag, where)

        url = f"{self._root}/releases/tags/{quote(tag, safe='')}"
        try:
            return self._send_for_release(Request(method="GET", url=url, where=where), check)
        except NotFoundError:
            return None

    def find_latest_release(self) -> Release | None:
        """Return the release that GitHub marks as the latest; None when there is none."""
        where = f"reading the latest release of {self.repository}"

        def check(release: Release) -> None:
            require_equal("draft", False, release.draft, where)

        url = f"{self._root}/releases/latest"
        try:
            return self._send_for_release(Request(method="GET", url=url, where=where), check)
        except NotFoundError:
            return None

    def list_releases(self) -> Iterator[tuple[Release, ...]]:
        """Yield the releases page by page, newest first; drafts only if the token may write.

        GitHub lists only the first 1000.
        """
        where = f"listing the releases of {self.repository}"
        request = Request(method="GET", url=f"{self._root}/releases", where=where)
        return self._releases.pages(request, self._listed_release)

    def create_release(self, fields: Mapping[str, object]) -> Release:
        """Create a release, without a retry: after a lost response it may exist.

        Raises: UnconfirmedError when the answer does not show these fields, or shows a known id.
        """
        where = f"creating release `{fields.get('tag_name')}` of {self.repository}"

        def check(release: Release) -> None:
            known_ids = self._known_release_ids
            mismatches = postconditions.creation_mismatches(fields, known_ids, release)
            require_confirmed(mismatches, where)

        url = f"{self._root}/releases"
        request = Request(method="POST", url=url, where=where, json=fields, is_idempotent=False)
        return self._send_for_release(request, check)

    def update_release(
        self,
        release_id: int,
        tag: str,
        fields: Mapping[str, object],
        *,
        before_resend: Callable[[GitHubError], Mapping[str, object]] | None = None,
        attempt: int = 1,
    ) -> Release:
        """Change a release.

        tag: always sent, since an update without it removes the tag of a draft. before_resend:
        called with the error before the request is sent again; it returns the fields to send then,
        or raises. attempt: number of this attempt, if the caller has made some before.

        Raises: UnconfirmedError when the answer does not show this id, tag and fields.
        """
        where = f"updating release {release_id} of {self.repository}"
        sent = {**fields, "tag_name": tag}

        def renew(error: GitHubError) -> None:
            nonlocal sent
            if before_resend is not None:
                sent = {**before_resend(error), "tag_name": tag}

        def check(release: Release) -> None:
            mismatches = postconditions.release_update_mismatches(release_id, sent, release)
            require_confirmed(mismatches, where)

        request = Request(
            method="PATCH",
            url=f"{self._root}/releases/{release_id}",
            where=where,
            json=lambda: sent,
            retry_not_found=True,
            before_resend=renew,
            attempt=attempt,
        )
        return self._send_for_release(request, check)

    def delete_release(
        self, release_id: int, *, before_resend: Callable[[GitHubError], None] | None = None
    ) -> bool:
        """Delete a release but not its git tag, and say whether it existed.

        before_resend: called with the error before the request is sent again; it may raise.

        Raises: UnconfirmedError when the answer does not confirm it.
        """
        where = f"deleting release {release_id} of {self.repository}"
        url = f"{self._root}/releases/{release_id}"
        return self._send_delete(
            Request(method="DELETE", url=url, where=where, before_resend=before_resend)
        )

    def generate_notes(self, tag: str, target: str = "", previous_tag: str = "") -> str:
        """Return notes that GitHub generates from the pull requests since a previous release.

        previous_tag: of that release; empty: GitHub chooses it.

        Source: https://docs.github.com/en/rest/releases/releases#generate-release-notes-content-for-a-release
        """
        where = f"generating notes for `{tag}` of {self.repository}"
        optional = {"target_commitish": target, "previous_tag_name": previous_tag}
        fields = {"tag_name": tag} | {name: text for name, text in optional.items() if text}

        def notes(answer: Answer) -> str:
            return decode.notes(decode.json_of(answer.body, where), where)

        url = f"{self._root}/releases/generate-notes"
        request = Request(method="POST", url=url, where=where, json=fields)
        return self.session.send(request, notes)

    # Commits

    def find_commit(self, ref: str) -> str | None:
        """Return the full SHA of the commit of a branch, tag or SHA; None when there is none.

        Source: https://docs.github.com/en/rest/commits/commits#get-a-commit ("422": not a
        commit's SHA)
        """
        where = f"reading commit `{ref}` of {self.repository}"

        def sha(answer: Answer) -> str:
            return decode.commit_sha(decode.json_of(answer.body, where), where)

        url = f"{self._root}/commits/{quote(ref, safe='')}"
        try:
            return self.session.send(Request(method="GET", url=url, where=where), sha)
        except (NotFoundError, ValidationFailedError):
            return None
