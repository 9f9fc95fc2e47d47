"""Questions, leave, certificates, changes, enrolments and tickets are composed from the same parts of `cases/`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

NOMADE = Path(__file__).resolve().parents[2] / "nomade"
#: The page of one request, for its agent and for its desk.
PAGES = (
    "questions/templates/questions/page.html",
    "support/templates/support/desk/ticket.html",
    "leave/templates/leave/request.html",
    "certificates/templates/certificates/request.html",
    "certificates/templates/certificates/answer.html",
    "personnel_file/templates/personnel_file/request.html",
    "personnel_file/templates/personnel_file/decide.html",
    "training/templates/training/enrolment.html",
    "training/templates/training/decide.html",
    "training/templates/training/outside_request.html",
    "training/templates/training/decide_outside.html",
)
#: Where a service says what its state is called: always by the pill of `cases/`.
PILLS = (
    "leave/templates/leave/_parts.html",
    "certificates/templates/certificates/_parts.html",
    "personnel_file/templates/personnel_file/_parts.html",
    "training/templates/training/_parts.html",
)


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_a_request_tells_who_follows_it_the_promise_and_its_steps_by_the_same_part(page: str) -> None:
    text = (NOMADE / page).read_text(encoding="utf-8")
    assert "{{ follow_up(talk, " in text or "{{ follow_up(followed, " in text
    assert "timeline(" not in text, "follow_up draws it"


@pytest.mark.parametrize("page", PAGES)
def test_each_page_of_a_request_holds_its_messages_and_a_form_for_one_more_by_the_same_parts(page: str) -> None:
    text = (NOMADE / page).read_text(encoding="utf-8")
    dialogue = "{{ said(" in text and "{{ reply_form(" in text and "{{ answer_form(" in text
    assert dialogue or "{{ exchange(talk" in text


@pytest.mark.parametrize("part", PILLS)
def test_each_state_is_drawn_by_the_same_pill(part: str) -> None:
    text = (NOMADE / part).read_text(encoding="utf-8")
    assert "{{ state_pill(" in text or "{{- state_pill(" in text
    assert not re.search(r"badge\([^)]*get_state_display", text)


def test_a_message_is_drawn_in_one_place() -> None:
    drawn = [path for path in NOMADE.rglob("*.html") if "talk__message" in path.read_text(encoding="utf-8")]
    assert [path.name for path in drawn] == ["_parts.html"] and drawn[0].parts[-4] == "cases"
