"""Periods, counts and refusals in plain French."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils import translation
from django.utils.formats import date_format as django_date_format
from django.utils.translation import gettext as _

from nomade.kernel.errors import Refusal
from nomade.leave.rules.counting import Count, CountedHalf, Why
from nomade.leave.rules.periods import Half, Period
from nomade.leave.rules.requests import Finding, Stop
from nomade.ui.filters import days


@lru_cache(maxsize=4096)
def _written(_language: str | None, day: date, pattern: str) -> str:
    return django_date_format(day, pattern)


def date_format(day: date, pattern: str) -> str:
    """Django's, remembered: a year of requests says the same months again and again."""
    return _written(translation.get_language(), day, pattern)


def day_phrase(day: date, *, year: bool = True) -> str:
    """« 1er décembre 2026 »."""
    number = _("1er") if day.day == 1 else str(day.day)
    return f"{number} {date_format(day, 'F Y' if year else 'F')}"


def weekdays() -> tuple[tuple[str, str], ...]:
    """The letter and the name of each day, from Monday."""
    monday = date(2024, 1, 1)
    names = [date_format(monday + timedelta(days=offset), "l") for offset in range(7)]
    return tuple((name[:1].upper(), name) for name in names)


def period_phrase(period: Period) -> str:
    """« le 11 juin 2026 (matin) », « du 21 au 24 décembre 2026 », « du 11 juin après-midi au 3 juillet 2026 »."""
    first, last = period.first_day, period.last_day
    if first == last:
        part = ""
        if period.first_half == period.last_half:
            part = _(" (matin)") if period.first_half is Half.MORNING else _(" (après-midi)")
        return _("le %(day)s%(part)s") % {"day": day_phrase(first), "part": part}
    if first.year != last.year:
        start = day_phrase(first)
    elif first.month != last.month:
        start = day_phrase(first, year=False)
    else:
        start = _("1er") if first.day == 1 else str(first.day)
    if period.first_half is Half.AFTERNOON:
        start = _("%(day)s après-midi") % {"day": start if len(start) > 3 else day_phrase(first, year=False)}
    end = day_phrase(last)
    if period.last_half is Half.MORNING:
        end = _("%(day)s à midi") % {"day": end}
    return _("du %(start)s au %(end)s") % {"start": start, "end": end}


@dataclass(frozen=True)
class FreeDays:
    """A run of half-days that cost nothing, all for the same reason."""

    when: str
    why: str


def free_days(counted: Count) -> list[FreeDays]:
    """Each run of uncounted half-days of a count, with its reason."""
    return [FreeDays(_run_phrase(run), _reason(run[0])) for run in _runs(counted)]


def _runs(counted: Count) -> Iterator[list[CountedHalf]]:
    run: list[CountedHalf] = []
    for half in counted.halves:
        if run and (half.counted or (half.why, half.name) != (run[-1].why, run[-1].name)):
            yield run
            run = []
        if not half.counted:
            run.append(half)
    if run:
        yield run


def _run_phrase(run: list[CountedHalf]) -> str:
    first, last = run[0], run[-1]
    if first.day == last.day:
        part = ""
        if len(run) == 1:
            part = _(" matin") if first.half is Half.MORNING else _(" après-midi")
        return day_name(first.day) + part
    if last.day - first.day == timedelta(days=1):
        return _("%(first)s et %(last)s") % {
            "first": day_name(first.day, month=first.day.month != last.day.month),
            "last": day_name(last.day),
        }
    return _("du %(first)s au %(last)s") % {
        "first": day_name(first.day),
        "last": day_name(last.day),
    }


def day_name(day: date, *, month: bool = True) -> str:
    """« vendredi 1er janvier », « samedi 26 »."""
    number = _("1er") if day.day == 1 else str(day.day)
    return f"{date_format(day, 'l')} {number}" + (f" {date_format(day, 'F')}" if month else "")


def _reason(half: CountedHalf) -> str:
    return {
        Why.HOLIDAY: _("jour férié (%(name)s)") % {"name": half.name},
        Why.REST: _("repos de fin de semaine"),
        Why.OWN_DAY_OFF: _("vous ne travaillez pas ce jour-là"),
        Why.NOT_IN_SERVICE: _("hors de votre période de service"),
        Why.CLOSED: _("service fermé (%(name)s)") % {"name": half.name},
    }[half.why]


def refusal_of(finding: Finding) -> Refusal:
    """The sentence for the agent: what stops the request, and what would be accepted."""
    values = {
        "limit": finding.limit,
        "found": finding.found,
        "limit_days": days(finding.limit),
        "found_days": days(finding.found),
        "year": finding.year,
        "day": day_phrase(finding.day) if finding.day else "",
        "word": finding.word,
    }
    text, field = {
        Stop.PAST: (
            _(
                "Le premier jour est passé depuis plus de %(limit)s jours. Pour régulariser cette absence, parlez-en à "
                "votre supérieur ou à votre service RH : ils peuvent la saisir pour vous."
            ),
            "first_day",
        ),
        Stop.OVERLAP: (
            _("Vous avez déjà une absence demandée ou validée sur une partie de ces jours. Changez les dates."),
            "first_day",
        ),
        Stop.NOT_IN_SERVICE: (
            _("Le portail ne connaît pas votre situation sur toute cette période. Votre service RH peut la compléter."),
            "last_day",
        ),
        Stop.AWAY: (
            _(
                "Sur une partie de ces jours, vous êtes %(word)s : il n’y a pas d’absence à demander. Choisissez des "
                "jours où vous êtes en activité ; si c’est une erreur, votre service RH corrige votre situation."
            ),
            "first_day",
        ),
        Stop.NOTHING_TO_COUNT: (
            _("Vous ne travaillez aucun de ces jours : il n’y a rien à demander."),
            "first_day",
        ),
        Stop.TOO_LONG: (
            _(
                "Cette absence durerait %(found)s jours de suite, en comptant celles qui la touchent : la limite est "
                "de %(limit)s jours. Choisissez un dernier jour plus proche, ou voyez avec votre service RH."
            ),
            "last_day",
        ),
        Stop.NOT_OPEN: (
            _("Vos droits %(year)s ne sont pas encore ouverts. Arrêtez votre demande avant le 1er janvier %(year)s."),
            "last_day",
        ),
        Stop.NOT_ENOUGH: (
            _("Il vous reste %(limit_days)s en %(year)s et cette demande en prend %(found_days)s."),
            "leave_type",
        ),
        Stop.EXPIRED: (
            _("Ces jours n’étaient utilisables que jusqu’au %(day)s. Choisissez des dates plus proches."),
            "last_day",
        ),
        Stop.NO_COUNTER: (
            _("Vous n’avez pas de compteur ouvert pour ce type d’absence. Votre service RH peut l’ouvrir."),
            "leave_type",
        ),
        Stop.WHOLE_DAYS: (
            _("Ce type d’absence se prend par jours entiers. Partez le matin et terminez le soir."),
            "first_day",
        ),
        Stop.OVER_CAP: (
            _("Ce type d’absence donne droit à %(limit_days)s par demande, et celle-ci en prend %(found_days)s."),
            "last_day",
        ),
        Stop.OVER_YEAR_CAP: (
            _(
                "Ce type d’absence donne droit à %(limit_days)s en %(year)s ; cette demande porterait le total à "
                "%(found_days)s."
            ),
            "last_day",
        ),
        Stop.TELEWORK_WEEK: (
            _(
                "La semaine du %(day)s, vous pouvez télétravailler %(limit_days)s au plus, et vous en demandez "
                "%(found_days)s : deux jours se passent sur site. Pour y déroger, voyez la médecine de prévention ou "
                "votre service RH."
            ),
            "last_day",
        ),
        Stop.IN_ANNUAL_LEAVE: (
            _("Vous êtes en congé annuel ces jours-là : une autorisation d’absence ne s’y ajoute pas."),
            "first_day",
        ),
        Stop.NOTICE: (
            _(
                "Cette demande arrive %(found)s jours avant : le délai prévu est de %(limit)s jours. Votre responsable "
                "décidera."
            ),
            "first_day",
        ),
        Stop.NEEDS_HR: (
            _("Cette absence durerait %(found)s jours de suite : votre service RH doit l’autoriser."),
            "last_day",
        ),
    }[finding.stop]
    return Refusal(text % values, rule=finding.source, field=field)


def step_titles() -> dict[str, str]:
    """The words of each step of a request's timeline."""
    return {
        "submitted": _("Demande envoyée"),
        "entered": _("Demande saisie pour l’agent"),
        "agreed": _("Premier accord donné"),
        "escalated": _("Transmise au responsable du dessus"),
        "change_asked": _("Changement demandé"),
        "change_declined": _("Changement refusé"),
        "moved": _("Dates changées"),
        "specified": _("Type précisé"),
        "document": _("Pièce ajoutée"),
        "approved": _("Demande validée"),
        "refused": _("Demande refusée"),
        "cancelled": _("Absence annulée"),
        "gave_way": _("Remplacée par une autre absence"),
        "remains": _("Reste d’une absence écourtée"),
        "time_told": _("Transmise au système de temps"),
        "time_accepted": _("Prise en compte par le système de temps"),
        "time_refused": _("Refusée par le système de temps"),
    }
