"""What agents and officers type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from nomade.cases.dialogue_forms import path_of, pieces, row_field
from nomade.cases.forms import TokenForm, text_field
from nomade.questions.models import Office, Topic


class AskForm(TokenForm):
    """« Poser une question ». The topics are grouped by the office that answers this very agent."""

    topic = forms.TypedChoiceField(
        label=_("Sur quoi porte votre question ?"),
        error_messages={
            "required": _("Choisissez sur quoi porte votre question."),
            "invalid_choice": _("Ce sujet n’est plus proposé : choisissez-en un autre."),
        },
    )
    subject = forms.CharField(
        label=_("Votre question en quelques mots"),
        max_length=160,
        help_text=_("Exemple : pourquoi mon net a-t-il baissé ce mois-ci ?"),
        error_messages={"required": _("Dites votre question en quelques mots.")},
    )
    text = text_field(
        _("Précisez votre question"),
        help_text=_("Les dates, les montants, ce que vous avez déjà fait. Aucun détail médical, aucun mot de passe."),
        error_messages={"required": _("Précisez votre question.")},
    )
    pieces = pieces()
    page = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)
    about = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)

    def __init__(self, *args: Any, topics: Sequence[Topic], offices: dict[int, Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_code = {topic.code: topic for topic in topics}
        groups: dict[str, list[tuple[str, str]]] = {}
        for topic in topics:
            groups.setdefault(offices[topic.pk].label, []).append((topic.code, topic.label))
        field = cast(forms.TypedChoiceField, self.fields["topic"])
        field.choices = [("", _("Choisir")), *groups.items()]
        field.coerce = by_code.__getitem__

    def clean_page(self) -> str:
        """Only a path of ours."""
        return path_of(str(self.cleaned_data["page"]))


class HandOverForm(forms.Form):
    """To which office, and what its people should know."""

    office = forms.TypedChoiceField(label=_("Transmettre à"), error_messages={"required": _("Choisissez un bureau.")})
    note = text_field(_("Note pour ce bureau"), rows=3, required=False, help_text=_("L’agent ne la lira pas."))

    def __init__(self, *args: Any, offices: Iterable[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "office", offices, _("Choisir"))
