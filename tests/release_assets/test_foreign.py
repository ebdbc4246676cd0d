import re

import pytest

from release_assets.contract import DEFAULTS
from release_assets.foreign import REPLACEMENTS


@pytest.mark.parametrize("name", REPLACEMENTS)
def test_a_foreign_input_is_answered_with_inputs_of_ours(name: str) -> None:
    replacement = REPLACEMENTS[name]
    named = re.findall(r"`([a-z-]+)(?::|`)", replacement)
    named = [word for word in named if word not in {"warn", "ignore", "false", "legacy", "if"}]
    # `content-type` is a key of the manifest.
    assert set(named) <= DEFAULTS.keys() | {"content-type"}
    assert named or replacement.startswith("leave it out: "), "nothing to do is said"


def test_no_input_of_ours_counts_as_foreign() -> None:
    # The runner tells neither upper from lower case nor, in names, a space from `_`.
    ours = {name.upper() for name in DEFAULTS}
    assert [name for name in REPLACEMENTS if name.upper().replace(" ", "_") in ours] == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("tag_name", id="softprops/action-gh-release"),
        pytest.param("overwrite_files", id="softprops/action-gh-release: overwrite"),
        pytest.param("file", id="svenstaro/upload-release-action"),
        pytest.param("repo_token", id="svenstaro/upload-release-action: token"),
        pytest.param("artifacts", id="ncipollo/release-action"),
        pytest.param("asset_path", id="actions/upload-release-asset"),
        pytest.param("upload_url", id="actions/upload-release-asset: release"),
    ],
)
def test_the_best_known_are_answered(name: str) -> None:
    assert name in REPLACEMENTS
