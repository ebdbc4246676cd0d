"""Recorded objects are decoded; objects with a changed field are refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_assets.github import decode
from release_assets.github.errors import GitHubError, UnexpectedAnswerError
from release_assets.models import Account, Asset, Release

OCTOKIT = "https://api.github.com/repos/octokit-fixture-org/hello"
SOROCARBON = "https://api.github.com/repos/stellarcarbon/sorocarbon"
DOWNLOADS = "https://github.com/stellarcarbon/sorocarbon/releases/download/v0.3.0"

# Recorded in July 2022, before there were digests; only some fields of users and names are kept.
# Source: https://github.com/octokit/fixtures, scenario release-assets (MIT)
OLD_ASSET: dict[str, Any] = {
    "url": f"{OCTOKIT}/releases/assets/71989167",
    "id": 71989167,
    "node_id": "RA_kwDOHrjuzc4ESnev",
    "name": "test-upload.txt",
    "label": "test",
    "uploader": {"login": "octokit-fixture-user-a", "id": 31898046, "type": "User"},
    "content_type": "text/plain",
    "state": "uploaded",
    "size": 14,
    "download_count": 0,
    "created_at": "2022-07-19T04:40:23Z",
    "updated_at": "2022-07-19T04:40:24Z",
    "browser_download_url": "https://github.com/octokit-fixture-org/hello/releases/download/v1.0.0/t",
}
OLD_RELEASE: dict[str, Any] = {
    "url": f"{OCTOKIT}/releases/72286832",
    "assets_url": f"{OCTOKIT}/releases/72286832/assets",
    "upload_url": "https://uploads.github.com/repos/octokit-fixture-org/hello/releases/72286832/"
    "assets{?name,label}",
    "html_url": "https://github.com/octokit-fixture-org/hello/releases/tag/v1.0.0",
    "id": 72286832,
    "author": {"login": "octokit-fixture-user-a", "id": 31898046, "type": "User"},
    "node_id": "RE_kwDOHrjuzc4ETwJw",
    "tag_name": "v1.0.0",
    "target_commitish": "b8b58742c92c098cae4d8c5ea7390d552faba041",
    "name": "Version 1.0.0",
    "draft": False,
    "prerelease": False,
    "created_at": "2022-07-19T04:40:17Z",
    "published_at": "2022-07-19T04:40:21Z",
    "assets": [],
    "tarball_url": f"{OCTOKIT}/tarball/v1.0.0",
    "zipball_url": f"{OCTOKIT}/zipball/v1.0.0",
    "body": "Initial release",
}

# Recorded in August 2025; notes and tag are shortened.
# Source: https://github.com/PyGithub/PyGithub, tests/ReplayData/PublicReleaseAsset
NEW_ASSET: dict[str, Any] = {
    "url": f"{SOROCARBON}/releases/assets/261582854",
    "id": 261582854,
    "node_id": "RA_kwDON8p8xc4Pl3AG",
    "name": "sink-carbon_v0.3.0.wasm",
    "label": "",
    "uploader": {"login": "github-actions[bot]", "id": 41898282, "type": "Bot"},
    "content_type": "application/wasm",
    "state": "uploaded",
    "size": 4945,
    "digest": "sha256:2e4ca075988921c6c8bf01cc9e7bd4530830898f47346f1945cad930b7dfdf4d",
    "download_count": 13,
    "created_at": "2025-06-06T14:43:29Z",
    "updated_at": "2025-06-06T14:43:29Z",
    "browser_download_url": f"{DOWNLOADS}/sink-carbon_v0.3.0.wasm",
}
NEW_RELEASE: dict[str, Any] = {
    "url": f"{SOROCARBON}/releases/223668595",
    "assets_url": f"{SOROCARBON}/releases/223668595/assets",
    "upload_url": "https://uploads.github.com/repos/stellarcarbon/sorocarbon/releases/223668595/"
    "assets{?name,label}",
    "html_url": "https://github.com/stellarcarbon/sorocarbon/releases/tag/v0.3.0",
    "id": 223668595,
    "author": {"login": "github-actions[bot]", "node_id": "BOT_1", "type": "Bot"},
    "node_id": "RE_kwDON8p8xc4NVOlz",
    "tag_name": "v0.3.0",
    "target_commitish": "main",
    "name": None,
    "draft": False,
    "immutable": True,
    "prerelease": True,
    "created_at": "2025-06-06T14:37:13Z",
    "updated_at": "2025-08-05T11:33:42Z",
    "published_at": "2025-06-06T14:43:28Z",
    "assets": [NEW_ASSET],
    "tarball_url": f"{SOROCARBON}/tarball/v0.3.0",
    "zipball_url": f"{SOROCARBON}/zipball/v0.3.0",
    "body": None,
    "mentions_count": 1,
}

Decoder = Callable[[object, str], object]


def test_an_asset_without_a_digest_is_decoded() -> None:
    assert decode.asset(OLD_ASSET, "here") == Asset(
        id=71989167,
        name="test-upload.txt",
        label="test",
        state="uploaded",
        size=14,
        digest=None,
        content_type="text/plain",
        url=OLD_ASSET["url"],
        browser_download_url=OLD_ASSET["browser_download_url"],
        created_at="2022-07-19T04:40:23Z",
        updated_at=OLD_ASSET["updated_at"],
        node_id="RA_kwDOHrjuzc4ESnev",
    )


def test_a_release_is_decoded_with_its_assets() -> None:
    assert decode.release(NEW_RELEASE, "here") == Release(
        id=223668595,
        tag="v0.3.0",
        target="main",
        name=None,
        body="",
        draft=False,
        prerelease=True,
        immutable=True,
        html_url=NEW_RELEASE["html_url"],
        upload_url=NEW_RELEASE["upload_url"],
        assets=(
            Asset(
                id=261582854,
                name="sink-carbon_v0.3.0.wasm",
                label="",
                state="uploaded",
                size=4945,
                digest=NEW_ASSET["digest"],
                content_type="application/wasm",
                url=NEW_ASSET["url"],
                browser_download_url=NEW_ASSET["browser_download_url"],
                created_at="2025-06-06T14:43:29Z",
                updated_at="2025-06-06T14:43:29Z",
                node_id="RA_kwDON8p8xc4Pl3AG",
            ),
        ),
        author=Account(login="github-actions[bot]", node_id="BOT_1"),
        node_id="RE_kwDON8p8xc4NVOlz",
        url=NEW_RELEASE["url"],
        tarball_url=NEW_RELEASE["tarball_url"],
        zipball_url=NEW_RELEASE["zipball_url"],
        created_at="2025-06-06T14:37:13Z",
        published_at="2025-06-06T14:43:28Z",
    )


def test_an_asset_counts_its_downloads() -> None:
    assert decode.asset(NEW_ASSET, "here").download_count == 13
    assert decode.asset(NEW_ASSET, "here") == decode.asset(NEW_ASSET | {"download_count": 1}, "x")


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"id": 0}, "`id` is less than 1"),
        ({"html_url": "https://h/\n"}, "`html_url` contains a control character"),
    ],
)
def test_a_value_that_no_field_has_is_refused_with_its_place(
    changed: dict[str, Any], what: str
) -> None:
    with pytest.raises(UnexpectedAnswerError) as caught:
        decode.release(NEW_RELEASE | changed, "here")
    assert (caught.value.what, caught.value.where) == (what, "here")


def test_fields_that_a_draft_or_an_old_server_lacks_are_empty() -> None:
    names = ("author", "tarball_url", "zipball_url", "published_at", "node_id", "url", "created_at")
    draft = decode.release(NEW_RELEASE | dict.fromkeys(names), "here")
    assert draft.author is None
    assert [getattr(draft, name) for name in names[1:]] == [""] * 6
    assert decode.release(NEW_RELEASE | {"target_commitish": None}, "here").target == ""
    without = {name: value for name, value in NEW_ASSET.items() if name != "download_count"}
    assert decode.asset(without, "here").download_count == 0


def test_a_release_without_the_field_immutable_is_mutable() -> None:
    assert decode.release(OLD_RELEASE, "here").immutable is False


def test_a_release_has_a_discussion_if_it_has_the_address_of_one() -> None:
    discussion = {"discussion_url": f"{SOROCARBON}/discussions/1"}
    assert decode.release(NEW_RELEASE | discussion, "here").has_discussion
    assert not decode.release(NEW_RELEASE, "here").has_discussion


FIRST_RELEASE = NEW_RELEASE | {"id": 1, "upload_url": "https://uploads/releases/1/assets{?name}"}


def test_a_release_without_contradictions_is_returned() -> None:
    first = decode.release(FIRST_RELEASE, "here")
    assert first.id == 1
    assert decode.consistent(first, "here") is first


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"id": 2}, "`upload_url` is that of another release"),
        ({"assets": [NEW_ASSET, NEW_ASSET]}, "two assets have the same id"),
    ],
)
def test_a_release_that_contradicts_itself_is_refused(changed: dict[str, Any], what: str) -> None:
    release = decode.release(FIRST_RELEASE | changed, "here")
    with pytest.raises(UnexpectedAnswerError) as caught:
        decode.consistent(release, "here")
    assert (caught.value.what, caught.value.where) == (what, "here")


SHA = "0123456789abcdef0123456789abcdef01234567"


def test_a_commit_is_its_whole_sha() -> None:
    assert decode.commit_sha({"sha": SHA, "url": "https://h/"}, "here") == SHA


@pytest.mark.parametrize("sha", ["main", SHA[1:], f"{SHA}0", SHA.upper()])
def test_another_sha_is_refused(sha: str) -> None:
    with pytest.raises(UnexpectedAnswerError) as caught:
        decode.commit_sha({"sha": sha}, "here")
    assert caught.value.what == "`sha` is not that of a commit"
    assert caught.value.where == "here"


def test_a_commit_without_a_sha_is_refused() -> None:
    with pytest.raises(UnexpectedAnswerError, match="`sha` is not text") as caught:
        decode.commit_sha({}, "here")
    assert caught.value.where == "here"


def test_an_asset_in_state_starter_is_incomplete() -> None:
    starter = {**NEW_ASSET, "state": "starter", "size": 0, "digest": None, "label": None}
    decoded = decode.asset(starter, "here")
    assert not decoded.is_complete
    assert decoded.is_starter
    other = decode.asset({**starter, "state": "open"}, "x")
    assert not other.is_complete
    assert not other.is_starter
    assert (decoded.digest, decoded.label) == (None, None)


@pytest.mark.parametrize(
    ("digest", "expected"),
    [
        ("sha256:" + "AB" * 32, "sha256:" + "ab" * 32),
        ("SHA256:" + "ab" * 32, "sha256:" + "ab" * 32),
        ("sha512:" + "ab" * 64, None),
        ("", None),
    ],
)
def test_a_digest_is_normalized_or_ignored(digest: str, expected: str | None) -> None:
    assert decode.asset({**NEW_ASSET, "digest": digest}, "here").digest == expected


# Required fields, and those that an old server or a draft may lack.
ASSET_FIELDS = {"id": int, "name": str, "state": str, "size": int, "url": str}
ASSET_EXTRAS = {
    "label": str,
    "digest": str,
    "content_type": str,
    "browser_download_url": str,
    "created_at": str,
    "updated_at": str,
    "node_id": str,
    "download_count": int,
}
RELEASE_FIELDS = {
    "id": int,
    "tag_name": str,
    "draft": bool,
    "prerelease": bool,
    "html_url": str,
    "upload_url": str,
}
RELEASE_EXTRAS = {
    "name": str,
    "immutable": bool,
    "assets": list,
    "author": dict,
    "node_id": str,
    "url": str,
    "tarball_url": str,
    "zipball_url": str,
    "created_at": str,
    "published_at": str,
}
FIELDS = [
    pytest.param(decode.asset, NEW_ASSET, name, kind, name in ASSET_FIELDS, id=f"asset {name}")
    for name, kind in (ASSET_FIELDS | ASSET_EXTRAS).items()
] + [
    pytest.param(
        decode.release, NEW_RELEASE, name, kind, name in RELEASE_FIELDS, id=f"release {name}"
    )
    for name, kind in (RELEASE_FIELDS | RELEASE_EXTRAS).items()
]
WRONG: tuple[object, ...] = (1, 1.5, True, "text", [], {}, [1], ["a"])


@pytest.mark.parametrize(("decoder", "recorded", "name", "kind", "needed"), FIELDS)
def test_a_field_of_another_type_is_refused(
    decoder: Decoder, recorded: dict[str, Any], name: str, kind: type, needed: bool
) -> None:
    wrong = [value for value in WRONG if type(value) is not kind or value in ([1], ["a"], {})]
    for value in wrong:
        with pytest.raises(UnexpectedAnswerError) as caught:
            decoder({**recorded, name: value}, "listing the releases of o/r")
        assert caught.value.where == "listing the releases of o/r"
    without = {key: value for key, value in recorded.items() if key != name}
    for lacking in (without, {**recorded, name: None}):
        if needed:
            with pytest.raises(UnexpectedAnswerError, match=f"`{name}`"):
                decoder(lacking, "here")
        else:
            decoder(lacking, "here")


@pytest.mark.parametrize("half", ["\ud800", "a\udfffb"])
def test_text_with_a_lone_surrogate_is_refused(half: str) -> None:
    with pytest.raises(UnexpectedAnswerError, match="`name`"):
        decode.asset({**NEW_ASSET, "name": half}, "here")


@pytest.mark.parametrize("data", [None, [], "text", 1, True])
def test_an_answer_that_is_not_an_object_is_refused(data: object) -> None:
    for decoder in (decode.asset, decode.release, decode.notes):
        with pytest.raises(UnexpectedAnswerError):
            decoder(data, "here")


def test_notes_are_the_body_of_the_answer() -> None:
    assert decode.notes({"name": "v1", "body": "## What's Changed"}, "here") == "## What's Changed"
    with pytest.raises(UnexpectedAnswerError, match="`body`"):
        decode.notes({"name": "v1", "body": None}, "here")


def test_items_are_those_of_a_list() -> None:
    assert decode.items([1, "a"], "here") == [1, "a"]
    with pytest.raises(UnexpectedAnswerError):
        decode.items({"message": "Not Found"}, "here")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>Unicorn!</html>", b"\xff", b'{"a":', b"[" * 100_000, b"1" * 5000],
    ids=["empty", "HTML", "not UTF-8", "truncated", "deeply nested", "a long number"],
)
def test_an_answer_that_is_not_json_is_refused(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswerError, match="JSON"):
        decode.json_of(body, "here")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*NEW_ASSET, *NEW_RELEASE]), JSON, max_size=4), JSON)
def test_any_json_is_decoded_or_refused(changed: dict[str, object], other: object) -> None:
    recorded: tuple[tuple[Decoder, dict[str, object]], ...] = (
        (decode.asset, NEW_ASSET),
        (decode.release, NEW_RELEASE),
        (decode.notes, {}),
    )
    for decoder, fields in recorded:
        for data in ({**fields, **changed}, other):
            try:
                value = decoder(json.loads(json.dumps(data)), "here")
            except GitHubError:
                continue
            str(value).encode()
