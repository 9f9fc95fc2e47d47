"""Drawing a city from a seed: units, then agents with all that is dated. Nothing is written here."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from nomade.demo import names
from nomade.demo.organisation import ADMINISTRATEUR, ATTACHE, DIRECTIONS, PART_TIME, PLACES, Direction, Grade, Job
from nomade.demo.personas import PERSONAS, TEAM, UNITS, Persona
from nomade.people.folding import fold
from nomade.people.models import Status

TEAM_SIZE = 11
TEAMS_A_SERVICE = 9
#: Who works in the team that everybody looks at, besides its head.
KNOWN_TEAM_SIZE = 12
_STATUSES = (
    (Status.TITULAIRE, 80), (Status.CONTRACTUEL, 15), (Status.STAGIAIRE, 3), (Status.APPRENTI, 1),
    (Status.VACATAIRE, 1),
)  # fmt: skip
# Of those without a desk, so that a quarter of the whole city has no mailbox.
WITHOUT_MAILBOX = 0.42


@dataclass(slots=True)
class Unit:
    path: str
    label: str
    kind: str
    # The place in `City.people` of who leads it.
    head: int | None = None

    @property
    def parent(self) -> str:
        return self.path.rpartition("/")[0]


@dataclass(slots=True)
class Person:
    """Somebody to write: everything that an import would say of them."""

    login: str
    civility: str
    first_name: str
    last_name: str
    birth_date: date
    entry_date: date
    unit: str
    post: str
    place: str
    status: Status
    grade: Grade
    echelon: str
    index: int
    cycle: str
    quotite: int = 100
    weekly_minutes: int = 39 * 60
    has_mailbox: bool = True
    phone: str = ""
    mobile: str = ""
    personal_email: str = ""
    address: str = ""
    exit_date: date | None = None
    supervisor: int | None = None
    persona: Persona | None = None


@dataclass
class City:
    units: dict[str, Unit] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)


class Builder:
    """One seed, one city: the same each time."""

    def __init__(self, size: int, seed: int, today: date, domain: str) -> None:
        self.size, self.today, self.domain = size, today, domain
        self.dice = random.Random(seed)
        self.city = City()
        self.logins: dict[str, int] = {persona.login: 1 for persona in PERSONAS}

    def build(self) -> City:
        """The whole city."""
        for direction in DIRECTIONS:
            self._unit(direction.code, direction.label, "direction")
            for code, label in direction.parts:
                self._unit(f"{direction.code}/{code}", label, "sous-direction")
        for path, (label, kind) in UNITS.items():
            self._unit(path, label, kind)
        self._personas()
        left = max(0, self.size - len(PERSONAS))
        for direction, count in self._shares(left):
            self._staff(direction, count)
        self._complete_known_team()
        self._supervisors()
        return self.city

    def _unit(self, path: str, label: str, kind: str) -> Unit:
        return self.city.units.setdefault(path, Unit(path, label, kind))

    def _shares(self, left: int) -> Iterator[tuple[Direction, int]]:
        """How many agents each direction gets: at least a head for all while there are agents, the rest by weight."""
        total = sum(direction.weight for direction in DIRECTIONS)
        given = 0
        weight = 0
        for direction in DIRECTIONS:
            weight += direction.weight
            upto = round(left * weight / total)
            yield direction, upto - given
            given = upto

    def _staff(self, direction: Direction, count: int) -> None:
        """Heads first, then teams."""
        if count <= 0:
            return
        head = self._draw(direction, direction.code, ("Directrice", "Directeur"), ADMINISTRATEUR, desk=True)
        self._lead(direction.code, head)
        count -= 1
        for code, _label in direction.parts:
            if count < 3 * TEAM_SIZE:
                break
            path = f"{direction.code}/{code}"
            self._lead(path, self._draw(direction, path, ("Sous-directrice", "Sous-directeur"), ATTACHE[1:], desk=True))
            count -= 1
        team = 0
        while count > 0:
            size = min(count, self.dice.randint(TEAM_SIZE - 3, TEAM_SIZE + 3))
            if count - size < TEAM_SIZE // 2:
                size = count
            self._team(direction, team, size)
            team += 1
            count -= size

    def _team(self, direction: Direction, number: int, size: int) -> None:
        code, _label = direction.parts[number % len(direction.parts)]
        rank = number // len(direction.parts)
        end = len(self.city.people) + size
        service = self._service(direction, code, rank // TEAMS_A_SERVICE)
        if service == TEAM.rpartition("/")[0] and rank == 0:
            path = TEAM
        else:
            place = PLACES[(number * 7 + len(direction.code)) % len(PLACES)]
            suffix = f" {number // len(PLACES) + 1}" if number >= len(PLACES) else ""
            path = f"{service}/E{number + 1:03d}"
            self._unit(path, f"{direction.team} {place}{suffix}", fold(direction.team).split()[0])
        unit = self.city.units[path]
        if unit.head is None:
            self._lead(path, self._draw(direction, path, direction.lead, direction.lead_grades, desk=True))
        weights = [job.weight for job in direction.jobs]
        for job in self.dice.choices(direction.jobs, weights, k=max(0, end - len(self.city.people))):
            self._draw_job(direction, path, job)

    def _complete_known_team(self) -> None:
        """Brings people of the other teams of its direction to the one that everybody looks at, while it is short.

        They change of unit and of nothing else: no draw is spent, so that the rest of the city stays what it was.
        """
        heads = {unit.head for unit in self.city.units.values()}
        there = sum(one.unit == TEAM and one.exit_date is None for one in self.city.people) - 1
        direction = TEAM.partition("/")[0]
        for place, person in enumerate(self.city.people):
            if there >= KNOWN_TEAM_SIZE:
                return
            in_team = person.unit.startswith(f"{direction}/") and person.unit.count("/") == TEAM.count("/")
            if in_team and person.unit != TEAM and not (person.persona or person.exit_date or place in heads):
                person.unit, person.place = TEAM, self._place(TEAM)
                there += 1

    def _service(self, direction: Direction, part: str, number: int) -> str:
        """The service that holds a team, with a head of its own once it is made."""
        base = f"{direction.code}/{part}"
        if not direction.local:
            return base if number == 0 else self._unit(f"{base}/S{number + 1}", f"Service {number + 1}", "service").path
        if base == "DEVE/SD-TERRITOIRES":
            arrondissement = (14 + number) % 20 + 1
            code, label = f"J{arrondissement}", f"Jardins du {_ordinal(arrondissement)} arrondissement"
        else:
            arrondissement = number % 20 + 1
            code = f"T{number + 1}"
            label = f"Territoire du {_ordinal(arrondissement)} arrondissement"
        if number >= 20:
            code, label = f"{code}-{number // 20 + 1}", f"{label}, secteur {number // 20 + 1}"
        path = f"{base}/{code}"
        unit = self._unit(path, label, "service")
        if unit.head is None and self.size >= 2000:
            head = self._draw(direction, path, ("Cheffe de service", "Chef de service"), ATTACHE, desk=True)
            self._lead(path, head)
        return path

    def _lead(self, path: str, person: int) -> None:
        self.city.units[path].head = person

    def _draw_job(self, direction: Direction, path: str, job: Job) -> None:
        self._draw(direction, path, (job.woman, job.man), job.grades, desk=job.desk, cycles=job.cycles)

    def _draw(
        self,
        direction: Direction,
        path: str,
        post: tuple[str, str],
        grades: tuple[Grade, ...],
        *,
        desk: bool,
        cycles: tuple[str, ...] = ("LMMJV",),
    ) -> int:
        dice = self.dice
        woman = dice.random() < 0.58
        first = dice.choice(names.WOMEN if woman else names.MEN)
        last = _written(dice.choice(names.SURNAMES))
        age, service = self._ages()
        status = dice.choices([s for s, _w in _STATUSES], [w for _s, w in _STATUSES])[0]
        if status == Status.STAGIAIRE:
            service = min(service, 300)
        progress = min(0.999, service / (28 * 365))
        grade = grades[int(progress * len(grades))]
        within = min(1.0, service / (25 * 365))
        person = Person(
            login=self._login(first, last),
            civility="Mme" if woman else "M.",
            first_name=first,
            last_name=last,
            birth_date=self.today - timedelta(days=age),
            entry_date=self.today - timedelta(days=service),
            unit=path,
            post=post[0] if woman else post[1],
            place=self._place(path),
            status=status,
            grade=grade,
            echelon=str(1 + int(within * (grade.steps - 1))),
            index=round(grade.lowest + within * (grade.highest - grade.lowest)),
            cycle=dice.choice(cycles),
            weekly_minutes=dice.choice((39, 39, 39, 35) if desk else (35, 35, 39)) * 60,
            has_mailbox=desk or dice.random() > WITHOUT_MAILBOX,
            address=f"{dice.randint(1, 180)} {dice.choice(names.STREETS)}, {dice.choice(names.TOWNS)}",
        )
        self._working_time(person, woman=woman)
        self._numbers(person, desk=desk)
        if status == Status.CONTRACTUEL and dice.random() < 0.4:
            person.exit_date = self.today + timedelta(days=dice.randint(60, 700))
        self.city.people.append(person)
        return len(self.city.people) - 1

    def _ages(self) -> tuple[int, int]:
        """Days lived, days in service."""
        age = int(self.dice.triangular(20, 66, 47) * 365.25)
        started = self.dice.uniform(0, 1) ** 1.4
        return age, max(1, int((age - 19.5 * 365.25) * started))

    def _working_time(self, person: Person, *, woman: bool) -> None:
        draw = self.dice.random()
        share = 80 if draw < (0.14 if woman else 0.05) else 90 if draw < 0.19 else 50 if draw < 0.205 else 100
        if share != 100:
            person.quotite, person.cycle = share, self.dice.choice(PART_TIME[share])

    def _numbers(self, person: Person, *, desk: bool) -> None:
        """Numbers that nobody has: ARCEP keeps 01 99 00 and 06 39 98 for fiction (décision 2018-0881)."""
        dice = self.dice
        if desk:
            person.phone = f"01 99 00 {dice.randint(0, 99):02d} {dice.randint(0, 99):02d}"
        if dice.random() < 0.7:
            person.mobile = f"06 39 98 {dice.randint(0, 99):02d} {dice.randint(0, 99):02d}"
        if not person.has_mailbox or dice.random() < 0.3:
            person.personal_email = f"{person.login}@example.org"

    def _login(self, first: str, last: str) -> str:
        base = ".".join(fold(part).replace(" ", "-") for part in (first, last))
        rank = self.logins.get(base, 0) + 1
        self.logins[base] = rank
        return base if rank == 1 else f"{base}{rank}"

    def _place(self, path: str) -> str:
        label = self.city.units[path].label
        return f"{label}, Paris"

    def _personas(self) -> None:
        grades = {}
        for persona in PERSONAS:
            grades[persona.login] = Grade(persona.category, persona.corps, persona.grade, persona.index, persona.index)
            self.city.people.append(
                Person(
                    login=persona.login,
                    civility="Mme" if persona.woman else "M.",
                    first_name=persona.first_name,
                    last_name=persona.last_name,
                    birth_date=persona.born,
                    entry_date=persona.entry or self.today - timedelta(days=1),
                    unit=persona.unit,
                    post=persona.post,
                    place=persona.place,
                    status=Status.TITULAIRE if persona.entry else Status.STAGIAIRE,
                    grade=grades[persona.login],
                    echelon=persona.echelon,
                    index=persona.index,
                    cycle=persona.cycle,
                    quotite=persona.quotite,
                    weekly_minutes=persona.weekly_minutes,
                    phone="01 99 00 15 15" if persona.category != "C" else "",
                    mobile=f"06 39 98 {len(self.city.people):02d} 42",
                    personal_email=f"{persona.login}@example.org",
                    address="12 rue des Lilas, 75015 Paris",
                    exit_date=_days_ago(self.today, persona.left_days_ago),
                    persona=persona,
                )
            )
            if persona.leads:
                self._lead(persona.leads, len(self.city.people) - 1)

    def _supervisors(self) -> None:
        """Each agent's: who leads the unit, or the nearest one above led by somebody else."""
        mayor = self.city.units["SG"].head
        for place, person in enumerate(self.city.people):
            path = person.unit
            while path and self.city.units[path].head in (None, place):
                path = path.rpartition("/")[0]
            person.supervisor = self.city.units[path].head if path else mayor
            if person.supervisor == place:
                person.supervisor = None


def _days_ago(day: date, days: int | None) -> date | None:
    return day - timedelta(days=days) if days is not None else None


def _ordinal(number: int) -> str:
    return "1er" if number == 1 else f"{number}e"


def _written(surname: str) -> str:
    """« Da-Silva » of the list, which has no spaces, is « Da Silva »."""
    head, _sign, tail = surname.partition("-")
    return f"{head} {tail}" if head in ("Da", "De", "Dos", "Le") and tail else surname
