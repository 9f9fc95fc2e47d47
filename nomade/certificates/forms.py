"""What agents, officers and checkers type."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from nomade.certificates.models import HumanKind
from nomade.files.forms import UploadsField
from nomade.files.uploads import PDF


class DateInput(forms.DateInput):
    """The date field of the browser, whose value is always ISO."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class CheckForm(forms.Form):
    """The code of a paper."""

    code = forms.CharField(
        label=gettext_lazy("Code de l’attestation"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class SettingsForm(forms.Form):
    """What the owner of a certificate may change."""

    valid_until = forms.DateField(label=gettext_lazy("Vérifiable jusqu’au"), widget=DateInput)
    shows_salary = forms.BooleanField(
        label=gettext_lazy("La personne qui vérifie voit aussi les montants"), required=False
    )


class AskForm(forms.Form):
    """A request that a person answers."""

    kind = forms.ChoiceField(label=gettext_lazy("Document"), choices=HumanKind.choices)
    comment = forms.CharField(
        label=gettext_lazy("Précision"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("N’écrivez rien sur votre santé ni votre vie privée."),
    )
    form_token = forms.CharField(widget=forms.HiddenInput, max_length=40)


class AnswerForm(forms.Form):
    """A document to give, or a reason to refuse."""

    decision = forms.ChoiceField(choices=[("deliver", ""), ("refuse", "")])
    version = forms.IntegerField(widget=forms.HiddenInput)
    document = UploadsField(label=gettext_lazy("Document signé"), kinds=(PDF,), most=1, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Motif"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class TextForm(forms.Form):
    """A version of a text."""

    title = forms.CharField(label=gettext_lazy("Titre"), max_length=120)
    body = forms.CharField(label=gettext_lazy("Texte"), max_length=4000, widget=forms.Textarea(attrs={"rows": 10}))
    signatory = forms.CharField(label=gettext_lazy("Signataire"), max_length=160)
    valid_from = forms.DateField(label=gettext_lazy("S’applique à partir du"), widget=DateInput)
