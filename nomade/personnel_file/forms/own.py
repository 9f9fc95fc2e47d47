"""What the agent changes alone."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.files.forms import UploadsField
from nomade.files.uploads import PICTURES
from nomade.personnel_file.actions.own import ContactLine
from nomade.personnel_file.models.own import MOST_CONTACTS

_SIGNS = re.compile(r"[\s.\-()/\u00a0\u202f]+")
_NUMBER = re.compile(r"(?:0[1-9]\d{8}|\+[1-9]\d{6,14})")


class PhoneField(forms.CharField):
    """A French number in the way people write it, or an international one; kept as « 06 12 34 56 78 »."""

    def __init__(self, **options: Any) -> None:
        attrs = {"autocomplete": options.pop("autocomplete", "tel"), "inputmode": "tel"}
        super().__init__(max_length=32, widget=forms.TextInput(attrs=attrs), **options)

    def clean(self, value: Any) -> str:
        """The number, grouped two by two when it is French."""
        typed: str = super().clean(value)
        if not typed:
            return ""
        bare = _SIGNS.sub("", typed)
        bare = "+" + bare[2:] if bare.startswith("00") else bare
        bare = "0" + bare[3:] if bare.startswith("+33") and len(bare) == 12 else bare
        if not _NUMBER.fullmatch(bare):
            raise forms.ValidationError(
                _("Ce numéro n’est pas complet : écrivez dix chiffres (06 12 34 56 78), ou + et l’indicatif du pays.")
            )
        return " ".join(bare[at : at + 2] for at in range(0, 10, 2)) if bare.startswith("0") else bare


class PhonesForm(forms.Form):
    """The agent's own numbers."""

    mobile = PhoneField(label=gettext_lazy("Téléphone mobile"), required=False)
    phone = PhoneField(label=gettext_lazy("Téléphone fixe"), required=False, autocomplete="home tel")


class ContactForm(forms.Form):
    """Somebody to call; a line left empty is no line."""

    order = forms.TypedChoiceField(
        label=gettext_lazy("Ordre d’appel"), coerce=int, choices=[(n, str(n)) for n in range(1, MOST_CONTACTS + 1)]
    )
    name = forms.CharField(
        label=gettext_lazy("Prénom et nom"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tie = forms.CharField(
        label=gettext_lazy("Lien avec vous"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact_phone = PhoneField(label=gettext_lazy("Téléphone"), required=False, autocomplete="off")
    other_phone = PhoneField(label=gettext_lazy("Autre téléphone"), required=False, autocomplete="off")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        known = "contact_phone" not in self.errors and "name" not in self.errors
        if known and cleaned.get("name") and not cleaned.get("contact_phone"):
            self.add_error("contact_phone", _("Écrivez le numéro de cette personne."))
        if known and cleaned.get("contact_phone") and not cleaned.get("name"):
            self.add_error("name", _("Écrivez le nom de cette personne."))
        return cleaned

    @property
    def line(self) -> ContactLine | None:
        """What was typed, or None for an empty line."""
        data = self.cleaned_data
        if not data.get("name"):
            return None
        return ContactLine(data["name"], data["tie"], data["contact_phone"], data["other_phone"])


class PhotoForm(forms.Form):
    """A picture and the square that is kept of it."""

    picture = UploadsField(label=gettext_lazy("Choisir ou prendre une photo"), kinds=PICTURES, most=1)
    zoom = forms.IntegerField(
        label=gettext_lazy("Agrandir"),
        min_value=100,
        max_value=400,
        initial=100,
        widget=forms.NumberInput(attrs={"type": "range", "step": 10}),
    )
    left = forms.IntegerField(
        label=gettext_lazy("De gauche à droite"),
        min_value=0,
        max_value=100,
        initial=50,
        widget=forms.NumberInput(attrs={"type": "range", "step": 2}),
    )
    top = forms.IntegerField(
        label=gettext_lazy("De haut en bas"),
        min_value=0,
        max_value=100,
        initial=30,
        widget=forms.NumberInput(attrs={"type": "range", "step": 2}),
    )
    visible = forms.BooleanField(label=gettext_lazy("Montrer ma photo à mes collègues dans l’annuaire"), required=False)


class PhotoVisibilityForm(forms.Form):
    """Whether colleagues see it."""

    visible = forms.BooleanField(label=gettext_lazy("Montrer ma photo à mes collègues dans l’annuaire"), required=False)
