"""What the rule of a type says of one agent: strike, unpaid leave, training, RTT. It reads, and never writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from nomade.leave.details import Advice, minutes_in, refusal_by
from nomade.leave.entitlements import rights_if_away, young_right
from nomade.leave.facts import timetables
from nomade.leave.models import Counter, EntryKind, Group, LeaveRequest, LeaveType, LedgerEntry
from nomade.leave.rules import strike, unpaid
from nomade.leave.rules.counting import SATURDAY, count
from nomade.leave.rules.cycles import Timetable
from nomade.leave.rules.holidays import holidays_between
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.periods import Period
from nomade.leave.rules.rights import HALVES_IN_DAY, rtt_reduction
from nomade.leave.rules.validity import ANNUAL, RTT, YOUNG_TYPE
from nomade.leave.wording import day_phrase
from nomade.people.access import main_assignment, situation_on
from nomade.people.models import Agent
from nomade.ui.filters import days, hours


@dataclass(frozen=True)
class Asked:
    """A request being typed: whose, of which type, with which answers, on which days (if they are known), read by."""

    agent: Agent
    leave_type: LeaveType
    details: Mapping[str, Any]
    period: Period | None
    law: Law
    today: date
    own: bool = False


def _half_days(asked: Asked, period: Period) -> int:
    """Half-days that the agent would have worked."""
    table = timetables([asked.agent.pk], period.first_day, period.last_day).get(asked.agent.pk, Timetable(()))
    return count(period, table, holidays_between(period.first_day, period.last_day, asked.law)).half_days


def _strike(advice: Advice, asked: Asked) -> None:
    """What is withheld, and until when one declares it, or gives it up, in the services where it is declared."""
    period, law = asked.period, asked.law
    if period is None:
        return
    on, minutes = period.first_day, minutes_in(asked.details)
    if minutes is not None and period.first_slot != period.last_slot:
        message = _("Une grève de quelques heures tient dans une demi-journée : choisissez le matin ou l’après-midi.")
        advice.refusals.append(refusal_by(message, "CGFP L.711-3, DGCL 05-07-2000", "strike_minutes"))
        return
    known = strike.withheld(_half_days(asked, period), minutes, on=on, law=law)
    if known.hours:
        part = f"{hours(minutes or 0)} / {known.month_hours}".replace(".", ",")
        told = _("Retenue : %(part)s du traitement et des primes du mois, sans toucher au supplément familial.")
    else:
        part = f"{float(known.thirtieths):g}/30".replace(".", ",")
        told = _("Retenue : %(part)s du traitement et des primes du mois, sans toucher au supplément familial.")
    advice.lines.append(told % {"part": part})
    advice.lines.append(
        _("C’est une déclaration : personne ne la valide ni ne la refuse, et le motif n’est pas demandé.")
    )
    placed = main_assignment(asked.agent, on)
    if placed is None or not strike.declares_before(placed.unit.path, on, law):
        return
    holidays = holidays_between(on.replace(day=1), on, law)
    last = strike.declare_before(on, law, lambda day: day.weekday() < SATURDAY and day not in holidays)
    back = _("Vous pouvez y renoncer jusqu’au %(day)s en annulant cette déclaration (CGFP L.114-9).")
    advice.lines.append(back % {"day": day_phrase(strike.give_up_before(on, law))})
    if asked.today > last:
        late = _(
            "Dans votre service, l’intention de faire grève se déclare 48 heures avant, donc le %(day)s au plus tard. "
            "Votre déclaration est enregistrée quand même ; votre service RH peut vous demander des explications."
        )
        advice.warnings.append(late % {"day": day_phrase(last)})
    else:
        due = _("Dans votre service, l’intention de faire grève se déclare avant la fin du %(day)s.")
        advice.lines.append(due % {"day": day_phrase(last)})


def _used(asked: Asked, name: str, kind: str, year: int) -> int:
    """Half-days already asked or taken in a year for the same reason."""
    same = LeaveRequest.objects.living().filter(
        owner=asked.agent, leave_type__code=asked.leave_type.code, first_day__year=year, **{f"details__{name}": kind}
    )
    total: int = same.aggregate(total=Sum("half_days"))["total"] or 0
    return total


def _unpaid(advice: Advice, asked: Asked) -> None:
    """The conditions of each reason, then what the absence does to the rights of the year."""
    kind, period, law = str(asked.details.get("unpaid_kind") or ""), asked.period, asked.law
    if not kind or period is None:
        return
    first, last = period.first_day, period.last_day
    situation = situation_on(asked.agent, first)
    unmet = unpaid.unmet_unpaid(
        kind,
        status=situation.status if situation else "",
        entered=asked.agent.entry_date,
        first=first,
        last=last,
        asked=(period.last_slot - period.first_slot + 1),
        used=_used(asked, "unpaid_kind", kind, first.year),
        today=asked.today,
        law=law,
    )
    for one in unmet:
        said = _unmet_words(one)
        if one.lack is unpaid.Lack.NOTICE:
            advice.warnings.append(said)
        else:
            advice.refusals.append(refusal_by(said, one.source, "unpaid_kind"))
    if kind == "convenances":
        advice.lines.append(_("Réservé aux agents en contrat à durée indéterminée, selon les nécessités du service."))
    if not advice.refusals:
        advice.lines += _unpaid_effects(asked, period)


def _unpaid_effects(asked: Asked, period: Period) -> list[str]:
    """The annual leave and the RTT of the year with this absence, against those without it."""
    labels = {ANNUAL: _("congés annuels"), RTT: _("jours de RTT")}
    told = _("Vos %(label)s %(year)s passeraient de %(was)s à %(then)s.")
    lines = [
        told % {"label": labels[code], "year": period.first_day.year, "was": days(was), "then": days(then)}
        for code, was, then in rights_if_away(asked.agent.pk, period.first_day, period.last_day, asked.law)
        if was != then
    ]
    if not lines:
        lines.append(_("Cette durée ne change pas vos congés annuels de l’année."))
    lines.append(_("Ce temps n’est pas payé et ne compte pas pour la retraite ; vérifiez aussi votre mutuelle."))
    return lines


def _unmet_words(one: unpaid.Unmet) -> str:
    return {
        unpaid.Lack.STATUS: _(
            "Ce congé est celui des contractuels. Un fonctionnaire demande une disponibilité, prononcée par arrêté : "
            "écrivez à votre service RH."
        ),
        unpaid.Lack.SERVICE: _("Il faut %(limit)s mois de service pour ce congé."),
        unpaid.Lack.TOO_LONG: _("Ce congé dure %(limit)s ans au plus à chaque demande."),
        unpaid.Lack.YEAR: _("Cette raison ouvre %(limit_days)s par an ; il vous en reste %(left_days)s."),
        unpaid.Lack.NOTICE: _(
            "Ce congé se demande %(limit)s mois avant, donc le %(day)s au plus tard. Votre service RH décidera."
        ),
    }[one.lack] % {
        "limit": one.limit,
        "limit_days": days(one.limit),
        "left_days": days(one.left),
        "day": day_phrase(one.day) if one.day else "",
    }


def _training(advice: Advice, asked: Asked) -> None:
    """Days of right by kind; a day of training is a day of work."""
    kind, period, law = str(asked.details.get("training_kind") or ""), asked.period, asked.law
    advice.lines.append(_("Un jour de formation est un jour de travail : il ne retire ni congé ni RTT."))
    if kind in ("service", "personnelle"):
        advice.lines.append(
            _("Une formation du catalogue se demande dans « Formations » : elle s’inscrit ensuite ici d’elle-même.")
        )
    if not kind or period is None:
        return
    first = period.first_day
    half_days = _half_days(asked, period)
    used = _used(asked, "training_kind", kind, first.year)
    for one in unpaid.over_year("training.days_year", kind, half_days, used, first, law):
        said = _("Ce motif ouvre %(limit)s par an ; il vous en reste %(left)s.")
        told = {"limit": days(one.limit), "left": days(one.left)}
        advice.refusals.append(refusal_by(said % told, one.source, "training_kind"))
    limit = law.text("training.days_year", first, kind)
    if limit and not advice.refusals:
        left = int(limit) * HALVES_IN_DAY - used - half_days
        advice.lines.append(_("Après cette demande, il vous restera %(left)s pour ce motif.") % {"left": days(left)})
    most = law.text("training.hours", first, kind)
    if most:
        advice.lines.append(_("Ce congé dure %(hours)s heures au plus.") % {"hours": most})
    notice = law.text("training.notice_days", first, kind)
    if notice and (first - asked.today).days < int(notice):
        advice.warnings.append(
            _("Ce congé se demande %(days)s jours avant. Votre responsable décidera.") % {"days": notice}
        )
    if half_days < (period.last_slot - period.first_slot + 1) and not asked.leave_type.calendar_days:
        advice.lines.append(
            _("Une formation sur votre jour libre se récupère ou se paie : dites-le à votre service RH.")
        )


def _rtt(advice: Advice, asked: Asked) -> None:
    """How many RTT absences for health will withdraw: told to the agent alone, whose health it is."""
    year = (asked.period.first_day if asked.period else asked.today).year
    counter = Counter.objects.filter(agent=asked.agent, code=RTT, year=year).first()
    if counter is None:
        return
    if counter.expires_on is not None:
        advice.lines.append(_("Ces jours se prennent jusqu’au %(day)s.") % {"day": day_phrase(counter.expires_on)})
    if not asked.own:
        return
    right = LedgerEntry.objects.filter(counter=counter, kind=EntryKind.RIGHT).aggregate(total=Sum("half_days"))["total"]
    first, last = date(year, 1, 1), date(year, 12, 31)
    ill = LeaveRequest.objects.approved().filter(owner=asked.agent, leave_type__group=Group.HEALTH)
    absences = [leave.period for leave in ill.touching(first, last)]
    if not absences or not right:
        return
    table = timetables([asked.agent.pk], first, last).get(asked.agent.pk, Timetable(()))
    holidays = holidays_between(first, last, asked.law)
    worked = sum(
        halves
        for period in absences
        for day, halves in count(period, table, holidays).days_counted().items()
        if day.year == year
    )
    known = rtt_reduction(right, worked // HALVES_IN_DAY, year, asked.law)
    absent = f"{float(Fraction(worked, HALVES_IN_DAY)):g}".replace(".", ",")
    told = _(
        "Absences de santé de l’année : %(absent)s jours travaillés. Un RTT est retiré chaque fois qu’elles atteignent "
        "%(quotient)s jours : %(withdrawn)s à retirer à la clôture (loi 2010-1657 art. 115)."
    )
    advice.lines.append(told % {"absent": absent, "quotient": known.quotient, "withdrawn": days(known.withdrawn)})
    if known.withdrawn > max(0, counter.half_days):
        advice.warnings.append(
            _("Il ne vous restera pas assez de RTT pour ce retrait : le reste sera pris sur vos RTT %(year)s.")
            % {"year": year + 1}
        )


def _young(advice: Advice, asked: Asked) -> None:
    """Décret 85-1250 art. 2: who was under 21 on 1 January may take the whole year; what exceeds is unpaid."""
    day = asked.period.first_day if asked.period else asked.today
    source, year = "décret 85-1250 art. 2", day.year
    right = young_right(asked.agent, year, asked.law)
    if right is None:
        limit = asked.law.number("ca.full_right_under_age", date(year, 1, 1))
        told = _("Ce congé est celui des agents qui avaient moins de %(age)s ans au 1er janvier %(year)s.")
        advice.refusals.append(refusal_by(told % {"age": limit, "year": year}, source, "leave_type"))
        return
    told = _("Année %(year)s entière : %(total)s, dont %(paid)s payés. Vous pouvez demander %(unpaid)s sans paie.")
    amounts = {"total": right.total_half_days, "paid": right.paid_half_days, "unpaid": right.unpaid_half_days}
    advice.lines.append(told % {"year": year, **{name: days(half_days) for name, half_days in amounts.items()}})
    if asked.period is None:
        return
    if asked.period.last_day.year != year:
        said = _("Ces jours se comptent par année : faites une demande pour chaque année.")
        advice.refusals.append(refusal_by(said, source, "last_day"))
        return
    same = LeaveRequest.objects.living().filter(
        owner=asked.agent, leave_type__code=asked.leave_type.code, first_day__year=year
    )
    used: int = same.aggregate(total=Sum("half_days"))["total"] or 0
    left = right.unpaid_half_days - used
    if _half_days(asked, asked.period) > left:
        said = _("Il vous reste %(left)s de ce congé pour %(year)s.")
        advice.refusals.append(refusal_by(said % {"left": days(max(0, left)), "year": year}, source, "last_day"))


CONDITIONS: dict[str, Callable[[Advice, Asked], None]] = {
    "GREVE": _strike,
    "SANS_SOLDE": _unpaid,
    "FORMATION": _training,
    "RTT": _rtt,
    YOUNG_TYPE: _young,
}
