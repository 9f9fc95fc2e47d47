"""What an HR officer types to write to many."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from nomade.cases.forms import text_field


class TemplateForm(forms.Form):
    """A letter."""

    title = forms.CharField(
        label=_("Objet"), max_length=160, error_messages={"required": _("Donnez un objet à cette lettre.")}
    )
    body = text_field(
        _("Texte"),
        rows=12,
        help_text=_(
            "Une ligne vide sépare deux paragraphes. Remplacés pour chacun : {civilite}, {prenom}, {nom}, {matricule}, "
            "{service}, {poste}, {date}, {fin_contrat}."
        ),
        error_messages={"required": _("Écrivez le texte de la lettre.")},
    )
    signature = forms.CharField(label=_("Signature"), max_length=200, required=False)
    active = forms.BooleanField(label=_("Proposée"), required=False, initial=True)
