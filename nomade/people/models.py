"""Agents, the tree of units, and what is dated: situations, assignments, delegations, roles."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar, Self

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from nomade.people.folding import fold
from nomade.people.roles import Role


class Status(models.TextChoices):
    """The legal tie to the employer (CGFP L.3, L.332-8 s.)."""

    TITULAIRE = "titulaire", _("titulaire")
    STAGIAIRE = "stagiaire", _("stagiaire")
    CONTRACTUEL = "contractuel", _("contractuel")
    VACATAIRE = "vacataire", _("vacataire")
    APPRENTI = "apprenti", _("apprenti")
    ASSISTANTE_MATERNELLE = "assistante_maternelle", _("assistante maternelle")
    AUTRE = "autre", _("autre")


class Position(models.TextChoices):
    """Where the law places an agent (CGFP L.511-1 and following); the sources of leave say which open rights."""

    ACTIVE = "activite", _("en activité")
    LENT = "mise_a_disposition", _("mis à disposition")
    SECONDED_IN = "detachement_entrant", _("accueilli en détachement")
    SECONDED = "detachement", _("en détachement ailleurs")
    AVAILABLE = "disponibilite", _("en disponibilité")
    PARENTAL = "conge_parental", _("en congé parental")
    EXCLUDED = "exclusion_temporaire", _("en exclusion temporaire")
    SUSPENDED = "suspension", _("suspendu de ses fonctions")


# Those who are not at work: no day is counted, no presence is expected.
OUT_OF_SERVICE = (
    Position.SECONDED, Position.AVAILABLE, Position.PARENTAL, Position.EXCLUDED, Position.SUSPENDED,
)  # fmt: skip


class DatedQuerySet(models.QuerySet[Any]):
    """Rows that hold from a day to a day, both included; no end means still true."""

    def on(self, day: date) -> Self:
        """The rows that hold on a day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class OrgUnitQuerySet(models.QuerySet["OrgUnit"]):
    def subtree(self, unit: OrgUnit) -> Self:
        """The unit and everything below it."""
        return self.filter(Q(path=unit.path) | Q(path__startswith=f"{unit.path}/"))

    def existing(self, day: date) -> Self:
        """The units that exist on a day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class OrgUnit(models.Model):
    """A node of the organisation; `path` is the codes from the top, joined by « / » (`DEVE/SD-TERRITOIRES/J15`)."""

    code = models.CharField(max_length=40)
    path = models.CharField(max_length=400, unique=True)
    label = models.CharField(max_length=200)
    kind = models.CharField(max_length=60, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    head = models.ForeignKey("Agent", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    valid_from = models.DateField(default=date(1900, 1, 1))
    valid_to = models.DateField(null=True, blank=True)

    objects = OrgUnitQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["path"], name="orgunit_path_prefix", opclasses=["varchar_pattern_ops"])
        ]

    def __str__(self) -> str:
        return self.label

    def contains(self, path: str) -> bool:
        """Whether a unit's path is this unit or below it."""
        return path == self.path or path.startswith(f"{self.path}/")


class WorkCycle(models.Model):
    """A pattern of work: one sign a day, Monday first, `1` day, `a` morning, `p` afternoon, `0` off; n weeks."""

    code = models.CharField(max_length=40, unique=True)
    label = models.CharField(max_length=120, blank=True)
    weeks = ArrayField(models.CharField(max_length=7), help_text="seven signs a week")
    # The Monday from which the weeks of a rotation are counted.
    anchor = models.DateField(default=date(2024, 1, 1))
    # Public holidays are worked as other days, and then cost a day of leave.
    works_holidays = models.BooleanField(default=False)
    # Minutes due over the year at full time, for annualised hours; none for a cycle of weeks.
    annual_minutes = models.PositiveIntegerField(null=True, blank=True)
    # Minutes planned in each of the weeks, for annualised hours; none: the weekly duration of the agent.
    week_minutes = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)

    def __str__(self) -> str:
        return self.label or self.code


class AgentQuerySet(models.QuerySet["Agent"]):
    def present(self, day: date) -> Self:
        """Those who have entered and have not left on a day."""
        return self.filter(Q(exit_date__isnull=True) | Q(exit_date__gte=day), entry_date__lte=day)

    def named_like(self, text: str) -> Self:
        """Those whose name holds each of the words, whatever the accents."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_name__contains=word)
        return found


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Agent(models.Model):
    """Somebody who works, or has worked, for the organisation."""

    matricule = models.CharField(max_length=20, unique=True)
    login = models.CharField(max_length=254, unique=True)
    civility = models.CharField(max_length=8, blank=True)
    first_name = models.CharField(max_length=80)
    last_name = models.CharField(max_length=80)
    usage_name = models.CharField(max_length=80, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    phone = models.CharField(max_length=32, blank=True)
    mobile = models.CharField(max_length=32, blank=True)
    personal_email = models.EmailField(blank=True)
    personal_email_confirmed = models.BooleanField(default=False)
    address = models.CharField(max_length=300, blank=True)
    has_mailbox = models.BooleanField(default=True)
    entry_date = models.DateField()
    exit_date = models.DateField(null=True, blank=True)
    # Kept by `save` and by the import: what search and order use, without accents.
    search_name = models.CharField(max_length=260, editable=False)
    sort_name = models.CharField(max_length=170, editable=False)

    objects = AgentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["sort_name"], name="agent_sort_name")]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_names()
        super().save(*args, **kwargs)

    def fill_names(self) -> None:
        """Computes the stored forms of the name; to be called before a bulk write, which calls no `save`."""
        self.search_name = fold(f"{self.first_name} {self.usage_name} {self.last_name} {self.login} {self.matricule}")
        self.sort_name = fold(f"{self.shown_last_name} {self.first_name}")

    @property
    def shown_last_name(self) -> str:
        """The name in use when there is one, else the birth name."""
        return self.usage_name or self.last_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.shown_last_name}"

    @property
    def initials(self) -> str:
        return (self.first_name[:1] + self.shown_last_name[:1]).upper()

    @property
    def mail_address(self) -> str:
        """The professional address, or an empty string without a mailbox."""
        return self.login if self.has_mailbox and "@" in self.login else ""


def _never_overlap(name: str, condition: Q | None = None) -> ExclusionConstraint:
    """Periods of one agent never overlap. `int8range(id, id)` stands for the `=` that would need btree_gist."""
    same_agent = Func(F("agent_id"), F("agent_id"), Value("[]"), function="int8range")
    period = Func(F("valid_from"), F("valid_to"), Value("[]"), function="daterange", output_field=DateRangeField())
    return ExclusionConstraint(
        name=name,
        expressions=[(same_agent, RangeOperators.OVERLAPS), (period, RangeOperators.OVERLAPS)],
        condition=condition,
    )


def _in_order(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(name=name, condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")))


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Situation(models.Model):
    """The administrative situation of an agent between two days: what leave and pay are computed from."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="situations")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=24, choices=Status.choices)
    category = models.CharField(max_length=1, blank=True)
    corps = models.CharField(max_length=120, blank=True)
    grade = models.CharField(max_length=120, blank=True)
    echelon = models.CharField(max_length=8, blank=True)
    indice_majore = models.PositiveSmallIntegerField(null=True, blank=True)
    # Percent of full time.
    quotite = models.DecimalField(max_digits=5, decimal_places=2, default=100)
    cycle = models.ForeignKey(WorkCycle, on_delete=models.PROTECT, related_name="+")
    weekly_minutes = models.PositiveSmallIntegerField(default=35 * 60)
    position = models.CharField(max_length=24, choices=Position.choices, default=Position.ACTIVE)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [_never_overlap("situation_one_a_day"), _in_order("situation_days_in_order")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.valid_from}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Assignment(models.Model):
    """Where an agent works between two days, on which post, under whom. One main assignment a day."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="assignments")
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="assignments")
    post = models.CharField(max_length=160, blank=True)
    place = models.CharField(max_length=160, blank=True)
    supervisor = models.ForeignKey(
        Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="supervised_assignments"
    )
    is_main = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            _never_overlap("assignment_one_main_a_day", Q(is_main=True)),
            _in_order("assignment_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.unit_id}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Delegation(models.Model):
    """A supervisor lets somebody decide in their place between two days."""

    giver = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="delegations_given")
    receiver = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="delegations_received")
    valid_from = models.DateField()
    valid_to = models.DateField()
    created_by = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="+")

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            _in_order("delegation_days_in_order"),
            models.CheckConstraint(name="delegation_to_another", condition=~Q(giver=F("receiver"))),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} to {self.receiver_id}"


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent())
class RoleGrant(models.Model):
    """A role held by an agent inside a perimeter: a unit and all below it, or the whole organisation (no unit)."""

    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=24, choices=Role.choices)
    perimeter = models.ForeignKey(OrgUnit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    granted_by = models.ForeignKey(Agent, null=True, on_delete=models.PROTECT, related_name="+")

    objects = DatedQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [_in_order("role_days_in_order")]
        indexes: ClassVar = [models.Index(fields=["agent", "role"], name="role_of_agent")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.role}"


class AgentPhoto(models.Model):
    """The photograph that an agent gave. Its file is in the store; colleagues see it only when its owner says so."""

    agent = models.OneToOneField(Agent, on_delete=models.CASCADE, primary_key=True, related_name="photo")
    # The id of a stored file: the store stands above people and cannot be named here.
    file = models.UUIDField(unique=True)
    visible = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"photo of {self.agent_id}"


class FormerEmail(models.Model):
    """A confirmed personal address that was replaced: alarms still reach it for a while.

    A thief who changes the address first does not then change the bank account in silence.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="former_emails")
    email = models.EmailField()
    replaced_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"former address of {self.agent_id}"
