import re

import pytest

from release_assets.digest import Digest
from release_assets.errors import MultipleErrors, ReleaseAssetsError, single_errors
from release_assets.inputs.contract import DEFAULTS, INPUTS
from release_assets.inputs.errors import (
    ContradictionError,
    InputError,
    MissingInputError,
    OtherActionInputError,
)
from release_assets.inputs.parse import Access, Inputs, ReleaseInputs, ReleaseRef, parse_inputs
from release_assets.inputs.reader import FilePattern
from release_assets.limits import MAX_TITLE
from release_assets.names import staging_name
from tests.support.samples import REQUIRED, job

TOKEN = "ghp_never-to-be-seen"


def parse(**given: str) -> Inputs:
    """Parse inputs; `_` in a name stands for `-`."""
    values = {name.replace("_", "-"): value for name, value in given.items()}
    return parse_inputs(REQUIRED | {"token": TOKEN} | values, job())


def errors_of(**given: str) -> tuple[ReleaseAssetsError, ...]:
    with pytest.raises(ReleaseAssetsError) as caught:
        parse(**given)
    return single_errors(caught.value)


def test_inputs_that_are_not_given_have_their_defaults() -> None:
    assert parse() == Inputs(
        access=Access(
            api_url="https://api.github.com",
            repository="octo-org/app",
            token=TOKEN,
            ca_bundle="",
            workspace="/ws",
            max_attempts=5,
            concurrency=None,
        ),
        release_ref=ReleaseRef(tag="v1", id=None, is_of_event=False),
        patterns=(FilePattern(text="dist/*"),),
        excludes=(),
        manifest="",
        mounts=(),
        working_directory="",
        overwrite="false",
        prune=(),
        on_no_files="error",
        checksums="",
        create=True,
        if_release_exists="use",
        release=ReleaseInputs(
            title="",
            notes="",
            notes_file="",
            generate_notes=False,
            previous_tag="",
            prerelease=None,
            target="",
            make_latest="",
            discussion_category="",
        ),
        publish="auto",
        expect=(),
        verify="auto",
        dry_run=False,
        summary=True,
        run="",
    )


def test_a_blank_input_has_its_default() -> None:
    blank = dict.fromkeys(DEFAULTS, " \n ")
    assert parse_inputs(blank | REQUIRED, job()) == parse_inputs(REQUIRED, job())


def test_every_default_may_be_given_explicitly() -> None:
    assert parse_inputs({**DEFAULTS, **REQUIRED}, job()) == parse_inputs(REQUIRED, job())


@pytest.mark.parametrize("name", [given.name for given in INPUTS if given.boolean])
@pytest.mark.parametrize("value", ["True", "TRUE", "yes", "1", "on", "tru", "'true'"])
def test_a_boolean_other_than_true_or_false_is_refused(name: str, value: str) -> None:
    (error,) = errors_of(**{name: value})
    assert isinstance(error, InputError)
    assert all(token in str(error) for token in (f"`{name}`", repr(value), "`true`", "`false`"))


def test_every_boolean_input_is_parsed() -> None:
    booleans = {given.name: given.default for given in INPUTS if given.boolean}
    turned = {name: "false" if value == "true" else "true" for name, value in booleans.items()}
    parsed = parse(**turned)
    assert not parsed.create
    assert parsed.release.generate_notes
    assert parsed.release.prerelease
    assert parsed.dry_run
    assert not parsed.summary
    assert len(booleans) == 5


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("overwrite", ["true", "false", "skip"]),
        ("if-no-files-found", ["error", "warn", "ignore"]),
        ("make-latest", ["", "true", "false", "legacy"]),
        ("publish", ["auto", "always", "never"]),
        ("if-release-exists", ["use", "update", "skip", "error"]),
        ("verify", ["auto", "download"]),
    ],
)
def test_a_choice_accepts_its_values_only(name: str, values: list[str]) -> None:
    field = {"if-no-files-found": "on_no_files"}.get(name, name.replace("-", "_"))
    parsed = [parse(**{name: value}) for value in values]
    assert [getattr(one, field, getattr(one.release, field, None)) for one in parsed] == values
    (error,) = errors_of(**{name: "Maybe"})
    assert isinstance(error, InputError)
    assert f"`{name}`" in error.what
    assert set(re.findall("`([^`]*)`", error.fix)) == {value for value in values if value}


@pytest.mark.parametrize(
    ("given", "concurrency", "attempts"),
    [
        ({}, None, 5),
        ({"concurrency": "1", "max-attempts": "1"}, 1, 1),
        ({"concurrency": "64", "max-attempts": "20"}, 64, 20),
        ({"concurrency": " 08 "}, 8, 5),
        ({"concurrency": "auto"}, None, 5),
    ],
)
def test_numbers_are_parsed(given: dict[str, str], concurrency: int | None, attempts: int) -> None:
    access = parse(**given).access
    assert (access.concurrency, access.max_attempts) == (concurrency, attempts)


@pytest.mark.parametrize("value", ["0", "65", "-1", "1.5", "٣", "many", "9" * 5000, "1e1", "Auto"])
def test_an_invalid_concurrency_is_refused(value: str) -> None:
    (error,) = errors_of(concurrency=value)
    assert isinstance(error, InputError)
    assert all(token in error.fix for token in ("1", "64", "`auto`"))


@pytest.mark.parametrize("value", ["0", "21", "auto", "five"])
def test_an_invalid_number_of_attempts_is_refused(value: str) -> None:
    (error,) = errors_of(max_attempts=value)
    assert isinstance(error, InputError)
    assert all(token in error.fix for token in ("1", "20"))


@pytest.mark.parametrize("name", ["prune", "expect"])
def test_a_list_has_one_item_a_line_without_comments(name: str) -> None:
    given = {name: "a.zip\r\n\n  # not this\n  b-c.zip  \n*.{x,y}\n"}
    assert getattr(parse(**given), name) == ("a.zip", "b-c.zip", "*.{x,y}")


@pytest.mark.parametrize(
    ("expected", "accepted"),
    [
        ("My App.zip", "`My.App.zip`"),
        (".env", "`default.env`"),
        ("dist/a.zip", "`/`"),
        ("**/*.zip", "`/`"),
        (staging_name("a.zip", Digest("sha256:" + "0" * 64)), ""),
    ],
)
def test_an_expected_name_that_no_asset_can_have_is_refused(expected: str, accepted: str) -> None:
    (error,) = errors_of(expect=expected)
    assert isinstance(error, InputError)
    assert accepted in error.fix


def test_a_title_that_is_too_long_is_refused() -> None:
    parse(title="t" * MAX_TITLE)
    (title,) = errors_of(title="t" * (MAX_TITLE + 1))
    assert "256" in title.fix
    assert len(str(title)) < 200


@pytest.mark.parametrize("name", ["title", "notes", "target", "discussion_category"])
def test_text_that_is_not_utf8_is_refused(name: str) -> None:
    (error,) = errors_of(**{name: "n\udc87"})
    assert f"`{name.replace('_', '-')}`" in error.what
    assert r"'n\udc87'" in error.what
    assert "UTF-8" in error.fix


def test_notes_and_a_notes_file_together_are_refused() -> None:
    (error,) = errors_of(notes="New!", notes_file="NOTES.md")
    assert isinstance(error, ContradictionError)


def test_a_prerelease_as_the_latest_release_is_refused() -> None:
    parse(prerelease="true", make_latest="false")
    parse(prerelease="false", make_latest="true")
    (error,) = errors_of(prerelease="true", make_latest="true")
    assert isinstance(error, ContradictionError)
    assert all(name in str(error) for name in ("`prerelease`", "`make-latest`"))


@pytest.mark.parametrize("repository", ["octo-org/app", "a/b", "o/.github", "O-1/a_b.c"])
def test_a_valid_repository_is_accepted(repository: str) -> None:
    assert parse(repository=repository).access.repository == repository


@pytest.mark.parametrize(
    "repository",
    ["app", "octo-org/", "/app", "a/b/c", "a b/c", "../..", "a/..", "a/.", "a/b?x", "é/b", "-a/b"],
)
def test_an_invalid_repository_is_refused(repository: str) -> None:
    (error,) = errors_of(repository=repository)
    assert all(token in str(error) for token in ("`repository`", repr(repository), "`owner/name`"))


# Tokens


@pytest.mark.parametrize(
    "token", [f"{TOKEN} {TOKEN}", f"{TOKEN}\nx", f"{TOKEN}é", f"\t{TOKEN}\x00"]
)
def test_an_invalid_token_is_refused_and_not_shown(token: str) -> None:
    (error,) = errors_of(token=token)
    assert isinstance(error, InputError)
    assert "`token`" in str(error)
    assert TOKEN not in str(error) + repr(error)


def test_no_repr_and_no_error_contains_the_token() -> None:
    assert TOKEN not in repr(parse())
    assert TOKEN not in str(errors_of(overwrite="x", tag="", files="", repository=""))


@pytest.mark.parametrize("token", [f" {TOKEN}\n", TOKEN])
def test_a_token_is_stripped(token: str) -> None:
    assert parse(token=token).access.token == TOKEN


# Several at once


def test_all_errors_are_reported_together() -> None:
    with pytest.raises(MultipleErrors) as caught:
        parse(
            files="",
            tag="v 1",
            release_id="x",
            repository="",
            token="",
            overwrite="maybe",
            concurrency="none",
            dry_run="yes",
            draft="true",
        )
    types = [type(fault) for fault in caught.value.errors]
    assert types == [
        OtherActionInputError,
        MissingInputError,
        InputError,
        InputError,
        MissingInputError,
        MissingInputError,
        InputError,
        InputError,
        InputError,
    ]
    text = str(caught.value)
    named = ("draft", "files", "tag", "release-id", "repository", "token", "overwrite")
    for name in (*named, "concurrency", "dry-run"):
        assert f"`{name}`" in text
    assert caught.value.title == "9 problems"


def test_an_input_of_another_action_is_refused_with_the_own_input() -> None:
    (error,) = errors_of(artifactContentType="text/plain")
    assert "`manifest`" in str(error)
    assert isinstance(error, OtherActionInputError)


def test_a_blank_input_of_another_action_is_ignored() -> None:
    parse(draft=" ", body="")
