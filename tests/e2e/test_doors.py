"""The door, what it keeps out, and what stays in the browser afterwards."""

from __future__ import annotations

from typing import Any

from people import CAMILLE
from running_portal import Portal
from steps import Hands, sign_in


def test_the_sign_in_page_opens_and_somebody_comes_in_and_goes_out(open_context: Any) -> None:
    page = open_context(360).new_page()
    sign_in(page, CAMILLE)
    hands = Hands(page)
    hands.sign_out()


def test_what_the_policy_of_a_page_stops_is_told_to_the_log(portal: Portal, open_context: Any) -> None:
    context = open_context(1440)
    page = context.new_page()
    page.goto("/connexion/")
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), { text: 'stolen = 1' }))")
    assert page.evaluate("typeof stolen") == "undefined"
    # The browser tells in its own time: each turn is a page asked and answered.
    for _turn in range(60):
        if "csp directive=script-src" in portal.tail(400):
            break
        page.reload()
    line = next(line for line in portal.tail(400).splitlines() if "csp directive=script-src" in line)
    assert "blocked=inline page=accounts:sign-in" in line
    context.watch.faults.clear()  # it was meant
