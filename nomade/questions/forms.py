"""What agents and officers type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from nomade.cases.dialogues import DialogueStatus
from nomade.cases.forms import TokenForm, text_field
from nomade.files.forms import UploadsField
from nomade.files.uploads import TICKET_FILES
from nomade.people.models import Agent
from nomade.questions.models import Office, Topic

MOST_FILES = 5
AFTER_ANSWER = [
    (DialogueStatus.SOLVED, _("La réponse est complète")),
    (DialogueStatus.PENDING, _("Nous attendons la réponse de l’agent")),
    (DialogueStatus.OPEN, _("Nous continuons à chercher")),
]


def pieces() -> UploadsField:
    """Files that go with a message."""
    return UploadsField(label=_("Photos ou fichiers"), required=False, kinds=TICKET_FILES, most=MOST_FILES)


def path_of(typed: str) -> str:
    """A path of ours, or nothing: what came along with a link may have been altered."""
    return typed[:300] if typed.startswith("/") and not typed.startswith("//") else ""


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


class ReplyForm(TokenForm):
    """A message of the agent."""

    text = text_field(_("Votre message"), rows=4, error_messages={"required": _("Écrivez votre message.")})
    pieces = pieces()


class AnswerForm(ReplyForm):
    """A message of the officer and what follows; or a note of those who handle the question."""

    text = text_field(_("Votre réponse"), rows=7, error_messages={"required": _("Écrivez votre réponse.")})
    then = forms.ChoiceField(label=_("Ensuite"), choices=AFTER_ANSWER, initial=DialogueStatus.SOLVED)
    internal = forms.BooleanField(label=_("Note interne : l’agent ne la lira pas"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class OpinionForm(forms.Form):
    """One tap; a comment may follow."""

    satisfaction = forms.TypedChoiceField(
        choices=[(4, ""), (3, ""), (2, ""), (1, "")],
        coerce=int,
        error_messages={
            "required": _("Choisissez une des quatre réponses."),
            "invalid_choice": _("Choisissez une des quatre réponses."),
        },
    )
    comment = forms.CharField(label=_("Un mot de plus"), max_length=500, required=False)


def _choices(rows: Iterable[Any], empty: Any = "") -> tuple[list[tuple[str, Any]], dict[str, Any]]:
    """The choices of a list of rows, and each by its key."""
    known = {str(row.pk): row for row in rows}
    first = [("", empty)] if empty else []
    return [*first, *((key, getattr(row, "full_name", None) or str(row)) for key, row in known.items())], known


def row_field(form: forms.Form, name: str, rows: Iterable[Any], empty: Any = "") -> None:
    """Gives a field the rows that it offers: one statement, and the row itself in `cleaned_data`."""
    choices, known = _choices(rows, empty)
    field = cast(forms.TypedChoiceField, form.fields[name])
    field.choices, field.coerce, field.empty_value = choices, known.__getitem__, None


class AssignForm(forms.Form):
    """Who takes a question."""

    assignee = forms.TypedChoiceField(label=_("Confier à"), error_messages={"required": _("Choisissez une personne.")})

    def __init__(self, *args: Any, officers: Iterable[Agent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "assignee", officers)


class HandOverForm(forms.Form):
    """To which office, and what its people should know."""

    office = forms.TypedChoiceField(label=_("Transmettre à"), error_messages={"required": _("Choisissez un bureau.")})
    note = text_field(_("Note pour ce bureau"), rows=3, required=False, help_text=_("L’agent ne la lira pas."))

    def __init__(self, *args: Any, offices: Iterable[Office], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "office", offices)
