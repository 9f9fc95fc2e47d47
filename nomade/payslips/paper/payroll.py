"""The agents of the base as the demo payroll sees them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.conf import settings
from django.db.models import F, FilteredRelation, Q

from nomade.payslips.paper.agents import PaidAgent
from nomade.payslips.paper.document import Employer
from nomade.people.models import Agent, Status

OFFICIALS = {Status.TITULAIRE, Status.STAGIAIRE}
LOWEST_INDEX = 366
_COLUMNS = (
    "matricule", "civility", "first_name", "last_name", "usage_name", "birth_date", "address", "entry_date",
    "unit_label", "status", "category", "grade", "echelon", "index", "share",
)  # fmt: skip


def employer() -> Employer:
    """The organisation, with the public identifiers of Paris for the demo city and none invented for another."""
    name = settings.NOMADE.organisation
    if name == "Ville de Paris":
        return Employer(name, "Hôtel de Ville, 75196 Paris Cedex 04", "217 500 016 00019", "84.11Z")
    return Employer(name, "Hôtel de ville", "non renseigné", "84.11Z")


def paid_agents(month: date, *, limit: int | None = None, only: Iterable[int] | None = None) -> Iterator[PaidAgent]:
    """Who is paid for a month, by name; `limit` keeps the first ones entered in the base, `only` some ids."""
    end = (month.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    paid = Agent.objects.filter(entry_date__lte=end).exclude(exit_date__lt=month)
    if only is not None:
        paid = paid.filter(pk__in=list(only))
    if limit is not None:
        paid = paid.filter(pk__in=list(paid.order_by("pk").values_list("pk", flat=True)[:limit]))
    dated = paid.annotate(
        situation=FilteredRelation("situations", condition=_on("situations", end)),
        place=FilteredRelation("assignments", condition=_on("assignments", end) & Q(assignments__is_main=True)),
        status=F("situation__status"),
        category=F("situation__category"),
        grade=F("situation__grade"),
        echelon=F("situation__echelon"),
        index=F("situation__indice_majore"),
        share=F("situation__quotite"),
        unit_label=F("place__unit__label"),
    ).order_by("sort_name", "matricule")
    for row in dated.values(*_COLUMNS).iterator(chunk_size=2000):
        yield PaidAgent(
            matricule=row["matricule"],
            civility=row["civility"],
            first_name=row["first_name"],
            last_name=row["usage_name"] or row["last_name"],
            birth_date=row["birth_date"],
            address=row["address"],
            unit=row["unit_label"] or "non affecté",
            official=row["status"] in OFFICIALS,
            category=row["category"] or "C",
            grade=row["grade"] or "",
            echelon=row["echelon"] or "",
            indice_majore=max(row["index"] or LOWEST_INDEX, LOWEST_INDEX),
            working_share=int(row["share"] or 100),
            entry_date=row["entry_date"],
        )


def _on(relation: str, day: date) -> Q:
    still = Q(**{f"{relation}__valid_to__isnull": True}) | Q(**{f"{relation}__valid_to__gte": day})
    return still & Q(**{f"{relation}__valid_from__lte": day})
