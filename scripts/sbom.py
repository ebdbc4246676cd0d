"""Write the bill of materials of an image, as CycloneDX: `docker export CONTAINER | sbom.py NAME VERSION DIGEST`.

It runs in the job that signs releases: it needs only Python, and reads the image without starting it.
"""

import json
import os
import re
import sys
import tarfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.parser import HeaderParser
from typing import IO, Any
from urllib.parse import quote

OS_RELEASE, STATUS = "usr/lib/os-release", "var/lib/dpkg/status"
# The file with the version of Python in the public Python image, whose Python is not a package.
PATCHLEVEL = re.compile(r"usr/local/include/python3\.\d+/patchlevel\.h")
METADATA = re.compile(r"action/src/[^/]+\.dist-info/METADATA")


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """The image that is described."""

    name: str  # with its registry: "ghcr.io/owner/name"
    version: str
    digest: str  # "sha256:" and 64 hexadecimal digits
    time: int  # seconds since 1970

    @property
    def purl(self) -> str:
        """The package URL of the image."""
        place = quote(self.name, safe="/")
        return f"pkg:oci/{self.name.rpartition('/')[2]}@{self.digest}?repository_url={place}"


def main() -> None:
    """Read the image's files as a tar archive from stdin, and write the bill of materials to stdout."""
    name, version, digest = sys.argv[1:]
    time = int(os.environ["SOURCE_DATE_EPOCH"])
    files = dict(find_files(sys.stdin.buffer))
    bom = describe(Image(name=name, version=version, digest=digest, time=time), files)
    json.dump(bom, sys.stdout, indent=2)
    print()


def find_files(archive: IO[bytes]) -> Iterator[tuple[str, str]]:
    """Yield path and text of each file that names packages of the image."""
    with tarfile.open(fileobj=archive, mode="r|") as tar:
        for member in tar:
            path = member.name.removeprefix("./")
            wanted = path in (OS_RELEASE, STATUS)
            wanted = wanted or bool(PATCHLEVEL.fullmatch(path) or METADATA.fullmatch(path))
            if wanted and (file := tar.extractfile(member)):
                yield path, file.read().decode("utf-8")


def describe(image: Image, files: dict[str, str]) -> dict[str, Any]:
    """Return the bill of materials of an image with these files."""
    components = [*packages_of_debian(files), *pythons(files), *packages_of_python(files)]
    components = sorted(components, key=lambda component: str(component["bom-ref"]))
    references = [component["bom-ref"] for component in components]
    whole = {
        "type": "container",
        "bom-ref": image.purl,
        "name": image.name,
        "version": image.version,
        "purl": image.purl,
        "licenses": [{"expression": "MIT"}],
    }
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        # Reproducible, like the rest of the document.
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, image.purl)}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(image.time, UTC).isoformat(),
            "component": whole,
        },
        "components": components,
        "dependencies": [
            {"ref": image.purl, "dependsOn": references},
            *({"ref": reference} for reference in references),
        ],
    }


def packages_of_debian(files: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a component for each installed package of the distribution."""
    lines = (line.partition("=") for line in files[OS_RELEASE].splitlines())
    release = {name: value.strip('"') for name, _, value in lines}
    distribution = f"{release['ID']}-{release['VERSION_ID']}"
    for entry in files[STATUS].strip().split("\n\n"):
        said = HeaderParser().parsestr(entry)
        if said["Status"].endswith(" installed"):
            name, version = said["Package"], said["Version"]
            where = f"arch={said['Architecture']}&distro={distribution}"
            purl = f"pkg:deb/{release['ID']}/{quote(name)}@{quote(version, safe=':')}?{where}"
            yield component("library", name, version, purl)


def pythons(files: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the interpreter, unless it is a package of the distribution."""
    for path, text in files.items():
        if PATCHLEVEL.fullmatch(path):
            (version,) = re.findall(r'^#define PY_VERSION\s+"([^"]+)"', text, re.MULTILINE)
            yield component("platform", "python", version, f"pkg:generic/python@{version}")


def packages_of_python(files: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a component for each requirement of the program."""
    for path, text in files.items():
        if METADATA.fullmatch(path):
            said = HeaderParser().parsestr(text)
            name, version = said["Name"], said["Version"]
            normal = re.sub(r"[-_.]+", "-", name).lower()
            made = component("library", name, version, f"pkg:pypi/{normal}@{quote(version)}")
            if license_ := said["License-Expression"]:
                made["licenses"] = [{"expression": license_}]
            yield made


def component(kind: str, name: str, version: str, purl: str) -> dict[str, Any]:
    """Return a component with its package URL."""
    return {"type": kind, "bom-ref": purl, "name": name, "version": version, "purl": purl}


if __name__ == "__main__":
    main()
