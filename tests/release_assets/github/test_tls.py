"""The certificate authorities that `ca-bundle` and the environment add."""

import ssl
from pathlib import Path

import certifi
import pytest

from release_assets.github.http.tls import VARIABLES, create_context
from release_assets.inputs.errors import InputError, InputFileError

# A self-signed authority; its key was thrown away.
PEM = """\
-----BEGIN CERTIFICATE-----
MIIBmTCCAT+gAwIBAgIUD0n2WeoLPjEhP7D+Ntz0YLO9y7swCgYIKoZIzj0EAwIw
ITEfMB0GA1UEAwwWQXV0aG9yaXR5IG9mIHRoZSB0ZXN0czAgFw0yNjExMjEwMzUy
MTJaGA8yMTI2MTAyODAzNTIxMlowITEfMB0GA1UEAwwWQXV0aG9yaXR5IG9mIHRo
ZSB0ZXN0czBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABB9FoBOFHT2TXubaK7ai
pGu4glx57hmxgJgcEmPUkQc/+vcjMnzqLqst3NUMso9eR5GxYGKh17bruSB4MgXK
BICjUzBRMB0GA1UdDgQWBBSVTJblL+W4Nn20UoKzltd5kRhwqTAfBgNVHSMEGDAW
gBSVTJblL+W4Nn20UoKzltd5kRhwqTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49
BAMCA0gAMEUCIQCtNVCYrr4W4cGwrnfivcK6psOw5txfl+XP5ig5aXNvIwIgMC8j
0nLr69Drr8/wO5rl6+N5RJA4fZ2XDje/sHRnVqk=
-----END CERTIFICATE-----
"""
NAME = "Authority of the tests"
KEY = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49\n-----END PRIVATE KEY-----\n"


def trusts(context: ssl.SSLContext | None) -> bool:
    """Say whether the authority of the tests is trusted, in addition to the public ones."""
    assert context is not None
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    public = ssl.create_default_context(cafile=certifi.where()).cert_store_stats()["x509_ca"]
    assert context.cert_store_stats()["x509_ca"] >= public
    return any(NAME in str(one["subject"]) for one in context.get_ca_certs())


def test_without_a_bundle_there_is_no_context(tmp_path: Path) -> None:
    assert create_context("", tmp_path, {}) is None


def test_pem_text_is_trusted(tmp_path: Path) -> None:
    assert trusts(create_context(PEM, tmp_path, {}))


def test_a_pem_file_is_trusted_by_relative_and_absolute_path(tmp_path: Path) -> None:
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs/ca.pem").write_text(PEM)
    assert trusts(create_context("certs/ca.pem", tmp_path, {}))
    assert trusts(create_context(str(tmp_path / "certs/ca.pem"), Path("/"), {}))


@pytest.mark.parametrize(
    "pem",
    [
        pytest.param("# Főtanúsítvány\n" + PEM, id="a comment"),
        pytest.param(PEM.replace("\n", "\r\n"), id="CRLF"),
        pytest.param(PEM + PEM, id="twice"),
        pytest.param(KEY + PEM, id="with a key"),
        pytest.param("\ufeff" + PEM, id="byte order mark"),
    ],
)
def test_other_content_of_a_bundle_is_ignored(pem: str, tmp_path: Path) -> None:
    assert trusts(create_context(pem, tmp_path, {}))
    (tmp_path / "ca.pem").write_text(pem, encoding="utf-8", newline="")
    assert trusts(create_context("ca.pem", tmp_path, {}))


@pytest.mark.parametrize("name", VARIABLES)
def test_the_file_of_a_variable_is_trusted(name: str, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text(PEM)
    assert trusts(create_context("", tmp_path, {name: str(tmp_path / "ca.pem")}))


def test_variables_and_the_input_are_combined(tmp_path: Path) -> None:
    (tmp_path / "public.pem").write_bytes(Path(certifi.where()).read_bytes())
    assert trusts(create_context(PEM, tmp_path, {"SSL_CERT_FILE": str(tmp_path / "public.pem")}))


@pytest.mark.parametrize("name", VARIABLES)
@pytest.mark.parametrize("value", ["", "gone.pem", "{}", "{}/empty.pem", "{}/junk.pem"])
def test_a_variable_without_a_valid_file_is_ignored(name: str, value: str, tmp_path: Path) -> None:
    (tmp_path / "empty.pem").touch()
    (tmp_path / "junk.pem").write_bytes(b"\xff\x00")
    environment = {name: value.format(tmp_path)}
    assert trusts(create_context(PEM, tmp_path, environment))
    alone = create_context("", tmp_path, environment)
    assert alone is None or not trusts(alone)


@pytest.mark.parametrize(
    "ca_bundle",
    [
        "gone.pem",
        ".",
        "junk.pem",
        "nul\x00",
        KEY,
        PEM[:100],
        PEM.replace("M", "!"),
    ],
    ids=["no file", "a directory", "no PEM", "no path", "a key", "cut", "no base64"],
)
def test_a_bundle_without_a_certificate_is_refused(ca_bundle: str, tmp_path: Path) -> None:
    (tmp_path / "junk.pem").write_bytes(b"\xff\x00")
    with pytest.raises(InputError) as caught:
        create_context(ca_bundle, tmp_path, {})
    assert "`ca-bundle`" in str(caught.value)
    assert "PEM" in caught.value.fix or isinstance(caught.value, InputFileError)
    assert "MIGH" not in str(caught.value), "part of a private key"
