import inspect
from pathlib import Path

import pytest

from release_assets import errors
from release_assets.errors import (
    MultipleErrors,
    NotStartedError,
    ReleaseAssetsError,
    raise_all,
    single_errors,
)
from release_assets.files.errors import (
    FileChangedError,
    NameClashError,
    NoFilesError,
)
from release_assets.github import errors as of_github
from release_assets.github.errors import GitHubError, TransientError
from release_assets.inputs.errors import InputError
from release_assets.plan import errors as refusals
from release_assets.plan.errors import (
    AssetExistsError,
    CaseClashError,
    ImmutableReleaseError,
    TagNotFoundError,
    TooManyAssetsError,
    UnknownStateError,
)

ONE = ReleaseAssetsError("one", where="here", fix="do it")
OTHER = InputError("tag", "v 1", "a tag")

KINDS = [
    kind
    for module in (errors, refusals, of_github)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if kind.__module__ == module.__name__ and issubclass(kind, ReleaseAssetsError)
    # A combined error takes its title from its errors.
    if not issubclass(kind, errors.CombinedError) or kind is errors.CombinedError
]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ReleaseAssetsError("what"), "what"),
        (ReleaseAssetsError("what", where="where"), "what (where)"),
        (ReleaseAssetsError("what", fix="fix"), "what. To fix: fix"),
        (ONE, "one (here). To fix: do it"),
    ],
)
def test_an_error_says_what_where_and_what_to_do(error: ReleaseAssetsError, text: str) -> None:
    assert str(error) == text


@pytest.mark.parametrize(
    "error",
    [
        NoFilesError("dist/*", "/ws"),
        FileChangedError("dist/a"),
        NameClashError("a.zip", ["dist/a.zip", "b/a.zip"], last="b/a.zip", why="case"),
        TagNotFoundError("v1", "o/r"),
        ImmutableReleaseError("v1", "https://github.com"),
        TooManyAssetsError(1001, 1000, swap=False),
        AssetExistsError("dist/a", "a", "https://github.com", known=True),
        UnknownStateError("dist/a", "a", "open", "https://github.com"),
        UnknownStateError("dist/a", "a", "open", "https://github.com", backup="b"),
        CaseClashError("dist/a", "a", "A"),
        NotStartedError("dist/a"),
        OTHER,
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_names_its_subject_and_a_fix(error: ReleaseAssetsError) -> None:
    assert error.what
    assert error.what[0] != error.what[0].upper() or not error.what[0].isalpha()
    assert not error.what.endswith(".")
    assert error.fix
    assert not error.fix.endswith(".")
    assert "\n" not in str(error)


@pytest.mark.parametrize(("known", "expected"), [(True, False), (False, True)])
def test_an_asset_of_unknown_content_can_be_compared(known: bool, expected: bool) -> None:
    error = AssetExistsError("dist/a", "a", "https://github.com", known=known)
    assert ("verify: download" in error.fix) is expected


def test_a_long_value_is_cut() -> None:
    assert len(str(InputError("notes", "x" * 1000, "less"))) < 150


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_class_has_its_own_title(kind: type[ReleaseAssetsError]) -> None:
    assert "title" in vars(kind)
    assert len(kind.title) <= 40
    assert kind.title.isascii()


def test_a_transient_error_says_how_long_to_wait() -> None:
    assert TransientError("x").wait_seconds == 0.0
    assert GitHubError("x", status=500).status == 500


# Combined errors


def test_raise_all_raises_nothing_without_errors() -> None:
    raise_all(())


def test_a_single_error_is_raised_as_it_is() -> None:
    with pytest.raises(InputError) as caught:
        raise_all([OTHER])
    assert caught.value is OTHER
    assert single_errors(OTHER) == (OTHER,)


def test_several_errors_are_listed() -> None:
    with pytest.raises(MultipleErrors) as caught:
        raise_all([ONE, OTHER])
    assert single_errors(caught.value) == (ONE, OTHER)
    assert str(caught.value) == f"- {ONE}\n- {OTHER}"
    assert caught.value.title == "2 problems"


def test_several_errors_of_one_class_have_its_title() -> None:
    assert MultipleErrors([OTHER, InputError("x", "y", "z")]).title == "Invalid input"


def test_a_path_is_shown_as_given() -> None:
    assert "dist/a" in str(FileChangedError(Path("dist/a").as_posix()))
