"""Inputs `files` and `manifest` -> requests: a pattern, and the name and label of its matches."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from release_assets.files.patterns import absolute
from release_assets.files.text_files import MAX_TEXT_BYTES, read_text
from release_assets.inputs import Inputs, in_container
from release_assets.light_dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class AssetRequest:
    """A pattern, and the name, label and content type for the files that it matches."""

    source: str  # the input that the pattern comes from
    pattern: str
    name: str | None
    label: str | None = None
    content_type: str | None = None


def base_directory(inputs: Inputs) -> Path:
    """Return the directory that relative patterns start from."""
    return absolute(Path(inputs.access.workspace), inputs.working_directory)


def list_requests(inputs: Inputs, base: Path) -> list[AssetRequest]:
    """Return a request for each pattern, those of `files` first.

    Raises: InputFileError or ManifestError for a single error; MultipleErrors for several.
    """
    requests = [
        AssetRequest(source="files", pattern=pattern.text, name=pattern.rename, label=pattern.label)
        for pattern in inputs.patterns
    ]
    return requests + (_manifest_requests(inputs, base) if inputs.manifest else [])


def _manifest_requests(inputs: Inputs, base: Path) -> list[AssetRequest]:
    # YAML takes long to import, and few runs need it.
    from release_assets.files import manifest

    text = inputs.manifest
    if not manifest.is_inline(text):
        text = read_text("manifest", base / text, MAX_TEXT_BYTES)
    return [
        AssetRequest(
            source="manifest",
            pattern=in_container(entry.path, inputs.mounts),
            name=entry.name,
            label=entry.label,
            content_type=entry.content_type,
        )
        for entry in manifest.parse(text)
    ]


def merge_requests(
    matches: Iterable[tuple[AssetRequest, Path]],
) -> Iterator[tuple[Path, AssetRequest]]:
    """Yield each file once for each of its asset names.

    If a request names the asset, the file is not published under its own name too. A later label
    or content type replaces an earlier one.
    """
    merged: dict[Path, dict[str | None, AssetRequest]] = {}
    for request, path in matches:
        by_name = merged.setdefault(path, {})
        earlier = by_name.get(request.name)
        by_name[request.name] = _merge(earlier, request) if earlier else request
    for path, by_name in merged.items():
        unnamed = by_name.get(None)
        for request in by_name.values():
            if unnamed is None or len(by_name) == 1:
                yield path, request
            elif request is not unnamed:
                yield path, _merge(unnamed, request)


def _merge(earlier: AssetRequest, later: AssetRequest) -> AssetRequest:
    return replace(
        later,
        label=later.label or earlier.label,
        content_type=later.content_type or earlier.content_type,
    )
