"""The change of a bank account, step by step: typed, confirmed, cooled, checked twice, given to payroll once."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.accounts.models import Account
from nomade.cases.models import CaseState
from nomade.cases.office_days import promised
from nomade.cases.references import new_reference
from nomade.cases.timeline import note
from nomade.files import store
from nomade.files.uploads import CheckedFile, keep_all
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.kernel.ids import new_id
from nomade.notifications.actions import notify
from nomade.people.contact import alarm_addresses
from nomade.people.models import Agent
from nomade.personnel_file.bank_facts import account_of, approved_of, closed_until, iban_of, seal_iban, shown
from nomade.personnel_file.history import keep_change
from nomade.personnel_file.models import BankChange, BankExport, Field, Origin
from nomade.personnel_file.rules.iban import bare, same_holder
from nomade.personnel_file.rules.pay import pay_month
from nomade.ui.filters import date_time

CASE = "bank"
STEPS = {
    "confirmed": "Demande confirmée par l’agent",
    "cancelled": "Demande annulée par l’agent",
    "checked": "Première vérification par la paie",
    "approved": "Compte accepté",
    "refused": "Compte refusé",
    "given": "Compte transmis au logiciel de paie",
}


@transaction.atomic
def prepare(
    account: Account, iban: str, holder: str, piece: CheckedFile, http: HttpRequest | None = None
) -> BankChange:
    """Keeps what the agent typed, until they prove who they are for it. Raises Refusal."""
    agent = Agent.objects.select_for_update().get(pk=account.agent_id)
    refuse_if_closed(account)
    if not same_holder(holder, (agent.last_name, agent.usage_name)):
        message = _("Le compte doit être à votre nom : %(name)s. La paie ne peut pas être versée à quelqu’un d’autre.")
        raise Refusal(message % {"name": agent.full_name}, field="holder")
    known = approved_of(agent)
    if known is not None and iban_of(known) == iban:
        raise Refusal(_("C’est déjà le compte où votre paie est versée."), field="iban")
    waiting = BankChange.objects.filter(owner=agent, state=CaseState.SUBMITTED).first()
    if waiting is not None and waiting.confirmed_at is not None:
        raise Refusal(_("Un changement est déjà en cours (%(ref)s) : annulez-le d’abord.") % {"ref": waiting.reference})
    if waiting is not None:
        _forget(waiting)
    pk = new_id()
    return BankChange.objects.create(
        id=pk,
        reference=new_reference(),
        owner=agent,
        sealed=seal_iban(pk, agent.pk, iban),
        tail=iban[-4:],
        holder=holder,
        piece=keep_all([piece], owner=agent, kind=CASE)[0],
    )


def refuse_if_closed(account: Account) -> None:
    """Raises Refusal after a lost password or a reset."""
    until = closed_until(account)
    if until is not None:
        message = _(
            "L’accès à votre compte vient d’être rétabli : pour vous protéger, le compte bancaire ne peut pas changer "
            "avant le %(when)s."
        )
        raise Refusal(message % {"when": date_time(until)}, rule="sécurité des comptes bancaires")


def _forget(change: BankChange) -> None:
    piece = change.piece
    change.delete()
    if piece is not None:
        store.delete(piece)


@transaction.atomic
def confirm(change: BankChange, account: Account, *, http: HttpRequest | None = None) -> None:
    """The agent proved who they are, with this IBAN on the screen: the clock starts, every old channel is told."""
    locked = _open(change)
    refuse_if_closed(account)
    if locked.confirmed_at is not None:
        return
    locked.confirmed_at = now()
    locked.cooling_until = locked.confirmed_at + timedelta(hours=settings.NOMADE.file_bank_cooling_hours)
    locked.promised_on = promised(today(), settings.NOMADE.file_answer_days)
    locked.version += 1
    locked.save()
    note(CASE, locked.pk, "confirmed", actor=locked.owner, detail=shown(locked))
    _record("bank.confirmed", locked, locked.owner, http)
    until = date_time(locked.cooling_until)
    _alarm(
        locked,
        _("Un nouveau compte bancaire a été demandé pour votre paie"),
        _("Si ce n’est pas vous, annulez avant le %(until)s et appelez le support.") % {"until": until},
    )


def _alarm(change: BankChange, title: str, body: str) -> None:
    """In the portal, and to every address: the ones of today and those lately replaced."""
    from nomade.personnel_file.tasks import send_alarm

    url = _url(change)
    notify(change.owner, kind="security.bank", title=title, url=url, body=body, email=False)
    for address in alarm_addresses(change.owner):
        send_alarm.defer(change=str(change.pk), address=address, title=title, body=body)


@transaction.atomic
def cancel(change: BankChange, *, by: Agent, http: HttpRequest | None = None) -> None:
    """From any device, until the last officer. Raises Refusal after."""
    locked = _open(change)
    if locked.confirmed_at is None:
        _forget(locked)
        return
    locked.state = CaseState.CANCELLED
    locked.version += 1
    locked.save()
    note(CASE, locked.pk, "cancelled", actor=by)
    _record("bank.cancelled", locked, by, http)
    _alarm(locked, _("Le changement de compte bancaire est annulé"), _("Votre paie reste versée au compte d’avant."))


@transaction.atomic
def check(change: BankChange, *, typed: str, by: Agent, version: int, http: HttpRequest | None = None) -> None:
    """An officer read the RIB and typed its IBAN again; the second one (or the only one) approves. Raises Refusal."""
    locked = _for_officer(change, by, version)
    if bare(typed) != iban_of(locked):
        message = _("Ce n’est pas l’IBAN que l’agent a donné. Relisez le RIB ; s’il est différent, refusez.")
        raise Refusal(message, field="typed")
    if locked.first_officer_id == by.pk:
        raise Refusal(_("Vous avez fait la première vérification : la seconde revient à un collègue."))
    last = locked.first_officer_id is not None or settings.NOMADE.file_bank_officers == 1
    if locked.first_officer_id is None:
        locked.first_officer, locked.first_at = by, now()
    else:
        locked.second_officer, locked.second_at = by, now()
    locked.version += 1
    if last:
        _approve(locked)
    locked.save()
    note(CASE, locked.pk, "approved" if last else "checked", actor=by)
    _record("bank.approved" if last else "bank.checked", locked, by, http)


def _approve(locked: BankChange) -> None:
    before = account_of(locked.owner)
    locked.state = CaseState.APPROVED
    locked.pay_month = pay_month(today(), today(), settings.NOMADE.file_pay_cutoff_day)
    keep_change(
        locked.owner,
        Field.BANK,
        before.shown if before else "",
        shown(locked),
        origin=Origin.AGENT,
        actor=locked.owner,
    )
    _alarm(locked, _("Votre nouveau compte bancaire est accepté"), _("Votre paie y sera versée."))


@transaction.atomic
def refuse(change: BankChange, *, reason: str, by: Agent, version: int, http: HttpRequest | None = None) -> None:
    """An officer says no; the agent reads why. Raises Refusal without a reason."""
    if not reason.strip():
        raise Refusal(_("Écrivez le motif du refus : l’agent le lira."), field="reason")
    locked = _for_officer(change, by, version)
    locked.state, locked.refused_by, locked.answer = CaseState.REFUSED, by, reason.strip()
    locked.version += 1
    locked.save()
    note(CASE, locked.pk, "refused", actor=by, detail=locked.answer)
    _record("bank.refused", locked, by, http)
    _alarm(locked, _("Votre changement de compte bancaire est refusé"), _("Ouvrez le portail pour lire le motif."))


def _open(change: BankChange) -> BankChange:
    locked = BankChange.objects.select_for_update(of=("self",)).select_related("owner").get(pk=change.pk)
    if locked.state != CaseState.SUBMITTED:
        raise Refusal(_("Ce changement n’est plus en cours : rechargez la page pour lire où il en est."))
    return locked


def _for_officer(change: BankChange, by: Agent, version: int) -> BankChange:
    locked = _open(change)
    if locked.owner_id == by.pk:
        raise Refusal(_("Nul ne vérifie son propre compte : laissez-le à un collègue."))
    if locked.version != version:
        name = locked.first_officer.full_name if locked.first_officer else locked.owner.full_name
        raise Refusal(_("%(name)s a avancé ce changement entre-temps : rechargez la page.") % {"name": name})
    if locked.confirmed_at is None or locked.is_cooling(now()):
        until = date_time(locked.cooling_until) if locked.cooling_until else ""
        raise Refusal(_("L’agent peut encore annuler jusqu’au %(until)s : rien avant.") % {"until": until})
    return locked


@transaction.atomic
def give_to_payroll(changes: QuerySet[BankChange], *, by: Agent, http: HttpRequest | None = None) -> BankExport:
    """Makes the file of the accounts that payroll does not know; each is in one file, once. Raises Refusal for none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('personnel_file.bank'))")
    waiting = list(changes.select_for_update(of=("self",)))
    if not waiting:
        raise Refusal(_("Aucun compte à transmettre : tous sont déjà connus de la paie."))
    last = BankExport.objects.aggregate(last=Max("number"))["last"] or 0
    export = BankExport.objects.create(number=last + 1, author=by)
    for change in waiting:
        change.export = export
        change.save(update_fields=["export"])
        note(CASE, change.pk, "given", actor=by, detail=str(export))
        _record("bank.given", change, by, http)
    return export


def payroll_file(export: BankExport) -> bytes:
    """The file for the payroll software, with whole IBANs: the same each time its author fetches it."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(("export", "matricule", "titulaire", "iban", "paie"))
    for change in export.changes.select_related("owner").order_by("owner__matricule"):
        month = f"{change.pay_month:%Y-%m}" if change.pay_month else ""
        # A name that starts like a formula must stay a name in a spreadsheet.
        holder = change.holder.lstrip("=+-@\t\r")
        writer.writerow((str(export), change.owner.matricule, holder, iban_of(change), month))
    return out.getvalue().encode("utf-8-sig")


def _record(event: str, change: BankChange, actor: Agent, http: HttpRequest | None) -> None:
    audit.record(
        event, actor=actor.pk, subject=change.owner_id, request=http, reference=change.reference, account=change.tail
    )


def _url(change: BankChange) -> str:
    pk: UUID = change.pk
    return reverse("personnel_file:bank-change", args=[pk], urlconf="nomade.config.urls.portal")
