"""The wheel and the source distribution: what they contain, and how the installed command line runs."""

import email.message
import email.parser
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from release_assets import __version__
from scripts.owner import current_owner
from tests.support.document import leads_somewhere, links
from tests.support.job import ROOT
from tests.support.sandbox import Sandbox

slow = pytest.mark.slow

PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
REPOSITORY = f"https://github.com/{current_owner()}/publish-release-assets"
OF_THE_VERSION = f"{REPOSITORY}/blob/v{__version__}/"
PICTURES = OF_THE_VERSION.replace("github.com", "raw.githubusercontent.com").replace("/blob/", "/")
BIN = Path(sys.executable).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The wheel and the source distribution."""

    wheel: Path
    sdist: Path

    @property
    def names(self) -> list[str]:
        """The files of the wheel."""
        with zipfile.ZipFile(self.wheel) as archive:
            return archive.namelist()

    @property
    def metadata(self) -> "email.message.Message[str, str]":
        """The metadata of the wheel."""
        (path,) = [name for name in self.names if name.endswith(".dist-info/METADATA")]
        with zipfile.ZipFile(self.wheel) as archive:
            return email.parser.Parser().parsestr(archive.read(path).decode("utf-8"))


def build(source: Path, target: Path, *options: str) -> None:
    """Build with the tools of this environment, without network, as for a release."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--directory", str(target), *options],
        cwd=source,
        env={"PATH": os.environ["PATH"], "SOURCE_DATE_EPOCH": "1764201600"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    directory = tmp_path_factory.mktemp("dist")
    build(ROOT, directory)
    (wheel,) = directory.glob("*.whl")
    (sdist,) = directory.glob("*.tar.gz")
    assert len([*directory.iterdir()]) == 2
    return Built(wheel=wheel, sdist=sdist)


@slow
def test_the_wheel_contains_the_command_line_and_the_sandbox(built: Built) -> None:
    information = f"publish_release_assets-{__version__}.dist-info"
    packages = {"github_sandbox", "release_assets"}
    assert {name.partition("/")[0] for name in built.names} == packages | {information}
    assert [name for name in built.names if "/action/" in name] == []
    assert {f"{package}/py.typed" for package in packages} <= {*built.names}
    assert "release_assets/cli/completions/bash" in built.names


@slow
def test_the_source_distribution_contains_what_the_wheel_is_built_from(built: Built) -> None:
    with tarfile.open(built.sdist) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    known = {"CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "pyproject.toml", ".gitignore"}
    assert {name for name in names if not name.startswith("src/")} == known
    sources = {name.removeprefix("src/") for name in names if name.startswith("src/")}
    assert sources == {name for name in built.names if ".dist-info/" not in name}


@slow
def test_the_source_distribution_builds_the_same_wheel(built: Built, tmp_path: Path) -> None:
    with tarfile.open(built.sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    build(source, tmp_path / "dist", "--target", "wheel")
    (again,) = (tmp_path / "dist").iterdir()
    assert again.name == built.wheel.name
    assert again.read_bytes() == built.wheel.read_bytes()


@slow
@pytest.mark.parametrize("command", [["check-wheel-contents"], ["twine", "check", "--strict"]])
def test_the_packages_pass_other_checks(command: list[str], built: Built) -> None:
    program, *options = command
    packages = [built.wheel, *([built.sdist] if program == "twine" else [])]
    done = subprocess.run(
        [BIN / program, *options, *packages],
        cwd=ROOT,  # whose settings check-wheel-contents reads
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@slow
def test_the_metadata_is_complete(built: Built) -> None:
    metadata = built.metadata
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Author"] == "The publish-release-assets authors"
    assert metadata["Description-Content-Type"] == "text/markdown"
    urls = dict(url.split(", ", 1) for url in metadata.get_all("Project-URL", []))
    assert urls.keys() == {"Homepage", "Documentation", "Source", "Issues", "Changelog"}
    assert {url for url in urls.values() if not url.startswith(REPOSITORY)} == set()
    files = re.findall(r"/blob/main/(\S+)", "\n".join(urls.values()))
    assert [name for name in files if not (ROOT / name).is_file()] == []


@slow
def test_every_link_of_the_page_on_pypi_leads_somewhere(built: Built) -> None:
    page = built.metadata.get_payload()
    assert isinstance(page, str)
    found = links(page)
    assert len(found) > 50
    for link in found:
        own = link.removeprefix(OF_THE_VERSION).removeprefix(PICTURES)
        if own != link or link.startswith("#"):
            assert leads_somewhere(own, "README.md"), link
        else:
            assert link.startswith("https://"), link
            assert "/blob/main/" not in link, "the page of a version stays, main does not"
    assert "git+https" not in page, "who reads it on PyPI can install it from there"


@slow
def test_pypi_renders_the_links_and_pictures_of_the_page(built: Built) -> None:
    markdown = pytest.importorskip("readme_renderer.markdown")
    pytest.importorskip("comrak", reason="it has no wheel for this Python on Windows")
    page = markdown.render(built.metadata.get_payload())
    anchors = re.findall(r'href="#([^"]+)"', page)
    assert anchors
    assert [name for name in anchors if f'id="{name}"' not in page] == []
    pictures = re.findall(r'<img src="([^"]+)"', page)
    assert sum(picture.startswith(PICTURES) for picture in pictures) == 3


def test_the_classifiers_name_the_versions_of_python_that_ci_tests() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    tested = workflow["jobs"]["check"]["strategy"]["matrix"]["python"]
    named = re.findall(r":: (3\.\d+)$", "\n".join(PROJECT["project"]["classifiers"]), re.MULTILINE)
    assert named == tested
    assert PROJECT["project"]["requires-python"] == f">={tested[0]}"


def test_the_tests_build_with_what_a_release_is_built_with() -> None:
    def pins(name: str) -> Mapping[str, str]:
        text = (ROOT / "requirements" / name).read_text("utf-8")
        return dict(re.findall(r"(?m)^([\w.-]+)(?:\[\S+\])?==(\S+)", text))

    pinned = pins("build.txt")
    assert pinned.items() <= pins("dev.txt").items(), "run `make lock`"
    required = [re.split("[<>=]", one)[0] for one in PROJECT["build-system"]["requires"]]
    assert required == PROJECT["dependency-groups"]["build"]
    assert {*required} <= pinned.keys()


@slow
def test_an_editable_installation_has_the_action_and_its_toolkit(tmp_path: Path) -> None:
    code = "import actions_toolkit.core, github_sandbox, release_assets.action"
    done = subprocess.run([sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()


# A package of another project, which fails if the command line imports it.
STAND_IN = "raise RuntimeError('this is actions-toolkit, the package of another project')\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """A virtual environment with the wheel, its dependencies, and a package of another project."""

    directory: Path

    @property
    def packages(self) -> Path:
        """The directory of the installed packages."""
        (packages,) = self.directory.glob("lib/python*/site-packages")
        return packages

    def run(
        self, command: str, *arguments: str, cwd: Path, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command of the environment, from where none of the sources can be reached."""
        return subprocess.run(
            [self.directory / "bin" / command, *arguments],
            cwd=cwd,
            env={"PATH": os.environ["PATH"], **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    directory = tmp_path_factory.mktemp("installed") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", directory], check=True)
    installation = Installation(directory=directory)
    stand_in = installation.packages / "actions_toolkit"
    stand_in.mkdir()
    (stand_in / "__init__.py").write_text(STAND_IN)
    # The dependencies of this environment. Its own .pth file, which leads to src, does not count there.
    (installation.packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    pip = [sys.executable, "-m", "pip", "--python", str(directory), "--quiet", "install"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(built.wheel)], check=True)
    assert [path.name for path in stand_in.iterdir()] == ["__init__.py"]
    assert (stand_in / "__init__.py").read_text() == STAND_IN
    return installation


@slow
def test_the_installed_packages_are_those_of_the_wheel(
    installed: Installation, tmp_path: Path
) -> None:
    code = "import github_sandbox, release_assets\nprint(github_sandbox.__file__, release_assets.__file__)"
    shown = installed.run("python", "-I", "-c", code, cwd=tmp_path).stdout.split()
    assert len(shown) == 2
    assert all(Path(path).is_relative_to(installed.packages) for path in shown)
    other = installed.run("python", "-I", "-c", "import actions_toolkit", cwd=tmp_path)
    assert "the package of another project" in other.stderr
    action = installed.run("python", "-I", "-c", "import release_assets.action", cwd=tmp_path)
    assert "ModuleNotFoundError" in action.stderr


@slow
@pytest.mark.parametrize("command", ["release-assets", "publish-release-assets"])
def test_both_commands_show_the_version(
    command: str, installed: Installation, tmp_path: Path
) -> None:
    done = installed.run(command, "--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"release-assets {__version__}\n"


@slow
@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_installed_command_prints_completion_scripts(
    shell: str, installed: Installation, tmp_path: Path
) -> None:
    done = installed.run("release-assets", "completion", shell, cwd=tmp_path)
    script = ROOT / "src/release_assets/cli/completions" / shell
    assert (done.returncode, done.stdout) == (0, script.read_text("utf-8").rstrip("\n") + "\n")


@pytest.fixture
def own_sandbox(installed: Installation) -> Iterator[Sandbox]:
    """The sandbox of the installed command."""
    with Sandbox.start_command(
        str(installed.directory / "bin/release-assets"), "sandbox"
    ) as started:
        yield started


@slow
def test_the_installed_command_publishes_to_its_sandbox(
    installed: Installation, own_sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "app.zip").write_bytes(b"zip")
    variables = {"GH_TOKEN": own_sandbox.token, "GITHUB_API_URL": own_sandbox.api_url}
    where = ["--repository", own_sandbox.repository, "--tag", "v1", "--target", "main"]
    done = installed.run(
        *("publish-release-assets", "publish", *where, "app.zip"), cwd=tmp_path, **variables
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("/v1/app.zip\n")
    assert own_sandbox.asset_names("v1") == ["app.zip"]


@slow
@pytest.mark.parametrize(
    "arguments", [["--version"], ["completion", "fish"], ["sandbox", "--help"]]
)
def test_the_wheel_works_without_extras(arguments: list[str], built: Built, tmp_path: Path) -> None:
    """Without rich, and without installation."""
    (tmp_path / "rich.py").write_text("raise ImportError")
    done = subprocess.run(
        [sys.executable, "-P", "-m", "release_assets", *arguments],
        env={"PYTHONPATH": os.pathsep.join([str(tmp_path), str(built.wheel)])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
