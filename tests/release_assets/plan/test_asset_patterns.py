import pytest

from release_assets.inputs import InputError
from release_assets.plan.asset_patterns import compile_pattern, is_pattern


@pytest.mark.parametrize(
    ("pattern", "name", "matches"),
    [
        ("app-*.zip", "app-linux.zip", True),
        ("app-*.zip", "APP-linux.zip", False),
        ("*", ".hidden", True),
        ("app.{zip,tar.gz}", "app.tar.gz", True),
        ("app?", "app1", True),
        ("app", "app.zip", False),
    ],
)
def test_a_pattern_matches_whole_names_in_their_case(
    pattern: str, name: str, matches: bool
) -> None:
    assert bool(compile_pattern(pattern, "expect")(name)) is matches


def test_too_many_braces_are_refused_with_the_name_of_the_input() -> None:
    with pytest.raises(InputError, match="`prune`"):
        compile_pattern("{1..9}" * 9, "prune")


@pytest.mark.parametrize("text", ["*", "a?", "[ab]", "{a,b}"])
def test_a_text_with_a_wildcard_is_a_pattern(text: str) -> None:
    assert is_pattern(text)
    assert not is_pattern("app-1.0_x86.zip")
