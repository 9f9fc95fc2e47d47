"""The answer of who decides of an absence."""

from __future__ import annotations

import uuid
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from nomade.kernel.errors import Refusal


class DecisionForm(forms.Form):
    """The answer to one request; to refuse, its reasons (typed, or ready-made and completed) and days that suit."""

    decision = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")])
    reason = forms.CharField(required=False, max_length=1000)
    ready_made = forms.CharField(required=False, max_length=500)
    other_first_day = forms.DateField(required=False)
    other_last_day = forms.DateField(required=False)
    version = forms.IntegerField()

    @property
    def full_reason(self) -> str:
        """The ready-made reason, then what was typed."""
        parts = (self.cleaned_data["ready_made"].strip(), self.cleaned_data["reason"].strip())
        return "\n".join(part for part in parts if part)

    @property
    def others(self) -> tuple[date, date] | None:
        """The days proposed instead; one day alone stands for both ends."""
        first, last = self.cleaned_data["other_first_day"], self.cleaned_data["other_last_day"]
        return (first or last, last or first) if first or last else None

    def written_for_a_refusal(self) -> None:
        """« Entrée » in a date presses the first button: what says no validates nothing. Raises Refusal."""
        if self.full_reason or self.others:
            raise Refusal(
                str(_("Un motif ou d’autres dates sont écrits : choisissez « Refuser », ou effacez-les pour valider."))
            )

    @property
    def first_error(self) -> str:
        """What to say of a form that is not valid."""
        if {"other_first_day", "other_last_day"} & self.errors.keys():
            return str(_("Une date proposée n’est pas une date. Corrigez-la et recommencez."))
        return str(_("Le formulaire est incomplet. Rechargez la page et recommencez."))


def chosen_from(values: list[str]) -> dict[uuid.UUID, int]:
    """The requests ticked in a list, each with the version that was shown; what is malformed is left out."""
    chosen: dict[uuid.UUID, int] = {}
    for value in values:
        request_id, _colon, version = value.partition(":")
        try:
            chosen[uuid.UUID(request_id)] = int(version)
        except ValueError:
            continue
    return chosen
