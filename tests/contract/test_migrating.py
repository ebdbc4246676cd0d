"""docs/migrating.md agrees with the program's suggestions and the inputs of other actions."""

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from release_assets.inputs.contract import DEFAULTS
from release_assets.inputs.unknown_inputs import REPLACEMENTS
from tests.support.document import Block, blocks, ours, read, rows, sections

DOCUMENT = "docs/migrating.md"
INPUTS: Mapping[str, frozenset[str]] = {
    name: frozenset(text.split())
    for name, text in {
        "softprops/action-gh-release": """body body_path append_body name tag_name draft prerelease
            preserve_order files working_directory overwrite_files fail_on_unmatched_files repository
            token target_commitish discussion_category_name generate_release_notes previous_tag
            make_latest""",
        "svenstaro/upload-release-action": """repo_token file tag asset_name file_glob overwrite
            check_duplicates promote draft prerelease make_latest release_name target_commit
            release_id body repo_name""",
        "ncipollo/release-action": """allowUpdates artifactErrorsFailBuild artifact artifacts
            artifactContentType body bodyFile commit discussionCategory draft generateReleaseNotes
            generateReleaseNotesPreviousTag immutableCreate makeLatest name omitBody
            omitBodyDuringUpdate omitDraftDuringUpdate omitName omitNameDuringUpdate
            omitPrereleaseDuringUpdate owner prerelease removeArtifacts replacesArtifacts repo
            skipIfReleaseExists tag token updateOnlyUnreleased""",
        # With those of actions/create-release, which is used together with it.
        "actions/upload-release-asset": """upload_url asset_path asset_name asset_content_type
            tag_name release_name body body_path draft prerelease commitish owner repo""",
        "shogo82148/actions-upload-release-asset": """github_token upload_url asset_path asset_name
            asset_content_type overwrite""",
    }.items()
}
"""The inputs of other actions. Source: action.yml of each, on https://github.com/OWNER/NAME."""

SECTIONS = sections(read(DOCUMENT))
PARTS = {name: SECTIONS[name] for name in (*INPUTS, "gh release upload")}


def table(part: str) -> dict[str, str]:
    """Return the replacement of each input, from the tables of a section."""
    found = {one[0].strip("`"): one[1] for one in rows(PARTS[part])}
    assert len(found) == len(list(rows(PARTS[part]))), "an input with two rows"
    return found


@pytest.mark.parametrize("action", INPUTS)
def test_every_input_has_a_row(action: str) -> None:
    assert table(action).keys() == INPUTS[action]


@pytest.mark.parametrize("action", INPUTS)
def test_the_rows_agree_with_the_program(action: str) -> None:
    for name, replacement in table(action).items():
        if name in DEFAULTS:
            assert replacement.startswith("the same"), name
        else:
            assert replacement.startswith(REPLACEMENTS[name]), name


def test_the_program_replaces_only_existing_inputs() -> None:
    assert REPLACEMENTS.keys() == frozenset().union(*INPUTS.values()) - DEFAULTS.keys()


def test_the_rows_of_gh_match_its_options() -> None:
    gh = Path(sys.executable).parent / "gh"
    usage = subprocess.run([gh, "release", "upload", "--help"], stdout=subprocess.PIPE, text=True)
    words = set(re.findall(r"<\w+>(?:\.\.\.)?|--[\w-]+", usage.stdout)) - {"--help"}
    # The help describes the label after `#` in prose, and `<command>` belongs to its last line.
    assert words - {"<command>", "<subcommand>"} == table("gh release upload").keys() - {
        "FILE#LABEL"
    }


def before_and_after(part: str) -> tuple[Block, Block]:
    """Return the two code blocks of a section, which must be the only ones."""
    mine = [block for block in blocks(DOCUMENT) if block.text in PARTS[part]]
    assert re.findall(r"(?m)^(Before|After):\n\n```yaml$", PARTS[part]) == ["Before", "After"]
    before, after = mine
    return before, after


@pytest.mark.parametrize("action", INPUTS)
def test_the_step_before_uses_the_other_action(action: str) -> None:
    before, _ = before_and_after(action)
    used = {str(step["uses"]).partition("@")[0]: step["with"].keys() for step in before.steps()}
    assert action in used
    assert used.keys() - {"actions/create-release"} == {action}
    assert frozenset().union(*used.values()) <= INPUTS[action]


@pytest.mark.parametrize("part", PARTS)
def test_the_step_after_uses_this_action(part: str) -> None:
    _, after = before_and_after(part)
    assert len(ours(after)) == len(after.steps()) == 1
