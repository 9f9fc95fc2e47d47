"""Form keys, references, timelines."""

from __future__ import annotations

import re
import uuid
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from nomade.cases import timeline
from nomade.cases.idempotency import new_form_token, once, purge_submissions
from nomade.cases.models import CaseEvent, Submission
from nomade.cases.office_days import due_soon, promised
from nomade.cases.references import new_reference, new_references
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db


def test_an_action_runs_once_for_a_key_and_answers_the_same_again(agent: Agent) -> None:
    ran = []
    token = new_form_token()

    def act() -> str:
        ran.append(1)
        return f"result-{len(ran)}"

    first = once(agent, token=token, form="f", content={"a": "1"}, action=act)
    again = once(agent, token=token, form="f", content={"a": "1"}, action=act)
    assert (first.result, first.repeated) == ("result-1", False)
    assert (again.result, again.repeated) == ("result-1", True)
    assert len(ran) == 1


def test_the_same_key_with_another_content_or_form_is_refused(agent: Agent) -> None:
    token = new_form_token()
    once(agent, token=token, form="f", content={"a": "1"}, action=lambda: "x")
    for form, content in (("f", {"a": "2"}), ("g", {"a": "1"})):
        with pytest.raises(Refusal, match="autre contenu"):
            once(agent, token=token, form=form, content=content, action=lambda: "y")


def test_the_key_of_somebody_else_gives_nothing_away(agent: Agent) -> None:
    token = new_form_token()
    once(agent, token=token, form="f", content={}, action=lambda: "private")
    other = once(make_agent("Hugo", "Faure"), token=token, form="f", content={}, action=lambda: "own")
    assert other.result == "own"


def test_an_action_that_fails_may_be_tried_again_with_the_same_key(agent: Agent) -> None:
    token = new_form_token()

    def fail() -> str:
        raise Refusal("Non")

    with pytest.raises(Refusal, match="Non"):
        once(agent, token=token, form="f", content={}, action=fail)
    assert once(agent, token=token, form="f", content={}, action=lambda: "yes").result == "yes"


def test_a_key_that_is_no_key_is_refused(agent: Agent) -> None:
    with pytest.raises(Refusal, match="incomplet"):
        once(agent, token="1; DROP TABLE", form="f", content={}, action=lambda: "x")


def test_keys_are_kept_a_day_at_least_then_purged(agent: Agent) -> None:
    for age in (timedelta(hours=25), timedelta(hours=49)):
        token = new_form_token()
        once(agent, token=token, form="f", content={}, action=lambda: "x")
        Submission.objects.filter(token=token).update(created_at=now() - age)
    assert purge_submissions() == 1


def test_references_are_short_unique_and_of_the_year() -> None:
    found = [new_reference(), *new_references(20)]
    assert len(set(found)) == 21
    assert all(re.fullmatch(rf"C-{today().year}-\d{{6,}}", reference) for reference in found)


def test_a_timeline_tells_who_did_what_in_order(agent: Agent) -> None:
    case = uuid.uuid4()
    timeline.note("leave", case, "submitted", actor=agent)
    timeline.note("leave", case, "closed", actor=None, detail="par le portail")
    timeline.note("leave", uuid.uuid4(), "submitted", actor=agent)
    steps = timeline.steps_of("leave", case, {"submitted": "Envoyée", "closed": "Close"})
    assert [(step.title, step.who, step.detail) for step in steps] == [
        ("Envoyée", agent.full_name, ""),
        ("Close", "", "par le portail"),
    ]


def test_a_step_of_a_timeline_is_never_rewritten(agent: Agent) -> None:
    timeline.note("leave", uuid.uuid4(), "submitted", actor=agent)
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        CaseEvent.objects.update(detail="autre")


def test_promises_and_reminders_count_working_days_without_weekends_nor_public_holidays() -> None:
    assert promised(date(2026, 11, 9), 2) == date(2026, 11, 12)  # the eleventh is one
    assert promised(date(2026, 11, 13), 1) == date(2026, 11, 16)
    assert due_soon(date(2026, 11, 10)) == date(2026, 11, 12)
    assert due_soon(date(2026, 11, 13)) == date(2026, 11, 16)
