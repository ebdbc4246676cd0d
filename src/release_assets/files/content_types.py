"""File name -> content type, the same on every machine. Pure."""

import mimetypes
from functools import cache

DEFAULT = "application/octet-stream"

# Types of common release assets that Python's table lacks, or that depend on the Python version.
# Source: https://www.iana.org/assignments/media-types and, for formats without an entry there,
# the shared MIME-info database of https://gitlab.freedesktop.org/xdg/shared-mime-info
_TYPES = {
    # archives and compression
    ".7z": "application/x-7z-compressed",
    ".br": "application/x-brotli",
    ".bz2": "application/x-bzip2",
    ".cab": "application/vnd.ms-cab-compressed",
    ".cpio": "application/x-cpio",
    ".gz": "application/gzip",
    ".lz4": "application/x-lz4",
    ".lzma": "application/x-lzma",
    ".rar": "application/vnd.rar",
    ".tar": "application/x-tar",
    ".tbz": "application/x-bzip2",
    ".tbz2": "application/x-bzip2",
    ".tgz": "application/gzip",
    ".txz": "application/x-xz",
    ".tzst": "application/zstd",
    ".xz": "application/x-xz",
    ".zip": "application/zip",
    ".zst": "application/zstd",
    # packages
    ".bin": DEFAULT,
    ".apk": "application/vnd.android.package-archive",
    ".aab": "application/octet-stream",
    ".appimage": "application/vnd.appimage",
    ".appx": "application/appx",
    ".appxbundle": "application/appxbundle",
    ".crate": "application/gzip",
    ".crx": "application/x-chrome-extension",
    ".deb": "application/vnd.debian.binary-package",
    ".dmg": "application/x-apple-diskimage",
    ".exe": "application/vnd.microsoft.portable-executable",
    ".dll": "application/vnd.microsoft.portable-executable",
    ".flatpak": "application/vnd.flatpak",
    ".gem": "application/x-tar",
    ".ipa": "application/octet-stream",
    ".iso": "application/x-iso9660-image",
    ".jar": "application/java-archive",
    ".msi": "application/x-msi",
    ".msix": "application/msix",
    ".msixbundle": "application/msixbundle",
    ".nupkg": "application/zip",
    ".pkg": "application/octet-stream",
    ".rpm": "application/x-rpm",
    ".snap": "application/vnd.snap",
    ".vsix": "application/vsix",
    ".war": "application/java-archive",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".xpi": "application/x-xpinstall",
    # signatures, checksums, attestations
    ".asc": "application/pgp-signature",
    ".sig": "application/pgp-signature",
    ".minisig": "text/plain",
    ".md5": "text/plain",
    ".sha1": "text/plain",
    ".sha256": "text/plain",
    ".sha512": "text/plain",
    ".pem": "application/x-pem-file",
    ".crt": "application/x-x509-ca-cert",
    ".intoto": "application/vnd.in-toto+json",
    ".jsonl": "application/jsonl",
    ".sigstore": "application/vnd.dev.sigstore.bundle+json",
    ".sbom": "application/json",
    ".spdx": "text/spdx",
    # text and data
    ".cfg": "text/plain",
    ".conf": "text/plain",
    ".csv": "text/csv",
    ".css": "text/css",
    ".htm": "text/html",
    ".html": "text/html",
    ".ini": "text/plain",
    ".js": "text/javascript",
    ".json": "application/json",
    ".log": "text/plain",
    ".map": "application/json",
    ".md": "text/markdown",
    ".mjs": "text/javascript",
    ".pdf": "application/pdf",
    ".ps1": "text/plain",
    ".rst": "text/x-rst",
    ".rtf": "text/rtf",
    ".sh": "application/x-sh",
    ".sql": "application/sql",
    ".toml": "application/toml",
    ".txt": "text/plain",
    ".xml": "application/xml",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    # pictures, fonts, media
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".ico": "image/vnd.microsoft.icon",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}

# Suffixes with two parts, which take precedence over the last part alone.
_LONG_TYPES = {
    ".intoto.jsonl": "application/vnd.in-toto+json",
    ".sigstore.json": "application/vnd.dev.sigstore.bundle+json",
    ".spdx.json": "application/spdx+json",
    ".cdx.json": "application/vnd.cyclonedx+json",
    ".cdx.xml": "application/vnd.cyclonedx+xml",
}

_CHECKSUM_LISTS = ("md5sums", "sha1sums", "sha256sums", "sha512sums", "checksums")


def content_type(name: str) -> str:
    """Return the media type for a file name; `application/octet-stream` if it is unknown."""
    lower = name.lower()
    for suffix, known in _LONG_TYPES.items():
        if lower.endswith(suffix):
            return known
    if lower.removesuffix(".txt") in _CHECKSUM_LISTS:
        return "text/plain"
    dot = lower.rfind(".")
    if dot < 0:
        return DEFAULT
    suffix = lower[dot:]
    if suffix in _TYPES:
        return _TYPES[suffix]
    guessed, encoding = _python_types().guess_type("x" + suffix)
    return guessed if guessed and not encoding else DEFAULT


@cache
def _python_types() -> mimetypes.MimeTypes:
    """Return Python's table, without the mime.types of this machine."""
    return mimetypes.MimeTypes()
