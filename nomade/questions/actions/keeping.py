"""What human resources keep: topics by date, offices, ways by unit, closings, answers written beforehand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.people.models import Agent, OrgUnit
from nomade.questions.models import Closing, Office, ReadyAnswer, Topic, Way


@dataclass(frozen=True)
class TopicFacts:
    """What a topic says."""

    label: str
    hint: str
    office: Office
    promised_days: int
    service: str
    order: int


def _free_code(model: type[Topic | Office], label: str) -> str:
    base = slugify(label)[:34] or "sujet"
    code, number = base, 1
    while model.objects.filter(code=code).exists():
        number += 1
        code = f"{base}-{number}"
    return code


@transaction.atomic
def add_topic(facts: TopicFacts, *, start: date, by: Agent, http: HttpRequest | None = None) -> Topic:
    """Offers a topic from a day on."""
    topic = Topic.objects.create(code=_free_code(Topic, facts.label), valid_from=start, **vars(facts))
    audit.record("questions.topic_added", actor=by.pk, subject=None, request=http, topic=topic.code)
    return topic


@transaction.atomic
def change_topic(topic: Topic, facts: TopicFacts, *, start: date, by: Agent, http: HttpRequest | None = None) -> Topic:
    """Changes a topic from a day on: the row of before ends the day before; questions already sent keep theirs.

    Raises Refusal for a topic that is no longer offered, or a day before the one on which its row begins.
    """
    held: Topic = Topic.objects.select_for_update().get(pk=topic.pk)
    if held.valid_to is not None:
        raise Refusal(_("Ce sujet n’est plus proposé après cette date : choisissez sa version en cours."))
    if start < held.valid_from:
        raise Refusal(_("Ce sujet a déjà changé après cette date : choisissez un jour plus tard."), field="start")
    if start == held.valid_from:
        for name, value in vars(facts).items():
            setattr(held, name, value)
        held.save()
        changed = held
    else:
        held.valid_to = start - timedelta(days=1)
        held.save(update_fields=["valid_to"])
        changed = Topic.objects.create(code=held.code, valid_from=start, **vars(facts))
    audit.record(
        "questions.topic_changed", actor=by.pk, subject=None, request=http, topic=held.code, start=start.isoformat()
    )
    return changed


@transaction.atomic
def end_topic(topic: Topic, *, last: date, by: Agent, http: HttpRequest | None = None) -> None:
    """Offers a topic no longer after a day. Raises Refusal for a day before it begins."""
    held = Topic.objects.select_for_update().get(pk=topic.pk)
    if last < held.valid_from:
        raise Refusal(_("Le dernier jour ne peut pas précéder le premier."), field="last")
    held.valid_to = last
    held.save(update_fields=["valid_to"])
    audit.record(
        "questions.topic_ended", actor=by.pk, subject=None, request=http, topic=held.code, last=last.isoformat()
    )


@transaction.atomic
def save_office(
    office: Office | None,
    *,
    label: str,
    role: str,
    week: str,
    lead: Agent | None,
    members: Iterable[Agent],
    active: bool,
    by: Agent,
    http: HttpRequest | None = None,
) -> Office:
    """Opens or changes an office. Raises Refusal when it closes while topics or ways lead to it, or answers no day."""
    if "1" not in week:
        raise Refusal(_("Choisissez au moins un jour où le bureau répond."), field="days")
    if office is not None and not active:
        day = today()
        if Topic.objects.on(day).filter(office=office).exists() or Way.objects.on(day).filter(office=office).exists():
            raise Refusal(_("Des sujets mènent encore à ce bureau : changez-les d’abord."), field="active")
    kept = office or Office(code=_free_code(Office, label))
    kept.label, kept.role, kept.week, kept.lead, kept.active = label, role, week, lead, active
    kept.save()
    told = list(members)
    kept.members.set(told)
    audit.record(
        "questions.office_saved",
        actor=by.pk,
        subject=None,
        request=http,
        office=kept.code,
        members=sorted(member.pk for member in told),
    )
    return kept


@transaction.atomic
def add_way(
    *, unit: OrgUnit, topic: str, office: Office, start: date, by: Agent, http: HttpRequest | None = None
) -> Way:
    """Leads a unit to an office from a day on; the way of the same unit and topic ends the day before."""
    before = Way.objects.select_for_update().on(start).filter(unit=unit, topic=topic)
    before.filter(valid_from=start).delete()
    before.update(valid_to=start - timedelta(days=1))
    way: Way = Way.objects.create(unit=unit, topic=topic, office=office, valid_from=start)
    audit.record(
        "questions.way_added", actor=by.pk, subject=None, request=http, unit=unit.path, topic=topic, office=office.code
    )
    return way


@transaction.atomic
def end_way(way: Way, *, by: Agent, http: HttpRequest | None = None) -> None:
    """Ends a way yesterday, or forgets one that has not begun."""
    last = today() - timedelta(days=1)
    if way.valid_from > last:
        way.delete()
    else:
        way.valid_to = last
        way.save(update_fields=["valid_to"])
    audit.record("questions.way_ended", actor=by.pk, subject=None, request=http, unit=way.unit.path, topic=way.topic)


@transaction.atomic
def add_closing(
    *, label: str, office: Office | None, first: date, last: date, by: Agent, http: HttpRequest | None = None
) -> Closing:
    """Keeps days on which nobody answers; what is already promised stays promised."""
    closing: Closing = Closing.objects.create(label=label, office=office, first_day=first, last_day=last)
    audit.record(
        "questions.closing_added", actor=by.pk, subject=None, request=http, first=first.isoformat(), label=label
    )
    return closing


@transaction.atomic
def remove_closing(closing: Closing, *, by: Agent, http: HttpRequest | None = None) -> None:
    """Forgets days of closing."""
    audit.record("questions.closing_removed", actor=by.pk, subject=None, request=http, label=closing.label)
    closing.delete()


@transaction.atomic
def save_ready_answer(
    answer: ReadyAnswer | None,
    *,
    title: str,
    text: str,
    office: Office | None,
    active: bool,
    by: Agent,
    http: HttpRequest | None = None,
) -> ReadyAnswer:
    """Writes an answer for all who handle the same questions."""
    kept = answer or ReadyAnswer()
    kept.title, kept.text, kept.office, kept.active = title, text, office, active
    kept.updated_by, kept.updated_at = by, now()
    kept.save()
    audit.record("questions.answer_saved", actor=by.pk, subject=None, request=http, answer=kept.pk)
    return kept
