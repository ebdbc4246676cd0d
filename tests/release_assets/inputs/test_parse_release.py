import pytest

from release_assets.inputs.errors import ContradictionError, InputError, MissingInputError
from release_assets.inputs.parse import parse_inputs
from release_assets.inputs.reader import Job
from tests.support.samples import REQUIRED, inputs, job

PUSHED = job(ref="refs/tags/v9")
BRANCH = job(ref="refs/heads/main")
RELEASED = job(ref="refs/tags/v9", event_release_id=42, event_tag="v9")


def release_of(known: Job, **given: str) -> tuple[str | None, int | None]:
    values = {name: value for name, value in REQUIRED.items() if name != "tag"}
    given = {name.replace("_", "-"): text for name, text in given.items()}
    ref = parse_inputs(values | given, known).release_ref
    return ref.tag, ref.id


@pytest.mark.parametrize(
    ("known", "given", "expected"),
    [
        pytest.param(BRANCH, {"tag": "v1"}, ("v1", None), id="a tag"),
        pytest.param(BRANCH, {"tag": "refs/tags/v1"}, ("v1", None), id="a full tag"),
        pytest.param(BRANCH, {"tag": "app/v1+é@2"}, ("app/v1+é@2", None), id="an odd tag"),
        pytest.param(BRANCH, {"release_id": "7"}, (None, 7), id="an id"),
        pytest.param(BRANCH, {"release_id": "7", "tag": "v1"}, ("v1", 7), id="both"),
        pytest.param(PUSHED, {}, ("v9", None), id="the pushed tag"),
        pytest.param(PUSHED, {"tag": "v1"}, ("v1", None), id="a tag, not the pushed one"),
        pytest.param(PUSHED, {"release_id": "7"}, (None, 7), id="an id, not the pushed tag"),
        pytest.param(RELEASED, {}, ("v9", 42), id="the release of the event"),
        pytest.param(RELEASED, {"tag": "v1"}, ("v1", None), id="a tag, not the event's release"),
        pytest.param(RELEASED, {"release_id": "7"}, (None, 7), id="an id, not the event's"),
    ],
)
def test_inputs_take_precedence_over_the_event_in_naming_the_release(
    known: Job, given: dict[str, str], expected: tuple[str | None, int | None]
) -> None:
    assert release_of(known, **given) == expected


def test_a_branch_without_tag_or_release_id_is_refused() -> None:
    with pytest.raises(MissingInputError) as caught:
        release_of(BRANCH)
    assert "`tag`" in str(caught.value)
    assert "`refs/heads/main`" in str(caught.value)


@pytest.mark.parametrize(
    "tag",
    [
        "v 1",
        "v..1",
        "v~1",
        "v^1",
        "v:1",
        "v?",
        "v*",
        "v[1]",
        "v\\1",
        "v@{1}",
        "a//b",
        "/v1",
        "v1/",
        "v1.",
        ".v1",
        "a/.b",
        "v1.lock",
        "v1.lock/x",
        "-v1",
        "@",
        "a\x7fb",
        "a\nb",
        "v\udc87",
        "refs/tags/",
        "refs/tags/a b",
        "refs/heads/main",
        "refs/pull/1/merge",
        "untagged-0123456789abcdef0123",
    ],
)
def test_a_tag_that_git_refuses_is_refused(tag: str) -> None:
    with pytest.raises(InputError) as caught:
        release_of(BRANCH, tag=tag)
    assert "`tag`" in caught.value.what
    assert repr(tag) in caught.value.what


@pytest.mark.parametrize("value", ["0", "-1", "v1", "1.0", "٣", "9" * 19, "000"])
def test_an_invalid_release_id_is_refused(value: str) -> None:
    with pytest.raises(InputError) as caught:
        release_of(BRANCH, release_id=value)
    assert "`release-id`" in caught.value.what


@pytest.mark.parametrize(
    ("given", "expected"),
    [({}, None), ({"prerelease": "true"}, True), ({"prerelease": "false"}, False)],
)
def test_a_prerelease_that_is_not_given_is_none(
    given: dict[str, str], expected: bool | None
) -> None:
    assert inputs("/ws", **given).release.prerelease is expected


def test_a_title_loses_the_prefix_of_a_tag_ref() -> None:
    assert inputs("/ws", title="refs/tags/v1").release.title == "v1"


@pytest.mark.parametrize("generate", ["", "false"])
def test_a_previous_tag_without_generated_notes_is_refused(generate: str) -> None:
    with pytest.raises(ContradictionError) as caught:
        inputs("/ws", previous_tag="v0", generate_notes=generate)
    assert "`generate-notes: true`" in caught.value.fix
    both = inputs("/ws", previous_tag="refs/tags/v0", generate_notes="true")
    assert both.release.previous_tag == "v0"


def test_an_invalid_previous_tag_is_refused() -> None:
    with pytest.raises(InputError):
        inputs("/ws", previous_tag="v 0", generate_notes="true")


@pytest.mark.parametrize("publish", ["always", "never"])
def test_files_are_optional_when_publish_is_always_or_never(publish: str) -> None:
    assert not inputs("/ws", files="", publish=publish).names_files


def test_files_are_required_when_publish_is_auto() -> None:
    with pytest.raises(MissingInputError) as caught:
        inputs("/ws", files="")
    assert "`publish: never`" in caught.value.fix
