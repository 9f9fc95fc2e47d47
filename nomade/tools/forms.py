"""A tool as an administrator types it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from nomade.people.models import OrgUnit
from nomade.tools.models import Tool


class ToolForm(forms.ModelForm):  # type: ignore[type-arg]  # Django has no generic form at run time
    """Name, address, and for whom."""

    url = forms.CharField(
        label=_("Adresse"),
        max_length=400,
        validators=[
            URLValidator(schemes=["https", "http"], message=_("Écrivez une adresse comme https://outil.ville.fr/."))
        ],
    )
    unit_path = forms.CharField(
        label=_("Unité, et tout ce qui en dépend"),
        required=False,
        max_length=400,
        help_text=_("Son code, comme DEVE/SD-ARBRE. Vide : pour toutes les unités."),
    )

    class Meta:
        model = Tool
        fields = ("name", "description", "url", "icon", "role", "on_site_only", "order", "is_active")
        labels = {
            "name": _("Nom"),
            "description": _("À quoi il sert, en une phrase"),
            "icon": _("Dessin"),
            "role": _("Rôle"),
            "on_site_only": _("Ouvert seulement depuis le réseau professionnel"),
            "order": _("Rang"),
            "is_active": _("Visible"),
        }

    field_order = ("name", "description", "url", "icon", "unit_path", "role", "on_site_only", "order", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_path"].initial = self.instance.unit.path if self.instance.unit else ""

    def clean_unit_path(self) -> OrgUnit | None:
        """The unit, which must exist."""
        path = self.cleaned_data["unit_path"].strip().strip("/")
        if not path:
            return None
        unit = OrgUnit.objects.filter(path=path).first()
        if unit is None:
            raise forms.ValidationError(_("Cette unité n’existe pas : écrivez son code, comme DEVE/SD-ARBRE."))
        return unit

    def tool(self) -> Tool:
        """The tool as typed, not saved."""
        tool: Tool = self.save(commit=False)
        tool.unit = self.cleaned_data["unit_path"]
        return tool
