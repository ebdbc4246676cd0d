import pytest

from release_assets.digest import Digest
from release_assets.errors import MultipleErrors, ReleaseAssetsError, single_errors
from release_assets.inputs.contract import DEFAULTS, INPUTS
from release_assets.inputs.errors import (
    ContradictionError,
    ForeignInputError,
    InputError,
    MissingInputError,
)
from release_assets.inputs.parse import Inputs, ReleaseInputs, parse_inputs
from release_assets.inputs.reader import Pattern
from release_assets.limits import MAX_NOTES, MAX_TITLE
from release_assets.names import staging_name
from tests.support.samples import REQUIRED, job

TOKEN = "ghp_never-to-be-seen"


def parse(**given: str) -> Inputs:
    """Inputs as a workflow gives them; `_` in a name stands for `-`."""
    values = {name.replace("_", "-"): value for name, value in given.items()}
    return parse_inputs(REQUIRED | {"token": TOKEN} | values, job())


def faults_of(**given: str) -> tuple[ReleaseAssetsError, ...]:
    with pytest.raises(ReleaseAssetsError) as caught:
        parse(**given)
    return single_errors(caught.value)


def test_little_is_enough() -> None:
    assert parse() == Inputs(
        patterns=(Pattern(text="dist/*"),),
        excludes=(),
        manifest="",
        tag="v1",
        release_id=None,
        is_event_release=False,
        owner="octo-org",
        repo="app",
        token=TOKEN,
        api_url="https://api.github.com",
        workspace="/ws",
        seen=(),
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
        concurrency=None,
        max_attempts=5,
        dry_run=False,
        summary=True,
        ca_bundle="",
        run="",
    )


def test_an_input_that_is_empty_has_its_default() -> None:
    blank = dict.fromkeys(DEFAULTS, " \n ")
    assert parse_inputs(blank | REQUIRED, job()) == parse_inputs(REQUIRED, job())


def test_what_the_default_is_may_also_be_said() -> None:
    assert parse_inputs({**DEFAULTS, **REQUIRED}, job()) == parse_inputs(REQUIRED, job())


@pytest.mark.parametrize("name", [given.name for given in INPUTS if given.boolean])
@pytest.mark.parametrize("value", ["True", "TRUE", "yes", "1", "on", "tru", "'true'"])
def test_a_boolean_takes_true_and_false_only(name: str, value: str) -> None:
    (fault,) = faults_of(**{name: value})
    assert isinstance(fault, InputError)
    assert str(fault) == f"input `{name}` is {value!r}. To fix: give one of `true`, `false`"


def test_every_boolean_is_read() -> None:
    booleans = {given.name: given.default for given in INPUTS if given.boolean}
    turned = {name: "false" if value == "true" else "true" for name, value in booleans.items()}
    asked = parse(**turned)
    assert not asked.create
    assert asked.release.generate_notes
    assert asked.release.prerelease
    assert asked.dry_run
    assert not asked.summary
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
def test_a_word_is_one_of_those_named(name: str, values: list[str]) -> None:
    field = {"if-no-files-found": "on_no_files"}.get(name, name.replace("-", "_"))
    asked = [parse(**{name: value}) for value in values]
    assert [getattr(one, field, getattr(one.release, field, None)) for one in asked] == values
    (fault,) = faults_of(**{name: "Maybe"})
    accepted = ", ".join(f"`{value}`" for value in values if value)
    # In any order: the first is what is gone on with.
    assert str(fault).startswith(f"input `{name}` is 'Maybe'. To fix: give one of ")
    assert sorted(str(fault).partition("one of ")[2].split(", ")) == sorted(accepted.split(", "))


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
def test_numbers(given: dict[str, str], concurrency: int | None, attempts: int) -> None:
    asked = parse(**given)
    assert (asked.concurrency, asked.max_attempts) == (concurrency, attempts)


@pytest.mark.parametrize("value", ["0", "65", "-1", "1.5", "٣", "many", "9" * 5000, "1e1", "Auto"])
def test_a_concurrency_that_is_no_number_is_refused(value: str) -> None:
    (fault,) = faults_of(concurrency=value)
    assert str(fault).endswith("To fix: give a number from 1 to 64, or `auto`")


@pytest.mark.parametrize("value", ["0", "21", "auto", "five"])
def test_a_number_of_attempts_that_is_none_is_refused(value: str) -> None:
    (fault,) = faults_of(max_attempts=value)
    assert str(fault).endswith("To fix: give a number from 1 to 20")


@pytest.mark.parametrize("name", ["prune", "expect"])
def test_a_list_has_an_item_a_line(name: str) -> None:
    given = {name: "a.zip\r\n\n  # not this\n  b-c.zip  \n*.{x,y}\n"}
    assert getattr(parse(**given), name) == ("a.zip", "b-c.zip", "*.{x,y}")


@pytest.mark.parametrize(
    ("expected", "accepted"),
    [
        ("My App.zip", "`My.App.zip`, as GitHub will call it"),
        (".env", "`default.env`, as GitHub will call it"),
        ("dist/a.zip", "a name of an asset, without `/`"),
        ("**/*.zip", "a name of an asset, without `/`"),
        (staging_name("a.zip", Digest("sha256:" + "0" * 64)), "a name that no swap uses"),
    ],
)
def test_what_no_asset_will_ever_be_called_is_not_expected(expected: str, accepted: str) -> None:
    (fault,) = faults_of(expect=expected)
    assert accepted in str(fault)


def test_a_title_and_notes_have_the_length_that_github_takes() -> None:
    parse(title="t" * MAX_TITLE, notes="n" * MAX_NOTES)
    title, notes = faults_of(title="t" * (MAX_TITLE + 1), notes="n" * (MAX_NOTES + 1))
    assert str(title).endswith("To fix: give at most 256 characters")
    assert str(notes).endswith("To fix: give at most 125000 characters")
    assert len(str(notes)) < 200


@pytest.mark.parametrize("name", ["title", "notes", "target", "discussion_category"])
def test_what_github_is_to_have_is_text(name: str) -> None:
    (fault,) = faults_of(**{name: "n\udc87"})
    assert fault.what == f"input `{name.replace('_', '-')}` is 'n\\udc87'"
    assert fault.fix == "give text in UTF-8"


def test_notes_come_from_one_place() -> None:
    (fault,) = faults_of(notes="New!", notes_file="NOTES.md")
    assert isinstance(fault, ContradictionError)


def test_a_prerelease_is_never_the_latest_release() -> None:
    parse(prerelease="true", make_latest="false")
    parse(prerelease="false", make_latest="true")
    (fault,) = faults_of(prerelease="true", make_latest="true")
    assert isinstance(fault, ContradictionError)
    assert "`prerelease` and `make-latest`" in str(fault)


@pytest.mark.parametrize("repository", ["octo-org/app", "a/b", "o/.github", "O-1/a_b.c"])
def test_a_repository(repository: str) -> None:
    assert parse(repository=repository).repository == repository


@pytest.mark.parametrize(
    "repository",
    ["app", "octo-org/", "/app", "a/b/c", "a b/c", "../..", "a/..", "a/.", "a/b?x", "é/b", "-a/b"],
)
def test_what_is_no_repository_is_refused(repository: str) -> None:
    (fault,) = faults_of(repository=repository)
    assert str(fault) == f"input `repository` is {repository!r}. To fix: give `owner/name`"


# Tokens


@pytest.mark.parametrize(
    "token", [f"{TOKEN} {TOKEN}", f"{TOKEN}\nx", f"{TOKEN}é", f"\t{TOKEN}\x00"]
)
def test_a_token_is_never_told_even_if_it_is_none(token: str) -> None:
    (fault,) = faults_of(token=token)
    assert str(fault).startswith("input `token` is '***'. To fix: give a token alone")
    assert TOKEN not in str(fault) + repr(fault)


def test_a_token_is_in_no_repr() -> None:
    assert TOKEN not in repr(parse())
    assert TOKEN not in str(faults_of(overwrite="x", tag="", files="", repository=""))


@pytest.mark.parametrize("token", [f" {TOKEN}\n", TOKEN])
def test_a_token_loses_the_blanks_around_it(token: str) -> None:
    assert parse(token=token).token == TOKEN


# Several at once


def test_all_faults_are_told_together() -> None:
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
    kinds = [type(fault) for fault in caught.value.errors]
    assert kinds == [
        ForeignInputError,
        MissingInputError,
        InputError,
        InputError,
        MissingInputError,
        MissingInputError,
        InputError,
        InputError,
        InputError,
    ]
    told = str(caught.value)
    named = ("draft", "files", "tag", "release-id", "repository", "token", "overwrite")
    for name in (*named, "concurrency", "dry-run"):
        assert f"`{name}`" in told
    assert caught.value.title == "9 problems"


def test_a_foreign_input_is_answered_with_ours() -> None:
    (fault,) = faults_of(artifactContentType="text/plain")
    assert "`manifest`" in str(fault)
    assert isinstance(fault, ForeignInputError)


def test_a_foreign_input_that_is_empty_is_nothing() -> None:
    parse(draft=" ", body="")
