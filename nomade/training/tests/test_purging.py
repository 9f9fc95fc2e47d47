"""The end of what training knows of an agent: five years after they have left."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from nomade.cases.messages import say
from nomade.cases.models import CaseEvent, CaseMessage
from nomade.files import store
from nomade.files.models import StoredFile
from nomade.kernel.clock import today
from nomade.people.models import Agent
from nomade.training.actions import purging
from nomade.training.actions.enrolments import Wish, ask
from nomade.training.actions.seats import CASE
from nomade.training.models import Course, Credit, Enrolment, Habilitation, Skill, TrainingSession

pytestmark = pytest.mark.django_db
DAY = date(2040, 3, 10)


def _followed(agent: Agent, course: Course, session: TrainingSession) -> Enrolment:
    """A session followed, a skill and the habilitation that one paper proved."""
    made = Enrolment.objects.get(pk=ask(agent, session, Wish(reason="Projet"), token=str(uuid.uuid4())))
    say(CASE, made.pk, author=agent, text="Une question")
    Credit.objects.create(enrolment=made, minutes=840)
    proof = store.put(b"%PDF", owner=agent, kind="training-proof", name="a.pdf", content_type="application/pdf")
    Habilitation.objects.create(agent=agent, course=course, obtained_on=today(), proof=proof)
    Skill.objects.create(agent=agent, label="Soudure", proof=proof)
    return made


def test_training_is_kept_five_years_after_who_followed_it_has_left_and_goes_whole_then(
    people: dict[str, Agent], course: Course, session: TrainingSession
) -> None:
    agent, other = people["agent"], people["stranger"]
    _followed(agent, course, session)
    kept = _followed(other, course, session)
    session.refresh_from_db()
    assert session.taken == 2
    assert (purging.due(DAY), purging.purge(DAY)) == (0, 0)  # both serve
    Agent.objects.filter(pk=agent.pk).update(exit_date=date(2035, 3, 10))
    assert purging.due(DAY) == 0  # its last day
    Agent.objects.filter(pk=agent.pk).update(exit_date=date(2035, 3, 9))
    assert (purging.due(DAY), purging.purge(DAY), purging.purge(DAY)) == (1, 1, 0)
    assert list(Enrolment.objects.all()) == [kept]
    assert list(Credit.objects.values_list("enrolment", flat=True)) == [kept.pk]
    for model in (Habilitation, Skill):
        assert set(model._default_manager.values_list("agent", flat=True)) == {other.pk}
    assert set(StoredFile.objects.values_list("owner", flat=True)) == {other.pk}
    assert set(CaseMessage.objects.values_list("case_id", flat=True)) == {kept.pk}
    assert set(CaseEvent.objects.values_list("case_id", flat=True)) == {kept.pk}
    session.refresh_from_db()
    assert session.taken == 1
