"""Somebody who has a keyboard only: going from control to control, and what must be seen on the way."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

#: More controls than any page has: who tabs so often without getting there is caught.
FAR = 600

#: Remembers how every control looks without the focus, and gives each a number in the order of the page.
PREPARE = """() => {
  const looks = (node) => ["", "::before", "::after"].map((part) => {
    const style = getComputedStyle(node, part);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor,
      style.backgroundColor].join("|");
  }).join("||");
  // What may show the focus: the control, its label, and the parts beside or around it that are drawn in its place.
  const shown = (control) => [control, ...(control.labels || []), control.nextElementSibling,
    control.parentElement].filter(Boolean);
  const controls = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], iframe")];
  const state = { looks, shown, number: new Map(), before: new Map() };
  controls.forEach((control, number) => {
    state.number.set(control, number);
    state.before.set(control, shown(control).map(looks));
  });
  window.__keyboard = state;
}"""

#: The controls that Tab must reach now, by number: shown, enabled, one of each group of radio buttons.
REACHABLE = """() => {
  const radios = new Set();
  const asking = document.querySelector("dialog:modal");
  return [...window.__keyboard.number.entries()].filter(([control]) => {
    if (asking && !asking.contains(control)) return false;
    if (control.disabled || control.tabIndex < 0 || control.closest("[inert], fieldset:disabled")) return false;
    if (!control.checkVisibility({ checkVisibilityCSS: true })) return false;
    if (control.type !== "radio") return true;
    const group = `${control.form ? [...document.forms].indexOf(control.form) : ""}/${control.name}`;
    const chosen = document.querySelector(`input[type=radio][name="${CSS.escape(control.name)}"]:checked`);
    if (chosen && chosen !== control && chosen.form === control.form) return false;
    if (radios.has(group)) return false;
    return radios.add(group);
  }).map(([, number]) => number);
}"""

#: Where the focus is, and whether it can be seen.
LOOK = """() => {
  const control = document.activeElement;
  if (!control || control === document.body || control === document.documentElement) return null;
  const state = window.__keyboard;
  const clean = (text) => (text || "").replace(/\\s+/g, " ").trim().slice(0, 60);
  const name = `${control.tagName.toLowerCase()}${control.name ? `[name=${control.name}]` : ""} `
    + clean(control.getAttribute("aria-label") || control.labels?.[0]?.textContent || control.textContent);
  const boxes = [...control.getClientRects()].filter((box) => box.width && box.height);
  const labels = [...(control.labels || [])].flatMap((label) => [...label.getClientRects()]);
  const inside = (box) => ({ left: Math.max(0, box.left), right: Math.min(innerWidth, box.right),
    top: Math.max(0, box.top), bottom: Math.min(innerHeight, box.bottom) });
  const owners = [control, ...(control.labels || [])];
  const belongs = (hit) => hit && (owners.some((owner) => owner.contains(hit))
    || (hit.contains(control) && hit.matches("label, summary, a, button")));
  // Not covered: at least one of nine points of what is in the window belongs to the control (or to its label).
  const seen = [...boxes, ...labels].some((whole) => {
    const box = inside(whole);
    if (box.right - box.left < 1 || box.bottom - box.top < 1) return false;
    return [0.1, 0.5, 0.9].some((x) => [0.1, 0.5, 0.9].some((y) => belongs(document.elementFromPoint(
      box.left + x * (box.right - box.left), box.top + y * (box.bottom - box.top)))));
  });
  const before = state.before.get(control);
  const now = state.shown(control).map(state.looks);
  const marked = before === undefined || now.some((look, number) => look !== before[number]);
  const outlines = state.shown(control).map((node) => getComputedStyle(node)).filter((style) =>
    style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2).map((style) => style.outlineColor);
  const background = (node) => {
    for (; node; node = node.parentElement) {
      const colour = getComputedStyle(node).backgroundColor;
      if (!/, 0\\)$|^transparent$/.test(colour)) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  const luminance = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, two) => {
    const [dark, light] = [luminance(one), luminance(two)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const around = background(control.parentElement);
  const strong = outlines.some((colour) => contrast(colour, around) >= 3);
  const pinned = (() => { for (let node = control; node; node = node.parentElement) {
    if (["sticky", "fixed"].includes(getComputedStyle(node).position)) return true; } return false; })();
  const box = boxes[0] || control.getBoundingClientRect();
  return { number: state.number.get(control) ?? -1, name, seen, marked, strong, pinned,
    area: control.closest("header, main, footer, nav, aside")?.tagName ?? "",
    left: box.left + scrollX, right: box.right + scrollX, top: box.top + scrollY, bottom: box.bottom + scrollY };
}"""


@dataclass(frozen=True)
class Stop:
    """A control with the focus. ``seen``: not covered; ``marked``: it looks other than without; ``strong``: 3 to 1."""

    number: int
    name: str
    seen: bool
    marked: bool
    strong: bool
    pinned: bool
    area: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def faults(self) -> list[str]:
        """What somebody who looks for the focus would miss."""
        said = {"covered": self.seen, "no mark": self.marked, "mark too faint": self.strong}
        return [f"{fault}: {self.name}" for fault, good in said.items() if not good]


class Keyboard:
    """The keyboard at a page. Every stop on the way is looked at; ``faults`` holds what was wrong anywhere."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: set[str] = set()

    def prepare(self) -> None:
        """Look at the page as it is before the first press on it."""
        if not self.page.evaluate("Boolean(window.__keyboard)"):
            self.page.evaluate("document.activeElement?.blur()")
            self.page.evaluate(PREPARE)

    def where(self) -> Stop | None:
        """The control with the focus."""
        found: dict[str, Any] | None = self.page.evaluate(LOOK)
        return Stop(**found) if found else None

    def press(self, key: str = "Tab") -> Stop | None:
        """Press a key, and look where the focus is."""
        self.page.keyboard.press(key)
        stop = self.where()
        if stop:
            self.faults |= {f"{urlsplit(self.page.url).path} {fault}" for fault in stop.faults}
        return stop

    def to(self, target: Locator, key: str = "Tab") -> None:
        """Tab until this control has the focus; ``Shift+Tab`` goes back."""
        target = target.first
        target.wait_for(state="attached")
        self.prepare()
        for _press in range(FAR):
            if target.evaluate("target => target === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"{self.page.url}: no way with {key} to {target}")

    def follow(self, target: Locator, key: str = "Enter") -> None:
        """Go to a link or button and press it; wait for the page that answers."""
        self.to(target)
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(key)

    def press_at(self, target: Locator, key: str = "Enter") -> None:
        """Go to a control and press it, on this page."""
        self.to(target)
        self.page.keyboard.press(key)

    def write(self, target: Locator, text: str) -> None:
        """Go to a field and type, in place of what stands there."""
        self.to(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, target: Locator, value: str) -> None:
        """Go to a list and press the arrow until this value is chosen."""
        self.to(target)
        self.page.keyboard.press("Home")
        for _press in range(FAR):
            if target.first.input_value() == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no way with the arrows to {value}")

    def round(self) -> list[Stop]:
        """Tab through the whole page and on, until the first stop comes again: the stops in the order of the page."""
        self.prepare()
        stops: list[Stop] = []
        for _press in range(FAR):
            stop = self.press()
            if stop and stops and stop.number == stops[0].number:
                # A page that sets the focus itself begins in its middle.
                first = min(range(len(stops)), key=lambda place: stops[place].number)
                return stops[first:] + stops[:first]
            # Behind the last control the browser's own come, of which the page knows nothing.
            stops += [stop] if stop else []
        raise AssertionError(f"{self.page.url}: the focus never comes round; last at {stops[-1:]}")

    def reachable(self) -> list[int]:
        """The controls that Tab must reach."""
        found: list[int] = self.page.evaluate(REACHABLE)
        return found


def goes_back(before: Stop, after: Stop) -> bool:
    """Whether the focus jumps against the order of reading: up in the same column, or left in the same line."""
    if before.pinned or after.pinned or before.area != after.area:
        return False
    overlaps = min(before.right, after.right) > max(before.left, after.left)
    if after.bottom <= before.top + 1 and overlaps:
        return True
    same_line = min(before.bottom, after.bottom) - max(before.top, after.top) > 0.5 * min(
        before.bottom - before.top, after.bottom - after.top
    )
    return same_line and after.right <= before.left + 1
