"""Changing how long a type of document is kept: somebody proposes, an archivist who is not them gives the visa."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.documents.access import may_sign
from nomade.documents.models import DocumentType, RuleChange
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify, notify_many
from nomade.people.access import holders_of
from nomade.people.models import Agent
from nomade.people.roles import Role

FIELDS = ("label", "start", "years", "final", "source")


def propose_rule(
    known: DocumentType | None, wanted: dict[str, Any], *, by: Agent, request: HttpRequest | None = None
) -> RuleChange:
    """Asks for another rule, or for a new type (`known` None, `wanted["code"]`). Raises `Refusal`."""
    code = known.pk if known else str(wanted["code"])
    if known and all(getattr(known, name) == wanted[name] for name in FIELDS):
        raise Refusal(_("Rien ne change : modifiez au moins un champ."))
    if known is None and DocumentType.objects.filter(pk=code).exists():
        raise Refusal(_("Ce code est déjà pris par un autre type."), field="code")
    try:
        with transaction.atomic():
            made = RuleChange.objects.create(
                code=code,
                before=f"{known.label} : {known.rule}"[:200] if known else "",
                proposed_by=by,
                proposed_at=now(),
                **{name: wanted[name] for name in FIELDS},
            )
            audit.record(
                "documents.rule_proposed", actor=by.pk, subject=None, request=request, code=code, rule=made.rule
            )
            archivists = holders_of(Role.AUDITOR).exclude(pk=by.pk)
            title = _("Durée de conservation à viser : %(label)s") % {"label": made.label}
            notify_many(archivists, kind="document.rule_proposed", title=title, url=reverse("documents:retention"))
    except IntegrityError as error:
        raise Refusal(_("Un changement de ce type attend déjà le visa de l’archiviste.")) from error
    return made


@transaction.atomic
def decide_rule(change: RuleChange, *, accepted: bool, by: Agent, request: HttpRequest | None = None) -> None:
    """The archivist's visa, or refusal; the rule holds from now on. Raises `Refusal`."""
    locked = RuleChange.objects.select_for_update(of=("self",)).select_related("proposed_by").get(pk=change.pk)
    if not may_sign(by) or locked.proposed_by_id == by.pk:
        raise Refusal(_("Le visa est donné par l’archiviste, jamais par la personne qui a proposé la règle."))
    if locked.decided_at:
        raise Refusal(_("Ce changement a déjà reçu une réponse."))
    locked.decided_by, locked.decided_at, locked.accepted = by, now(), accepted
    locked.save(update_fields=["decided_by", "decided_at", "accepted"])
    if accepted:
        DocumentType.objects.update_or_create(
            code=locked.code,
            defaults={name: getattr(locked, name) for name in FIELDS} | {"signed_by": by, "signed_at": now()},
        )
    event = "documents.rule_signed" if accepted else "documents.rule_refused"
    audit.record(
        event, actor=by.pk, subject=None, request=request, code=locked.code, rule=locked.rule, before=locked.before
    )
    said = _("Durée de conservation visée : %(label)s") if accepted else _("Visa refusé : %(label)s")
    notify(
        locked.proposed_by,
        kind="document.rule_decided",
        title=said % {"label": locked.label},
        url=reverse("documents:retention"),
        email=False,
    )
