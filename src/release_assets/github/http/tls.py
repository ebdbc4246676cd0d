"""Trust the public certificate authorities, and those of `ca-bundle` and the environment."""

import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import certifi

from release_assets.files import MIB, read_text
from release_assets.inputs import InputError, InputFileError

VARIABLES = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""Variables that runners use to name a file with a private authority's certificates."""

_MAX_BYTES = 16 * MIB  # the bundle of all public authorities is smaller than 1 MiB

# Bundles hold comments, often with non-ASCII characters, which Python's ssl refuses in PEM text.
_CERTIFICATE = r"-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----.*?-----END [A-Z0-9 ]*-----"


def create_context(
    ca_bundle: str, directory: Path, environment: Mapping[str, str]
) -> ssl.SSLContext | None:
    """Return the context that verifies servers; None when the public authorities are enough.

    ca_bundle: PEM text, or the path of a PEM file relative to directory. A variable whose file
    does not exist is ignored: in a container it often names a file of the host.

    Raises: InputError when ca_bundle is neither.
    """
    given = _pem(ca_bundle, directory) if ca_bundle else None
    found = list(_pems_of_variables(environment))
    if given is None and not found:
        return None
    context = public_authorities()
    for pem in found:
        with suppress(ssl.SSLError, ValueError):
            _trust(context, pem)
    if given is not None:
        _trust_given(context, given, ca_bundle)
    return context


def public_authorities() -> ssl.SSLContext:
    """Return a context that trusts only the public authorities."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.hostname_checks_common_name = False  # obsolete; urllib3 turns it off as well
    return context


def _pem(ca_bundle: str, directory: Path) -> str:
    if "-----BEGIN" in ca_bundle:
        return ca_bundle
    return _read("ca-bundle", directory / ca_bundle)


def _pems_of_variables(environment: Mapping[str, str]) -> Iterator[str]:
    for name in VARIABLES:
        with suppress(InputFileError):
            yield _read(name, Path(environment.get(name) or "/nonexistent"))


def _trust_given(context: ssl.SSLContext, pem: str, ca_bundle: str) -> None:
    try:
        _trust(context, pem)
    except (ssl.SSLError, ValueError) as error:
        # Show only the first line of PEM text: the rest may be a private key.
        shown = ca_bundle.partition("\n")[0]
        accepted = (
            "certificates in PEM form, each from `-----BEGIN CERTIFICATE-----` to "
            "`-----END CERTIFICATE-----`"
        )
        raise InputError("ca-bundle", shown, accepted) from error


def _trust(context: ssl.SSLContext, pem: str) -> None:
    context.load_verify_locations(cadata="\n".join(re.findall(_CERTIFICATE, pem, re.DOTALL)))


def _read(name: str, path: Path) -> str:
    # Comments between the certificates may be in any encoding.
    return read_text(name, path, _MAX_BYTES, errors="replace")
