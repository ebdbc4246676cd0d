"""How to provoke each message of the program: the table of `test_messages.py`."""

import ssl
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from release_assets.plan.draft_mark import Mark, marked_notes, set_id
from tests.contract.test_hostile_server import Script, answer, says
from tests.support.certificate import make_certificate
from tests.support.job import ROOT, Job
from tests.support.sandbox import Sandbox
from tests.support.scripted_server import ServerConnection

Values = Mapping[str, str]
SILENT = says(b"")
VIRTUAL_CLOCK = str(ROOT / "tests/support/virtual_clock.py")
UPLOADS = {"method": "POST", "origin": "uploads"}
LISTS = {"method": "GET", "path": "/releases"}
COMMIT = "0123456789abcdef0123456789abcdef01234567"
BRANCH = {"GITHUB_REF": "refs/heads/main", "GITHUB_REF_NAME": "main", "GITHUB_REF_TYPE": "branch"}
SWAP = {"overwrite": "true"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A run that provokes messages."""

    inputs: Values = field(default_factory=dict)  # in addition to `files: dist/*`
    variables: Values = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=lambda: {"dist/app.zip": b"new"})
    repository: Mapping[str, Any] = field(default_factory=dict)  # the seed of the repository
    faults: Sequence[Mapping[str, Any]] = ()
    prepare: Callable[[Job, Sandbox], Values] | None = None  # more inputs, once all is seeded
    server: Script = SILENT  # of a server, whose address is `{server}` in variables
    arguments: Sequence[str] = ()  # of the command line, which runs in place of the action
    signal: int = 0  # that the program gets when it first waits
    launcher: Sequence[str] = ()  # a command that starts the program
    is_whole: bool = False  # whether folded lines and the job summary are shown, too


def released(*assets: Mapping[str, Any], **release: Any) -> dict[str, Any]:
    """Return the seed of a repository that has the release v1."""
    return {"releases": [{"tag": "v1", "assets": list(assets), **release}]}


def status(number: int, match: Mapping[str, Any], message: str = "", **more: Any) -> dict[str, Any]:
    """Return a fault that answers every matching request with a status."""
    body = {"body": {"message": message}} if message else {}
    return {"do": "status", "status": number, "match": match, "times": None, **body, **more}


OLD = {"name": "app.zip", "text": "old"}


def huge(job: Job, _sandbox: Sandbox) -> Values:
    with (job.workspace / "huge.img").open("wb") as stream:
        stream.truncate(2**31 + 1)
    return {"files": "huge.img"}


def fork(_job: Job, sandbox: Sandbox) -> Values:
    return {"token": sandbox.read_token}


def other_id(_job: Job, sandbox: Sandbox) -> Values:
    return {"tag": "v2", "release-id": str(sandbox.release("v1")["id"])}


def untagged(_job: Job, sandbox: Sandbox) -> Values:
    """Let somebody edit a draft, which loses its tag, and name it by its id."""
    edit = {"do": "edit-body", "text": "By hand"}
    sandbox.interfere(edit, when="before", match={"path": r"/releases/\d+$"})
    return {"tag": "", "release-id": str(sandbox.release("v1")["id"])}


def linked(job: Job, _sandbox: Sandbox) -> Values:
    (job.workspace / "dist/gone.zip").symlink_to("nowhere")
    return {}


def first_job(target: str) -> Callable[[Job, Sandbox], Values]:
    """Let another job of the same workflow run begin a draft."""

    def prepare(job: Job, _sandbox: Sandbox) -> Values:
        inputs = {"files": "dist/*", "expect": "app.zip\nother.zip", "tag": "v2"}
        launcher = [sys.executable, VIRTUAL_CLOCK, "0"]
        begun = job.run_program({**inputs, "target": target, "title": "One"}, launcher=launcher)
        assert begun.exit_code == 0, begun.log
        return inputs

    return prepare


def untrusted(connection: ServerConnection) -> None:
    """Serve TLS with a certificate that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as directory:
        context.load_cert_chain(*make_certificate(Path(directory)))
    connection.start_tls(context)


FORTY = {f"dist/{number:02}.zip": b"new" for number in range(40)}

MARKED = marked_notes("", Mark(files=set_id(["app.zip"])))

REPORTS = {
    "published": Case(is_whole=True),
    "replaced": Case(inputs=SWAP, repository=released(OLD), is_whole=True),
    "unchanged": Case(repository=released({**OLD, "text": "new"}), is_whole=True),
    "dry-run": Case(inputs={"dry-run": "true", **SWAP}, repository=released(OLD), is_whole=True),
    "one-of-three-files-fails": Case(
        files={"dist/a.zip": b"a", "dist/b.zip": b"b", "dist/c.zip": b"c"},
        inputs={"concurrency": "1"},
        faults=[status(422, UPLOADS | {"query": "name=b"}, "Validation Failed")],
        is_whole=True,
    ),
}

INPUTS = {
    "branch-push-without-a-tag": Case(variables=BRANCH),
    "branch-as-tag": Case(inputs={"tag": "refs/heads/main"}),
    "tag-with-a-blank": Case(inputs={"tag": "a b"}),
    "missing-token": Case(inputs={"token": ""}),
    "repository-without-owner": Case(inputs={"repository": "app"}),
    "wrong-boolean": Case(inputs={"prerelease": "yes"}),
    "wrong-choice": Case(inputs={"overwrite": "always"}),
    "wrong-number": Case(inputs={"max-attempts": "0"}),
    "title-too-long": Case(inputs={"title": "long " * 60}),
    "misspelt-input": Case(variables={"INPUT_OVERWRIT": "true"}),
    "inputs-of-another-action": Case(
        variables={"INPUT_TAG_NAME": "v1", "INPUT_ARTIFACTS": "dist/*", "INPUT_BODY_PATH": "a.md"}
    ),
    "contradicting-inputs": Case(inputs={"notes": "Notes", "notes-file": "notes.md"}),
    "release-id-of-another-tag": Case(repository={"releases": ["v1", "v2"]}, prepare=other_id),
    "several-mistakes": Case(inputs={"prerelease": "yes", "overwrite": "maybe", "tag": "a b"}),
    "wrong-api-address": Case(variables={"GITHUB_API_URL": "api.github.com"}),
    "unreadable-event": Case(variables={"GITHUB_EVENT_PATH": "gone.json", **BRANCH}),
    "unreadable-event-without-effect": Case(
        inputs={"tag": "v1"}, variables={"GITHUB_EVENT_PATH": "gone.json"}
    ),
    "missing-ca-bundle": Case(inputs={"ca-bundle": "gone.pem"}),
    "bad-pem-text": Case(
        inputs={"ca-bundle": "-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n"}
    ),
    "missing-notes-file": Case(inputs={"notes-file": "gone.md"}),
    "missing-working-directory": Case(inputs={"working-directory": "gone"}),
}

FILES = {
    "no-files": Case(inputs={"files": ""}),
    "pattern-without-match": Case(inputs={"files": "out/*"}),
    "pattern-without-match-is-a-warning": Case(
        inputs={"files": "dist/*\nout/*\n!gone", "if-no-files-found": "warn"}
    ),
    "quoted-pattern": Case(inputs={"files": "'dist/*'"}),
    "rename-without-a-blank": Case(inputs={"files": "dist/app.zip=>b.zip"}),
    "braces-without-match": Case(inputs={"files": "dist/{a,b}.zip"}),
    "patterns-with-commas": Case(inputs={"files": "dist/a.zip,dist/b.zip"}),
    "directory": Case(inputs={"files": "dist"}),
    "empty-file": Case(files={"dist/app.zip": b""}),
    "broken-link": Case(prepare=linked),
    "more-than-2-gib": Case(prepare=huge),
    "two-files-of-one-name": Case(
        files={"dist/a/app.zip": b"1", "dist/b/app.zip": b"2"}, inputs={"files": "dist/*/*"}
    ),
    "two-files-of-one-name-on-github": Case(files={"dist/one two": b"1", "dist/one.two": b"2"}),
    "two-files-of-one-name-but-for-case": Case(files={"dist/A.zip": b"1", "dist/a.zip": b"2"}),
    "missing-manifest": Case(inputs={"files": "", "manifest": "gone.yml"}),
    "manifest-is-not-yaml": Case(inputs={"manifest": "- path: dist/app.zip\n- path: [a"}),
    "manifest-with-unknown-key": Case(
        inputs={"manifest": "- path: dist/app.zip\n- paths: dist/b.zip"}
    ),
    "several-wrong-files": Case(
        files={"dist/app.zip": b"new", "empty": b""}, inputs={"files": "empty\ndist\nout/*"}
    ),
}

RELEASES = {
    "unknown-tag": Case(inputs={"tag": "v9"}),
    "unknown-target": Case(inputs={"tag": "v2", "target": "nowhere"}),
    "target-without-effect": Case(
        inputs={"target": "main"}, repository={"tags": [{"name": "v1", "sha": COMMIT}]}
    ),
    "release-not-found": Case(inputs={"create": "false"}),
    "release-id-not-found": Case(inputs={"tag": "", "release-id": "404"}),
    "release-exists": Case(inputs={"if-release-exists": "error"}, repository=released()),
    "release-skipped": Case(inputs={"if-release-exists": "skip"}, repository=released()),
    "ignored-inputs": Case(
        inputs={"title": "New", "notes": "New", "prerelease": "true", "make-latest": "false"},
        repository=released(name="Old", body="Old"),
    ),
    "foreign-draft": Case(repository=released(draft=True, body="By hand")),
    "duplicate-draft-that-stays": Case(
        inputs={"expect": "app.zip"},
        repository={"releases": [{"tag": "v1", "draft": True, "body": MARKED}] * 2},
        faults=[status(403, {"method": "DELETE"}, "Resource not accessible by integration")],
    ),
    "foreign-duplicate-drafts": Case(
        repository={"releases": [{"tag": "v1", "draft": True, "body": "By hand"}] * 2},
    ),
    "draft-without-a-tag": Case(repository=released(draft=True), prepare=untagged),
    "expect-not-met": Case(inputs={"expect": "app.zip\nother-*.zip"}),
    "expect-not-met-and-publish-always": Case(
        inputs={"expect": "app.zip\nother-*.zip", "publish": "always"}
    ),
    "jobs-disagree-about-the-title": Case(
        repository={"tags": ["v2"]}, inputs={"title": "Two"}, prepare=first_job("")
    ),
    "jobs-disagree-about-the-target": Case(
        repository={"branches": [{"name": "next", "sha": COMMIT}]},
        inputs={"target": COMMIT},
        prepare=first_job("main"),
    ),
    "immutable-release": Case(inputs=SWAP, repository=released(OLD, immutable=True)),
    "protected-tag": Case(
        inputs={"tag": "v2", "target": "main"}, repository={"protected_tags": ["v*"]}
    ),
    "burned-tag": Case(inputs={"tag": "v2", "target": "main"}, repository={"burned_tags": ["v2"]}),
    "unknown-discussion-category": Case(
        inputs={"discussion-category": "News"}, repository={"discussion_categories": ["General"]}
    ),
    "unknown-previous-tag": Case(inputs={"generate-notes": "true", "previous-tag": "v0"}),
    "notes-too-long": Case(
        files={"dist/app.zip": b"new", "notes.md": b"word " * 30_000},
        inputs={"notes-file": "notes.md"},
    ),
    "generated-notes-too-long": Case(
        inputs={"generate-notes": "true"},
        faults=[
            {"do": "lie", "match": {"path": "generate-notes"}, "fields": {"body": "x" * 130_000}}
        ],
    ),
    "asset-exists": Case(repository=released(OLD)),
    "asset-exists-but-for-case": Case(repository=released({"name": "APP.zip", "text": "new"})),
    "asset-skipped": Case(inputs={"overwrite": "skip"}, repository=released(OLD)),
    "asset-in-an-unknown-state": Case(repository=released({**OLD, "state": "open"})),
    "too-many-assets": Case(
        repository=released(*({"name": f"{number}.txt", "size": 1} for number in range(1000)))
    ),
}

GITHUB = {
    "bad-token": Case(inputs={"token": "ghs_wrong"}),
    "read-only-token-of-a-fork": Case(prepare=fork, repository=released()),
    "read-only-token-without-a-release": Case(prepare=fork),
    "unknown-repository": Case(inputs={"repository": "octo-org/gone"}),
    "archived-repository": Case(repository={"archived": True}),
    "single-sign-on": Case(
        repository={"saml": True}, prepare=lambda _job, sandbox: {"token": sandbox.admin_token}
    ),
    "ip-allow-list": Case(repository={"ip_allow_list": True}),
    "rate-limit-of-hours": Case(
        faults=[
            status(
                403,
                LISTS,
                "API rate limit exceeded for installation ID 1.",
                headers={"X-RateLimit-Remaining": "0", "Retry-After": "7200"},
            )
        ]
    ),
    "rate-limit-that-passes": Case(
        faults=[{"do": "secondary-limit", "match": UPLOADS, "retry_after": 60}]
    ),
    "secondary-rate-limit-without-end": Case(
        faults=[{"do": "secondary-limit", "match": UPLOADS, "retry_after": 3600, "times": None}]
    ),
    "502-on-an-upload-that-passes": Case(faults=[{**status(502, UPLOADS), "times": 1}]),
    "502-on-every-upload-of-one-file": Case(faults=[status(502, UPLOADS)]),
    "502-on-every-upload-of-three-files": Case(
        files={"dist/a.zip": b"a", "dist/b.zip": b"b", "dist/c.zip": b"c"},
        inputs={"concurrency": "1"},
        faults=[status(502, UPLOADS)],
    ),
    "502-on-every-upload-of-forty-files": Case(
        files=FORTY,
        inputs={"concurrency": "1", "max-attempts": "1"},
        faults=[status(502, UPLOADS | {"query": r"name=[0-3]\d"})],
    ),
    "502-on-lists": Case(faults=[status(502, LISTS)]),
    "login-page-in-place-of-the-api": Case(
        variables={"GITHUB_API_URL": "http://{server}"},
        server=says(answer(b"<html><title>Sign in</title></html>", "Content-Type: text/html")),
    ),
    "certificate-not-trusted": Case(
        variables={"GITHUB_API_URL": "https://{server}"}, server=untrusted
    ),
    "garbage-in-place-of-an-answer": Case(
        faults=[{"do": "garbage", "match": LISTS, "times": None}]
    ),
    "connection-reset": Case(faults=[{"do": "reset", "match": UPLOADS, "times": None}]),
    "dead-proxy": Case(variables={"http_proxy": "http://127.0.0.1:9", "no_proxy": ""}),
    "dead-server": Case(variables={"GITHUB_API_URL": "http://127.0.0.1:9"}),
    "damaged-bytes": Case(faults=[{"do": "corrupt", "match": UPLOADS, "times": None}]),
    "upload-refused": Case(faults=[status(422, UPLOADS, "Validation Failed")]),
    "publishing-not-confirmed": Case(
        faults=[
            {
                "do": "lie",
                "match": {"method": "PATCH", "path": r"/releases/\d+$"},
                "effect": False,
                "fields": {},
                "times": None,
            }
        ]
    ),
    "pruning-refused": Case(
        inputs={"prune": "old*"},
        repository=released({"name": "old.zip", "text": "old"}),
        faults=[status(403, {"method": "DELETE"}, "Resource not accessible by integration")],
    ),
    "asset-uploaded-by-others-is-not-pruned": Case(
        inputs={"prune": "old*"},
        repository=released(),
        faults=[
            {
                "do": "interfere",
                "when": "before",
                "match": UPLOADS,
                "actions": [{"do": "upload", "name": "old.zip", "text": "old"}],
            }
        ],
    ),
    "swap-not-undone": Case(
        inputs=SWAP,
        repository=released(OLD),
        faults=[{**status(502, {"method": "PATCH"}), "skip": 1}],
    ),
    "tag-moved": Case(
        inputs={"tag": "v2", "target": "main"},
        faults=[
            {
                "do": "interfere",
                "when": "before",
                "match": UPLOADS,
                "actions": [{"do": "create-tag", "tag": "v2", "sha": COMMIT}],
            }
        ],
        repository={"commits": [{"name": COMMIT, "sha": COMMIT}]},
    ),
    "release-deleted-meanwhile": Case(
        repository=released(),
        faults=[
            {"do": "interfere", "when": "before", "match": UPLOADS, "actions": ["delete-release"]}
        ],
    ),
    "release-becomes-a-draft": Case(
        repository=released(),
        faults=[
            {
                "do": "interfere",
                "when": "before",
                "match": UPLOADS,
                "actions": [{"do": "delete-tag", "tag": "v1"}, {"do": "create-tag", "tag": "v1"}],
            }
        ],
    ),
    "unwritable-summary": Case(variables={"GITHUB_STEP_SUMMARY": "/nowhere/summary"}),
    "unwritable-checksums": Case(files={"dist/app.zip": b"new", ".release-assets": b"a file"}),
    "bug": Case(
        variables={"GITHUB_WORKSPACE": ""},
        launcher=["sh", "-c", 'd=$(mktemp -d) && cd "$d" && rmdir "$d" && exec "$@"', "sh"],
    ),
    "cancelled-with-sigint": Case(faults=[status(502, UPLOADS)], signal=2),
    "cancelled-with-sigterm": Case(faults=[status(502, UPLOADS)], signal=15),
}

COMMANDS = {
    "command-line-without-a-release": Case(arguments=["publish", "dist/*"]),
    "command-line-with-a-wrong-option": Case(arguments=["publish", "v1", "--no-such", "dist/*"]),
    "command-line-with-a-wrong-token": Case(
        arguments=["publish", "v1", "dist/*"], variables={"GH_TOKEN": "ghs_wrong"}
    ),
    "command-line-asset-exists": Case(
        arguments=["publish", "v1", "dist/*"], repository=released(OLD)
    ),
    "command-line-several-problems": Case(arguments=["publish", "v1", "out/*", "dist"]),
    "command-line-list-without-a-release": Case(arguments=["list", "v1"]),
    "command-line-download-without-a-match": Case(
        arguments=["download", "v1", "*.tar.gz"], repository=released(OLD)
    ),
    "command-line-download-of-an-unfinished-upload": Case(
        arguments=["download", "v1"],
        repository=released(OLD, {"name": "b.zip", "state": "starter"}),
    ),
    "command-line-download-into-a-file": Case(
        files={"taken": b""},
        arguments=["download", "v1", "--dir", "taken/below"],
        repository=released(OLD),
    ),
    "command-line-download-onto-a-file": Case(
        files={"app.zip": b"other"}, arguments=["download", "v1"], repository=released(OLD)
    ),
    "command-line-download-of-damaged-bytes": Case(
        arguments=["download", "v1"],
        repository=released(OLD),
        faults=[{"do": "corrupt", "match": {"origin": "storage"}, "times": None}],
    ),
    "command-line-delete-without-confirmation": Case(
        arguments=["delete", "v1", "app.zip"], repository=released(OLD)
    ),
    "command-line-rename-to-a-taken-name": Case(
        arguments=["update", "v1", "app.zip", "--name", "b.zip"],
        repository=released(OLD, {"name": "b.zip", "text": "b"}),
    ),
    "command-line-two-tags": Case(arguments=["publish", "v1", "v2", "dist/*"]),
    "command-line-a-tag-that-is-a-file": Case(
        files={"v1": b""}, arguments=["publish", "v1", "dist/*"]
    ),
    "command-line-a-file-with-a-number-sign": Case(
        files={"a#b": b"a"}, arguments=["publish", "v1", "a#b"]
    ),
    "command-line-without-files": Case(arguments=["publish", "v1"]),
    "command-line-a-command-of-gh": Case(arguments=["create", "v1", "dist/*"]),
    "command-line-a-misspelt-command": Case(arguments=["uplaod", "v1", "dist/*"]),
    "command-line-a-flag-of-gh": Case(arguments=["publish", "v1", "dist/*", "--notes-from-tag"]),
    "command-line-an-unknown-field": Case(arguments=["view", "v1", "--json", "tag_name"]),
    "command-line-an-expression-that-does-not-parse": Case(arguments=["view", "v1", "--jq", ".["]),
    "command-line-an-expression-that-fails": Case(
        arguments=["view", "v1", "--jq", ".tagName.x"], repository=released(OLD)
    ),
    "command-line-without-a-latest-release": Case(arguments=["view"]),
    "command-line-verify-a-release-that-differs": Case(
        arguments=["verify", "v1", "dist/*"],
        repository=released(OLD, {"name": "b.zip", "text": "b"}),
    ),
    "command-line-cancelled": Case(
        arguments=["publish", "v1", "dist/*"], faults=[status(502, UPLOADS)], signal=2
    ),
}

CASES = REPORTS | INPUTS | FILES | RELEASES | GITHUB | COMMANDS
