"""Issuing, revoking and checking certificates, writing their texts: the only writers of this service."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from datetime import date, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.certificates.access import binding, by_code, hash_of
from nomade.certificates.facts import content_for, told_content
from nomade.certificates.models import Certificate, CheckWindow, Kind, TemplateText
from nomade.certificates.paper import made
from nomade.certificates.rules import Content, code_from, is_blocked, typed_code, unknown_fields
from nomade.files import cachet, store
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.encryption import seal
from nomade.kernel.errors import Refusal
from nomade.kernel.ids import new_id
from nomade.people.models import Agent
from nomade.people.ports import PaperWords


@transaction.atomic
def issue(agent: Agent, kind: Kind, *, request: HttpRequest | None = None) -> Certificate:
    """Makes a certificate of what is known today. Raises `Refusal`, `DocumentUnavailable`."""
    return _issued(agent, kind, *content_for(agent, kind), request=request)


@transaction.atomic
def certify(agent_id: int, words: PaperWords) -> UUID:
    """A certificate of what another service says of an agent; its id. Raises `Refusal` for who has no situation."""
    agent = Agent.objects.get(pk=agent_id)
    return _issued(agent, Kind.FORMATION, *told_content(agent, words), request=None).pk


def _issued(agent: Agent, kind: Kind, content: Content, version: int, *, request: HttpRequest | None) -> Certificate:
    day = today()
    until = day + timedelta(days=settings.NOMADE.certificate_valid_days)
    code = code_from(secrets.token_bytes(10))
    certificate = Certificate(
        id=new_id(),
        number=_number(day.year),
        agent=agent,
        kind=kind,
        template_version=version,
        issued_at=now(),
        valid_until=until,
        code_sha256=hash_of(code),
    )
    plain = json.dumps(asdict(content)).encode()
    certificate.content_sealed = seal(plain, context=binding(certificate.pk, agent.pk))
    plain_pdf = made(content, number=certificate.number, code=code, issued=day, valid_until=until)
    pdf = cachet.put_on(plain_pdf, "certificates")
    certificate.sealed_by = cachet.holder_on("certificates") if pdf is not plain_pdf else ""
    certificate.file = store.put(
        pdf, owner=agent, kind="certificate", name=f"{certificate.number}.pdf", content_type="application/pdf"
    )
    certificate.save(force_insert=True)
    _record("certificate.issued", certificate, agent, request)
    return certificate


def _record(
    event: str, certificate: Certificate, actor: Agent | None, request: HttpRequest | None, **facts: object
) -> None:
    audit.record(
        event,
        actor=actor.pk if actor else None,
        subject=certificate.agent_id,
        request=request,
        certificate=str(certificate.pk),
        number=certificate.number,
        **facts,
    )


def _number(year: int) -> str:
    """`A-2026-000123`; a number may be skipped, none serves twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('certificates_number')")
        return f"A-{year}-{cursor.fetchone()[0]:06d}"


@transaction.atomic
def revoke(certificate: Certificate, *, by: Agent, request: HttpRequest | None = None) -> None:
    """From now on a checker reads that the paper is worth nothing. Twice is once."""
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    if locked.revoked_at:
        return
    locked.revoked_at = now()
    locked.save(update_fields=["revoked_at"])
    _record("certificate.revoked", locked, by, request)


@transaction.atomic
def change_settings(
    certificate: Certificate, *, by: Agent, shows_salary: bool, valid_until: date, request: HttpRequest | None = None
) -> None:
    """How long the paper may be checked, and whether a checker reads the amounts. Raises `Refusal`."""
    locked = Certificate.objects.select_for_update().get(pk=certificate.pk)
    longest = locked.issued_at.date() + timedelta(days=settings.NOMADE.certificate_longest_days)
    if locked.revoked_at:
        raise Refusal(_("Cette attestation est révoquée : elle ne peut plus être réglée. Établissez-en une autre."))
    if not today() <= valid_until <= longest:
        message = _("La date doit être entre aujourd’hui et le %(longest)s.")
        raise Refusal(message % {"longest": longest.strftime("%d/%m/%Y")}, field="valid_until")
    locked.shows_salary, locked.valid_until = shows_salary, valid_until
    locked.save(update_fields=["shows_salary", "valid_until"])
    _record("certificate.settings_changed", locked, by, request, shows_salary=shows_salary)


class TooManyWrongCodes(Refusal):
    """An address typed too many wrong codes."""

    def __init__(self, minutes: int) -> None:
        super().__init__(
            _("Trop de codes faux depuis votre réseau. Réessayez dans %(minutes)s minutes.") % {"minutes": minutes}
        )


def check(text: str, *, address: str, request: HttpRequest | None = None) -> Certificate:
    """The certificate whose code somebody typed; its owner will see the check.

    Raises `TooManyWrongCodes`, and `Refusal` in the same words for a code that is badly typed or that was never drawn.
    """
    with transaction.atomic():
        window = _window(address)
        most, minutes = settings.NOMADE.check_wrong_codes, settings.NOMADE.check_window_minutes
        if is_blocked(window.wrong, window.since, now(), most=most, window=timedelta(minutes=minutes)):
            raise TooManyWrongCodes(minutes)
        found = by_code(typed_code(text))
        if found is None:
            window.wrong += 1
            window.save(update_fields=["wrong", "since"])
        else:
            Certificate.objects.filter(pk=found.pk).update(checks=F("checks") + 1)
            _record("certificate.checked", found, None, request)
    if found is None:
        raise Refusal(_("Aucune attestation ne porte ce code. Recopiez-le tel qu’il est imprimé."), field="code")
    return found


def _window(address: str) -> CheckWindow:
    minutes = timedelta(minutes=settings.NOMADE.check_window_minutes)
    window, _new = CheckWindow.objects.select_for_update().get_or_create(
        address=address, defaults={"since": now(), "wrong": 0}
    )
    if now() >= window.since + minutes:
        window.since, window.wrong = now(), 0
    return window


def purge_windows() -> int:
    """Forgets the addresses of windows that are over; returns how many."""
    over = now() - timedelta(minutes=settings.NOMADE.check_window_minutes)
    return CheckWindow.objects.filter(since__lt=over).delete()[0]


@transaction.atomic
def write_text(
    kind: Kind,
    *,
    title: str,
    body: str,
    signatory: str,
    valid_from: date,
    by: Agent,
    request: HttpRequest | None = None,
) -> TemplateText:
    """A new version of a text, from a day on. Raises `Refusal` for a field that no certificate can fill."""
    for field, text in (("title", title), ("signatory", signatory)):
        if "{" in text or "}" in text:
            raise Refusal(_("Les champs entre accolades ne servent que dans le texte."), field=field)
    unknown = unknown_fields(body)
    if unknown:
        raise Refusal(_("Ce champ n’existe pas : « %(name)s ».") % {"name": unknown[0]}, field="body")
    if valid_from < today():
        raise Refusal(_("Un texte ne peut pas s’appliquer dans le passé."), field="valid_from")
    last = TemplateText.objects.filter(kind=kind).aggregate(last=Max("version"))["last"] or 0
    written = TemplateText.objects.create(
        kind=kind,
        version=last + 1,
        valid_from=valid_from,
        title=title,
        body=body,
        signatory=signatory,
        created_by=by,
        created_at=now(),
    )
    audit.record(
        "certificates.text_written", actor=by.pk, subject=None, request=request, kind=kind, version=written.version
    )
    return written
