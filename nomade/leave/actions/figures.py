"""Changes of the figures of the law by HR: dated, with their source; what was in force before stays in the history."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.leave.figures import ALSACE_MOSELLE, POPULATION, follows_alsace_moselle, read, words
from nomade.leave.models import CounterKind, LegalFigure, Mode, RefusalReason
from nomade.people.models import Agent


@transaction.atomic
def change_figure(
    key: str,
    argument: str,
    population: str,
    value: str,
    *,
    valid_from: date,
    source: str,
    verified: bool,
    by: Agent,
    http: HttpRequest | None = None,
) -> LegalFigure:
    """Gives a figure another value from a day on; a line that does not exist yet is added.

    Raises Refusal for a value that is not of its kind, without a source, for what changes nothing, or for a day before
    the last change (that history is the law as it was applied).
    """
    if key not in words():
        raise Refusal(_("Ce paramètre n’existe pas."))
    try:
        value = read(value, words()[key].kind)
    except ValueError as error:
        raise Refusal(str(error), field="value") from error
    if not source.strip():
        raise Refusal(_("Citez le texte ou la délibération : il sera lu avec chaque refus."), field="source")
    same = LegalFigure.objects.select_for_update().filter(key=key, argument=argument, population=population)
    latest = same.order_by("-valid_from").first()
    if latest is not None and valid_from < latest.valid_from:
        raise Refusal(
            _("Un changement plus récent existe déjà : choisissez une date plus tardive."), field="valid_from"
        )
    if latest is not None and (latest.value, latest.source, latest.verified) == (value, source.strip(), verified):
        raise Refusal(_("Rien n’a changé."), field="value")
    before = latest.value if latest else ""
    if latest is not None and latest.valid_from == valid_from:
        made = latest
        made.value, made.source, made.verified, made.valid_until = value, source.strip(), verified, None
        made.save(update_fields=["value", "source", "verified", "valid_until"])
    else:
        if latest is not None and (latest.valid_until is None or latest.valid_until >= valid_from):
            latest.valid_until = valid_from - timedelta(days=1)
            latest.save(update_fields=["valid_until"])
        made = LegalFigure.objects.create(
            key=key,
            argument=argument,
            population=population,
            value=value,
            valid_from=valid_from,
            source=source.strip(),
            verified=verified,
        )
    audit.record(
        "leave.figure_changed",
        actor=by.pk,
        subject=None,
        request=http,
        key=key,
        argument=argument,
        population=population,
        before=before,
        after=value,
        valid_from=valid_from.isoformat(),
    )
    return made


@transaction.atomic
def follow_alsace_moselle(*, on: bool, by: Agent, http: HttpRequest | None = None) -> None:
    """Brings in the local law of Alsace-Moselle (Good Friday and 26 December), or takes it out."""
    if on == follows_alsace_moselle():
        return
    rows = LegalFigure.objects.filter(key=POPULATION, argument=ALSACE_MOSELLE)
    if on:
        LegalFigure.objects.update_or_create(
            key=POPULATION,
            argument=ALSACE_MOSELLE,
            population="",
            valid_from=today(),
            defaults={
                "value": "yes", "source": "code du travail L.3134-13", "verified": True, "valid_until": None
            },
        )  # fmt: skip
    else:
        rows.filter(valid_until__isnull=True).update(valid_until=today())
    audit.record("leave.local_law", actor=by.pk, subject=None, request=http, law=ALSACE_MOSELLE, on=on)


@transaction.atomic
def choose_mode(kind: CounterKind, mode: Mode, *, by: Agent, http: HttpRequest | None = None) -> CounterKind:
    """Says where the truth of a counter lies from now on: here, or in the time system. Raises Refusal for no change."""
    kind = CounterKind.objects.select_for_update().get(pk=kind.pk)
    if kind.mode == mode:
        raise Refusal(_("Ce compteur est déjà tenu ainsi."))
    before, kind.mode = kind.mode, mode
    kind.fed_since = now() if mode == Mode.FED else None
    kind.save(update_fields=["mode", "fed_since"])
    audit.record(
        "leave.mode_changed", actor=by.pk, subject=None, request=http, counter=kind.code, before=before, after=str(mode)
    )
    return kind


@transaction.atomic
def add_reason(text: str, *, by: Agent, http: HttpRequest | None = None) -> RefusalReason:
    """Adds a ready-made reason of refusal, or brings back one that was withdrawn. Raises Refusal for a vague one."""
    text = " ".join(text.split())
    if len(text) < RefusalReason.SHORTEST:
        raise Refusal(
            _("Un motif doit dire un fait précis : une phrase entière."),
            rule="CRPA L.211-2, CE 20-12-2013 n° 362940",
            field="text",
        )
    reason, created = RefusalReason.objects.get_or_create(text=text, defaults={"author": by})
    if not created and not reason.in_use:
        reason.in_use = True
        reason.save(update_fields=["in_use"])
    audit.record("leave.reason_added", actor=by.pk, subject=None, request=http, reason=reason.pk)
    return reason


@transaction.atomic
def withdraw_reason(reason: RefusalReason, *, by: Agent, http: HttpRequest | None = None) -> None:
    """Offers a reason no more; the refusals that quote it keep their words."""
    reason.in_use = False
    reason.save(update_fields=["in_use"])
    audit.record("leave.reason_withdrawn", actor=by.pk, subject=None, request=http, reason=reason.pk)
