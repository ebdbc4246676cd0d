"""Make the pictures of README.md and docs/cli.md from real runs against the sandbox (`make pictures`).

Values that differ between runs are replaced by fixed ones: URLs, times and rates.
"""

import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import cmarkgfm  # type: ignore[import-untyped]
from cmarkgfm.cmark import Options  # type: ignore[import-untyped]
from playwright.sync_api import Browser, sync_playwright

from scripts.screen import coloured, plain, screens
from scripts.svg import draw
from tests.support.job import Job, Step
from tests.support.runner import decode_line
from tests.support.sandbox import Sandbox

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
TAG = "v1.4.0"
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
MIB = 1024 * 1024
RATE = 11.2  # MiB/s, instead of the rate within this machine
WAIT = 1.0  # seconds, instead of a random backoff
SIZES = {"app-linux.tar.gz": 6_200_000, "app-macos.zip": 7_100_000, "app-windows.zip": 8_400_000}

# A tag as an argument, `upload`, no tag, no repository, --repo and --clobber.
SESSION = (
    f"release-assets upload {TAG} dist/*",
    f"release-assets upload {TAG} dist/* --clobber --quiet",
    "release-assets list",
    f"release-assets verify {TAG} dist/* --repo octo-org/app --quiet",
    "release-assets view --json tagName,isDraft",
)

_EMOJI = re.compile("[\u2600-\u27bf\u23e9-\u23ff\u2b06\u21a9\U0001f300-\U0001faff]\ufe0f?")
STYLE = """
.light { --back: #fff; --fore: #1f2328; --soft: #59636e; --line: #d1d9e0; --card: #f6f8fa;
  --link: #0969da; --red: #d1242f; --amber: #9a6700; --green: #1a7f37; --code: #eff1f2; --cyan: #1b7c83; }
.dark { --back: #0d1117; --fore: #f0f6fc; --soft: #9198a1; --line: #3d444d; --card: #151b23;
  --link: #4493f8; --red: #f85149; --amber: #d29922; --green: #3fb950; --code: #2a313c; --cyan: #39c5cf; }
* { box-sizing: border-box; }
body { margin: 0; }
#picture { width: var(--width); background: var(--back); color: var(--fore);
  border: 1px solid var(--line); border-radius: 6px; font: 14px/1.5 "DejaVu Sans", sans-serif; }
.bar { padding: 9px 16px; border-bottom: 1px solid var(--line); font-weight: 600; }
.bar code { font: 12px "DejaVu Sans Mono", monospace; }
.good { color: var(--green); }
.lines + .bar { border-top: 1px solid var(--line); }
.lines { padding: 10px 16px 12px; font: 12px/1.65 "DejaVu Sans Mono", monospace; }
.lines div { white-space: pre; min-height: 1.65em; }
.wrap div { white-space: pre-wrap; overflow-wrap: anywhere; padding-left: 40px; position: relative; }
.wrap i { position: absolute; left: 0; width: 26px; text-align: right; font-style: normal;
  color: var(--soft); }
.wrap .in { padding-left: 58px; }
.error { color: var(--red); } .warning { color: var(--amber); } .soft { color: var(--soft); }
.page { padding: 14px 22px 6px; overflow-wrap: break-word; }
.page h3 { font-size: 17.5px; line-height: 1.25; font-weight: 600; margin: 6px 0 14px; }
.page p, .page blockquote, .page table, .page details { margin: 0 0 14px; }
.page blockquote { padding: 0 14px; color: var(--soft); border-left: 4px solid var(--line); }
.page a { color: var(--link); text-decoration: none; }
.page table { border-collapse: collapse; display: block; width: max-content; max-width: 100%;
  overflow: auto; }
.page th, .page td { padding: 6px 13px; border: 1px solid var(--line); }
.page th { font-weight: 600; }
.page tr:nth-child(2n) td { background: var(--card); }
.page code { font: 12px "DejaVu Sans Mono", monospace; background: var(--code); padding: 2px 5px;
  border-radius: 6px; }
.page pre { background: var(--card); padding: 14px; overflow: auto; }
.page pre code { background: none; padding: 0; }
.page summary { list-style: none; }
/* On one line, like GitHub does because of the no-break space. */
.page td:first-child { white-space: nowrap; }
.emoji { display: inline-block; width: 1.35em; }
.page sub { font-size: 10.5px; }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture before its layout by a browser."""

    name: str
    title: str
    body: str  # HTML
    width: int  # pixels


def main() -> int:
    """Make all pictures and return 0."""
    command = next(filter(None, map(shutil.which, BROWSERS)), None)
    if command is None:
        sys.exit(
            f"none of {', '.join(BROWSERS)} is installed: install one, then make pictures again"
        )
    pictures = list(take_pictures())
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=command)
        for picture in pictures:
            for theme in ("light", "dark"):
                path = PICTURES / f"{picture.name}-{theme}.svg"
                path.write_text(_svg(browser, picture, theme), "utf-8", newline="\n")
                print(f"{path.relative_to(ROOT)}  {path.stat().st_size:,} bytes")
        browser.close()
    return 0


def take_pictures() -> Iterator[Picture]:
    """Run the program, and yield a picture of each of its outputs."""
    with Sandbox.start("--tag", TAG) as sandbox, tempfile.TemporaryDirectory() as directory:
        job = Job.at(Path(directory), sandbox, TAG)
        yield from as_action(job, sandbox)
        sandbox.reset()
        sandbox.settings(throttle=12.0 * MIB)
        yield Picture(name="terminal", title="On a terminal", body=_terminal(job), width=830)
        sandbox.reset()
        yield Picture(
            name="session", title="A session on a terminal", body=session(job, sandbox), width=960
        )


def as_action(job: Job, sandbox: Sandbox) -> Iterator[Picture]:
    """Run the action: other content is refused, then swapped in despite a failed upload."""
    contents = {name: random.Random(name).randbytes(size) for name, size in SIZES.items()}
    earlier = {"app-linux.tar.gz": contents["app-linux.tar.gz"], "app-windows.zip": b"old"}
    job.write({f"dist/{name}": content for name, content in contents.items()})
    job.write({f"earlier/{name}": content for name, content in earlier.items()})
    _run(job, {"files": "earlier/*"}, 0)
    inputs = {"files": "dist/*", "checksums": "SHA256SUMS", "concurrency": "1"}
    refused = _run(job, inputs, 1)
    # A typical failure of GitHub: an upload is answered with 502, and leaves a starter.
    macos = {"origin": "uploads", "method": "POST", "query": "app-macos"}
    sandbox.fault(match=macos, do="status", status=502, leave="starter")
    done = _run(job, {**inputs, "overwrite": "true"}, 0)
    logs = (
        ('<span class="error">✕</span> Publish', refused.log),
        ('<span class="good">✓</span> Publish, with <code>overwrite: true</code>', done.log),
    )
    body = "".join(f'<div class="bar">{bar}</div>{_log(steady(log, sandbox))}' for bar, log in logs)
    yield Picture(name="log", title="The logs of two runs", body=body, width=960)
    shown = _summary(steady(done.summary, sandbox))
    yield Picture(name="summary", title="The job summary", body=shown, width=760)


def _run(job: Job, inputs: dict[str, str], exit_code: int) -> Step:
    step = job.run_program(inputs)
    if step.exit_code != exit_code:
        sys.exit(f"a run ended with {step.exit_code}, not with {exit_code}:\n{step.log}")
    return step


def steady(text: str, sandbox: Sandbox) -> str:
    """Return the output of a run without the values that differ between runs."""
    text = text.replace(sandbox.server_url, "https://github.com")
    text = re.sub(r"(?<=trying again in )[\d.]+ s", f"{WAIT} s", text)
    text = re.sub(r"(?<=nothing sent in )[\d.]+ s", "0.0 s", text)
    size = r"(?P<size>(?P<amount>[\d.]+) (?P<unit>B|KiB|MiB)(?P<sent> sent)?)"
    return re.sub(rf"{size} in [\d.]+ s(?P<rate>, [\d.]+ MiB/s)?", _steady_time, text)


def _steady_time(match: re.Match[str]) -> str:
    mebibytes = float(match["amount"]) / {"B": MIB, "KiB": 1024, "MiB": 1}[match["unit"]]
    seconds = max(mebibytes / RATE, 0.1) + (WAIT if match["sent"] else 0)
    rate = f", {RATE} MiB/s" if match["rate"] else ""
    return f"{match['size']} in {seconds:.1f} s{rate}"


def _log(text: str) -> str:
    """Return a log as the runner shows it, with open groups and coloured problems."""
    rows: list[tuple[str, str]] = []
    inside = False
    for line in text.splitlines():
        command = decode_line(line)
        match command.name if command else "":
            case "":
                rows.append(("in" if inside else "", line))
            case "group" if command:
                inside = True
                rows.append(("", f"▾ {command.data}"))
            case "endgroup":
                inside = False
            case "error" | "warning" | "notice" as name if command:
                rows.append((name, f"{name.capitalize()}: {command.data}"))
            case _:
                pass  # masks and debug lines are not shown
    divs = (
        f'<div class="{kind}"><i>{number}</i>{escape(row)}</div>'
        for number, (kind, row) in enumerate(rows, 1)
    )
    return f'<div class="lines wrap">{"".join(divs)}</div>'


def as_html(markdown: str) -> str:
    """Return Markdown as HTML from GitHub's own parser, including the HTML in it."""
    html: str = cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE)
    return html


def _summary(markdown: str) -> str:
    """Return a job summary as GitHub shows it."""
    html = as_html(markdown)
    # The width of an emoji depends on the reader's fonts: reserve enough for any.
    html = _EMOJI.sub(r'<span class="emoji">\g<0></span>', html)
    html = html.replace("<summary>", "<summary>▸ ")
    return f'<div class="bar">release summary</div><div class="page">{html}</div>'


def _terminal(job: Job) -> str:
    """Return a terminal as it looks when about 60 % of the bytes are uploaded."""
    for name, size in SIZES.items():
        job.write({f"dist/{name}": bytes(6 * size)})
    line = f"release-assets publish {TAG} 'dist/*' --repo {job.repository}"
    most = re.compile(r"files.* ([\d.]+)/([\d.]+) MiB")
    seen = [(one, most.search(plain(one))) for one in _screens(job, line)]
    shares = [(abs(float(at[1]) / float(at[2]) - 0.6), screen) for screen, at in seen if at]
    shown = _typed(line, min(shares)[1])
    return f'<div class="bar">Terminal</div><div class="lines">{shown}</div>'


def session(job: Job, sandbox: Sandbox) -> str:
    """Return a session in a clone: what a user of gh types first, and how each call ends."""
    for name in SIZES:
        job.write({f"dist/{name}": random.Random(name).randbytes(50_000)})
    url = f"{sandbox.server_url}/{job.repository}.git"
    for arguments in (("init", "--quiet"), ("remote", "add", "origin", url)):
        subprocess.run(["git", *arguments], cwd=job.workspace, check=True)
    shown = ""
    for line in SESSION:
        *_, last = _screens(job, line)
        shown += _typed(line, _in_order(steady(last, sandbox)))
        job.write({"dist/app-macos.zip": b"another build"})  # the next call finds it changed
    return f'<div class="bar">Terminal</div><div class="lines">{shown}</div>'


def _in_order(screen: str) -> str:
    """Return a screen with simultaneous uploads in the order of their names."""
    rows = screen.splitlines()
    done = iter(sorted(row for row in rows if row.startswith("uploaded ")))
    return "\n".join(next(done) if row.startswith("uploaded ") else row for row in rows)


def _screens(job: Job, line: str) -> Iterator[str]:
    """Run a command line on a terminal, and yield the screen after each change."""
    variables = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT / "src"),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "COLUMNS": "108",
        "LINES": "40",
        "GH_TOKEN": job.token,
        "GITHUB_API_URL": job.api_url,
    }
    expanded = [
        name
        for word in shlex.split(line)[1:]
        for name in (sorted(job.workspace.glob(word)) if "*" in word else [word])
    ]
    words = [
        str(word.relative_to(job.workspace)) if isinstance(word, Path) else word
        for word in expanded
    ]
    yield from screens([sys.executable, "-m", "release_assets", *words], job.workspace, variables)


def _typed(line: str, screen: str) -> str:
    """Return a command line and what it showed."""
    rows = "".join(f"<div>{coloured(row)}</div>" for row in screen.rstrip().splitlines())
    return f'<div><span class="soft">$</span> {escape(line)}</div>{rows}'


def _svg(browser: Browser, picture: Picture, theme: str) -> str:
    page = browser.new_page(viewport={"width": picture.width + 40, "height": 800})
    style = f"<style>{STYLE}:root {{ --width: {picture.width}px }}</style>"
    page.set_content(
        f'<!doctype html>{style}<body class="{theme}"><div id="picture">{picture.body}</div></body>'
    )
    drawn = draw(page, "#picture", picture.title)
    page.close()
    return drawn


if __name__ == "__main__":
    sys.exit(main())
