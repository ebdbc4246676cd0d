"""The bill of materials of an image: valid, complete and correct."""

import io
import json
import re
import subprocess
import sys
import tarfile
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from tests.support.container import Image, call_docker, docker
from tests.support.job import ROOT

pytestmark = pytest.mark.slow

NAME, DIGEST = "ghcr.io/octo-org/app", "sha256:" + "0123456789abcdef" * 4
OS_RELEASE = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nID=debian\nVERSION_ID="13"\n'
STATUS = """Package: libstdc++6
Status: install ok installed
Architecture: arm64
Version: 1:14.2.0-19+deb13~1
Description: GNU Standard C++ Library v3
 Package: not-a-package

Package: gone
Status: deinstall ok config-files
Architecture: arm64
Version: 1

"""
METADATA = "Metadata-Version: 2.4\nName: Charset_Normalizer\nVersion: 3.5.2\n{}\nText\n"
FILES = {
    "usr/lib/os-release": OS_RELEASE,
    "var/lib/dpkg/status": STATUS,
    "usr/local/include/python3.14/patchlevel.h": '#define PY_VERSION      "3.14.7"\n',
    "action/src/charset_normalizer-3.5.2.dist-info/METADATA": METADATA.format(
        "License-Expression: MIT\n"
    ),
    "usr/share/other-1.dist-info/METADATA": METADATA,
}


def sbom(archive: bytes) -> dict[str, Any]:
    """Return the script's bill of materials for an image, checked for validity and reproducibility."""
    script = [sys.executable, "-I", str(ROOT / "scripts/sbom.py"), NAME, "v1.2.3", DIGEST]
    said = {
        subprocess.run(
            script, input=archive, env={"SOURCE_DATE_EPOCH": "1"}, stdout=-1, check=True
        ).stdout
        for _ in range(2)
    }
    (text,) = said
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text.decode()) is None
    bom: dict[str, Any] = json.loads(text)
    for component in (bom["metadata"]["component"], *bom["components"]):
        assert PackageURL.from_string(component["purl"]).to_string() == component["purl"]
    references = [component["bom-ref"] for component in bom["components"]]
    assert len(set(references)) == len(references)
    assert bom["dependencies"][0]["dependsOn"] == references
    return bom


def versions(bom: dict[str, Any], kind: str) -> dict[str, str]:
    """Return name -> version of all components whose package URLs have this type."""
    return {
        component["name"].lower(): component["version"]
        for component in bom["components"]
        if component["purl"].startswith(f"pkg:{kind}/")
    }


def test_a_small_image_is_listed_completely() -> None:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for path, text in FILES.items():
            member = tarfile.TarInfo(path)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    bom = sbom(archive.getvalue())
    assert [component["purl"] for component in bom["components"]] == [
        "pkg:deb/debian/libstdc%2B%2B6@1:14.2.0-19%2Bdeb13~1?arch=arm64&distro=debian-13",
        "pkg:generic/python@3.14.7",
        "pkg:pypi/charset-normalizer@3.5.2",
    ]
    assert bom["components"][2]["licenses"] == [{"expression": "MIT"}]
    assert bom["metadata"]["timestamp"] == "1970-01-01T00:00:01+00:00"
    assert bom["metadata"]["component"]["purl"] == (
        f"pkg:oci/app@{DIGEST}?repository_url=ghcr.io/octo-org/app"
    )


@pytest.mark.docker
@pytest.mark.timeout(300)
def test_the_image_is_listed_completely(image: Image) -> None:
    container = call_docker("create", image.name).strip()
    try:
        exported = subprocess.run([docker(), "export", container], stdout=-1, check=True).stdout
    finally:
        call_docker("rm", container)
    bom = sbom(exported)

    required = (ROOT / "requirements/run.txt").read_text()
    assert versions(bom, "pypi") == dict(re.findall(r"^([\w-]+)==(\S+)", required, re.MULTILINE))

    wanted = ("run", "--rm", "--network", "none", "--entrypoint", "dpkg-query", image.base)
    listed = call_docker(*wanted, "-W", "-f", "${Package} ${Version}\n")
    in_base = dict(line.split() for line in listed.splitlines())
    # tests/contract/test_image.py checks that every program and library belongs to one of them.
    packages = versions(bom, "deb")
    assert packages.items() <= in_base.items()
    assert {"dash", "libc6", "ca-certificates"} <= packages.keys()
    assert [name for name in packages if re.match("apt|debconf|dpkg|libapt", name)] == []

    version = image.ask("-c", "import platform; print(platform.python_version())").strip()
    pythons = {**versions(bom, "generic"), **versions(bom, "deb")}
    said = pythons.get("python") or pythons[f"python{version.rpartition('.')[0]}-minimal"]
    assert said.startswith(version)
