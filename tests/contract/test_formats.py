"""What each version left on a release is finished by this one."""

import pytest

from tests.support.engine import Engine
from tests.support.formats import MARKS, SWAP_NAMES
from tests.support.sandbox import Sandbox


@pytest.mark.parametrize("form", MARKS)
def test_a_draft_with_a_mark_of_any_version_is_published(
    form: str, engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/app.zip": b"new"})
    draft = {"tag": "v1", "draft": True, "body": MARKS[form]["notes"]}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [draft]}]})
    assert engine.publish_well().published
    (release,) = sandbox.releases()
    assert (release["draft"], release["body"]) == (False, "Notes")


@pytest.mark.parametrize("content", ["new", "other"])
@pytest.mark.parametrize("form", SWAP_NAMES)
def test_a_leftover_of_any_version_is_removed_by_the_next_run(
    form: str, content: str, engine: Engine, sandbox: Sandbox
) -> None:
    engine.write({"dist/app.zip": b"new"})
    leftover = {"name": SWAP_NAMES[form]["name"], "text": content}
    release = {"tag": "v1", "assets": [leftover, {"name": "b.zip", "text": "b"}]}
    sandbox.seed({"repositories": [{"name": sandbox.repository, "releases": [release]}]})
    engine.publish_well(overwrite="true")
    assert sandbox.asset_names("v1") == ["app.zip", "b.zip"]
    assert sandbox.content("v1", "app.zip") == b"new"
