"""What axe-core finds broken on a page."""

from playwright.sync_api import Page

#: WCAG 2.2 A and AA as axe names them, and what it recommends beyond them.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: What axe finds broken. A contrast that it leaves open counts as broken too: the page is to be so that it can be told.
RUN = """async ([tags, within]) => {
  const found = await axe.run(within, {
    runOnly: { type: "tag", values: tags }, resultTypes: ["violations", "incomplete"],
    iframes: false, preload: false });
  const open = found.incomplete.filter(({ id }) => id === "color-contrast");
  return [...found.violations, ...open].map(({ id, help, nodes }) => ({ id, help,
    nodes: nodes.map((node) => `${node.target.join(" ")}  ${node.html.slice(0, 200)}  ${node.failureSummary}`) }));
}"""


#: A bar that sticks to the window's edge lies over what can be scrolled away from under it, which axe does not: it is
#: put in its place. That it covers nothing that has the focus holds the gate of the Tab key.
UNSTICK = """() => {
  window.__unstuck = [...document.querySelectorAll("body *")].filter((part) =>
    getComputedStyle(part).position === "sticky");
  window.__unstuck.forEach((part) => { part.style.position = "static"; });
}"""
STICK = """() => window.__unstuck.forEach((part) => {
  part.style.removeProperty("position");
  if (!part.getAttribute("style")) part.removeAttribute("style");
})"""


def load_axe(page: Page) -> None:
    """Add axe to the page as the page itself could: from its own origin, where ``script-src 'self'`` lets it in."""
    page.add_script_tag(url="/static/axe/axe.min.js")


def faults(page: Page, within: str = "html") -> dict[str, list[str]]:
    """What axe finds: for each rule that is broken, where. The page is as before."""
    page.evaluate(UNSTICK)
    found = page.evaluate(RUN, [TAGS, within])
    page.evaluate(STICK)
    return {each["id"]: [each["help"], *each["nodes"]] for each in found}
