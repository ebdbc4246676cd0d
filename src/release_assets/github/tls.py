"""Which certificates are trusted: the public authorities, and those that are given besides."""

import ssl
from collections.abc import Mapping
from pathlib import Path

import certifi

from release_assets.errors import InputError

VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""Variables that runners use to name a file with a private authority's certificates."""


def context(
    ca_bundle: str, directory: Path, environment: Mapping[str, str]
) -> ssl.SSLContext | None:
    """Return what verifies servers; None when the public authorities alone do.

    ca_bundle: PEM text, or the path of a PEM file seen from directory. A variable whose file is
    not there is passed over: in a container it often names a file of the host.

    Raises: InputError when ca_bundle is neither.
    """
    extra: list[str] = []
    if ca_bundle:
        extra.append(_pem(ca_bundle, directory))
    for name in VARIABLES:
        path = Path(environment.get(name) or "/nonexistent")
        if path.is_file():
            extra.append(path.read_text(encoding="utf-8", errors="replace"))
    if not extra:
        return None
    made = ssl.create_default_context(cafile=certifi.where())
    for pem in extra:
        try:
            made.load_verify_locations(cadata=pem)
        except (ssl.SSLError, ValueError) as error:
            if ca_bundle and pem is extra[0]:
                raise InputError("ca-bundle", ca_bundle, "certificates in PEM form") from error
    return made


def _pem(ca_bundle: str, directory: Path) -> str:
    if "-----BEGIN" in ca_bundle:
        return ca_bundle
    try:
        return (directory / ca_bundle).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError("ca-bundle", ca_bundle, "PEM text, or a file that can be read") from error
