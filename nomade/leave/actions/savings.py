"""The compte épargne-temps: opened of right, fed once HR has checked, chosen for above the threshold."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.models import CaseState
from nomade.cases.references import new_reference
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.leave.access import hr_of
from nomade.leave.actions.corrections import open_counter
from nomade.leave.actions.requests import BALANCE_CONSTRAINT, AlreadyHandled
from nomade.leave.models import AccountChoice, AccountOption, Counter, EntryKind, LedgerEntry, SavingRequest
from nomade.leave.rules.cet import HALVES_IN_DAY, PENSION, SHARE
from nomade.leave.rules.decisions import Outcome
from nomade.leave.rules.validity import CET, NO_YEAR
from nomade.leave.savings import FIELDS, Account, account_of
from nomade.notifications.actions import notify, notify_many
from nomade.people.models import Agent
from nomade.ui.filters import days

KIND = "saving"
RULE = "décret 2004-878 art. 3"
PORTAL = "nomade.config.urls.portal"


def opening_refusal(account: Account) -> str:
    """Why an account cannot be opened, in a sentence; nothing when it can."""
    if account.opening.outcome is Outcome.ALLOWED:
        return ""
    if account.opening.reason == "anciennete":
        return _("Un CET s’ouvre après un an de service continu : vous pourrez le demander à ce moment.")
    return _("Votre situation ne permet pas d’ouvrir un CET : un stagiaire le pourra à sa titularisation.")


@transaction.atomic
def open_account(agent: Agent, *, http: HttpRequest | None = None) -> Counter:
    """Opens the account: it cannot be refused to who fulfils the conditions (art. 1 and 2). HR is told.

    Raises Refusal with the condition that is not.
    """
    account = account_of(agent)
    if reason := opening_refusal(account):
        raise Refusal(reason, rule=account.opening.source)
    if account.is_open:
        raise Refusal(_("Votre CET est déjà ouvert."))
    counter = open_counter(agent, CET, NO_YEAR)
    audit.record("leave.account_opened", actor=agent.pk, subject=agent.pk, request=http)
    _tell_hr(agent, "leave.account_opened", _("%(name)s a ouvert son compte épargne-temps"))
    return counter


@transaction.atomic
def ask_saving(agent: Agent, amounts: Mapping[str, int], *, http: HttpRequest | None = None) -> SavingRequest:
    """Asks to save half-days, by field of the request. Nothing moves before HR has checked.

    Raises Refusal with what would be accepted.
    """
    # One at a time for an agent, so that two forms do not promise the same day.
    list(Counter.objects.select_for_update().filter(agent=agent).order_by("pk").values("pk"))
    account = account_of(agent)
    if not account.is_open:
        raise Refusal(_("Ouvrez d’abord votre CET."), rule=RULE)
    if account.fed:
        raise Refusal(_("Votre CET est tenu par le système de temps : versez vos jours là-bas."), rule=RULE)
    known = {source.name: source for source in account.sources}
    for name, half_days in amounts.items():
        most = known[name].payable if name in known else 0
        if half_days % HALVES_IN_DAY:
            raise Refusal(_("Le CET ne reçoit que des jours entiers."), rule=RULE, field=name)
        if half_days > most:
            raise Refusal(
                _("Vous pouvez verser au plus %(days)s de ce compteur.") % {"days": days(most)}, rule=RULE, field=name
            )
    total = sum(amounts.values())
    if not total:
        raise Refusal(_("Indiquez au moins un jour à verser."), field="annual")
    if total > account.room:
        raise Refusal(
            _("Le CET a un plafond de %(cap)s : il reste de la place pour %(room)s.")
            % {"cap": days(account.cap), "room": days(account.room)},
            rule="décret 2004-878 art. 7-1",
        )
    saving = SavingRequest.objects.create(owner=agent, reference=new_reference(), year=account.year, **amounts)
    timeline.note(KIND, saving.pk, "submitted", actor=agent)
    audit.record("leave.saving_asked", actor=agent.pk, subject=agent.pk, request=http, reference=saving.reference)
    _tell_hr(agent, "leave.saving", _("%(name)s demande à verser des jours sur son CET"))
    return saving


@transaction.atomic
def withdraw_saving(saving: SavingRequest, *, http: HttpRequest | None = None) -> None:
    """The owner gives up a request that nobody has decided. Raises AlreadyHandled otherwise."""
    saving = _claim(saving)
    saving.state = CaseState.CANCELLED
    _save(saving)
    timeline.note(KIND, saving.pk, "cancelled", actor=saving.owner)
    audit.record(
        "leave.saving_withdrawn",
        actor=saving.owner_id,
        subject=saving.owner_id,
        request=http,
        reference=saving.reference,
    )


@transaction.atomic
def decide_saving(
    saving: SavingRequest, *, by: Agent, accept: bool, reason: str = "", http: HttpRequest | None = None
) -> SavingRequest:
    """HR accepts, and the days go from their counters to the CET; or refuses, with the reason that the agent reads.

    Raises AlreadyHandled for the second who decides, Refusal without a reason or when the days are no longer there.
    """
    saving = _claim(saving)
    if by.pk == saving.owner_id:
        raise Refusal(_("Une autre personne doit traiter votre demande."), rule=_("nul ne décide pour soi-même"))
    if not accept and not reason.strip():
        raise Refusal(_("Dites pourquoi le versement est refusé : l’agent le lira."), rule="CRPA L.211-2")
    if accept:
        _move(saving, by)
    saving.state = CaseState.APPROVED if accept else CaseState.REFUSED
    saving.decided_by, saving.decided_at, saving.decision_reason = by, now(), reason.strip()[:300]
    _save(saving)
    timeline.note(KIND, saving.pk, saving.state, actor=by, detail=saving.decision_reason)
    audit.record(
        f"leave.saving_{saving.state}", actor=by.pk, subject=saving.owner_id, request=http, reference=saving.reference
    )
    done, not_done = _("Vos jours sont versés sur votre CET"), _("Votre versement au CET est refusé")
    notify(
        saving.owner,
        kind="leave.saving_decided",
        title=done if accept else not_done,
        body=saving.decision_reason,
        url=reverse("leave:account", urlconf=PORTAL),
    )
    return saving


def _move(saving: SavingRequest, by: Agent) -> None:
    """Takes the days from each counter and puts them on the account; the base refuses what is no longer there."""
    account = open_counter(saving.owner, CET, NO_YEAR)
    entries = []
    counters = {one.code: one for one in Counter.objects.filter(agent=saving.owner, code__in=FIELDS, year=saving.year)}
    for code, name in FIELDS.items():
        half_days = getattr(saving, name)
        if not half_days:
            continue
        words = _("Versement au CET : %(days)s de %(counter)s") % {
            "days": days(half_days),
            "counter": f"{code} {saving.year}",
        }
        for counter, moved in ((counters[code], -half_days), (account, half_days)):
            entries.append(
                LedgerEntry(
                    counter=counter,
                    kind=EntryKind.SAVED,
                    half_days=moved,
                    date=today(),
                    author=by,
                    reason=words,
                    source=RULE,
                )
            )
    try:
        with transaction.atomic():
            LedgerEntry.objects.bulk_create(entries)
    except IntegrityError as error:
        if BALANCE_CONSTRAINT in str(error):
            raise Refusal(
                _("Ces jours ne sont plus disponibles : l’agent les a pris depuis. Refusez en le disant."), rule=RULE
            ) from error
        raise


@transaction.atomic
def choose_option(
    agent: Agent, option: str, *, paid: int = 0, pension: int = 0, http: HttpRequest | None = None
) -> AccountChoice:
    """The choice of an agent for the days above the threshold; it may change until the last day.

    Raises Refusal when there is nothing to choose, for the RAFP without its scheme, or for more days than there are.
    """
    choice = account_of(agent).choice
    rule = "décret 2004-878 art. 5"
    if choice is None:
        raise Refusal(_("Vous n’avez pas de jour au-delà du seuil : il n’y a rien à choisir."), rule=rule)
    if option not in AccountOption.values:
        raise Refusal(_("Choisissez ce que deviennent ces jours."), field="option")
    if not choice.may_pension and (option == PENSION or pension):
        raise Refusal(_("La RAFP n’est ouverte qu’aux fonctionnaires titulaires (CNRACL)."), rule=rule, field="option")
    if option == SHARE and not 0 < paid + pension <= choice.above:
        raise Refusal(
            _("Partagez au plus %(days)s : le reste est gardé en congés.") % {"days": days(choice.above)},
            rule=rule,
            field="paid",
        )
    shares = {"paid": paid, "pension": pension} if option == SHARE else {"paid": 0, "pension": 0}
    made, _new = AccountChoice.objects.update_or_create(
        agent=agent, year=choice.year, defaults={"option": option, "made_on": today(), **shares}
    )
    audit.record(
        "leave.account_choice", actor=agent.pk, subject=agent.pk, request=http, year=choice.year, option=option
    )
    return made


def _claim(saving: SavingRequest) -> SavingRequest:
    saving = (
        SavingRequest.objects.select_for_update(of=("self",)).select_related("owner", "decided_by").get(pk=saving.pk)
    )
    if saving.state != CaseState.SUBMITTED:
        who = saving.decided_by.full_name if saving.decided_by else saving.owner.full_name
        raise AlreadyHandled(_("C’est déjà traité par %(name)s.") % {"name": who})
    return saving


def _save(saving: SavingRequest) -> None:
    saving.version += 1
    saving.save(update_fields=["state", "version", "decided_by", "decided_at", "decision_reason"])


def _tell_hr(agent: Agent, kind: str, title: str) -> None:
    notify_many(
        hr_of(agent),
        kind=kind,
        title=title % {"name": agent.full_name},
        url=reverse("leave:hr-accounts", urlconf=PORTAL),
    )
