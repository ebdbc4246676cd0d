"""Release steps as real workflows have them: what takes their place publishes the same release."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import yaml

from release_assets.inputs.contract import DEFAULTS
from release_assets.inputs.unknown_inputs import REPLACEMENTS
from release_assets.text import enumerated
from tests.support.expressions import as_text, resolve
from tests.support.job import ROOT, Job
from tests.support.runner import decode_commands
from tests.support.sandbox import Sandbox
from tests.support.script import run_script

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Steps of other actions, and those of this one that publish the same."""

    shape: str
    files: list[str]  # on the disk; the content of each is its path
    there: list[dict[str, Any]]  # steps of other actions, or scripts with gh
    here: list[dict[str, Any]]  # steps of this action
    published: dict[str, Any]  # the release at the end, as `published` returns it
    event: str = "tag"  # a key of EVENTS
    # Further values of expressions; `{id}` is the id of the release before.
    values: dict[str, object] = field(default_factory=dict)
    exists: dict[str, Any] = field(default_factory=dict)  # the release before
    matrix: list[str] = field(default_factory=lambda: [""])  # values of `matrix.os`
    may_write: str = "GITHUB_TOKEN"  # the secret with the token that may write

    @property
    def tag(self) -> str:
        return str(self.published.get("tag", self.exists.get("tag", "v1")))

    @property
    def is_gh(self) -> bool:
        return "run" in self.there[0]


SHAPES = [
    Shape(**one)
    for one in yaml.safe_load((ROOT / "tests/contract/data/real_shapes.yml").read_text("utf-8"))
]
OF_GH = [shape for shape in SHAPES if shape.is_gh]
OF_ACTIONS = [shape for shape in SHAPES if not shape.is_gh]
# Name and ref of each event.
EVENTS = {
    "tag": ("push", "refs/tags/v1"),
    "candidate": ("push", "refs/tags/v1-rc.1"),
    "release": ("release", "refs/tags/v1"),
    "dispatch": ("workflow_dispatch", "refs/heads/main"),
    "schedule": ("schedule", "refs/heads/main"),
}


def each(shapes: list[Shape]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("shape", shapes, ids=lambda shape: shape.shape)


class Workflow:
    """A workflow that an event has started, in a repository with the release of a shape."""

    def __init__(self, shape: Shape, job: Job, sandbox: Sandbox) -> None:
        self.shape = shape
        self.sandbox = sandbox
        tags = [tag for tag in ("v1", "v1-rc.1") if tag != shape.exists.get("tag")]
        releases = [shape.exists] if shape.exists else []
        seeded = {"name": sandbox.repository, "tags": tags, "releases": releases}
        sandbox.seed({"repositories": [seeded]})
        own = shape.may_write == "GITHUB_TOKEN"
        self.job = job if own else replace(job, token="ghs_may_not_write")
        self.job.write({path: path.encode() for path in shape.files})
        self.variables, self.context = self._event()

    def _event(self) -> tuple[dict[str, str], dict[str, str]]:
        """Return the variables of the event, and the values of expressions."""
        name, ref = EVENTS[self.shape.event]
        repository = self.sandbox.state()["repositories"][self.sandbox.repository]
        sha = str(repository["tags"]["v1"]["sha"])
        event: dict[str, Any] = {"ref": ref}
        if name == "release":
            event["release"] = self.sandbox.release(self.shape.tag)
        path = self.job.temp / "event.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(event), "utf-8")
        ref_name = ref.split("/", 2)[2]
        variables = {
            "GITHUB_EVENT_NAME": name,
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_REF": ref,
            "GITHUB_REF_NAME": ref_name,
            "GITHUB_SHA": sha,
        }
        context = {
            "github.ref": ref,
            "github.ref_name": ref_name,
            "github.sha": sha,
            "secrets.GITHUB_TOKEN": self.job.token,
            f"secrets.{self.shape.may_write}": self.sandbox.token,
            **{f"github.event.release.{key}": v for key, v in event.get("release", {}).items()},
            "github.workspace": self.job.workspace,
            **self.shape.values,
        }
        ids = [str(release["id"]) for release in self.sandbox.releases()]
        known = {"{id}": "".join(ids)}
        values = {key: as_text(value) for key, value in context.items()}
        return variables, {key: known.get(value, value) for key, value in values.items()}

    def given(self, step: Mapping[str, Any], key: str, os: str) -> dict[str, str]:
        """Return the inputs (`with`) or variables (`env`) of a step, without expressions."""
        context = self.context | {"matrix.os": os}
        return {name: resolve(value, context) for name, value in step.get(key, {}).items()}

    def published(self) -> dict[str, Any]:
        """Return the release: tag, title, notes, flags, and the assets with their contents."""
        release = self.sandbox.release(self.shape.tag)
        return {
            "tag": release["tag_name"],
            "title": release["name"] or release["tag_name"],
            "notes": release["body"] or "",
            "draft": release["draft"],
            "prerelease": release["prerelease"],
            "labels": {one["name"]: one["label"] for one in release["assets"] if one["label"]},
            "assets": {
                one["name"]: self.sandbox.content_of(one["id"]).decode()
                for one in release["assets"]
            },
        }


def expected(shape: Shape) -> dict[str, Any]:
    """Return what `published` must return for a shape."""
    plain = {"notes": "", "draft": False, "prerelease": False, "labels": {}}
    if ".env" in str(shape.files):
        plain["labels"] = {"default.env": ".env"}  # GitHub rewrites the name
    return plain | {"tag": shape.tag} | shape.published


def check(workflow: Workflow) -> None:
    """Compare the release with the shape; of notes that GitHub writes, only the last line."""
    found, wanted = workflow.published(), expected(workflow.shape)
    if wanted["notes"] == "Full Changelog":
        assert wanted["notes"] in found["notes"]
        found["notes"] = wanted["notes"]
    assert found == wanted
    assert len(workflow.sandbox.releases()) == 1


@each(SHAPES)
def test_the_steps_here_publish_the_same(shape: Shape, job: Job, sandbox: Sandbox) -> None:
    workflow = Workflow(shape, job, sandbox)
    for os in shape.matrix:
        for step in shape.here:
            inputs = workflow.given(step, "with", os)
            done = workflow.job.run_program(inputs, workflow.variables)
            assert done.exit_code == 0, done.log
    check(workflow)


@each(OF_GH)
def test_gh_publishes_what_the_shape_says(shape: Shape, job: Job, sandbox: Sandbox) -> None:
    workflow = Workflow(shape, job, sandbox)
    for step in shape.there:
        run_script(step, workflow.job)
    check(workflow)


@each(OF_ACTIONS)
def test_inputs_that_are_left_over_lead_to_the_steps_here(
    shape: Shape, job: Job, sandbox: Sandbox
) -> None:
    workflow = Workflow(shape, job, sandbox)
    sandbox.forget_requests()
    named = {name for step in shape.here for name in step["with"]}
    for step in shape.there:
        given = workflow.given(step, "with", shape.matrix[0])
        own = {name: value for name, value in given.items() if name in DEFAULTS}
        foreign = {name: value for name, value in given.items() if name not in DEFAULTS}
        variables = {f"INPUT_{name.upper()}": value for name, value in foreign.items()}
        variables |= workflow.given(step, "env", "")
        done = workflow.job.run_program(own, workflow.variables | variables)
        assert done.exit_code == 1, done.log
        assert foreign
        action = step["uses"].partition("@")[0]
        (error,) = [one.data for one in decode_commands(done.log) if one.name == "error"]
        for name in foreign:
            instead, actions = REPLACEMENTS[name]
            assert action in actions
            assert f"input `{name}` belongs to {enumerated(actions)}. To fix: {instead}" in error
            written = set(re.findall("`([a-z-]+): ", instead))
            assert written & named or "leave" in instead, name
    assert sandbox.requests() == []


def test_every_action_has_a_shape() -> None:
    used = {step["uses"].partition("@")[0] for shape in OF_ACTIONS for step in shape.there}
    assert used == {action for one in REPLACEMENTS.values() for action in one.actions}
    assert len(SHAPES) >= 20
