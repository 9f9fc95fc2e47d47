"""Skills that agents declare with their proof, and what the training office makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.files import store
from nomade.files.uploads import CheckedFile, keep_all
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.kernel.months import add_months
from nomade.notifications.actions import notify
from nomade.people.models import Agent
from nomade.training.models import Course, Habilitation, Skill, SkillState


@dataclass(frozen=True)
class Claim:
    """What an agent says they can do."""

    label: str
    level: str
    obtained_on: date | None
    expires_on: date | None


@transaction.atomic
def declare(agent: Agent, claim: Claim, files: list[CheckedFile], *, request: HttpRequest | None = None) -> Skill:
    """A skill and its proof. Raises `Refusal` for a day to come or an end before the beginning."""
    if claim.obtained_on and claim.obtained_on > today():
        raise Refusal(_("Cette date est à venir."), field="obtained_on")
    if claim.obtained_on and claim.expires_on and claim.expires_on < claim.obtained_on:
        raise Refusal(_("La fin est avant le début."), field="expires_on")
    skill = Skill.objects.create(
        agent=agent,
        proof=next(iter(keep_all(files, owner=agent, kind="training-proof")), None),
        **vars(claim),
    )
    _record("skill_declared", skill, agent, request)
    return skill


@transaction.atomic
def withdraw(skill: Skill, *, by: Agent, request: HttpRequest | None = None) -> None:
    """An agent takes back what was declared. Raises `Refusal` once the office has read it."""
    found = Skill.objects.select_for_update(of=("self",)).select_related("proof").get(pk=skill.pk)
    if found.state == SkillState.VERIFIED:
        raise Refusal(_("Cette compétence est vérifiée : demandez au service formation de la retirer."))
    _record("skill_withdrawn", found, by, request)
    proof = found.proof
    found.delete()
    if proof is not None:
        store.delete(proof)


@transaction.atomic
def verify(skill: Skill, *, course: Course | None, by: Agent, request: HttpRequest | None = None) -> None:
    """The office has read the proof; when it is worth a course, the agent holds that habilitation, with the same proof.

    Raises `Refusal` when it was already read, and for a course without the day it was obtained.
    """
    found = _to_check(skill, by)
    if course is not None:
        if found.obtained_on is None:
            raise Refusal(_("Sans date d’obtention, elle ne peut pas valoir une formation."), field="course")
        expires = found.expires_on
        if expires is None and course.valid_months:
            expires = add_months(found.obtained_on, course.valid_months)
        Habilitation.objects.get_or_create(
            agent=found.agent,
            course=course,
            obtained_on=found.obtained_on,
            defaults={"expires_on": expires, "proof": found.proof, "noted_by": by},
        )
    found.course = course
    _checked(found, SkillState.VERIFIED, by, request)


@transaction.atomic
def refuse(skill: Skill, *, remark: str, by: Agent, request: HttpRequest | None = None) -> None:
    """The proof does not show it. Raises `Refusal` without a reason, or when it was already read."""
    if not remark.strip():
        raise Refusal(_("Dites pourquoi : l’agent le lira."), field="remark")
    found = _to_check(skill, by)
    found.remark = remark.strip()
    _checked(found, SkillState.REFUSED, by, request)


def _to_check(skill: Skill, by: Agent) -> Skill:
    found = Skill.objects.select_for_update(of=("self",)).select_related("agent", "proof").get(pk=skill.pk)
    if found.state != SkillState.DECLARED:
        raise Refusal(_("Cette compétence a déjà été relue."))
    if found.agent_id == by.pk:
        raise Refusal(_("Personne ne décide pour soi-même."))
    return found


def _checked(found: Skill, state: SkillState, by: Agent, request: HttpRequest | None) -> None:
    found.state, found.checked_by, found.checked_at = state, by, now()
    found.save()
    _record(f"skill_{state.value}", found, by, request)
    said = {
        SkillState.VERIFIED: _("Votre compétence « %(label)s » est vérifiée"),
        SkillState.REFUSED: _("Votre compétence « %(label)s » n’est pas retenue"),
    }
    notify(
        found.agent,
        kind="training.skill",
        title=said[state] % {"label": found.label},
        url=reverse("training:skills"),
    )


def _record(event: str, skill: Skill, by: Agent, request: HttpRequest | None) -> None:
    audit.record(f"training.{event}", actor=by.pk, subject=skill.agent_id, request=request, skill=str(skill.pk))
