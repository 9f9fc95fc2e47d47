"""How an agent wants to be written to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from nomade.notifications.models import Delivery, Rhythm
from nomade.notifications.rhythm import A_WEEK, Rest
from nomade.notifications.topics import topics
from nomade.ui.filters import capitalised

HOURS = [(hour, f"{hour} h") for hour in range(24)]


class PreferencesForm(forms.Form):
    """One choice a topic, quiet hours, days off."""

    quiet_from = forms.TypedChoiceField(label=_("Ne pas m’écrire à partir de"), choices=HOURS, coerce=int)
    quiet_to = forms.TypedChoiceField(
        label=_("Jusqu’à"), choices=HOURS, coerce=int, help_text=_("Deux heures égales : aucune heure de silence.")
    )
    days_off = forms.TypedMultipleChoiceField(
        label=_("Ne pas m’écrire le"),
        choices=[(day, capitalised(str(WEEKDAYS[day]))) for day in range(A_WEEK)],
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    spares_absences = forms.BooleanField(
        label=_("Ni pendant mes congés, ni les jours que je ne travaille pas"),
        required=False,
        help_text=_(
            "Les courriels attendent votre retour, deux mois au plus. La sécurité de votre compte n’attend pas."
        ),
    )

    def __init__(self, data: Any = None, *, chosen: dict[str, str], rhythm: Rhythm) -> None:
        initial = {
            "quiet_from": rhythm.quiet_from,
            "quiet_to": rhythm.quiet_to,
            "days_off": sorted(rhythm.days_off),
            "spares_absences": rhythm.spares_absences,
        }
        super().__init__(data, initial=initial)
        self.topics = list(topics())
        for key, label in topics().items():
            self.fields[f"topic_{key}"] = forms.ChoiceField(
                label=label, choices=Delivery.choices, initial=chosen.get(key, Delivery.NOW)
            )

    def topic_fields(self) -> list[Any]:
        """The fields of the topics, for the template."""
        return [self[f"topic_{key}"] for key in self.topics]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if len(cleaned.get("days_off", [])) == A_WEEK:
            self.add_error("days_off", _("Gardez au moins un jour où l’on peut vous écrire."))
        return cleaned

    def rest(self) -> Rest:
        """Quiet hours and days as typed."""
        cleaned = self.cleaned_data
        return Rest(cleaned["quiet_from"], cleaned["quiet_to"], frozenset(cleaned["days_off"]))

    def deliveries(self) -> dict[str, str]:
        """The choices, by topic."""
        return {key: self.cleaned_data[f"topic_{key}"] for key in self.topics}
