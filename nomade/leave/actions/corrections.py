"""Changes of a counter decided by HR: a reason always, a second reader above a threshold."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.leave.facts import current_law
from nomade.leave.models import Correction, CorrectionState, Counter, CounterKind, EntryKind, LedgerEntry, Mode, Unit
from nomade.leave.rules.validity import CET, NO_YEAR, RECOVERY, YEAR_HOURS, validity
from nomade.notifications.actions import notify
from nomade.people.models import Agent

WITHOUT_YEAR = (CET, RECOVERY)
# In minutes: 500 hours.
MOST_HOURS_OWED = 30_000
# A threshold in half-days, for a counter in minutes: 3 h 30 a half-day, by the week of 35 hours.
MINUTES_IN_HALF_DAY = 210


@transaction.atomic
def correct_counter(
    agent: Agent, code: str, year: int, half_days: int, *, by: Agent, reason: str, http: HttpRequest | None = None
) -> Correction:
    """Moves a counter, at once below the threshold of second reading, else once another person has read it.

    Raises Refusal for one's own counter, a counter fed by the time system, no reason, or a balance that would be below
    zero.
    """
    year = NO_YEAR if code in WITHOUT_YEAR else year
    if agent.pk == by.pk:
        raise Refusal(_("Vous ne pouvez pas corriger votre propre compteur."), rule=_("nul ne décide pour soi-même"))
    if not reason.strip():
        raise Refusal(_("Dites pourquoi ce compteur est corrigé : l’agent le lira."), field="reason")
    if not half_days:
        raise Refusal(_("Indiquez un nombre de jours à ajouter ou à retirer."), field="days")
    kind = CounterKind.objects.filter(code=code).first()
    if kind is None:
        raise Refusal(_("Ce compteur n’existe pas."), field="code")
    if kind.mode == Mode.FED:
        raise Refusal(
            _("Ce compteur est tenu par le système de temps : corrigez-le là-bas, le portail le relira."), field="code"
        )
    correction = Correction.objects.create(
        agent=agent, code=code, year=year, half_days=half_days, reason=reason.strip(), author=by
    )
    audit.record(
        "leave.correction_asked", actor=by.pk, subject=agent.pk, request=http, counter=code, year=year, moved=half_days
    )
    threshold = current_law().number("correction.second_reading", today())
    if abs(half_days) < (threshold * MINUTES_IN_HALF_DAY if kind.unit == Unit.MINUTE else threshold):
        _apply(correction, http=http)
    return correction


@transaction.atomic
def read_correction(
    correction: Correction, *, by: Agent, accept: bool, reason: str = "", http: HttpRequest | None = None
) -> Correction:
    """The second reading. Raises Refusal for its author, its subject, or when it is already read."""
    correction = (
        Correction.objects.select_for_update(of=("self",)).select_related("agent", "author").get(pk=correction.pk)
    )
    if correction.state != CorrectionState.WAITING:
        raise Refusal(_("Cette correction a déjà été relue."))
    if by.pk in (correction.author_id, correction.agent_id):
        raise Refusal(_("Une autre personne doit relire cette correction."), rule=_("double lecture"))
    if not accept and not reason.strip():
        raise Refusal(_("Dites pourquoi la correction est rejetée."), field="reason")
    correction.reader, correction.read_at, correction.reader_reason = by, now(), reason.strip()
    correction.state = CorrectionState.WAITING if accept else CorrectionState.REJECTED
    correction.save(update_fields=["reader", "read_at", "reader_reason", "state"])
    audit.record(
        "leave.correction_read",
        actor=by.pk,
        subject=correction.agent_id,
        request=http,
        correction=correction.pk,
        accepted=accept,
    )
    if accept:
        _apply(correction, http=http)
    return correction


def _apply(correction: Correction, *, http: HttpRequest | None) -> None:
    counter = open_counter(correction.agent, correction.code, correction.year)
    try:
        with transaction.atomic():
            LedgerEntry.objects.create(
                counter=counter,
                kind=EntryKind.CORRECTION,
                half_days=correction.half_days,
                date=today(),
                author=correction.author,
                reason=correction.reason,
                source=_("correction du service RH"),
            )
    except IntegrityError as error:
        if "leave_counter_not_overdrawn" in str(error):
            raise Refusal(
                _("Le solde deviendrait négatif : il reste moins que ce que vous retirez."), field="days"
            ) from error
        raise
    correction.state = CorrectionState.DONE
    correction.save(update_fields=["state"])
    audit.record(
        "leave.corrected",
        actor=correction.author_id,
        subject=correction.agent_id,
        request=http,
        counter=correction.code,
        year=correction.year,
        moved=correction.half_days,
    )
    notify(
        correction.agent,
        kind="leave.corrected",
        title=_("Un de vos compteurs de congés a été corrigé"),
        body=correction.reason,
        url=reverse("leave:index", urlconf="nomade.config.urls.portal"),
    )


def open_counter(agent: Agent, code: str, year: int) -> Counter:
    """The counter of an agent, opened empty when there is none."""
    ends = validity(code, year, current_law())
    counter, _created = Counter.objects.get_or_create(
        agent=agent,
        code=code,
        year=year,
        defaults={
            "usable_from": ends.first,
            "expires_on": ends.last,
            # Hours missed are written below zero: they are owed, not taken.
            "overdraft": MOST_HOURS_OWED if code == YEAR_HOURS else 0,
        },
    )
    return counter
