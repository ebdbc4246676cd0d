"""One method per endpoint of releases and git, models in and out; those of assets besides."""

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from release_assets.github import decode, postconditions
from release_assets.github.api import confirm, expect
from release_assets.github.assets import AssetCalls
from release_assets.github.errors import NotFoundError, ValidationFailedError
from release_assets.github.http.request import Answer, Request
from release_assets.models import Release


class GitHub(AssetCalls):
    """The releases of one repository.

    Every method raises GitHubError when GitHub refuses, fails or cannot be reached.

    Source: https://docs.github.com/en/rest/releases/releases and
    https://docs.github.com/en/rest/releases/assets
    """

    # Releases

    def get_release(self, release_id: int, *, known: bool = False) -> Release:
        """Return a release, also a draft. known: whether it was there a moment ago."""
        where = f"release {release_id} of {self.repository}"

        def check(release: Release) -> None:
            expect("id", release_id, release.id, where)

        return self._release("GET", f"/releases/{release_id}", where, check, known=known)

    def find_release(self, release_id: int) -> Release | None:
        """Return a release, also a draft; None when there is none with this id."""
        try:
            return self.get_release(release_id)
        except NotFoundError:
            return None

    def find_release_by_tag(self, tag: str) -> Release | None:
        """Return the published release of a tag; drafts are not found so."""
        where = f"release `{tag}` of {self.repository}"

        def check(release: Release) -> None:
            expect("tag", tag, release.tag, where)

        try:
            return self._release("GET", f"/releases/tags/{quote(tag, safe='')}", where, check)
        except NotFoundError:
            return None

    def find_latest_release(self) -> Release | None:
        """Return the release that GitHub calls the latest, None when there is none."""
        where = f"the latest release of {self.repository}"

        def check(release: Release) -> None:
            expect("draft", False, release.draft, where)

        try:
            return self._release("GET", "/releases/latest", where, check)
        except NotFoundError:
            return None

    def list_releases(self) -> Iterator[tuple[Release, ...]]:
        """Return the releases page by page, newest first; drafts only to who may write.

        GitHub shows the first 1000 only.
        """
        where = f"releases of {self.repository}"
        request = Request(method="GET", url=f"{self._root}/releases", where=where)
        return self._releases.pages(request, self._shown_release)

    def create_release(self, fields: Mapping[str, object]) -> Release:
        """Create a release. Not repeated: after a lost response it may exist.

        Raises: UnconfirmedError when the answer does not show these fields, or an id that an
            earlier answer has shown.
        """
        where = f"creating release `{fields.get('tag_name')}` of {self.repository}"

        def check(release: Release) -> None:
            confirm(postconditions.of_created_release(fields, self._release_ids, release), where)

        return self._release("POST", "/releases", where, check, json=fields, repeat=False)

    def update_release(self, release_id: int, tag: str, fields: Mapping[str, object]) -> Release:
        """Change a release.

        tag: always sent, since a draft that is changed without it loses its tag.

        Raises: UnconfirmedError when the answer does not show this id, tag and fields.
        """
        where = f"updating release {release_id} of {self.repository}"
        sent = {**fields, "tag_name": tag}

        def check(release: Release) -> None:
            confirm(postconditions.of_updated_release(release_id, sent, release), where)

        path = f"/releases/{release_id}"
        return self._release("PATCH", path, where, check, json=sent, known=True)

    def delete_release(self, release_id: int) -> bool:
        """Delete a release, and say whether there was one; its git tag stays.

        Raises: UnconfirmedError when the answer does not show it.
        """
        where = f"deleting release {release_id} of {self.repository}"
        return self._delete(f"/releases/{release_id}", where)

    def generate_notes(self, tag: str, target: str = "", previous_tag: str = "") -> str:
        """Return notes that GitHub writes from the pull requests since a release.

        previous_tag: of that release; empty: the last one, which GitHub finds by itself.

        Source: https://docs.github.com/en/rest/releases/releases#generate-release-notes-content-for-a-release
        """
        where = f"generating notes for `{tag}` of {self.repository}"
        optional = {"target_commitish": target, "previous_tag_name": previous_tag}
        fields = {"tag_name": tag} | {name: text for name, text in optional.items() if text}

        def notes(answer: Answer) -> str:
            return decode.notes(self._json(answer, where), where)

        return self._send("POST", "/releases/generate-notes", where, notes, json=fields)

    # Git

    def find_commit(self, ref: str) -> str | None:
        """Return the full SHA of the commit that a branch, tag or SHA leads to; None: no commit.

        Source: https://docs.github.com/en/rest/commits/commits#get-a-commit ("422": a SHA that
        is none)
        """
        where = f"commit `{ref}` of {self.repository}"

        def sha(answer: Answer) -> str:
            return decode.commit_sha(self._json(answer, where), where)

        try:
            return self._send("GET", f"/commits/{quote(ref, safe='')}", where, sha)
        except (NotFoundError, ValidationFailedError):
            return None
