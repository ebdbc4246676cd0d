import re

import pytest

from release_assets.contract import DEFAULTS
from release_assets.foreign import REPLACEMENTS

# Values that inputs take, and what else stands in code without being an input.
WORDS = {"warn", "ignore", "true", "false", "legacy", "if"}


@pytest.mark.parametrize("name", REPLACEMENTS)
def test_a_foreign_input_is_answered_with_inputs_of_ours(name: str) -> None:
    replacement = REPLACEMENTS[name]
    named = re.findall(r"`([a-z-]+)(?::|`)", replacement)
    named = [word for word in named if word not in WORDS]
    # `content-type` is a key of the manifest.
    assert set(named) <= DEFAULTS.keys() | {"content-type"}
    assert named or replacement.startswith("leave it out: "), "nothing to do is said"


def test_no_input_of_ours_counts_as_foreign() -> None:
    # The runner tells neither upper from lower case nor, in names, a space from `_`.
    ours = {name.upper() for name in DEFAULTS}
    assert [name for name in REPLACEMENTS if name.upper().replace(" ", "_") in ours] == []
