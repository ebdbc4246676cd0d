import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from release_assets.files.content_types import DEFAULT, content_type


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("app.zip", "application/zip"),
        ("APP.ZIP", "application/zip"),
        ("app-1.0.tar.gz", "application/gzip"),
        ("app.tar.zst", "application/zstd"),
        ("app.tgz", "application/gzip"),
        ("app.exe", "application/vnd.microsoft.portable-executable"),
        ("app_1.0_amd64.deb", "application/vnd.debian.binary-package"),
        ("app-1.0-py3-none-any.whl", "application/zip"),
        ("App.dmg", "application/x-apple-diskimage"),
        ("app.wasm", "application/wasm"),
        ("notes.md", "text/markdown"),
        ("data.json", "application/json"),
        # The longest suffix counts.
        ("app.spdx.json", "application/spdx+json"),
        ("app.cdx.json", "application/vnd.cyclonedx+json"),
        ("app.cdx.xml", "application/vnd.cyclonedx+xml"),
        ("app.zip.sigstore.json", "application/vnd.dev.sigstore.bundle+json"),
        ("app.intoto.jsonl", "application/vnd.in-toto+json"),
        # A signature is no archive.
        ("app.tar.gz.asc", "application/pgp-signature"),
        ("app.zip.sha256", "text/plain"),
        # Names of checksum lists have no known suffix.
        ("SHA256SUMS", "text/plain"),
        ("sha256sums.txt", "text/plain"),
        ("checksums.txt", "text/plain"),
        ("SHA256SUMS.asc", "application/pgp-signature"),
        # Known only to Python.
        ("letter.doc", "application/msword"),
        # A compression without a content type of its own.
        ("app.Z", DEFAULT),
        ("app", DEFAULT),
        ("app.", DEFAULT),
        (".zip", "application/zip"),
        ("app.unknown", DEFAULT),
        ("", DEFAULT),
    ],
)
def test_a_file_name_has_its_content_type(name: str, expected: str) -> None:
    assert content_type(name) == expected


@given(st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"])))
def test_every_name_has_a_content_type_that_is_valid_in_a_header(name: str) -> None:
    assert re.fullmatch(r"[a-z]+/[A-Za-z0-9.+-]+", content_type(name))


@given(st.text(max_size=8), st.sampled_from([".zip", ".json", ".tar.gz", ".sha256", ".deb"]))
def test_only_the_suffix_of_a_name_matters(start: str, end: str) -> None:
    assert content_type(f"{start}-1{end}") == content_type(f"other{end}")
