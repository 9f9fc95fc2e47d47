"""Writing a drawn city, in a few large statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password

from nomade.accounts.models import Account, ProvisionalPassword, normalised
from nomade.demo.city import City
from nomade.demo.organisation import CYCLES
from nomade.demo.personas import HUGO, NADIA, PASSWORD, PAUL, PROVISIONAL
from nomade.kernel.clock import PARIS, now, today
from nomade.people.importing.writing import update_rows
from nomade.people.models import Agent, Assignment, OrgUnit, RoleGrant, Situation, WorkCycle

BATCH = 5000
FIRST_MATRICULE = 2_100_001
Say = Callable[[str], None]


def write_city(city: City, say: Say) -> dict[str, Agent]:
    """Writes everybody; returns the personas by login (without the domain)."""
    units = _write_units(city)
    say(f"{len(units)} unités")
    agents = _write_agents(city)
    say(f"{len(agents)} agents")
    _write_heads(city, units, agents)
    _write_dated(city, units, agents)
    _write_accounts(city, agents)
    personas = {p.login: agent for p, agent in zip(city.people, agents, strict=True) if p.persona}
    _write_roles(city, units, personas)
    say("situations, affectations, comptes et rôles")
    return personas


def _write_units(city: City) -> dict[str, OrgUnit]:
    made: dict[str, OrgUnit] = {}
    levels: defaultdict[int, list[str]] = defaultdict(list)
    for path in city.units:
        levels[path.count("/")].append(path)
    for depth in sorted(levels):
        rows = []
        for path in levels[depth]:
            unit = city.units[path]
            code = path.rpartition("/")[2]
            rows.append(OrgUnit(code=code, path=path, label=unit.label, kind=unit.kind, parent=made.get(unit.parent)))
        made.update({unit.path: unit for unit in OrgUnit.objects.bulk_create(rows, batch_size=BATCH)})
    return made


def _write_agents(city: City) -> list[Agent]:
    domain = settings.NOMADE.mail_domain
    rows = [
        Agent(
            matricule=f"{FIRST_MATRICULE + place:08d}",
            login=f"{person.login}@{domain}",
            civility=person.civility,
            first_name=person.first_name,
            last_name=person.last_name,
            birth_date=person.birth_date,
            phone=person.phone,
            mobile=person.mobile,
            personal_email=person.personal_email,
            # The city's mail server sends nothing outside: only those who are played by somebody confirmed theirs.
            personal_email_confirmed=bool(person.personal_email and person.persona),
            address=person.address,
            has_mailbox=person.has_mailbox,
            entry_date=person.entry_date,
            exit_date=person.exit_date,
        )
        for place, person in enumerate(city.people)
    ]
    for agent in rows:
        agent.fill_names()
    return Agent.objects.bulk_create(rows, batch_size=BATCH)


def _write_heads(city: City, units: dict[str, OrgUnit], agents: list[Agent]) -> None:
    heads = {
        units[path].pk: {"head_id": agents[unit.head].pk} for path, unit in city.units.items() if unit.head is not None
    }
    update_rows(OrgUnit, heads, ["head_id"])


def _write_dated(city: City, units: dict[str, OrgUnit], agents: list[Agent]) -> None:
    WorkCycle.objects.bulk_create(
        [WorkCycle(code=code, label=label, weeks=list(weeks)) for code, (label, weeks) in CYCLES.items()]
    )
    cycles = {cycle.code: cycle for cycle in WorkCycle.objects.all()}
    situations, assignments = [], []
    for person, agent in zip(city.people, agents, strict=True):
        period = {"agent": agent, "valid_from": person.entry_date, "valid_to": person.exit_date}
        situations.append(
            Situation(
                **period,
                status=person.status,
                category=person.grade.category,
                corps=person.grade.corps,
                grade=person.grade.label,
                echelon=person.echelon,
                indice_majore=person.index,
                quotite=person.quotite,
                cycle=cycles[person.cycle],
                weekly_minutes=person.weekly_minutes,
            )
        )
        above = agents[person.supervisor] if person.supervisor is not None else None
        assignments.append(
            Assignment(**period, unit=units[person.unit], post=person.post, place=person.place, supervisor=above)
        )
    Situation.objects.bulk_create(situations, batch_size=BATCH)
    Assignment.objects.bulk_create(assignments, batch_size=BATCH)


def _write_accounts(city: City, agents: list[Agent]) -> None:
    """One hash for all: 55,000 of them would take a quarter of an hour."""
    shared = make_password(normalised(PASSWORD))
    accounts = [Account(agent=agent, login=agent.login, password=shared) for agent in agents]
    for person, account in zip(city.people, accounts, strict=True):
        if person.login == NADIA:
            account.password = make_password(normalised(PROVISIONAL))
            account.password_is_provisional = account.first_steps_pending = True
        else:  # the city has used its portal for two years
            account.guide_seen_at = datetime.combine(today() - timedelta(days=700), time(8), PARIS)
            account.mailbox_opened_at = account.guide_seen_at if account.agent.has_mailbox else None
        if person.login == HUGO:
            account.locked_at = datetime.combine(today() - timedelta(days=4), time(10, 12), PARIS)
    Account.objects.bulk_create(accounts, batch_size=BATCH)
    newcomer = next(account for account in accounts if account.password_is_provisional)
    # A demonstration is tried by several people, for weeks: the letter of a real newcomer opens once, for days.
    ProvisionalPassword.objects.create(
        account=newcomer, made_at=now(), handed_over_at=now(), expires_at=now() + timedelta(days=365), uses_left=999
    )


def _write_roles(city: City, units: dict[str, OrgUnit], personas: dict[str, Agent]) -> None:
    granter = personas[PAUL]
    for person in city.people:
        persona = person.persona
        if persona is None or persona.role is None:
            continue
        RoleGrant.objects.create(
            agent=personas[persona.login],
            role=persona.role,
            perimeter=units[persona.perimeter] if persona.perimeter else None,
            valid_from=max(person.entry_date, date(2025, 1, 1)),
            granted_by=granter if persona.login != PAUL else None,
        )
