"""What each subject of a request is: its desk, its documents, its text, and how it reads in words (§ 4.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import BooleanField, ChoiceField, DateField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.personnel_file.forms.changes import FORMS
from nomade.personnel_file.models import Child, CivilStatus, Field, Subject
from nomade.personnel_file.secrets import Values
from nomade.ui.filters import short_date


@dataclass(frozen=True)
class Spec:
    """One subject: who answers, what goes with it, what it changes."""

    desk: Role
    field: Field
    title: Any
    icon: str
    pieces: Any
    source: str
    changes_pay: bool = False
    piece_required: bool = True


SPECS: dict[Subject, Spec] = {
    Subject.ADDRESS: Spec(
        Role.HR_OFFICER, Field.ADDRESS, gettext_lazy("Changer d’adresse"), "map-pin",
        gettext_lazy("Un justificatif de domicile de moins de trois mois."),
        "décret 2010-676 (transport)", changes_pay=True,
    ),
    Subject.NAME: Spec(
        Role.HR_OFFICER, Field.NAME, gettext_lazy("Changer de nom"), "user",
        gettext_lazy("Acte d’état civil de moins de trois mois, livret de famille ou carte d’identité."),
        "Code civil art. 60 s., 225-1",
    ),
    Subject.FAMILY: Spec(
        Role.HR_OFFICER, Field.FAMILY, gettext_lazy("Changer de situation familiale"), "users",
        gettext_lazy("Acte de mariage, convention de PACS ou jugement."),
        "CGFP L.712-8", changes_pay=True,
    ),
    Subject.CHILD: Spec(
        Role.PAY_OFFICER, Field.CHILD, gettext_lazy("Déclarer un enfant"), "user-plus",
        gettext_lazy("Livret de famille ou acte de naissance ; l’attestation de l’autre parent s’il travaille aussi "
                     "pour une administration."),
        "CGFP L.712-8, décret 85-1148 art. 10 s.", changes_pay=True,
    ),
    Subject.DIPLOMA: Spec(
        Role.HR_OFFICER, Field.DIPLOMA, gettext_lazy("Ajouter un diplôme"), "graduation-cap",
        gettext_lazy("Une copie du titre."), "CGFP L.137-1",
    ),
    Subject.LICENCE: Spec(
        Role.HR_OFFICER, Field.LICENCE, gettext_lazy("Ajouter un permis ou une habilitation"), "badge-check",
        gettext_lazy("Une copie du titre, recto et verso."), "code du travail R.4323-55 (CACES)",
    ),
    Subject.DISABILITY: Spec(
        Role.DISABILITY_REFERENT, Field.DISABILITY, gettext_lazy("Faire connaître une reconnaissance de handicap"),
        "hand-helping", gettext_lazy("La notification de la MDPH."), "CGFP L.131-8 ; code du travail L.5213-2",
    ),
    Subject.RECTIFICATION: Spec(
        Role.DATA_PROTECTION_OFFICER, Field.RECTIFICATION, gettext_lazy("Faire rectifier une donnée"),
        "file-pen-line", gettext_lazy("Ce qui montre la bonne information, si vous l’avez."),
        "RGPD art. 12.3 et 16", piece_required=False,
    ),
}  # fmt: skip

# Who answers, as the agent is told.
DESK_NAMES: dict[Role, Any] = {
    Role.HR_OFFICER: gettext_lazy("Service RH"),
    Role.PAY_OFFICER: gettext_lazy("Service de la paie"),
    Role.DISABILITY_REFERENT: gettext_lazy("Référent handicap"),
    Role.DATA_PROTECTION_OFFICER: gettext_lazy("Délégué à la protection des données"),
}

Pairs = list[tuple[str, str]]


def before_of(agent: Agent, subject: Subject) -> dict[str, str]:
    """What the file says now of what a request would change."""
    if subject == Subject.ADDRESS:
        return {"address": agent.address}
    if subject == Subject.NAME:
        return {"last_name": agent.last_name, "usage_name": agent.usage_name, "first_name": agent.first_name}
    if subject == Subject.FAMILY:
        known = CivilStatus.objects.filter(pk=agent.pk).first()
        return {"family": known.family if known else ""}
    if subject == Subject.CHILD:
        names = Child.objects.filter(agent=agent).values_list("first_name", flat=True)
        return {"children": ", ".join(names)}
    return {}


_OTHER_LABELS = {"address": gettext_lazy("Adresse"), "children": gettext_lazy("Enfants connus")}


def in_words(subject: Subject, values: Values) -> Pairs:
    """What was or what is wanted, as people read it."""
    fields = FORMS[subject].base_fields
    pairs = []
    for name, value in values.items():
        field = fields.get(name)
        label = str(_OTHER_LABELS[name]) if field is None else str(field.label)
        nothing = _("sans limite") if name == "recognised_until" else _("rien")
        pairs.append((label, _value(field, value) or nothing))
    return pairs


def _value(field: Any, value: str) -> str:
    if not value:
        return ""
    if isinstance(field, DateField):
        return short_date(date.fromisoformat(value))
    if isinstance(field, ChoiceField) and not isinstance(field, BooleanField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]  # plain pairs here
    return value


def one_line(subject: Subject, values: Values) -> str:
    """The same on one line, for lists and for the history."""
    if subject == Subject.ADDRESS and "street" in values:
        return address_of(values)
    return ", ".join(value for _label, value in in_words(subject, values))


def address_of(values: Values) -> str:
    """« 12 rue des Lilas, bâtiment B, 75015 Paris »."""
    place = f"{values['postcode']} {values['city']}"
    return ", ".join(part for part in (values["street"], values["complement"], place) if part)[:300]
