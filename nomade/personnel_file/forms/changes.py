"""One form a subject: what is wanted, from when, with which documents."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.files.forms import UploadsField
from nomade.kernel.clock import today
from nomade.personnel_file.models import Custody, Family, Subject, TitleKind


class DateInput(forms.DateInput):
    """The date field of the browser, whose value is always ISO."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def _line(label: Any, most: int, *, required: bool = True, autocomplete: str = "off") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=most, required=required, widget=widget)


def _day(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=DateInput, help_text=hint)


class ChangeForm(forms.Form):
    """What every request has beside its own fields; the fields listed in `own` are what is wanted."""

    own: ClassVar[tuple[str, ...]] = ()
    # How far in the past and in the future a change may take effect.
    earliest_days, latest_days = 366 * 5, 366

    effective_on = _day(gettext_lazy("À partir du"))
    pieces = UploadsField(label=gettext_lazy("Pièces"), most=5, required=False)
    comment = forms.CharField(
        label=gettext_lazy("Précision"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def clean_effective_on(self) -> date:
        day: date = self.cleaned_data["effective_on"]
        if not today() - timedelta(days=self.earliest_days) <= day <= today() + timedelta(days=self.latest_days):
            raise forms.ValidationError(_("Cette date est trop loin : vérifiez l’année."))
        return day

    def after(self) -> dict[str, str]:
        """What is wanted, as text."""
        return {name: _as_text(self.cleaned_data.get(name)) for name in self.own}


def _as_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "").strip()


class AddressForm(ChangeForm):
    """A postal address."""

    own: ClassVar = ("street", "complement", "postcode", "city")
    street = _line(gettext_lazy("Numéro et rue"), 120, autocomplete="address-line1")
    complement = _line(gettext_lazy("Bâtiment, escalier, étage"), 80, required=False, autocomplete="address-line2")
    postcode = forms.RegexField(
        r"^\d{5}$",
        label=gettext_lazy("Code postal"),
        error_messages={"invalid": gettext_lazy("Un code postal a cinq chiffres.")},
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )
    city = _line(gettext_lazy("Commune"), 80, autocomplete="address-level2")


class NameForm(ChangeForm):
    """A birth name or a name in use."""

    own: ClassVar = ("last_name", "usage_name", "first_name")
    last_name = _line(gettext_lazy("Nom de naissance"), 80, autocomplete="family-name")
    usage_name = _line(gettext_lazy("Nom d’usage"), 80, required=False)
    first_name = _line(gettext_lazy("Prénom"), 80, autocomplete="given-name")


class FamilyForm(ChangeForm):
    """A family situation."""

    own: ClassVar = ("family",)
    family = forms.ChoiceField(label=gettext_lazy("Votre situation"), choices=Family.choices)


class ChildForm(ChangeForm):
    """A child to add, or whose charge changes."""

    own: ClassVar = ("first_name", "last_name", "birth_date", "custody")
    first_name = _line(gettext_lazy("Prénom de l’enfant"), 80)
    last_name = _line(gettext_lazy("Nom de l’enfant"), 80)
    birth_date = _day(gettext_lazy("Date de naissance"))
    custody = forms.ChoiceField(label=gettext_lazy("L’enfant est"), choices=Custody.choices)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        born, since = cleaned.get("birth_date"), cleaned.get("effective_on")
        if born and born > today():
            self.add_error("birth_date", _("Cette date est dans l’avenir : déclarez l’enfant après sa naissance."))
        elif born and born < today() - timedelta(days=366 * 30):
            self.add_error("birth_date", _("Vérifiez l’année de naissance."))
        elif born and since and since < born:
            self.add_error("effective_on", _("La charge ne peut pas commencer avant la naissance."))
        return cleaned


class DiplomaForm(ChangeForm):
    """A diploma."""

    own: ClassVar = ("label", "obtained_on")
    label = _line(gettext_lazy("Diplôme"), 120)
    obtained_on = _day(gettext_lazy("Obtenu le"))

    def clean_obtained_on(self) -> date:
        day: date = self.cleaned_data["obtained_on"]
        if day > today():
            raise forms.ValidationError(_("Cette date est dans l’avenir."))
        return day


class LicenceForm(ChangeForm):
    """A driving licence or a certification, with its last day."""

    own: ClassVar = ("kind", "label", "obtained_on", "expires_on")
    kind = forms.ChoiceField(
        label=gettext_lazy("C’est"), choices=[choice for choice in TitleKind.choices if choice[0] != TitleKind.DIPLOMA]
    )
    label = _line(gettext_lazy("Lequel (permis C, CACES R482, habilitation électrique…)"), 120)
    obtained_on = _day(gettext_lazy("Obtenu le"))
    expires_on = _day(gettext_lazy("Valable jusqu’au"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("obtained_on"), cleaned.get("expires_on")
        if first and last and last < first:
            self.add_error("expires_on", _("La fin de validité vient avant l’obtention."))
        return cleaned


class DisabilityForm(ChangeForm):
    """A recognition that the agent chooses to tell."""

    own: ClassVar = ("recognised_on", "recognised_until")
    recognised_on = _day(gettext_lazy("Reconnue le"))
    recognised_until = _day(
        gettext_lazy("Valable jusqu’au"), required=False, hint=gettext_lazy("Laissez vide si elle est sans limite.")
    )


class RectificationForm(ChangeForm):
    """A datum that is wrong and that no other form corrects (RGPD art. 16)."""

    own: ClassVar = ("what", "wrong", "right")
    what = _line(gettext_lazy("Quelle information est fausse ?"), 160)
    wrong = _line(gettext_lazy("Ce qui est écrit"), 300, required=False)
    right = _line(gettext_lazy("Ce qu’il faudrait lire"), 300)


FORMS: dict[Subject, type[ChangeForm]] = {
    Subject.ADDRESS: AddressForm,
    Subject.NAME: NameForm,
    Subject.FAMILY: FamilyForm,
    Subject.CHILD: ChildForm,
    Subject.DIPLOMA: DiplomaForm,
    Subject.LICENCE: LicenceForm,
    Subject.DISABILITY: DisabilityForm,
    Subject.RECTIFICATION: RectificationForm,
}


class DecisionForm(forms.Form):
    """What a desk answers."""

    decision = forms.ChoiceField(choices=[("approve", ""), ("refuse", ""), ("ask", "")])
    version = forms.IntegerField(widget=forms.HiddenInput)
    effective_on = _day(gettext_lazy("Prend effet le"))
    reason = forms.CharField(
        label=gettext_lazy("Motif du refus"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    missing = forms.CharField(
        label=gettext_lazy("Pièce demandée"), required=False, max_length=300, widget=forms.TextInput()
    )

    def clean(self) -> dict[str, Any]:
        """What was written for another answer accepts nothing: « Entrée » in its field presses the first button."""
        data = super().clean() or {}
        if data.get("decision") == "approve" and data.get("missing"):
            said = _("Choisissez « Demander cette pièce » pour l’envoyer, ou effacez-la pour accepter.")
            self.add_error("missing", said)
        if data.get("decision") == "approve" and data.get("reason"):
            self.add_error("reason", _("Choisissez « Refuser » pour l’envoyer, ou effacez ce motif pour accepter."))
        return data
