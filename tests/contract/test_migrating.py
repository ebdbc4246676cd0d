"""docs/migrating.md agrees with the program's suggestions and the inputs of other actions."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from release_assets.inputs.contract import DEFAULTS
from release_assets.inputs.unknown_inputs import REPLACEMENTS
from tests.support.document import (
    Block,
    anchors,
    blocks,
    headings,
    links,
    ours,
    read,
    rows,
    sections,
)
from tests.support.expressions import resolve
from tests.support.job import Job
from tests.support.sandbox import Sandbox

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
        "actions/create-release": """tag_name release_name body body_path draft prerelease commitish
            owner repo""",
        "actions/upload-release-asset": "upload_url asset_path asset_name asset_content_type",
        "shogo82148/actions-upload-release-asset": """github_token upload_url asset_path asset_name
            asset_content_type overwrite""",
        "AButler/upload-release-assets": "files release-tag release-id repo-token",
        "xresloader/upload-to-github-release": """file delete_file overwrite draft prerelease tags
            branches verbose tag_name update_latest_release release_id default_release_name
            default_release_body default_release_body_path update_release_body
            update_release_body_path update_release_body_append token target_owner target_repo
            find_draft_release_count""",
    }.items()
}
"""The inputs of other actions. Source: action.yml of each, on https://github.com/OWNER/NAME."""

GH = ("create", "upload", "edit")

# Section -> the actions that its step before uses; a command of gh is in a `run` of its own.
PARTS: Mapping[str, frozenset[str]] = {
    title: frozenset(re.findall(r"[\w-]+/[\w-]+", title))
    for title in headings(read(DOCUMENT), 2)
    if "/" in title or title.startswith("gh ")
}
SHOWN = ("Common cases", *PARTS)
TEXTS = sections(read(DOCUMENT)) | sections(read(DOCUMENT), 3)


def table(title: str) -> dict[str, str]:
    """Return the replacement of each input, from the table under a heading."""
    found = [(one[0].strip("`"), one[1]) for one in rows(TEXTS[title])]
    assert len(dict(found)) == len(found), "an input with two rows"
    return dict(found)


def test_every_action_has_a_section() -> None:
    assert frozenset().union(*PARTS.values()) == INPUTS.keys()
    assert [title for title in PARTS if not PARTS[title]] == [f"gh release {one}" for one in GH]


@pytest.mark.parametrize("action", INPUTS)
def test_every_input_has_a_row(action: str) -> None:
    assert table(action).keys() == INPUTS[action]


@pytest.mark.parametrize("action", INPUTS)
def test_the_rows_agree_with_the_program(action: str) -> None:
    for name, replacement in table(action).items():
        if name in DEFAULTS:
            assert replacement.startswith("the same"), name
        else:
            assert replacement.startswith(REPLACEMENTS[name].instead), name


def test_the_program_knows_which_inputs_each_action_has() -> None:
    known = {
        action: {name for name, one in REPLACEMENTS.items() if action in one.actions}
        for action in INPUTS
    }
    assert known == {action: names - DEFAULTS.keys() for action, names in INPUTS.items()}
    assert {action for one in REPLACEMENTS.values() for action in one.actions} == INPUTS.keys()


@pytest.mark.parametrize("command", GH)
def test_the_rows_of_gh_match_its_options(command: str) -> None:
    gh = Path(sys.executable).parent / "gh"
    usage = subprocess.run([gh, "release", command, "--help"], stdout=subprocess.PIPE, text=True)
    indented = "".join(re.findall(r"(?m)^  .*\n", usage.stdout))  # all but the prose
    words = set(re.findall(r"<\w+>(?:\.\.\.)?|--[\w-]+", indented)) - {"--help"}
    # The prose describes the label after `#`, and `<command>` belongs to the last line.
    documented = table(f"gh release {command}").keys() - {"FILE#LABEL"}
    assert words - {"<command>", "<subcommand>"} == documented


def before_and_after(title: str) -> tuple[Block, Block]:
    """Return the two code blocks of a section, which must be the only ones."""
    text = TEXTS[title]
    mine = [block for block in blocks(DOCUMENT) if block.text in text]
    assert re.findall(r"(?m)^(Before|After):\n\n```yaml$", text) == ["Before", "After"]
    before, after = mine
    return before, after


@pytest.mark.parametrize("title", PARTS)
def test_the_step_before_uses_the_other_action(title: str) -> None:
    before, _ = before_and_after(title)
    used = {str(step.get("uses", "")).partition("@")[0]: step for step in before.steps()}
    if PARTS[title]:
        assert used.keys() == PARTS[title]
        assert all(step["with"].keys() <= INPUTS[action] for action, step in used.items())
    else:
        assert used.keys() == {""}
        assert used[""]["run"].startswith(title)


@pytest.mark.parametrize("title", PARTS)
def test_the_step_after_uses_this_action(title: str) -> None:
    _, after = before_and_after(title)
    assert len(ours(after)) == len(after.steps()) == 1


def test_the_page_begins_with_a_link_to_each_section() -> None:
    introduction = read(DOCUMENT).partition("\n## ")[0]
    listed = [link for link in links(introduction) if link.startswith("#")]
    assert listed == [f"#{one}" for one in anchors("".join(f"# {title}\n" for title in SHOWN))]


CONTEXT = {
    "github.ref": "refs/tags/v1.2.0",
    "github.ref_name": "v1.2.0",
    "github.run_number": "7",
    "inputs.draft": "true",
    "inputs.version": "2.0",
}
FILES = (
    *("dist/a.zip", "dist/a.tar.gz", "dist/a.sha256", "dist/app.tar.gz", "dist/app.deb"),
    *("build/out.zip", "build/a.zip", "build/a.tar.gz", "target/release/app", "CHANGES.md"),
)


@pytest.mark.slow
@pytest.mark.parametrize(
    "block", [one for one in blocks(DOCUMENT) if ours(one)], ids=lambda block: block.place
)
def test_the_steps_succeed(block: Block, sandbox: Sandbox, tmp_path: Path) -> None:
    steps = ours(block)
    releases = [{"tag": "v1.2.0"}] if steps[0]["with"].get("create") is False else []
    seeded = {"name": sandbox.repository, "tags": ["v1.2.0", "nightly"], "releases": releases}
    sandbox.seed({"repositories": [seeded]})
    job = Job.at(tmp_path, sandbox, "v1.2.0")
    job.write(dict.fromkeys(FILES, b"x"))
    commit = sandbox.state()["repositories"][sandbox.repository]["tags"]["v1.2.0"]["sha"]
    context = CONTEXT | {"secrets.RELEASE_TOKEN": job.token, "github.sha": commit}
    for step in steps:
        inputs = {name: resolve(value, context) for name, value in step["with"].items()}
        done = job.run_program(inputs)
        assert done.exit_code == 0, done.log
        assert "::warning" not in done.log
    (release,) = sandbox.releases()
    assert release["draft"] is (steps[-1]["with"].get("publish", "auto") not in {"auto", "always"})


def test_the_commands_succeed(job: Job, sandbox: Sandbox) -> None:
    job.write({"dist/app.zip": b"zip"})
    (script,) = re.findall(r"(?ms)^```sh\n(.*?)^```$", read(DOCUMENT))
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=job.workspace,
        env={
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "GITHUB_REF_NAME": job.tag,
            "GH_TOKEN": job.token,
            "GH_REPO": job.repository,
            "GITHUB_API_URL": job.api_url,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert sandbox.asset_names(job.tag) == ["app.zip"]
