"""What is looked at on a page, whatever the page: axe, width, titles, pictures for a person."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page

HERE = Path(__file__).parent
AXE = (HERE / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = """
async (tags) => {
  const found = await axe.run(document, {runOnly: tags, iframes: false, resultTypes: ["violations"]});
  return found.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id} (${rule.impact}): ${node.target.join(" ")} — ${node.failureSummary}`));
}
"""
# What sticks out on the right, so that a failure names the culprit.
TOO_WIDE = """
(width) => [...document.querySelectorAll("body *")]
  .filter((element) => element.getBoundingClientRect().right > width + 1)
  .filter((element) => !element.closest(".visually-hidden, [hidden]"))
  .slice(-4)
  .map((element) => `${element.tagName.toLowerCase()}.${element.className} ${element.getBoundingClientRect().right}`)
"""


def axe_violations(page: Page) -> list[str]:
    """What axe says of the page, in words; nothing when it is content.

    The script goes in through the debugger, so the page's Content-Security-Policy stays as strict as it is. The frame
    that shows somebody's message is left out: its content is not ours.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    violations: list[str] = page.evaluate(RUN_AXE, TAGS)
    return [f"{page.url}: {violation}" for violation in violations]


def overflow(page: Page, width: int) -> list[str]:
    """What makes the page wider than `width` CSS pixels; nothing when it reflows."""
    actual = page.evaluate("() => document.scrollingElement.scrollWidth")
    if actual <= width:
        return []
    return [f"{page.url}: {actual} px wide at {width}: {page.evaluate(TOO_WIDE, width)}"]


def picture(page: Page, name: str) -> None:
    """Keeps a picture of the whole page in the folder of NOMADE_SCREENSHOTS, when there is one."""
    folder = os.environ.get("NOMADE_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)
