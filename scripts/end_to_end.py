"""Check every promise of README.md against a real GitHub, and compare what happens with the sandbox.

    E2E_REPOSITORY=owner/name E2E_TOKEN=... python scripts/end_to_end.py

The repository must be there for this alone: it needs a branch, and the token must be able to write to it. Everything
that is created there is deleted at the end. The result is a table in Markdown, also in the job summary.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "e2e-"  # of all tags
LAG_SECONDS = 5  # after which GitHub's lists show what was created


class BrokenPromiseError(Exception):
    """Something is not as README.md says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run of the action."""

    exit_code: int
    log: str
    outputs: Mapping[str, str]

    @property
    def results(self) -> dict[str, str]:
        """The result of each asset, by name."""
        assets = json.loads(self.outputs.get("assets") or "[]")
        return {asset["name"]: asset["result"] for asset in assets}


class GitHub:
    """A repository on one GitHub, real or not."""

    def __init__(self, api_url: str, token: str, repository: str) -> None:
        self._api_url = api_url
        self._token = token
        self._repository = repository
        self._releases = 0
        self.branch = self.ask("GET", "")["default_branch"]

    def new_tag(self) -> str:
        """Return the name of a tag that does not exist."""
        self._releases += 1
        return f"{PREFIX}{os.getpid()}-{int(time.time())}-{self._releases}"

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Return what the API answers for a path of the repository; None without an answer."""
        url = f"{self._api_url}/repos/{self._repository}{path}"
        headers = {"Authorization": f"Bearer {self._token}", "User-Agent": "end-to-end"}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method, headers=headers)
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def release(self, tag: str) -> dict[str, Any]:
        """Return the release of a tag, also a draft."""
        found = [one for one in self.ask("GET", "/releases?per_page=100") if one["tag_name"] == tag]
        expect(len(found) == 1, f"{len(found)} releases have the tag {tag}")
        return dict(found[0])

    def assets(self, tag: str) -> dict[str, dict[str, Any]]:
        """Return the assets of a release, by name."""
        return {asset["name"]: asset for asset in self.release(tag)["assets"]}

    def run(self, files: Mapping[str, bytes], /, **inputs: str) -> Run:
        """Run the action with these files in its workspace."""
        with tempfile.TemporaryDirectory() as directory:
            process, output = self._start(Path(directory), files, inputs)
            log, _ = process.communicate()
            return Run(exit_code=process.returncode, log=log, outputs=outputs_in(output))

    def kill(self, seconds: float, files: Mapping[str, bytes], /, **inputs: str) -> None:
        """Run the action, and kill it after some time."""
        with tempfile.TemporaryDirectory() as directory:
            process, _ = self._start(Path(directory), files, inputs)
            time.sleep(seconds)
            process.kill()
            process.communicate()

    def _start(
        self, directory: Path, files: Mapping[str, bytes], inputs: Mapping[str, str]
    ) -> tuple["subprocess.Popen[str]", Path]:
        for name, content in files.items():
            (directory / name).write_bytes(content)
        output = directory / ".output"
        output.touch()
        given = {"token": self._token, "repository": self._repository, "summary": "false", **inputs}
        # A proxy of the machine is used, if there is one.
        passed = {name: value for name, value in os.environ.items() if "proxy" in name.lower()}
        environment = {
            **passed,
            "PATH": os.environ["PATH"],
            "GITHUB_API_URL": self._api_url,
            "GITHUB_REPOSITORY": self._repository,
            "GITHUB_WORKSPACE": str(directory),
            "GITHUB_OUTPUT": str(output),
            "RUNNER_TEMP": str(directory),
            **{f"INPUT_{name.replace('_', '-').upper()}": value for name, value in given.items()},
        }
        process = subprocess.Popen(
            [sys.executable, "-I", str(ROOT / "entrypoint.py")],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        return process, output

    def clean_up(self) -> None:
        """Delete all releases and tags of such runs."""
        for release in self.ask("GET", "/releases?per_page=100"):
            if release["tag_name"].startswith(PREFIX) or release["draft"]:
                self.ask("DELETE", f"/releases/{release['id']}")
        for ref in self.ask("GET", f"/git/matching-refs/tags/{PREFIX}"):
            try:
                self.ask("DELETE", f"/git/{ref['ref']}")
            except urllib.error.HTTPError as error:
                print(f"{ref['ref']} stays: {error}", file=sys.stderr)


def outputs_in(path: Path) -> dict[str, str]:
    """Return the outputs in a file as the runner reads them."""
    found = {}
    lines = iter(path.read_text("utf-8").splitlines())
    for line in lines:
        name, _, delimiter = line.partition("<<")
        value = iter(lambda: next(lines), delimiter)
        found[name] = "\n".join(value)
    return found


def expect(is_so: bool, otherwise: str) -> None:
    """Raise BrokenPromiseError unless something is so."""
    if not is_so:
        raise BrokenPromiseError(otherwise)


def expect_success(run: Run) -> None:
    """Raise BrokenPromiseError, with the log, unless a run succeeded."""
    expect(run.exit_code == 0, f"exit code {run.exit_code}: {run.log[-500:]}")


def is_published_complete(github: GitHub) -> str:
    """A new release is a draft until every asset is verified."""
    tag = github.new_tag()
    run = github.run({"a.zip": b"a", "b.txt": b"b"}, tag=tag, target=github.branch, files="*.*")
    expect_success(run)
    expect(run.outputs["published"] == "true", run.log)
    expect(not github.release(tag)["draft"], "it is a draft")
    digests = {name: asset.get("digest") for name, asset in github.assets(tag).items()}
    wanted = {
        "a.zip": f"sha256:{sha256(b'a').hexdigest()}",
        "b.txt": f"sha256:{sha256(b'b').hexdigest()}",
    }
    expect(digests == wanted, f"digests: {digests}")
    return f"published with {len(digests)} assets, digests reported"


def is_not_sent_again(github: GitHub) -> str:
    """Identical files are not uploaded again."""
    tag, files = github.new_tag(), {"a.zip": b"a"}
    expect_success(github.run(files, tag=tag, target=github.branch, files="*.zip"))
    run = github.run(files, tag=tag, files="*.zip")
    expect_success(run)
    expect(run.outputs["changed"] == "false", run.log)
    return f"changed=false, {run.results}"


def is_replaced(github: GitHub) -> str:
    """A file with other content is refused, or replaces the asset safely."""
    tag = github.new_tag()
    expect_success(github.run({"a.zip": b"old"}, tag=tag, target=github.branch, files="*.zip"))
    refused = github.run({"a.zip": b"new"}, tag=tag, files="*.zip")
    expect(refused.exit_code == 1 and "Asset exists" in refused.log, refused.log)
    run = github.run({"a.zip": b"new"}, tag=tag, files="*.zip", overwrite="true")
    expect_success(run)
    time.sleep(LAG_SECONDS)
    names = sorted(github.assets(tag))
    expect(names == ["a.zip"], f"assets: {names}")
    return f"refused, then {run.results}"


def is_named_as_github_says(github: GitHub) -> str:
    """GitHub's name of an asset is predicted before the upload."""
    names = ["b 1.zip", "größe.zip", "a+b@c.zip", "tool"]
    tag = github.new_tag()
    files = dict.fromkeys(names, b"x")
    expect_success(github.run(files, tag=tag, target=github.branch, files="\n".join(names)))
    again = github.run(files, tag=tag, files="\n".join(names))
    expect(again.outputs["changed"] == "false", again.log)
    return ", ".join(sorted(github.assets(tag)))


def is_published_when_complete(github: GitHub) -> str:
    """Jobs share a draft, which is published once, when `expect` is complete."""
    tag, shared = github.new_tag(), {"expect": "a.zip\nb.zip"}
    first = github.run({"a.zip": b"a"}, tag=tag, target=github.branch, files="*.zip", **shared)
    expect_success(first)
    expect((first.outputs["draft"], first.outputs["missing"]) == ("true", "b.zip"), first.log)
    second = github.run({"b.zip": b"b"}, tag=tag, target=github.branch, files="*.zip", **shared)
    expect_success(second)
    expect(second.outputs["published"] == "true", second.log)
    return f"draft, missing {first.outputs['missing']}; then published"


def is_finished_after_a_kill(github: GitHub) -> str:
    """A run that was killed is finished by the next one."""
    tag = github.new_tag()
    files = {f"{number}.bin": os.urandom(200_000) for number in range(20)}
    given = {"tag": tag, "target": github.branch, "files": "*.bin"}
    github.kill(2.0, files, **given)
    time.sleep(LAG_SECONDS)
    run = github.run(files, **given)
    expect_success(run)
    expect(len(github.assets(tag)) == len(files), "assets are missing")
    return f"{len(files)} assets"


def is_listed_and_pruned(github: GitHub) -> str:
    """A list of checksums is uploaded, and outdated assets are deleted."""
    tag = github.new_tag()
    expect_success(github.run({"old.zip": b"o"}, tag=tag, target=github.branch, files="*.zip"))
    run = github.run({"new.zip": b"n"}, tag=tag, files="*.zip", checksums="SUMS", prune="*.zip")
    expect_success(run)
    time.sleep(LAG_SECONDS)
    names = sorted(github.assets(tag))
    expect(names == ["SUMS", "new.zip"], f"assets: {names}")
    return ", ".join(names)


def is_planned_without_changes(github: GitHub) -> str:
    """A dry run plans everything and changes nothing."""
    tag = github.new_tag()
    run = github.run({"a.zip": b"a"}, tag=tag, target=github.branch, files="*.zip", dry_run="true")
    expect_success(run)
    expect(run.outputs["changed"] == "false", run.log)
    tags = {release["tag_name"] for release in github.ask("GET", "/releases?per_page=100")}
    expect(tag not in tags, "there is a release")
    return f"changed=false, {run.results}"


def is_published_by_a_last_job(github: GitHub) -> str:
    """Separate jobs create, fill and publish a release, with generated notes, as a prerelease."""
    tag = github.new_tag()
    given = {"tag": tag, "target": github.branch, "prerelease": "true", "generate_notes": "true"}
    first = github.run({"a.zip": b"a"}, files="*.zip", publish="never", **given)
    expect_success(first)
    expect(github.release(tag)["draft"], "it is public")
    expect_success(github.run({}, tag=tag, publish="always", create="false"))
    release = github.release(tag)
    expect(not release["draft"] and release["prerelease"], "it is a draft, or no prerelease")
    expect(bool(release["body"]), "it has no notes")
    return "a draft, then a prerelease with notes"


def is_edited_only_if_asked(github: GitHub) -> str:
    """A release that exists keeps its title and notes, unless they are to be updated."""
    tag = github.new_tag()
    expect_success(github.run({}, tag=tag, target=github.branch, publish="always", notes="One"))
    kept = github.run({"a.zip": b"a"}, tag=tag, files="*.zip", notes="Two")
    expect_success(kept)
    expect(github.release(tag)["body"] == "One", "the notes changed")
    changed = github.run({}, tag=tag, publish="always", notes="Two", if_release_exists="update")
    expect_success(changed)
    return f"kept with a warning: {'Release not changed' in kept.log}; then {github.release(tag)['body']}"


def is_refused_in_words(github: GitHub) -> str:
    """An error says what happened and what to do."""
    run = github.run({"a.zip": b"a"}, tag=github.new_tag(), files="*.zip", token="ghs_" + "0" * 36)
    expect(run.exit_code == 1 and "To fix:" in run.log, run.log)
    return run.log.partition("::error title=")[2].partition("::")[0]


PROMISES: tuple[Callable[[GitHub], str], ...] = (
    is_published_complete,
    is_not_sent_again,
    is_replaced,
    is_named_as_github_says,
    is_published_when_complete,
    is_finished_after_a_kill,
    is_listed_and_pruned,
    is_planned_without_changes,
    is_published_by_a_last_job,
    is_edited_only_if_asked,
    is_refused_in_words,
)


def observe(github: GitHub) -> Iterator[tuple[str, bool, str]]:
    """Yield each promise, whether it was kept, and what was seen."""
    for promise in PROMISES:
        title = (promise.__doc__ or "").strip()
        try:
            yield title, True, promise(github)
        except (BrokenPromiseError, OSError, KeyError) as error:
            yield title, False, f"{type(error).__name__}: {error}"


@contextmanager
def sandbox() -> Iterator[GitHub]:
    """Run the sandbox while the block runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "github_sandbox"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        ready = json.loads(process.stdout.readline() if process.stdout else "")
        yield GitHub(ready["api_url"], ready["tokens"]["write"], ready["repositories"][0])
    finally:
        process.terminate()
        process.communicate()


def main() -> int:
    """Print the table, and return 1 if a promise was broken."""
    api_url = os.environ.get("GITHUB_API_URL", "https://api.github.com")
    real = GitHub(api_url, os.environ["E2E_TOKEN"], os.environ["E2E_REPOSITORY"])
    try:
        seen = list(observe(real))
    finally:
        real.clean_up()
    with sandbox() as imitation:
        expected = {title: what for title, _, what in observe(imitation)}
    lines = ["| promise | on GitHub | in the sandbox |", "|---|---|---|"]
    for title, is_kept, what in seen:
        icon = "✅" if is_kept else "❌"
        beside = "the same" if expected[title] == what else cell(expected[title])
        lines.append(f"| {icon} {title} | {cell(what)} | {beside} |")
    table = "\n".join(lines) + "\n"
    print(table)
    if summary := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(table)
    return 0 if all(is_kept for _, is_kept, _ in seen) else 1


def cell(text: str) -> str:
    """Return text for a cell of a table."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())[:300]


if __name__ == "__main__":
    sys.exit(main())
