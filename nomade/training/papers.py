"""Papers of training: convocation, mission order, list to sign, and the words of a certificate."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible  # type: ignore[import-untyped]
import pikepdf
import typst
from django.conf import settings
from django.utils.translation import gettext as _

from nomade.kernel.clock import today
from nomade.people.models import Agent, Assignment
from nomade.people.ports import PaperWords, papers
from nomade.training.models import Credit, Enrolment, Slot, TrainingSession
from nomade.training.rules.attendance import in_words
from nomade.ui.filters import hours, long_date, medium_date

STANDARDS: list[Any] = ["ua-1", "a-2a"]
_DATA = Path(__file__).parent / "data"
_FONTS = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"


def attendance_words(enrolment: Enrolment, slots: Sequence[Slot], minutes: int, *, whole: bool) -> PaperWords:
    """What the certificate of a session says: of end of training, or of attendance when part of it was missed."""
    course = enrolment.session.course
    first, last = slots[0].day, slots[-1].day
    due = sum(slot.minutes for slot in slots)
    title = _("Attestation de fin de formation") if whole else _("Attestation de présence en formation")
    days = _("le %(day)s") % {"day": medium_date(first)}
    if first != last:
        days = _("du %(first)s au %(last)s") % {"first": medium_date(first), "last": medium_date(last)}
    rows = [
        (_("Formation"), course.title),
        (_("Type"), str(course.get_kind_display()).capitalize()),
        (_("Dates"), days),
        (_("Durée suivie"), _("%(done)s sur %(due)s") % {"done": in_words(minutes), "due": in_words(due)}),
        (_("Session"), enrolment.session.reference),
    ]
    return PaperWords(title=title, rows=rows)


def convocation(enrolment: Enrolment) -> bytes:
    """The convocation, whose second page is the mission order, as PDF/UA-1 and PDF/A-2a."""
    return convocations(enrolment.session, [enrolment.owner])


def convocations(session: TrainingSession, agents: Sequence[Agent]) -> bytes:
    """Those of several participants, one after another, to print."""
    slots = list(session.slots.select_related("room"))
    return _compiled(
        "convocation.typ",
        {
            "employer": settings.NOMADE.organisation,
            "title": _("Convocation à une formation"),
            "mission": _("Ordre de mission"),
            "people": _people(agents),
            "course": session.course.title,
            "reference": session.reference,
            "hours": in_words(sum(slot.minutes for slot in slots)),
            "slots": [_slot_words(slot) for slot in slots],
            "place": place_of(session, slots),
            "notes": session.notes,
        },
    )


def _people(agents: Sequence[Agent]) -> list[dict[str, str]]:
    placed = Assignment.objects.on(today()).filter(agent__in=agents, is_main=True).select_related("unit")
    found = {one.agent_id: (one.unit.label, one.post) for one in placed}
    people = []
    for agent in agents:
        unit, post = found.get(agent.pk, ("", ""))
        people.append({"name": agent.full_name, "matricule": agent.matricule, "unit": unit, "post": post})
    return people


def class_certificates(credits_of_class: Sequence[Credit]) -> bytes:
    """The certificates of a class as one PDF to print; each of them, alone, is what the agent keeps."""
    found = papers([credit.certificate for credit in credits_of_class if credit.certificate])
    with pikepdf.new() as whole:
        for content in found:
            with pikepdf.open(io.BytesIO(content)) as one:
                whole.pages.extend(one.pages)
        whole.docinfo["/Title"] = _("Attestations de formation")
        written = io.BytesIO()
        whole.save(written)
    return written.getvalue()


def sheet(session: TrainingSession) -> bytes:
    """The list to sign by half-day, to print."""
    slots = list(session.slots.select_related("room"))
    people = session.enrolments.on_the_list().select_related("owner").order_by("owner__sort_name")
    return _compiled(
        "sheet.typ",
        {
            "employer": settings.NOMADE.organisation,
            "title": _("Feuille d’émargement"),
            "course": session.course.title,
            "reference": session.reference,
            "place": place_of(session, slots),
            "slots": [_slot_words(slot) for slot in slots],
            "people": [one.owner.full_name for one in people],
        },
    )


def place_of(session: TrainingSession, slots: Sequence[Slot]) -> str:
    """Where to go: the room and its address, else what the session says."""
    rooms = list(dict.fromkeys(slot.room for slot in slots if slot.room))
    told = [", ".join(part for part in (room.label, room.address, room.access) if part) for room in rooms]
    return " ; ".join([*told, session.place] if session.place else told)


def _slot_words(slot: Slot) -> str:
    return _("%(day)s, de %(start)s à %(end)s") % {
        "day": long_date(slot.day),
        "start": hours(slot.starts.hour * 60 + slot.starts.minute),
        "end": hours(slot.ends.hour * 60 + slot.ends.minute),
    }


def _compiled(name: str, data: dict[str, Any]) -> bytes:
    source: Any = (_DATA / name).read_bytes()
    result: bytes = typst.compile(
        source, sys_inputs={"data": json.dumps(data)}, font_paths=[str(_FONTS)], pdf_standards=STANDARDS
    )
    return result
