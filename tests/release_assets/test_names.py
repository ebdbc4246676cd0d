import re
from itertools import product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from release_assets.digest import Digest
from release_assets.names import (
    SwapName,
    asset_name,
    backup_name,
    is_tag_name,
    is_untagged,
    may_be_renamed_to,
    parse_swap_name,
    staging_name,
)
from tests.support.asset_names import DERIVED, OBSERVED
from tests.support.formats import BACKUP, STAGED, SWAP_NAMES

NAMES = st.text(max_size=40) | st.from_regex(r"[a-zA-Z0-9 ._+@~é日-]{1,30}", fullmatch=True)
DIGEST = Digest("sha256:11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437")
DIGESTS = st.from_regex(r"sha256:[0-9a-f]{64}", fullmatch=True).map(Digest)


@pytest.mark.parametrize(
    ("requested", "shown"),
    [pytest.param(name, shown, id=f"{name} ({source})") for name, shown, source in OBSERVED],
)
def test_a_name_becomes_the_name_that_github_gave(requested: str, shown: str) -> None:
    assert asset_name(requested) == shown


@pytest.mark.parametrize(("requested", "shown"), DERIVED)
def test_a_name_follows_the_documented_rule(requested: str, shown: str) -> None:
    assert asset_name(requested) == shown


def check_is_final(requested: str) -> None:
    name = asset_name(requested)
    assert asset_name(name) == name
    assert re.fullmatch(r"[A-Za-z0-9._+@-]*", name)
    assert not name.startswith(".")
    assert not name.endswith(".")
    assert ".." not in name


def test_renaming_a_second_time_changes_nothing_in_any_short_name() -> None:
    for letters in (p for n in range(1, 5) for p in product("aZ0.-_ é日'(+", repeat=n)):
        check_is_final("".join(letters))


@given(NAMES)
def test_renaming_a_second_time_changes_nothing(requested: str) -> None:
    check_is_final(requested)


@given(st.from_regex(r"[A-Za-z0-9_+@-]+(\.[A-Za-z0-9_+@-]+)*", fullmatch=True))
def test_a_name_of_allowed_characters_stays(name: str) -> None:
    assert asset_name(name) == name


def test_every_european_latin_letter_is_transliterated() -> None:
    letters = [chr(c) for c in range(0xC0, 0x180) if chr(c) not in "÷ſ"]
    assert [
        letter for letter in letters if not re.search("[A-Za-z]", asset_name(f"-{letter}"))
    ] == []


@given(NAMES, DIGESTS)
def test_swap_names_can_be_parsed_and_github_keeps_them(requested: str, digest: Digest) -> None:
    final = asset_name(requested)
    assume(final)
    for name, role in [(staging_name(final, digest), "new"), (backup_name(final, digest), "old")]:
        assert asset_name(name) == name
        assert parse_swap_name(name) == SwapName(final=final, role=role, digest=digest[7:23])  # type: ignore[arg-type]


@pytest.mark.parametrize("form", SWAP_NAMES)
def test_the_name_of_a_leftover_of_any_version_is_read(form: str) -> None:
    held = SWAP_NAMES[form]
    assert parse_swap_name(held["name"]) == SwapName(
        final="app.zip", role=held["role"], digest=DIGEST.start
    )


def test_today_s_names_of_leftovers_are_written() -> None:
    assert staging_name("app.zip", DIGEST) == STAGED
    assert backup_name("app.zip", DIGEST) == BACKUP


@pytest.mark.parametrize("name", [STAGED, BACKUP])
def test_a_swap_name_with_one_changed_character_is_rejected(name: str) -> None:
    for place in range(len(name)):
        for letter in "aZ0f1.-_":
            near = name[:place] + letter + name[place + 1 :]
            assert near == name or parse_swap_name(near) is None, near
        assert parse_swap_name(name[:place] + name[place + 1 :]) is None
        assert parse_swap_name(name[:place] + "0" + name[place:]) is None


@pytest.mark.parametrize(
    "name",
    [
        "app.zip",
        "release-assets-new.zip",
        "app.zip.release-assets-new-0123456789abcdef",
        "app.zip.release-assets-new-0123456789abcdef-00000000",
        ".release-assets-new-0123456789abcdef-00000000",
        STAGED.upper(),
        f"{STAGED}\n",
        f" {STAGED}",
        "",
    ],
)
def test_a_similar_name_is_no_swap_name(name: str) -> None:
    assert parse_swap_name(name) is None


@given(st.text())
def test_no_other_name_is_a_swap_name(name: str) -> None:
    assert parse_swap_name(name) is None


def test_a_swap_name_of_a_swap_name_has_the_inner_one_as_final_name() -> None:
    digest = Digest("sha256:" + "0" * 64)
    assert parse_swap_name(staging_name(STAGED, digest)) == SwapName(
        final=STAGED, role="new", digest="0" * 16
    )


def test_a_name_that_is_not_utf_8_can_be_parsed() -> None:
    assert parse_swap_name("\udcc3.release-assets-new-aaaaaaaaaaaaaaaa-c38257d1") is None
    assert parse_swap_name(staging_name("\udcc3", Digest("sha256:" + "a" * 64))) == SwapName(
        final="\udcc3", role="new", digest="a" * 16
    )


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("untagged-0123456789abcdef0123", True),
        ("untagged-v1", False),
        ("v1", False),
        ("my-untagged-0123456789abcdef0123", False),
    ],
)
def test_the_placeholder_tag_of_a_draft_without_a_tag(tag: str, expected: bool) -> None:
    assert is_untagged(tag) is expected


@pytest.mark.parametrize(
    ("requested", "shown", "expected"),
    [
        ("Größe 1.ZIP", "gr.e.1.zip", True),
        ("日本.zip", "default.zip", True),
        ("b default.zip", "b.zip", False),
        ("+env", "default.+env", True),
        ("a.zip", "A-ZIP", True),
        ("a.zip", "b.zip", False),
    ],
)
def test_an_asset_may_have_the_letters_of_a_file_alone(
    requested: str, shown: str, expected: bool
) -> None:
    assert may_be_renamed_to(requested, shown) is expected


GOOD_TAGS = ["v1", "v1.2.0", "a/b", "@scope/app@1.0.0", "a.lockx", "x@", "größe", "a-b", "v1+x"]
BAD_TAGS = [
    *("", "@", "/a", ".a", "-a", "a/", "a.", "a.lock"),
    *("a..b", "a@{b", "a//b", "a/.b", "a.lock/b", "a\udc80"),
    *(f"a{character}b" for character in " ~^:?*[\\\x7f\x00\x1f\n"),
]


@pytest.mark.parametrize("tag", GOOD_TAGS)
def test_a_tag_that_git_allows_is_accepted(tag: str) -> None:
    assert is_tag_name(tag)


@pytest.mark.parametrize("tag", BAD_TAGS)
def test_a_tag_that_git_or_github_refuses_is_refused(tag: str) -> None:
    assert not is_tag_name(tag)
