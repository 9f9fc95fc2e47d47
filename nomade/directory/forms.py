"""What is typed in the directory: one's own choice, and how to reach a unit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from nomade.directory.models import UnitCard
from nomade.people.models import Agent

_PHONE = RegexValidator(r"^\+?[0-9][0-9 .\-]{3,30}$", _("Écrivez un numéro comme 01 42 76 40 40."))


class VisibilityForm(forms.Form):
    """What colleagues see of me."""

    shows_mobile = forms.BooleanField(label=_("Montrer mon numéro de mobile à mes collègues"), required=False)


class GroupForm(forms.Form):
    """The name of a group of colleagues."""

    name = forms.CharField(label=_("Nom du groupe"), max_length=60)


class UnitCardForm(forms.ModelForm):  # type: ignore[type-arg]  # Django has no generic form at run time
    """How to reach a unit; the deputy is named by matricule."""

    deputy_matricule = forms.CharField(label=_("Matricule de l’adjoint ou adjointe"), required=False, max_length=20)
    phone = forms.CharField(label=_("Téléphone du standard"), required=False, max_length=32, validators=[_PHONE])

    class Meta:
        model = UnitCard
        fields = ("mailbox", "phone", "address", "hours", "missions")
        labels = {
            "mailbox": _("Boîte aux lettres partagée"),
            "address": _("Adresse"),
            "hours": _("Horaires"),
            "missions": _("Missions"),
        }

    field_order = ("deputy_matricule", "phone", "mailbox", "address", "hours", "missions")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        deputy = self.instance.deputy
        self.fields["deputy_matricule"].initial = deputy.matricule if deputy else ""

    def clean_deputy_matricule(self) -> Agent | None:
        """The deputy, who must be one of the agents."""
        matricule = self.cleaned_data["deputy_matricule"].strip()
        if not matricule:
            return None
        deputy = Agent.objects.filter(matricule=matricule).first()
        if deputy is None:
            raise forms.ValidationError(_("Aucun agent n’a ce matricule : vérifiez-le sur sa fiche de l’annuaire."))
        return deputy

    def card(self) -> UnitCard:
        """The card as typed, not saved."""
        card: UnitCard = self.save(commit=False)
        card.deputy = self.cleaned_data["deputy_matricule"]
        return card
