"""What HR types about the rules of leave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.kernel.clock import today
from nomade.leave.details import DayInput
from nomade.leave.figures import CHOICES, Line, Words
from nomade.leave.hr_forms import LARGEST_LIST
from nomade.leave.tables import Unreadable
from nomade.leave.time_system import read_answers

SEPARATOR = "|"
NEW = "nouvelle"
HINTS = {
    "number": gettext_lazy("Un nombre entier."),
    "money": gettext_lazy("Un nombre, par exemple 83,00."),
    "month_day": gettext_lazy("Mois et jour : 03-31 pour le 31 mars."),
    "day": gettext_lazy("Un jour : 2026-07-01."),
    "holiday": gettext_lazy("Le nom du jour férié."),
    "share": gettext_lazy("Une fraction, par exemple 6/7."),
}


class FigureForm(forms.Form):
    """Another value of one line of a key, from a day on."""

    line_chosen = forms.ChoiceField(label=gettext_lazy("Ligne"))
    argument = forms.CharField(
        label=gettext_lazy("Nom de la nouvelle ligne"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Seulement pour ajouter une ligne : un événement, un statut, une date 07-14."),
    )
    value = forms.CharField(label=gettext_lazy("Nouvelle valeur"), max_length=60)
    valid_from = forms.DateField(label=gettext_lazy("À partir du"), widget=DayInput)
    source = forms.CharField(
        label=gettext_lazy("Texte ou délibération"),
        max_length=300,
        help_text=gettext_lazy("Cité aux agents avec chaque refus."),
    )
    verified = forms.BooleanField(label=gettext_lazy("Vérifié dans le texte"), required=False)

    def __init__(self, words: Words, history: Sequence[Line], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        latest: dict[str, Line] = {}
        for line in history:
            latest.setdefault(f"{line.row.argument}{SEPARATOR}{line.row.population}", line)
        choices = [(key, _line_label(line)) for key, line in latest.items()]
        with_arguments = any(line.row.argument for line in history)
        if with_arguments:
            choices.append((NEW, str(_("Nouvelle ligne"))))
        else:
            del self.fields["argument"]
        chosen = self.fields["line_chosen"]
        assert isinstance(chosen, forms.ChoiceField)
        chosen.choices = choices
        self.fields["valid_from"].initial = today()
        self.fields["value"].help_text = str(HINTS.get(words.kind, ""))
        if words.kind in CHOICES:
            self.fields["value"] = forms.ChoiceField(
                label=_("Nouvelle valeur"), choices=list(CHOICES[words.kind].items())
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("line_chosen") == NEW and not cleaned.get("argument"):
            self.add_error("argument", _("Nommez la ligne à ajouter."))
        return cleaned

    @property
    def line(self) -> tuple[str, str, str]:
        """The argument, the population, and the value of a valid form."""
        chosen = self.cleaned_data["line_chosen"]
        if chosen == NEW:
            return self.cleaned_data["argument"], "", self.cleaned_data["value"]
        argument, _bar, population = chosen.partition(SEPARATOR)
        return argument, population, self.cleaned_data["value"]

    @property
    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("valid_from", "source", "verified")}


def _line_label(line: Line) -> str:
    named = " ".join(
        part for part in (line.row.argument, f"({line.row.population})" if line.row.population else "") if part
    )
    return f"{named} : {line.said}" if named else line.said


class ReasonForm(forms.Form):
    """A ready-made reason."""

    text = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Une phrase entière, un fait : l’agent la lira telle quelle."),
    )


class AnswersForm(forms.Form):
    """The answers of the time system: pasted, or as a file."""

    rows = forms.CharField(
        label=gettext_lazy("Réponses"),
        required=False,
        max_length=LARGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy("Une ligne par demande : reference;acceptee ou reference;refusee;motif."),
    )
    file = forms.FileField(label=gettext_lazy("ou fichier CSV"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        text, file = cleaned.get("rows", ""), cleaned.get("file")
        if file is not None and file.size > LARGEST_LIST:
            self.add_error("file", _("Le fichier est trop lourd : 4 Mo au plus."))
        elif file is not None:
            text = file.read().decode("utf-8-sig", errors="replace")
        if self.errors:
            return cleaned
        try:
            return cleaned | {"answers": read_answers(text)}
        except Unreadable as error:
            self.add_error("file" if file is not None else "rows", str(error))
            return cleaned
