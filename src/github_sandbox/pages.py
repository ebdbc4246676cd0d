"""The pages of the web origin in HTML: lists of repositories and releases, and one release."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from github_sandbox.answers import release_url, tag_in_url
from github_sandbox.models import Asset, Release, Repository, stamp
from github_sandbox.origins import Origins, escaped

STYLE = """
:root { color-scheme: light dark; --back: #fff; --fore: #1f2328; --soft: #59636e;
  --line: #d1d9e0; --card: #f6f8fa; --link: #0969da; --green: #1a7f37; --amber: #9a6700;
  --violet: #8250df; }
@media (prefers-color-scheme: dark) { :root { --back: #0d1117; --fore: #f0f6fc;
  --soft: #9198a1; --line: #3d444d; --card: #151b23; --link: #4493f8; --green: #3fb950;
  --amber: #d29922; --violet: #ab7df8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem; background: var(--back);
  color: var(--fore); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif;
  overflow-wrap: anywhere; }
a { color: var(--link); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
nav { padding: .5rem 0 1rem; color: var(--soft); font-size: .9rem; }
article { border: 1px solid var(--line); border-radius: .5rem; margin: 0 0 1.5rem;
  overflow: hidden; }
header { padding: 1rem 1.25rem; border-bottom: 1px solid var(--line); }
h1, h2 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .4rem; font-weight: 600; }
h3 { font-size: 1rem; margin: 0; padding: .75rem 1.25rem; border-bottom: 1px solid var(--line);
  background: var(--card); }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 2rem;
  padding: 0 .6rem; margin-right: .25rem; font-size: .75rem; font-weight: 500;
  vertical-align: middle; white-space: nowrap; }
.latest { color: var(--green); } .draft { color: var(--soft); } .pre { color: var(--amber); }
.immutable { color: var(--violet); } .starter { color: var(--amber); }
.facts { margin: 0; color: var(--soft); font-size: .9rem; }
.notes { padding: 1rem 1.25rem; white-space: pre-wrap; border-bottom: 1px solid var(--line); }
ul { list-style: none; margin: 0; padding: 0; }
li { display: grid; grid-template-columns: minmax(0, 1fr) 11rem 6rem 7rem; gap: .25rem 1rem;
  padding: .6rem 1.25rem; border-top: 1px solid var(--line); align-items: baseline; }
li:first-child { border-top: 0; }
li > span { color: var(--soft); font-size: .85rem; }
code { font: .85em ui-monospace, Menlo, Consolas, monospace; }
.size, .date { text-align: right; white-space: nowrap; }
.none { padding: .75rem 1.25rem; color: var(--soft); margin: 0; }
@media (max-width: 44rem) { li { grid-template-columns: 1fr auto; }
  li > .name { grid-column: 1 / -1; } li > .date { display: none; }
  h1, h2 { font-size: 1.3rem; } }
"""
_COMMENT = re.compile(r"(?s)<!--.*?-->")  # GitHub does not show comments
UNITS = ("Bytes", "KB", "MB", "GB")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseView:
    """A release as a page shows it."""

    release: Release
    latest: bool
    assets: Sequence[Asset]
    links: Mapping[int, str]  # id of an asset without download by name -> its URL


def release(origins: Origins, repository: Repository, view: ReleaseView) -> str:
    """Return the page of one release."""
    card = _card(origins, repository, view, level=1)
    return _document(_title(view.release), _breadcrumbs(origins, repository) + card)


def releases(origins: Origins, repository: Repository, views: Sequence[ReleaseView]) -> str:
    """Return the page of all releases."""
    cards = "".join(_card(origins, repository, view, level=2) for view in views)
    empty = '<p class="none">There are no releases.</p>'
    title = f"Releases · {repository.full_name}"
    return _document(title, _breadcrumbs(origins, repository) + (cards or empty))


def repositories(origins: Origins, repositories: Sequence[Repository]) -> str:
    """Return the page with links to all repositories."""
    items = "".join(
        f'<li><a class="name" href="{_url(origins, item)}">{escape(item.full_name)}</a></li>'
        for item in repositories
    )
    return _document("Repositories", f"<article><h3>Repositories</h3><ul>{items}</ul></article>")


def not_found() -> str:
    """Return the page for a path without a page."""
    link = '<p>There is nothing here. <a href="/">All repositories</a></p>'
    return _document("Page not found", f"<h1>404</h1>{link}")


def readable_size(size: int) -> str:
    """Return a number of bytes with a unit."""
    amount, unit = float(size), 0
    while amount >= 1024 and unit < len(UNITS) - 1:
        amount, unit = amount / 1024, unit + 1
    number = f"{amount:.3g}" if amount < 1000 else f"{amount:.0f}"
    return f"{number} {UNITS[unit]}"


def _card(origins: Origins, repository: Repository, view: ReleaseView, *, level: int) -> str:
    item = view.release
    url = escape(release_url(origins, repository, item))
    moment = stamp(item.published_at or item.created_at)
    tag = escape(item.tag_name)
    facts = (
        f'{escape(item.author.login)} · <code>{tag}</code> · <time datetime="{moment}">'
        f"{moment[:10]}</time>"
    )
    body = _COMMENT.sub("", item.body or "").strip()
    notes = f'<div class="notes">{escape(body)}</div>' if body else ""
    rows = "".join(_row(origins, repository, view, asset) for asset in view.assets)
    none = '<p class="none">No assets.</p>'
    return (
        f'<article><header><h{level}><a href="{url}">{escape(_title(item))}</a>{_badges(view)}'
        f'</h{level}><p class="facts">{facts}</p></header>{notes}'
        f"<h3>Assets ({len(view.assets)})</h3>{f'<ul>{rows}</ul>' if rows else none}</article>"
    )


def _badges(view: ReleaseView) -> str:
    item = view.release
    badges = (
        (view.latest, "latest", "Latest"),
        (item.draft, "draft", "Draft"),
        (item.prerelease, "pre", "Pre-release"),
        (item.immutable, "immutable", "Immutable"),
    )
    return "".join(
        f' <span class="badge {kind}">{text}</span>' for shown, kind, text in badges if shown
    )


def _row(origins: Origins, repository: Repository, view: ReleaseView, asset: Asset) -> str:
    named = f"{tag_in_url(view.release)}/{escaped(asset.name)}"
    url = f"{_url(origins, repository)}/releases/download/{named}"
    shown = escape(asset.label or asset.name)
    link = f'<a href="{escape(view.links.get(asset.id, url))}">{shown}</a>'
    if asset.state != "uploaded":
        link = f'{shown} <span class="badge starter">{escape(asset.state)}</span>'
    digest = asset.digest or ""
    short = f'<code title="{escape(digest)}">{escape(digest[:19])}…</code>' if digest else ""
    return (
        f'<li><div class="name">{link}</div><span>{short}</span>'
        f'<span class="size">{readable_size(asset.size)}</span>'
        f'<span class="date">{stamp(asset.updated_at)[:10]}</span></li>'
    )


def _breadcrumbs(origins: Origins, repository: Repository) -> str:
    url = _url(origins, repository)
    name = escape(repository.full_name)
    return (
        f'<nav><a href="{escape(origins.server_url)}/">Repositories</a> / '
        f'<a href="{url}/releases">{name}</a> / Releases</nav>'
    )


def _url(origins: Origins, repository: Repository) -> str:
    return escape(f"{origins.server_url}/{repository.full_name}")


def _title(item: Release) -> str:
    return item.name or item.tag_name or "Draft"


def _document(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )
