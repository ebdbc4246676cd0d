"""What was asked of a write, compared with what was answered -> what does not hold. Pure."""

from collections.abc import Container, Iterator, Mapping

from release_assets.models import Asset, Release
from release_assets.names import may_be_renamed_to

_MOST_SHOWN = 80  # characters of a value in a message


def of_created_release(
    fields: Mapping[str, object], known_ids: Container[int], answer: Release
) -> Iterator[str]:
    """Yield what does not hold after a release was created with these fields.

    known_ids: of releases that were there before.
    """
    if answer.id in known_ids:
        yield f"release {answer.id}, which was there before"
    yield from _of_fields(fields, answer, ("tag_name", "name", "body", "draft", "prerelease"))


def of_updated_release(
    release_id: int, fields: Mapping[str, object], answer: Release
) -> Iterator[str]:
    """Yield what does not hold after these fields of a release were changed.

    An answer shows neither `make_latest` nor `discussion_category_name` as they were sent.

    Source: https://docs.github.com/en/rest/releases/releases#update-a-release
    """
    yield from _of_id("release", release_id, answer.id)
    shown = ("tag_name", "target_commitish", "name", "body", "draft", "prerelease")
    yield from _of_fields(fields, answer, shown)


def of_uploaded_asset(name: str, known_ids: Container[int], answer: Asset) -> Iterator[str]:
    """Yield what does not hold after an asset was uploaded under a name.

    Its bytes are compared by whoever sent them: an asset with a new id and our name is ours to
    delete. known_ids: of assets that were there before.
    """
    if answer.id in known_ids:
        yield f"asset {answer.id}, which was there before"
    if not may_be_renamed_to(name, answer.name):
        yield _other("name", name, answer.name)


def of_updated_asset(
    before: Asset, name: str | None, label: str | None, answer: Asset
) -> Iterator[str]:
    """Yield what does not hold after an asset got another name or label; None: not asked for.

    An asset that is called otherwise although no name was sent is another party's by now.
    """
    yield from _of_id("asset", before.id, answer.id)
    wanted = before.name if name is None else name
    if answer.name != wanted:
        yield _other("name", wanted, answer.name)
    if label is not None and not _is_same_text(label, answer.label):
        yield _other("label", label, answer.label)
    if answer.size != before.size:
        yield _other("size", before.size, answer.size)
    # Where the server shows none, that of before was read back.
    if None not in {before.digest, answer.digest} and answer.digest != before.digest:
        yield _other("digest", before.digest, answer.digest)


def of_deletion(status: int) -> Iterator[str]:
    """Yield what does not hold after something was deleted.

    Source: https://docs.github.com/en/rest/releases/releases#delete-a-release and
    https://docs.github.com/en/rest/releases/assets#delete-a-release-asset ("204: No Content")
    """
    if status != 204:
        yield f"status {status} instead of 204"


def _of_id(kind: str, asked: int, answered: int) -> Iterator[str]:
    if answered != asked:
        yield f"{kind} {answered} instead of {asked}"


def _of_fields(
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
        asked, told = fields[name], answered[name]
        is_text = name in {"name", "body"}  # GitHub may normalize what people write
        if not (_is_same_text(asked, told) if is_text else asked == told):
            yield _other(f"`{name}`", asked, told)


def _is_same_text(one: object, other: object) -> bool:
    return _normalized(one) == _normalized(other)


def _normalized(text: object) -> str:
    """Return a text as it is compared: line endings and outer white space say nothing."""
    return ("" if text is None else str(text)).replace("\r\n", "\n").replace("\r", "\n").strip()


def _other(what: str, asked: object, answered: object) -> str:
    return f"the {what} {_shown(answered)} instead of {_shown(asked)}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else text[: _MOST_SHOWN - 3] + "..."
