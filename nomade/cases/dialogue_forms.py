"""What agents and those who answer them type in a conversation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from nomade.cases.dialogues import DialogueStatus
from nomade.cases.forms import TokenForm, text_field
from nomade.files.forms import UploadsField
from nomade.files.uploads import TICKET_FILES
from nomade.people.models import Agent

MOST_FILES = 5
NOTE = _("Note interne : l’agent ne la lira pas")


def pieces() -> UploadsField:
    """Files that go with a message."""
    return UploadsField(label=_("Photos ou fichiers"), required=False, kinds=TICKET_FILES, most=MOST_FILES)


def path_of(typed: str) -> str:
    """A path of ours, or nothing: what came along with a link may have been altered."""
    return typed[:300] if typed.startswith("/") and not typed.startswith("//") else ""


class ReplyForm(TokenForm):
    """A message of the agent."""

    text = text_field(_("Votre message"), rows=4, error_messages={"required": _("Écrivez votre message.")})
    pieces = pieces()


class MessageForm(TokenForm):
    """A message about a request that somebody decides; those who handle it may keep a note instead."""

    text = text_field(_("Votre message"), rows=3, required=False)
    pieces = UploadsField(label=_("Photos ou fichiers"), required=False, most=MOST_FILES)
    internal = forms.BooleanField(label=NOTE, required=False)

    def __init__(self, *args: Any, notes: bool, **kwargs: Any) -> None:
        # Its fields are beside those of another form.
        super().__init__(*args, auto_id="message_%s", **kwargs)
        if not notes:
            del self.fields["internal"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("text") and not cleaned.get("pieces") and not self.errors:
            self.add_error("text", gettext("Écrivez un message, ou joignez un fichier."))
        return cleaned


class AnswerForm(ReplyForm):
    """A message to the agent and what follows; or a note of those who handle it."""

    # What may follow; the first is proposed.
    after = (
        (DialogueStatus.SOLVED, _("La réponse est complète")),
        (DialogueStatus.PENDING, _("Nous attendons la réponse de l’agent")),
        (DialogueStatus.OPEN, _("Nous continuons à chercher")),
    )

    text = text_field(_("Votre réponse"), rows=7, error_messages={"required": _("Écrivez votre réponse.")})
    then = forms.ChoiceField(label=_("Ensuite"))
    internal = forms.BooleanField(label=NOTE, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        then = cast(forms.ChoiceField, self.fields["then"])
        then.choices, then.initial = list(self.after), self.after[0][0]


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


def row_field(form: forms.Form, name: str, rows: Iterable[Any], empty: Any = "") -> None:
    """Gives a field the rows that it offers: one statement, and the row itself in `cleaned_data`."""
    known = {str(row.pk): row for row in rows}
    first = [("", empty)] if empty else []
    field = cast(forms.TypedChoiceField, form.fields[name])
    field.choices = [*first, *((key, getattr(row, "full_name", None) or str(row)) for key, row in known.items())]
    field.coerce, field.empty_value = known.__getitem__, None


class AssignForm(forms.Form):
    """Who takes it."""

    assignee = forms.TypedChoiceField(label=_("Confier à"), error_messages={"required": _("Choisissez une personne.")})

    def __init__(self, *args: Any, able: Iterable[Agent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row_field(self, "assignee", able)
