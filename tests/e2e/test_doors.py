"""The door, what it keeps out, and what stays in the browser afterwards."""

from __future__ import annotations

from typing import Any

from people import CAMILLE
from steps import Hands, sign_in


def test_the_sign_in_page_opens_and_somebody_comes_in_and_goes_out(open_context: Any) -> None:
    page = open_context(360).new_page()
    sign_in(page, CAMILLE)
    hands = Hands(page)
    hands.sign_out()
