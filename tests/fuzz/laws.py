"""Laws that hold for any text from outside: each is a function that takes texts and asserts."""

import html
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

import yaml
from cmarkgfm import github_flavored_markdown_to_html as as_github_shows  # type: ignore[import-untyped]
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from actions_toolkit.command import Command
from actions_toolkit.file_command import prepare_key_value_message
from actions_toolkit.value import to_bytes
from release_assets.digest import Digest
from release_assets.errors import ReleaseAssetsError, single_errors
from release_assets.escape import harmless
from release_assets.files import manifest
from release_assets.github import decode, decode_errors
from release_assets.github.errors import GitHubError, UnexpectedAnswerError
from release_assets.github.http.origins import may_see_token, origin
from release_assets.github.retry import LONGEST_WAIT_SECONDS, lacks_reset_time, wait_seconds
from release_assets.inputs.parse import parse_inputs
from release_assets.limits import MAX_CONCURRENCY
from release_assets.models import Asset, Release
from release_assets.names import asset_name, backup_name, parse_swap_name, staging_name
from release_assets.summary import markdown
from tests.release_assets.report.test_hostile import check_summary, outcome
from tests.support import samples
from tests.support.runner import decode_commands, decode_env_file

API = "https://api.github.com"
TOKEN = "ghs_0123456789abcdefghijklmnop"  # of a job; no error may contain it
NOW = 1_800_000_000.0
UNSAFE = Options.CMARK_OPT_UNSAFE  # keeps the elements that GitHub removes in a later step


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """A law, its first inputs, and words to build meaningful texts from."""

    holds: Callable[..., None]
    takes: int  # number of texts
    seeds: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]


def a_manifest_is_read_or_refused(given: str) -> None:
    try:
        entries = manifest.parse(given)
    except ReleaseAssetsError as error:
        _check_error_text(error)
        return
    assert entries
    for entry in entries:
        assert entry.path.strip()
        assert "/" not in (entry.name or "")
        fields = {key.replace("_", "-"): value for key, value in vars(entry).items()}
        assert all(value is None or value.isprintable() for value in fields.values())
        written = yaml.safe_dump(
            [{key: value for key, value in fields.items() if value is not None}]
        )
        assert manifest.parse(written) == (entry,)


INPUTS = (
    *("files", "tag", "release-id", "repository", "expect", "prune", "checksums", "concurrency"),
    *("title", "target"),
)


def inputs_are_read_or_refused(*values: str) -> None:
    given = samples.REQUIRED | {"token": TOKEN} | dict(zip(INPUTS, values, strict=True))
    try:
        parsed = parse_inputs(given, samples.job())
    except ReleaseAssetsError as error:
        _check_error_text(error)
        return
    assert parsed.access.repository.count("/") == 1
    assert parsed.release_ref.tag is None or re.fullmatch(
        r"[^-\0-\x20\x7f][^\0-\x20\x7f]*", parsed.release_ref.tag
    )
    for sent in (parsed.release_ref.tag or "", parsed.release.title, parsed.release.target):
        sent.encode()
    assert parsed.release_ref.id is None or parsed.release_ref.id > 0
    assert parsed.access.concurrency is None or 1 <= parsed.access.concurrency <= MAX_CONCURRENCY
    assert parsed.patterns
    for pattern in parsed.patterns:
        assert pattern.text.strip()
        assert pattern.rename is None or (pattern.rename and "/" not in pattern.rename)
    assert all(line and not line.startswith("#") for line in (*parsed.expect, *parsed.prune))
    assert asset_name(parsed.checksums) == parsed.checksums
    assert TOKEN not in repr(parsed)


def an_answer_is_decoded_or_refused(body: str) -> None:
    raw = body.encode("utf-8", "surrogateescape")
    try:
        data = decode.json_of(raw, "GET /x")
    except UnexpectedAnswerError as error:
        _check_error_text(error)
        return
    for read, noun in ((decode.release, Release), (decode.asset, Asset)):
        try:
            decoded = read(data, "GET /x")
        except UnexpectedAnswerError as error:
            _check_error_text(error)
            continue
        assert isinstance(decoded, noun)
        fields = json.loads(_to_json(decoded))
        if "tag" in fields:
            fields["tag_name"] = fields.pop("tag")
            fields["target_commitish"] = fields.pop("target")
        again = decode.json_of(json.dumps(fields).encode(), "GET /x")
        assert read(again, "GET /x") == decoded


def an_error_text_is_readable(body: str, message: str) -> None:
    _every_status(body.encode("utf-8", "surrogateescape"))
    _every_status(json.dumps({"message": message}).encode())
    _every_status(json.dumps({"errors": [{"message": message}]}).encode())


def _every_status(raw: bytes) -> None:
    for status in (301, 400, 401, 403, 404, 407, 409, 422, 429, 500):
        for method in ("GET", "POST"):
            error = decode_errors.error_of(method, f"{method} /x", status, {}, raw)
            assert isinstance(error, GitHubError)
            assert len(str(error)) < 2000
            _check_error_text(error)


def a_wait_is_bounded(after: str, remaining: str, reset: str, message: str) -> None:
    headers = {"retry-after": after, "x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset}
    lacks_reset_time(headers, message)
    for attempt in (1, 3, 20):
        for what in ("limited", "failed"):
            seconds = wait_seconds(what, headers, attempt, now=NOW, chance=0.9)
            assert seconds is None or 0 <= seconds <= LONGEST_WAIT_SECONDS + 900


def the_token_is_sent_only_to_github(end: str) -> None:
    """The program and the library that connects parse the host of a URL alike."""
    for url in (end, f"https://{end}", f"{API}{end}"):
        origin(url)
        if may_see_token(API, url):
            try:
                seen = parse_url(url.lstrip())  # as requests does
            except LocationParseError:
                continue  # no request is sent
            assert seen.scheme == "https", url
            assert seen.host in {"api.github.com", "uploads.github.com"}, url
            assert seen.auth is None, url


def outputs_are_decoded_unchanged(first: str, one: str, second: str, other: str) -> None:
    written, expected = b"", {}
    for name, value in ((first, one), (second, other)):
        try:
            message = prepare_key_value_message(name, value)
        except ValueError:
            continue
        written += to_bytes(f"{message}\n")
        expected[to_bytes(name).decode()] = to_bytes(value).decode()
    assert decode_env_file(written) == expected


def a_command_is_one_command(title: str, message: str) -> None:
    written = to_bytes(str(Command("error", {"title": title or "x"}, message)) + "\n")
    (command,) = decode_commands(written.decode())
    assert (command.name, command.data) == ("error", to_bytes(message).decode())
    assert command.properties.keys() <= {"title"}


def escaped_text_holds_no_command(foreign: str) -> None:
    for shown in (harmless(foreign), harmless(foreign, one_line=True)):
        assert decode_commands(to_bytes(shown)) == []
        assert harmless(shown) == shown


def a_summary_holds_no_foreign_markup(name: str, label: str, url: str, message: str) -> None:
    check_summary(outcome(name, label, url, message))


class _Shown(HTMLParser):
    """The elements and the text of an HTML page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag != "wbr":
            self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def markdown_shows_foreign_text_as_text(foreign: str) -> None:
    """GitHub's own Markdown parser finds only text in foreign text."""
    seen = html.unescape(markdown.attribute(foreign))
    for shown in (markdown.escaped(foreign), markdown.name(foreign)):
        paragraph = _Shown(as_github_shows(f"a{shown}b", UNSAFE))
        assert (paragraph.tags, paragraph.text.strip()) == (["p"], f"a{seen}b")
        cell = _Shown(as_github_shows(f"| x |\n| - |\n| a{shown}b |", UNSAFE))
        assert cell.tags == ["table", "thead", "tr", "th", "tbody", "tr", "td"]
        assert f"a{seen}b" in cell.text


def an_asset_name_is_idempotent(requested: str) -> None:
    name = asset_name(requested)
    assert asset_name(name) == name
    assert not set(name) - set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_+@."
    )
    if name:
        for mark in (staging_name(name, samples.A), backup_name(name, samples.A)):
            assert asset_name(mark) == mark
            said = parse_swap_name(mark)
            assert said is not None
            assert said.final == name
    said = parse_swap_name(requested)
    assert said is None or requested in {
        staging_name(said.final, Digest(f"sha256:{said.digest}")),
        backup_name(said.final, Digest(f"sha256:{said.digest}")),
    }


def _to_json(value: Release | Asset, **changes: object) -> str:
    """Return all fields of a release or an asset as a JSON object."""
    return json.dumps(vars(value) | changes, default=vars)


def _check_error_text(error: ReleaseAssetsError) -> None:
    """Check that each error has a fix, and is one annotation without the token."""
    for fault in single_errors(error):
        assert fault.what
        assert fault.fix
        assert TOKEN not in str(fault)
        (command,) = decode_commands(to_bytes(str(Command("error", {"title": "t"}, str(fault)))))
        assert command.data == to_bytes(str(fault)).decode()


MARK = ".release-assets-new-aaaaaaaaaaaaaaaa-c38257d1"
RELEASE = _to_json(samples.release(), tag_name="v1", assets=[])
ASSET = _to_json(samples.asset())
FAULT = '{"message": "Validation Failed", "errors": [{"code": "already_exists", "field": "name"}]}'
MARKS = (
    "::",
    "##[",
    "]",
    "error",
    "%0A",
    "\n",
    "\r",
    "\u2028",
    "\u202e",
    "\x1b[",
    "`",
    "|",
    "<!--",
)
MARKUP = (
    *MARKS,
    "<a",
    "www.",
    "https://",
    "@",
    "a@b.c",
    "&#",
    "&lt;",
    "~~",
    "**",
    "$",
    "![",
    "\\",
    "<wbr>",
)
LAWS = {
    "manifest": Law(
        holds=a_manifest_is_read_or_refused,
        takes=1,
        seeds=(
            ("- path: dist/app.zip\n  name: app.zip\n  label: App\n  content-type: a/b\n",),
            ('[{"path": "a"}]',),
            ("- path: 'a\n",),
        ),
        words=(
            *("path", "name", "label", "content-type", ": ", "- ", "\n  ", "{", "}", "[", "]"),
            *("'", '"', "&a", "*a", "!!", "!!binary", "|-", ">", "%YAML 1.1", "---", "..."),
            *("<<", "? ", "\\U0010ffff", "\\ud800", "\t", "#", "~", "1.0", "=", "\x85"),
        ),
    ),
    "inputs": Law(
        holds=inputs_are_read_or_refused,
        takes=len(INPUTS),
        seeds=(
            (
                "dist/*\n!*.txt\na => b",
                "v1",
                "",
                "o/r",
                "a.zip",
                "*.zip",
                "SUMS",
                "8",
                "One",
                "main",
            ),
            ("dist/*", "refs/tags/v1", "7", "o/r", "", "", "", "auto", "", ""),
            ("dist/*", "v\udc87", "", "o/r", "", "", "", "8", "t\udc87", ""),
        ),
        words=("=>", "!", "#", "refs/tags/", "refs/", "@{", ".lock", "..", "auto", "{a,b}", "\n"),
    ),
    "answer": Law(
        holds=an_answer_is_decoded_or_refused,
        takes=1,
        seeds=((RELEASE,), (ASSET,), ("[]",), ("null",)),
        words=(
            *('"id"', '"name"', '"state"', '"assets"', '"digest"', '"label"', "null", "true"),
            *("\\ud800", "1e999", "NaN", "-0", "{", "}", "[", "]", ",", ":", '"'),
        ),
    ),
    "error": Law(
        holds=an_error_text_is_readable,
        takes=2,
        seeds=((FAULT, "Not Found"), ("<html>", "API rate limit exceeded")),
        words=(
            *('"message"', '"errors"', '"code"', '"field"', "already_exists", "immutable release"),
            *("rate limit", "discussion", "pre_receive", "\\n", "::error::", "{", "[", "null"),
        ),
    ),
    "wait": Law(
        holds=a_wait_is_bounded,
        takes=4,
        seeds=(
            ("60", "0", "1800000060", "API rate limit exceeded"),
            ("Fri, 15 Jan 2027 08:00:00 GMT", "1", "", ""),
        ),
        words=(" GMT", "Jan", "-0000", "+99", ":60", "99999", "1e9", "\u0663"),
    ),
    "address": Law(
        holds=the_token_is_sent_only_to_github,
        takes=1,
        seeds=(("/repos/o/r",), ("uploads.github.com:443/x?name=a",), ("api.github.com",)),
        words=("@", ":", "//", "\\", "#", "?", "[", "]", "%40", "\t", "\n", ".", "api.github.com"),
    ),
    "outputs": Law(
        holds=outputs_are_decoded_unchanged,
        takes=4,
        seeds=(("tag", "v1", "assets", "[1,\n2]"), ("a<<", "x", "a=", "y")),
        words=("ghadelimiter_", "<<", "=", "\r\n", "\n", "EOF"),
    ),
    "command": Law(
        holds=a_command_is_one_command,
        takes=2,
        seeds=(("t", "m"), ("a,b=c:d%25", "x\r\n::error::y")),
        words=MARKS,
    ),
    "log": Law(
        holds=escaped_text_holds_no_command,
        takes=1,
        seeds=(("a\n::error::x",), ("x##[error]y",)),
        words=MARKS,
    ),
    "summary": Law(
        holds=a_summary_holds_no_foreign_markup,
        takes=4,
        seeds=(
            ("a.zip", "App", "https://h/x", "v1"),
            ("|", "`x`", "https://h/'|", "<!--"),
            ("", "", "", "https"),
        ),
        words=MARKUP,
    ),
    "markdown": Law(
        holds=markdown_shows_foreign_text_as_text,
        takes=1,
        seeds=(("a|b <c> &amp; www.x.example",), ("a_b_*c*~d~ https://x",), ("app@1.0.zip",)),
        words=MARKUP,
    ),
    "names": Law(
        holds=an_asset_name_is_idempotent,
        takes=1,
        seeds=(("a b.zip",), (".hidden",), (staging_name("a", samples.A),), (f"\udcc3{MARK}",)),
        words=(
            ".release-assets-new-",
            ".release-assets-old-",
            "default",
            "..",
            "é",
            "e\u0301",
            "Æ",
        ),
    ),
}


def check(law: Law, texts: Sequence[str]) -> None:
    """Assert that a law holds for these texts; missing ones are empty."""
    law.holds(*texts[: law.takes], *[""] * (law.takes - len(texts)))
