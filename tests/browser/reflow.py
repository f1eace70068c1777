"""What is lost of a page that is enlarged, or whose letters and lines a reader sets further apart.

A desk of 1280 px that is enlarged to 200 % is 640 px wide to the page, at 400 % it is 320 px.
"""

from playwright.sync_api import Page

from tests.browser.visitors import DESK, PHONE

#: Width of the page by how far it is enlarged.
ENLARGED = {"200 %": {"width": 640, "height": 450}, "400 %": {"width": 320, "height": 256}}
#: The spacing of WCAG 1.4.12, as a reader's own style sheet sets it.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}"""
UNSPACED = "() => { document.adoptedStyleSheets = [...document.adoptedStyleSheets].slice(0, -1); }"
#: By how much the page is wider than the window, and what hangs out of it.
WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const out = [...document.querySelectorAll("body *")].filter((part) =>
    part.checkVisibility() && part.getBoundingClientRect().right > width + 1);
  const inner = out.filter((part) => ![...part.children].some((child) => out.includes(child)));
  return inner.slice(0, 5).map((part) => part.outerHTML.slice(0, 120));
}"""
#: Text that a box cuts off where nobody can scroll to it.
CUT = """() => {
  const cut = [], seen = new Map();
  // Most boxes are around many texts; each is asked for its style and its place once.
  const drawn = (box) => {
    if (!seen.has(box)) {
      const { position, overflowX, overflowY } = getComputedStyle(box);
      seen.set(box, { position, overflowX, overflowY, frame: box.getBoundingClientRect() });
    }
    return seen.get(box);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    const owner = text.parentElement;
    if (!text.data.trim() || owner.closest("script, template, textarea, option, noscript, svg, [hidden]")) continue;
    if (!owner.checkVisibility({ checkVisibilityCSS: true })) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const words = range.getBoundingClientRect();
    if (words.width < 1 || words.height < 1) continue;
    let [acrossFree, downFree] = [false, false];
    for (let box = owner; box && box !== document.documentElement; box = box.parentElement) {
      const { frame, ...style } = drawn(box);
      // What is only spoken is as small as a point.
      if (style.position === "absolute" && (frame.width <= 1.5 || frame.height <= 1.5)) break;
      if (style.position === "fixed") break;
      if (["auto", "scroll"].includes(style.overflowX)) acrossFree = true;
      if (["auto", "scroll"].includes(style.overflowY)) downFree = true;
      const [hidesAcross, hidesDown] = [style.overflowX, style.overflowY].map((value) => value !== "visible");
      const across = words.right > frame.right + 1 || words.left < frame.left - 1;
      const down = words.bottom > frame.bottom + 2 || words.top < frame.top - 2;
      if ((hidesAcross && across && !acrossFree) || (hidesDown && down && !downFree)) {
        cut.push(`${text.data.trim().slice(0, 40)} in ${box.outerHTML.slice(0, 100)}`);
        break;
      }
    }
  }
  return cut.slice(0, 5);
}"""


def faults(page: Page) -> dict[str, list[str]]:
    """What does not fit, at each size, and with the spacing that a reader sets. The page is as before, on a desk."""
    found: dict[str, list[str]] = {}
    for name, size in ENLARGED.items():
        page.set_viewport_size(size)
        found[f"{name}: wider"] = page.evaluate(WIDER)
        found[f"{name}: cut"] = page.evaluate(CUT)
    page.evaluate(SPACED)
    for name, size in {"phone": PHONE, "desk": DESK}.items():
        page.set_viewport_size(size)
        found[f"{name}, spaced: cut"] = page.evaluate(CUT)
    found["desk, spaced: wider"] = page.evaluate(WIDER)
    page.evaluate(UNSPACED)
    return {name: parts for name, parts in found.items() if parts}
