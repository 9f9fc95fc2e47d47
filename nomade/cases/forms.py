"""What the forms of every request have in common: sent twice they act once."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms

from nomade.cases.idempotency import new_form_token

LONGEST = 5000


def text_field(label: Any, **options: Any) -> forms.CharField:
    """A text of several lines."""
    rows = options.pop("rows", 6)
    return forms.CharField(label=label, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": rows}), **options)


class TokenForm(forms.Form):
    """A form that acts once, however often it is sent."""

    form_token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"form_token": new_form_token(), **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)

    @property
    def content(self) -> dict[str, object]:
        """What makes two sendings the same: every answer, and the files by what they hold."""
        shown: dict[str, object] = {}
        for name, value in self.cleaned_data.items():
            if name == "pieces":
                shown[name] = [[file.name, hashlib.sha256(file.content).hexdigest()] for file in value]
            elif name != "form_token":
                shown[name] = str(value)
        return shown
