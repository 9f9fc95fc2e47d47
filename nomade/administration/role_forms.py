"""What gives a role: to whom, which, over what, from when to when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.kernel.clock import today
from nomade.people.models import Agent, OrgUnit
from nomade.people.roles import Role


class RoleForm(forms.Form):
    """Agent and unit are typed: there are 55,000 of one and thousands of the other."""

    agent = forms.CharField(label=gettext_lazy("Agent"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Rôle"), choices=Role.choices)
    unit = forms.CharField(label=gettext_lazy("Unité"), max_length=400, required=False)
    since = forms.DateField(
        label=gettext_lazy("Premier jour"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("Dernier jour"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_agent(self) -> Agent:
        typed = self.cleaned_data["agent"].strip()
        found = Agent.objects.filter(Q(matricule=typed) | Q(login=typed.lower())).first()
        if found is None:
            raise ValidationError(_("Aucun agent n’a ce matricule ni cet identifiant."))
        return found

    def clean_unit(self) -> OrgUnit | None:
        typed = self.cleaned_data["unit"].strip()
        if not typed:
            return None
        units = list(OrgUnit.objects.existing(today()).filter(Q(code=typed) | Q(path=typed))[:2])
        if not units:
            raise ValidationError(_("Aucune unité n’a ce code. Laissez vide pour toute la collectivité."))
        if len(units) > 1:
            raise ValidationError(_("Plusieurs unités ont ce code : écrivez le chemin entier, comme DEVE/J15."))
        return units[0]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("since") and cleaned["since"] < today():
            self.add_error("since", _("Un rôle ne commence pas dans le passé."))
        return cleaned

    def wanted(self) -> dict[str, Any]:
        """What `granting.give` needs, of a valid form."""
        data = self.cleaned_data
        return {
            "agent": data["agent"],
            "role": Role(data["role"]),
            "perimeter": data["unit"],
            "since": data["since"],
            "until": data["until"],
        }
