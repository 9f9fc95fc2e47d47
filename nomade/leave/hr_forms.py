"""What an HR officer types about leave."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nomade.kernel.clock import today
from nomade.leave.actions.health import KINDS
from nomade.leave.details import DayInput
from nomade.leave.models import CounterKind, Document, Group, LeaveType, Secrecy, Unit
from nomade.leave.rules.periods import Period
from nomade.leave.tables import Unreadable, check_totals, read_rows
from nomade.people.models import OrgUnit

LEVELS = [("supervisor", _("Responsable")), ("second", _("Responsable de niveau 2")), ("hr", _("Service RH"))]
LARGEST_LIST = 4_000_000


def counter_choices() -> list[tuple[str, str]]:
    return [(kind.code, kind.label) for kind in CounterKind.objects.order_by("order")]


class CorrectionForm(forms.Form):
    """Days added to a counter, or taken from it, with the reason that the agent will read."""

    code = forms.ChoiceField(label=_("Compteur"), initial="CA")
    year = forms.TypedChoiceField(label=_("Année"), coerce=int)
    days = forms.DecimalField(
        label=_("Jours à ajouter"),
        max_digits=5,
        decimal_places=1,
        localize=True,
        help_text=_("Avec un signe moins pour retirer : −1,5. Des heures pour ce qui se compte en heures."),
    )
    reason = forms.CharField(label=_("Motif"), max_length=300, help_text=_("L’agent le lira."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = today().year
        code, year = self.fields["code"], self.fields["year"]
        assert isinstance(code, forms.ChoiceField)
        assert isinstance(year, forms.ChoiceField)
        code.choices = counter_choices()
        year.choices = [(value, str(value)) for value in (present, present - 1, present + 1)]

    def clean_days(self) -> Decimal:
        days: Decimal = self.cleaned_data["days"]
        if (days * 2) % 1:
            raise forms.ValidationError(_("Un compteur se corrige par demi-journée : 0,5 ou 1, par exemple."))
        return days

    @property
    def amount(self) -> int:
        """The movement in the unit of the counter: half-days, or minutes."""
        in_minutes = CounterKind.objects.filter(code=self.cleaned_data["code"], unit=Unit.MINUTE).exists()
        return int(self.cleaned_data["days"] * (60 if in_minutes else 2))


class MoveForm(forms.Form):
    """A day off moved once."""

    off = forms.DateField(label=_("Jour travaillé, qui devient libre"), widget=DayInput)
    worked = forms.DateField(label=_("Jour libre, qui devient travaillé"), widget=DayInput)
    reason = forms.CharField(label=_("Motif"), max_length=200, help_text=_("L’agent le lira."))


class HealthForm(forms.Form):
    """The exact kind of a health absence, and the days of its paper; never a diagnosis."""

    kind = forms.ChoiceField(label=_("Nature du congé"))
    issued_on = forms.DateField(label=_("Arrêt établi le"), widget=DayInput)
    received_on = forms.DateField(label=_("Arrêt envoyé le"), widget=DayInput, help_text=_("Le cachet de la poste."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = list(KINDS.items())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        issued, received = cleaned.get("issued_on"), cleaned.get("received_on")
        if issued and received and received < issued:
            self.add_error("received_on", _("L’envoi est avant l’établissement de l’arrêt."))
        return cleaned


class ReadingForm(forms.Form):
    """The second reading of a correction."""

    decision = forms.ChoiceField(choices=[("accept", ""), ("reject", "")])
    reason = forms.CharField(label=_("Motif du rejet"), required=False, max_length=300)


class UnitChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not a generic class at run time
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.label} ({obj.path})"


class ClosingForm(forms.Form):
    """A closing of a unit: days of leave taken from everybody, or days that cost nothing."""

    unit = UnitChoice(label=_("Unité"), queryset=OrgUnit.objects.none(), empty_label=_("Choisir une unité"))
    first_day = forms.DateField(label=_("Premier jour de fermeture"), widget=DayInput)
    last_day = forms.DateField(label=_("Dernier jour de fermeture"), widget=DayInput)
    leave_type = forms.ChoiceField(label=_("Ces jours"))
    label = forms.CharField(label=_("Nom de la fermeture"), max_length=120, initial=_("Fermeture du service"))

    def __init__(self, units: QuerySet[OrgUnit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit, kind = self.fields["unit"], self.fields["leave_type"]
        assert isinstance(unit, forms.ModelChoiceField)
        assert isinstance(kind, forms.ChoiceField)
        unit.queryset = units
        taking = LeaveType.objects.on(today()).filter(counter__in=("CA", "RTT"))
        kind.choices = [("", _("ne sont pas décomptés"))] + [
            (one.code, _("sont pris sur : %(label)s") % {"label": one.label}) for one in taking
        ]
        kind.required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Le dernier jour est avant le premier."))
        elif first and last and (last - first).days > 30:
            self.add_error("last_day", _("Une fermeture dure 31 jours au plus."))
        elif first and first < today():
            self.add_error("first_day", _("La fermeture doit être à venir."))
        return cleaned

    @property
    def period(self) -> Period:
        return Period(self.cleaned_data["first_day"], self.cleaned_data["last_day"])

    def type_chosen(self) -> LeaveType | None:
        code = self.cleaned_data["leave_type"]
        return LeaveType.objects.on(self.cleaned_data["first_day"]).filter(code=code).first() if code else None


class ListForm(forms.Form):
    """A list of agents and days: pasted, or as a file; the dry run puts what was read into the text."""

    KINDS = [
        ("droit", _("Ajouter un droit")),
        ("reprise", _("Reprendre les compteurs de l’ancien système")),
        ("systeme", _("Lire les soldes du système de temps")),
    ]
    kind = forms.ChoiceField(label=_("Opération"), choices=KINDS)
    code = forms.ChoiceField(label=_("Compteur"), initial="CA")
    year = forms.TypedChoiceField(label=_("Année"), coerce=int)
    label = forms.CharField(label=_("Motif"), max_length=200, help_text=_("L’agent le lira à côté du mouvement."))
    as_of = forms.DateField(
        label=_("Soldes au"),
        required=False,
        widget=DayInput,
        help_text=_("Jour des soldes, pour le système de temps."),
    )
    control_people = forms.IntegerField(label=_("Nombre d’agents annoncé"), required=False, min_value=0)
    control_days = forms.DecimalField(
        label=_("Total de jours annoncé"), required=False, decimal_places=1, max_digits=9, localize=True
    )
    rows = forms.CharField(
        label=_("Liste"),
        required=False,
        max_length=LARGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("Une ligne par agent : matricule;jours (des heures pour la récupération)."),
    )
    file = forms.FileField(label=_("ou fichier CSV"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = today().year
        code, year = self.fields["code"], self.fields["year"]
        assert isinstance(code, forms.ChoiceField)
        assert isinstance(year, forms.ChoiceField)
        code.choices = counter_choices()
        year.choices = [(value, str(value)) for value in (present, present + 1, present - 1)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text = cleaned.get("rows", "")
        if cleaned.get("file"):
            text = self._file_text(cleaned["file"])
        if cleaned.get("kind") == "systeme" and not cleaned.get("as_of"):
            self.add_error("as_of", _("Dites de quel jour sont ces soldes."))
        elif cleaned.get("as_of") and cleaned["as_of"] > today():
            self.add_error("as_of", _("Ce jour n’est pas encore passé."))
        if self.errors:
            return cleaned
        in_minutes = CounterKind.objects.filter(code=cleaned["code"], unit=Unit.MINUTE).exists()
        try:
            read = read_rows(text, in_minutes=in_minutes)
        except Unreadable as error:
            self.add_error("rows", str(error))
            return cleaned
        days = cleaned.get("control_days")
        half_days = int(days * (60 if in_minutes else 2)) if days is not None else None
        for fault in check_totals(read, people=cleaned.get("control_people"), half_days=half_days):
            self.add_error(None, fault)
        return cleaned | {"text": text, "read": read}

    def _file_text(self, file: Any) -> str:
        if file.size > LARGEST_LIST:
            self.add_error("file", _("Le fichier est trop lourd : 4 Mo au plus."))
            return ""
        content: bytes = file.read()
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("cp1252", errors="replace")


class AbsencesFilter(forms.Form):
    """The list of absences: between two days, of a group, of a state."""

    STATES = [("", _("Tous les états")), ("submitted", _("En attente")), ("approved", _("Validées"))]
    du = forms.DateField(label=_("Du"), required=False, widget=DayInput)
    au = forms.DateField(label=_("Au"), required=False, widget=DayInput)
    groupe = forms.ChoiceField(label=_("Motif"), required=False)
    etat = forms.ChoiceField(label=_("État"), required=False, choices=STATES)
    unite = forms.CharField(label=_("Unité"), required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group = self.fields["groupe"]
        assert isinstance(group, forms.ChoiceField)
        group.choices = [("", _("Tous les motifs")), *Group.choices]

    def span(self) -> tuple[date, date]:
        """The days asked for, this month when they are not."""
        first = self.cleaned_data.get("du") or today().replace(day=1)
        last = self.cleaned_data.get("au") or first.replace(month=12, day=31)
        return (first, last) if first <= last else (last, first)


class MonthForm(forms.Form):
    """A month to export."""

    month = forms.RegexField(
        label=_("Mois"), regex=r"^20\d\d-(0[1-9]|1[0-2])$", help_text=_("Par exemple 2026-11."), strip=True
    )

    @property
    def first_day(self) -> date:
        return date.fromisoformat(f"{self.cleaned_data['month']}-01")


class TypeForm(forms.ModelForm):  # type: ignore[type-arg]  # not a generic class at run time
    """What HR may change of a type; its code and its counters are the program's."""

    levels = forms.MultipleChoiceField(
        label=_("Qui valide, dans l’ordre"),
        choices=LEVELS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Personne : l’absence est une simple déclaration."),
    )
    effective = forms.DateField(label=_("À partir du"), widget=DayInput)

    class Meta:
        model = LeaveType
        fields = (
            "label", "help", "team_label", "levels", "second_level_from", "document", "document_label",
            "document_hours", "notice_days", "past_days", "cap_request", "cap_year", "pay_code", "pay_effect",
            "secrecy", "derogation", "source",
        )  # fmt: skip
        labels = {
            "label": _("Nom"),
            "help": _("Aide pour l’agent"),
            "team_label": _("Mot montré au responsable"),
            "second_level_from": _("Niveau 2 à partir de (demi-journées)"),
            "document": _("Pièce justificative"),
            "document_label": _("Quelle pièce"),
            "document_hours": _("Délai pour la fournir (heures)"),
            "notice_days": _("Délai de prévenance (jours)"),
            "past_days": _("Déclaration après coup (jours)"),
            "cap_request": _("Plafond par demande (demi-journées)"),
            "cap_year": _("Plafond par an (demi-journées)"),
            "pay_code": _("Code de paie"),
            "pay_effect": _("Effet sur la paie"),
            "secrecy": _("Qui voit le motif"),
            "derogation": _("Qui peut déroger"),
            "source": _("Texte ou règle"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["effective"].initial = today()

    def clean_secrecy(self) -> str:
        """What the law keeps secret stays so."""
        secrecy: str = self.cleaned_data["secrecy"]
        if self.instance.group == Group.HEALTH and secrecy != Secrecy.RESTRICTED:
            raise forms.ValidationError(_("Le motif d’une absence de santé reste réservé aux RH habilitées."))
        return secrecy

    def clean_document(self) -> str:
        return str(Document(self.cleaned_data["document"]))

    def changed_values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class CyclesForm(forms.Form):
    """A file of work cycles, pasted or chosen."""

    rows = forms.CharField(
        label=_("Cycles"),
        required=False,
        max_length=LARGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("La première ligne donne les colonnes."),
    )
    file = forms.FileField(label=_("ou fichier CSV"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        file = cleaned.get("file")
        if file is not None and file.size > LARGEST_LIST:
            self.add_error("file", _("Le fichier est trop lourd : 4 Mo au plus."))
        elif file is not None:
            try:
                cleaned["rows"] = file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("Le fichier n’est pas en UTF-8 : enregistrez-le en « CSV UTF-8 »."))
        if not self.errors and not cleaned.get("rows"):
            self.add_error("rows", _("Collez des lignes ou choisissez un fichier."))
        return cleaned
