"""What is typed about the compte épargne-temps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.leave.models import AccountOption
from nomade.leave.rules.cet import HALVES_IN_DAY
from nomade.leave.savings import Choice, Source
from nomade.ui.filters import days


class SavingForm(forms.Form):
    """Whole days to save, one field a counter."""

    form_token = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, sources: Sequence[Source], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for source in sources:
            hint = _("Au plus %(most)s, sur %(left)s restants.")
            self.fields[source.name] = forms.IntegerField(
                label=source.label,
                min_value=0,
                required=False,
                help_text=" ".join(
                    [hint % {"most": days(source.payable), "left": days(source.left)}, source.why]
                ).strip(),
            )

    @property
    def amounts(self) -> dict[str, int]:
        """Half-days by field; what is left empty is none."""
        return {
            name: value * HALVES_IN_DAY for name, value in self.cleaned_data.items() if name != "form_token" and value
        }


class ChoiceForm(forms.Form):
    """What becomes of the days above the threshold."""

    option = forms.ChoiceField(label=gettext_lazy("Je choisis de"), widget=forms.RadioSelect)
    paid = forms.IntegerField(label=gettext_lazy("Si je partage : jours payés"), min_value=0, required=False)
    pension = forms.IntegerField(
        label=gettext_lazy("Si je partage : jours versés à la RAFP"), min_value=0, required=False
    )

    def __init__(self, choice: Choice, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        option = self.fields["option"]
        assert isinstance(option, forms.ChoiceField)
        option.choices = [
            (value, label)
            for value, label in AccountOption.choices
            if choice.may_pension or value != AccountOption.PENSION
        ]
        if not choice.may_pension:
            del self.fields["pension"]
        if choice.made is not None and not self.is_bound:
            self.initial = {
                "option": choice.made.option,
                "paid": choice.made.paid // HALVES_IN_DAY or None,
                "pension": choice.made.pension // HALVES_IN_DAY or None,
            }

    def shares(self) -> dict[str, int]:
        return {name: (self.cleaned_data.get(name) or 0) * HALVES_IN_DAY for name in ("paid", "pension")}


class SavingDecisionForm(forms.Form):
    """The answer of HR."""

    decision = forms.ChoiceField(choices=[("accept", ""), ("refuse", "")])
    reason = forms.CharField(required=False, max_length=300)
