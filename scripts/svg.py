"""Convert the layout of a page in a browser to SVG: each text, box and line at its position."""

from collections.abc import Iterator
from html import escape
from typing import Any

from playwright.sync_api import Page

# The position of a text is its font box: the baseline is below its top by the ascent of the font.
_READ_LAYOUT = r"""top => {
  const origin = top.getBoundingClientRect(), shapes = [], pen = document.createElement('canvas');
  const clear = colour => /, 0\)$|^transparent$/.test(colour);
  const mark = /\p{Extended_Pictographic}\ufe0f?/u;
  const ascent = style => {
    const context = pen.getContext('2d');
    context.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    return context.measureText('x').fontBoundingBoxAscent;
  };
  const boxes = element => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    const x = box.left - origin.left, y = box.top - origin.top;
    const [width, height] = [box.width, box.height];
    // Cells share their lines, which lie half in each.
    const half = style.borderCollapse === 'collapse' ? .5 : 0, end = 1 - half;
    const thick = parseFloat(style.borderLeftWidth);
    const sides = {
      Top: [x, y - half, width, 1], Bottom: [x, y + height - end, width, 1],
      Left: [x - half, y, thick, height], Right: [x + width - end, y, 1, height],
    };
    const drawn = Object.keys(sides).filter(side => parseFloat(style[`border${side}Width`]));
    const radius = parseFloat(style.borderTopLeftRadius);
    const back = clear(style.backgroundColor) ? 'none' : style.backgroundColor;
    if (drawn.length === 4 && radius) {
      const line = style.borderTopColor;
      shapes.push({kind: 'box', at: [x + .5, y + .5, width - 1, height - 1], back, radius, line});
      return;
    }
    if (back !== 'none') shapes.push({kind: 'box', at: [x, y, width, height], back, radius});
    for (const side of drawn) {
      const colour = style[`border${side}Color`];
      if (!clear(colour)) shapes.push({kind: 'box', at: sides[side], back: colour, radius: 0});
    }
  };
  const texts = node => {
    const style = getComputedStyle(node.parentElement), range = document.createRange();
    let run = null;
    for (let start = 0; start < node.length;) {
      const step = String.fromCodePoint(node.data.codePointAt(start)).length;
      const end = start + step + (node.data[start + step] === '\ufe0f' ? 1 : 0);
      range.setStart(node, start); range.setEnd(node, end);
      const box = [...range.getClientRects()].find(one => one.width > 0);
      const text = node.data.slice(start, end);
      start = end;
      if (!box || mark.test(text) || !run || Math.abs(run.top - box.top) > 2 || run.lone) run = null;
      if (!box) continue;
      if (!run) {
        run = {kind: 'text', text: '', left: box.left, top: box.top, lone: mark.test(text),
               mono: /mono/.test(style.fontFamily), size: parseFloat(style.fontSize), right: box.left,
               bold: style.fontWeight >= 600, fill: style.color, ascent: ascent(style)};
        shapes.push(run);
      }
      run.text += text;
      if (text.trim()) run.right = box.right;
      run.at = [run.left - origin.left, run.top - origin.top + run.ascent, run.right - run.left];
    }
  };
  const walk = node => {
    if (node.nodeType === Node.TEXT_NODE) return texts(node);
    if (!node.checkVisibility()) return;
    boxes(node);
    node.childNodes.forEach(walk);
  };
  walk(top);
  return {width: origin.width, height: origin.height, shapes};
}"""
_SANS = "-apple-system,BlinkMacSystemFont,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif"
_MONO = "ui-monospace,SFMono-Regular,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace"


def draw(page: Page, selector: str, title: str) -> str:
    """Return the selected element as SVG with real text; title is the text for screen readers."""
    seen: dict[str, Any] = page.eval_on_selector(selector, _READ_LAYOUT)
    width, height = (round(seen[name]) for name in ("width", "height"))
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    fonts = f"text{{font-family:{_SANS};white-space:pre}}.m{{font-family:{_MONO}}}"
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        f"<title>{escape(title)}</title>",
        f"<style>{fonts}.b{{font-weight:600}}</style>",
        *_shapes(seen["shapes"]),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _shapes(shapes: list[dict[str, Any]]) -> Iterator[str]:
    for shape in shapes:
        if shape["kind"] == "text":
            if shape["text"].strip():
                yield _text(shape)
        else:
            x, y, width, height = map(_number, shape["at"])
            radius = f' rx="{_number(shape["radius"])}"' if shape["radius"] else ""
            line = f' stroke="{_hex(shape["line"])}"' if shape.get("line") else ""
            yield (
                f'<rect x="{x}" y="{y}" width="{width}" height="{height}"{radius} '
                f'fill="{_hex(shape["back"])}"{line}/>'
            )


def _text(shape: dict[str, Any]) -> str:
    text = shape["text"].rstrip()
    x, y, width = shape["at"]
    # Other machines have other fonts: keep the width of the text.
    fits = (
        f' textLength="{_number(width)}" lengthAdjust="spacingAndGlyphs"' if len(text) > 2 else ""
    )
    kind = " ".join(name for name, on in (("m", shape["mono"]), ("b", shape["bold"])) if on)
    shown = f' class="{kind}"' if kind else ""
    return (
        f'<text x="{_number(x)}" y="{_number(y)}"{shown}'
        f' font-size="{_number(shape["size"])}" fill="{_hex(shape["fill"])}"{fits}>'
        f"{escape(text, quote=False)}</text>"
    )


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _hex(colour: str) -> str:
    """Return `rgb(1, 2, 3)` as `#010203`."""
    if not colour.startswith("rgb"):
        return colour
    parts = colour.partition("(")[2].rstrip(")").split(",")[:3]
    return "#" + "".join(f"{round(float(part)):02x}" for part in parts)
