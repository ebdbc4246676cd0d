"""Compare the answer to a write with the request -> the mismatches. Pure."""

from collections.abc import Container, Iterator, Mapping

from release_assets.models import Asset, Release
from release_assets.names import may_be_renamed_to

_MAX_SHOWN = 80  # characters of a value in a message


def creation_mismatches(
    fields: Mapping[str, object], known_ids: Container[int], answer: Release
) -> Iterator[str]:
    """Yield the mismatches after a release was created with these fields.

    known_ids: of releases that existed before.
    """
    if answer.id in known_ids:
        yield f"release {answer.id}, which was there before"
    yield from _field_mismatches(
        fields, answer, ("tag_name", "draft", "prerelease", "name", "body")
    )


def release_update_mismatches(
    release_id: int, fields: Mapping[str, object], answer: Release
) -> Iterator[str]:
    """Yield the mismatches after these fields of a release were changed.

    The answer does not show `make_latest` and `discussion_category_name` as they were sent.

    Source: https://docs.github.com/en/rest/releases/releases#update-a-release
    """
    yield from _id_mismatch("release", release_id, answer.id)
    shown = ("tag_name", "draft", "prerelease", "target_commitish", "name", "body")
    yield from _field_mismatches(fields, answer, shown)


def upload_mismatches(name: str, known_ids: Container[int], answer: Asset) -> Iterator[str]:
    """Yield the mismatches after an asset was uploaded under a name.

    The caller compares the bytes, and may delete an asset with a new id and this name. known_ids:
    of assets that existed before.
    """
    if answer.id in known_ids:
        yield f"asset {answer.id}, which was there before"
    if not may_be_renamed_to(name, answer.name):
        yield _mismatch("name", name, answer.name)


def asset_update_mismatches(
    before: Asset, name: str | None, label: str | None, answer: Asset
) -> Iterator[str]:
    """Yield the mismatches after an asset was renamed or relabelled; None: not requested.

    When no name was sent, another name means that another job has renamed the asset.
    """
    yield from _id_mismatch("asset", before.id, answer.id)
    wanted = before.name if name is None else name
    if answer.name != wanted:
        yield _mismatch("name", wanted, answer.name)
    if label is not None and not _is_same_text(label, answer.label):
        yield _mismatch("label", label, answer.label)
    if answer.size != before.size:
        yield _mismatch("size", before.size, answer.size)
    # Where the server shows no digest, `before` has one that was read back.
    if None not in {before.digest, answer.digest} and answer.digest != before.digest:
        yield _mismatch("digest", before.digest, answer.digest)


def deletion_mismatches(status: int) -> Iterator[str]:
    """Yield the mismatches after a release or an asset was deleted.

    Source: https://docs.github.com/en/rest/releases/releases#delete-a-release and
    https://docs.github.com/en/rest/releases/assets#delete-a-release-asset ("204: No Content")
    """
    if status != 204:
        yield f"status {status} instead of 204"


def _id_mismatch(kind: str, requested: int, answered: int) -> Iterator[str]:
    if answered != requested:
        yield f"{kind} {answered} instead of {requested}"


def _field_mismatches(
    fields: Mapping[str, object], answer: Release, shown: tuple[str, ...]
) -> Iterator[str]:
    answered: dict[str, object] = {
        "tag_name": answer.tag,
        "target_commitish": answer.target,
        "name": answer.name,
        "body": answer.body,
        "draft": answer.draft,
        "prerelease": answer.prerelease,
    }
    for name in shown:
        if name not in fields:
            continue
        sent, actual = fields[name], answered[name]
        is_text = name in {"name", "body"}  # GitHub may normalize these
        if not (_is_same_text(sent, actual) if is_text else sent == actual):
            shown_as = f"`{name}` as {_shown(actual)} instead of {_shown(sent)}"
            yield "different notes" if name == "body" else shown_as


def _is_same_text(one: object, other: object) -> bool:
    return _normalized(one) == _normalized(other)


def _normalized(text: object) -> str:
    """Return a text for comparison, without differences in line endings and outer white space."""
    return ("" if text is None else str(text)).replace("\r\n", "\n").replace("\r", "\n").strip()


def _mismatch(what: str, requested: object, answered: object) -> str:
    return f"the {what} {_shown(answered)} instead of {_shown(requested)}"


def _shown(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= _MAX_SHOWN else text[: _MAX_SHOWN - 3] + "..."
