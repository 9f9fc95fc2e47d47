"""What a certificate of each kind says of an agent today; a fact that nobody knows is a refusal, never a guess."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from nomade.certificates.models import Kind, TemplateText
from nomade.certificates.rules import Content, filled
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.people import ports
from nomade.people.access import main_assignment, situation_on
from nomade.people.models import Agent, Assignment, Situation
from nomade.ui.filters import days, medium_date, money, month_year

_SHIPPED = Path(__file__).parent / "data" / "texts.toml"
_NOT_KNOWN = "{what} : le portail ne le sait pas pour vous aujourd’hui. Demandez ce document à vos ressources humaines."


@dataclass(frozen=True)
class Text:
    """The text in force of a kind."""

    version: int
    title: str
    body: str
    signatory: str


@lru_cache(maxsize=1)
def shipped_texts() -> dict[str, Text]:
    """The texts that come with the portal."""
    with _SHIPPED.open("rb") as file:
        known = tomllib.load(file)
    return {kind: Text(0, text["title"], text["body"].strip(), text["signatory"]) for kind, text in known.items()}


def text_in_force(kind: str, on: date | None = None) -> Text:
    """What human resources wrote last for that day, else the text that is shipped."""
    written = (
        TemplateText.objects.filter(kind=kind, valid_from__lte=on or today())
        .order_by("-valid_from", "-version")
        .first()
    )
    if written is None:
        return shipped_texts()[kind]
    return Text(written.version, written.title, written.body, written.signatory)


@dataclass(frozen=True)
class Subject:
    """An agent with the situation and the place of the day."""

    agent: Agent
    situation: Situation
    place: Assignment | None
    day: date


def subject_today(agent: Agent) -> Subject:
    """Raises `Refusal` for somebody who is not in service today."""
    day = today()
    situation = situation_on(agent, day)
    if situation is None or (agent.exit_date is not None and agent.exit_date < day):
        raise Refusal("Vous n’êtes plus en fonction : demandez un certificat de travail ou un état de services.")
    return Subject(agent, situation, main_assignment(agent, day), day)


def content_for(agent: Agent, kind: Kind) -> tuple[Content, int]:
    """What the certificate says, and the version of its text. Raises `Refusal` when a fact is not known."""
    subject = subject_today(agent)
    text = text_in_force(kind, subject.day)
    rows, head = _ROWS[kind](subject), head_of(kind)
    return written(text, values_of(subject), rows, head=head, private=kind in PRIVATE), text.version


def told_content(agent: Agent, words: ports.PaperWords) -> tuple[Content, int]:
    """What another service has certified of an agent, under the text of that kind; who has left may be told of too."""
    day = today()
    text = text_in_force(Kind.FORMATION, day)
    situation = situation_on(agent, day) or Situation.objects.filter(agent=agent).order_by("-valid_from").first()
    if situation is None:
        raise Refusal(_NOT_KNOWN.format(what="Votre situation"))
    values = values_of(Subject(agent, situation, main_assignment(agent, day), day))
    named = replace(text, title=words.title)
    return written(named, values, [list(row) for row in words.rows], private=False), text.version


def written(
    text: Text, values: dict[str, str], rows: list[list[str]], *, head: Sequence[str] = (), private: bool
) -> Content:
    """A text with its fields and rows, as it will be frozen."""
    return Content(
        title=text.title,
        holder=values["civilite_nom"],
        employer=values["employeur"],
        paragraphs=filled(text.body, values),
        rows=rows,
        private=private,
        signatory=text.signatory,
        head=list(head),
    )


_HEADS: dict[Kind, tuple[str, ...]] = {
    Kind.SALAIRE_3: ("Mois", "Brut", "Net avant impôt", "Net payé"),
    Kind.SALAIRE_12: ("Mois", "Brut", "Net avant impôt", "Net payé"),
    Kind.QUOTITE: ("Période", "Quotité"),
    Kind.TRANSPORT: ("Mois", "Remboursement"),
    Kind.CONGES: ("Congé", "Reste à prendre"),
}


def head_of(kind: Kind) -> tuple[str, ...]:
    """The titles of the columns of a kind; none for facts and their values."""
    return _HEADS.get(kind, ())


# Whose figures a checker reads only if the agent allowed it.
PRIVATE = {Kind.SALAIRE_3, Kind.SALAIRE_12, Kind.TRANSPORT, Kind.CONGES}


def values_of(subject: Subject) -> dict[str, str]:
    """The fields that a text may name."""
    agent, situation = subject.agent, subject.situation
    return {
        "civilite_nom": f"{agent.civility} {agent.first_name} {agent.shown_last_name}".strip(),
        "employeur": settings.NOMADE.organisation,
        "statut": str(situation.get_status_display()),
        "grade": situation.grade or "grade non précisé",
        "emploi": subject.place.post if subject.place and subject.place.post else "emploi non précisé",
        "service": subject.place.unit.label if subject.place else "service non précisé",
        "date_entree": medium_date(agent.entry_date),
        "quotite": _share(situation),
        "date": medium_date(subject.day),
    }


def _share(situation: Situation) -> str:
    return f"{situation.quotite.normalize():f}\u00a0%".replace(".", ",")


def _employment(subject: Subject) -> list[list[str]]:
    values = values_of(subject)
    return [
        ["Statut", values["statut"].capitalize()],
        ["Grade", values["grade"]],
        ["Emploi", values["emploi"]],
        ["Service", values["service"]],
        ["En fonction depuis le", values["date_entree"]],
        ["Quotité de travail", values["quotite"]],
    ]


def _salary(count: int) -> Callable[[Subject], list[list[str]]]:
    def rows(subject: Subject) -> list[list[str]]:
        months = _pay(subject, count)
        figures = [(pay.gross, pay.net_before_tax, pay.net) for pay in months]
        named = [
            [month_year(pay.month).capitalize(), *map(money, row)] for pay, row in zip(months, figures, strict=True)
        ]
        means = (sum(column, Decimal(0)) / len(months) for column in zip(*figures, strict=True))
        return [*named, ["Moyenne", *map(money, means)]]

    return rows


def _pay(subject: Subject, count: int) -> list[ports.PayMonth]:
    """The last `count` months, all known. A hole is a refusal: a bank must not read a shorter year as a whole one."""
    last = subject.day.replace(day=1)
    known = {pay.month: pay for pay in ports.pay_lines(subject.agent.pk, last - timedelta(days=31 * count), last) or []}
    month = last if last in known else (last - timedelta(days=1)).replace(day=1)
    wanted = []
    for _step in range(count):
        if month not in known:
            raise Refusal(_NOT_KNOWN.format(what=f"Vos {count} derniers salaires, ligne par ligne"))
        wanted.append(known[month])
        month = (month - timedelta(days=1)).replace(day=1)
    return wanted


def _presence(subject: Subject) -> list[list[str]]:
    first = (subject.day.replace(day=1) - timedelta(days=1)).replace(day=1)
    known = (ports.presence([subject.agent.pk], first, subject.day) or {}).get(subject.agent.pk)
    if not known:
        raise Refusal(_NOT_KNOWN.format(what="Vos jours de présence"))
    worked = [day for day, state in known.items() if state != "absent"]
    return [
        ["Période", f"du {medium_date(first)} au {medium_date(subject.day)}"],
        ["Jours de présence", str(len(worked))],
    ]


def _telework(subject: Subject) -> list[list[str]]:
    first = subject.day.replace(month=1, day=1)
    known = (ports.presence([subject.agent.pk], first, subject.day) or {}).get(subject.agent.pk, {})
    at_home = [day for day, state in known.items() if state == "telework"]
    if not at_home:
        raise Refusal(_NOT_KNOWN.format(what="Vos jours de télétravail"))
    return [
        ["Période", f"du {medium_date(first)} au {medium_date(subject.day)}"],
        ["Jours de télétravail", str(len(at_home))],
    ]


def _shares(subject: Subject) -> list[list[str]]:
    year = subject.day.replace(month=1, day=1)
    dated = Situation.objects.filter(agent=subject.agent, valid_from__lte=subject.day).order_by("valid_from")
    return [
        [_span(found, subject.day), _share(found)]
        for found in dated
        if found.valid_to is None or found.valid_to >= year
    ]


def _span(found: Situation, day: date) -> str:
    if found.valid_to is None or found.valid_to >= day:
        return f"Depuis le {medium_date(found.valid_from)}"
    return f"Du {medium_date(found.valid_from)} au {medium_date(found.valid_to)}"


def _transport(subject: Subject) -> list[list[str]]:
    last = subject.day.replace(day=1)
    months = ports.pay_lines(subject.agent.pk, last.replace(month=1), last) or []
    refunds = [pay for pay in months if pay.transport]
    if not refunds:
        raise Refusal(_NOT_KNOWN.format(what="Vos remboursements de transport de l’année"))
    return [[month_year(pay.month).capitalize(), money(pay.transport)] for pay in refunds]


def _leave(subject: Subject) -> list[list[str]]:
    known = ports.leave_balances(subject.agent.pk, subject.day)
    if not known:
        raise Refusal(_NOT_KNOWN.format(what="Vos droits à congé"))
    return [[balance.label, days(balance.half_days)] for balance in known]


#: Each kind that an agent obtains at once; `told_content` says what is of the others.
_ROWS: dict[Kind, Callable[[Subject], list[list[str]]]] = {
    Kind.EMPLOI: _employment,
    Kind.SALAIRE_3: _salary(3),
    Kind.SALAIRE_12: _salary(12),
    Kind.PRESENCE: _presence,
    Kind.TELETRAVAIL: _telework,
    Kind.QUOTITE: _shares,
    Kind.TRANSPORT: _transport,
    Kind.CONGES: _leave,
}
