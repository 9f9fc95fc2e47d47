"""A bank account, as its owner types it and as officers check it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from nomade.files.forms import UploadsField
from nomade.personnel_file.rules.iban import IbanFault, checked

_TYPED = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "iban"}


class IbanField(forms.CharField):
    """An IBAN, spaces or not; its message names the groups to read again."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=60, widget=forms.TextInput(attrs=_TYPED), **options)
        self.suspects: tuple[int, ...] = ()

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        try:
            return checked(typed)
        except IbanFault as fault:
            self.suspects = fault.groups
            raise forms.ValidationError(fault.message, code=fault.reason) from fault


class BankForm(forms.Form):
    """The new account and its RIB."""

    iban = IbanField(label=gettext_lazy("IBAN"))
    holder = forms.CharField(
        label=gettext_lazy("Titulaire du compte, comme sur le RIB"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    rib = UploadsField(label=gettext_lazy("RIB"), most=1)


class CheckForm(forms.Form):
    """What an officer reads on the RIB, or why it is refused."""

    decision = forms.ChoiceField(choices=[("check", ""), ("refuse", "")])
    version = forms.IntegerField(widget=forms.HiddenInput)
    typed = forms.CharField(
        label=gettext_lazy("IBAN lu sur le RIB"), required=False, max_length=60, widget=forms.TextInput(attrs=_TYPED)
    )
    reason = forms.CharField(
        label=gettext_lazy("Motif du refus"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
