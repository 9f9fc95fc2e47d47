"""The form of a letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailkit.mime import addresses
from mailkit.mime.addresses import Address
from nomade.mail.models import MailIdentity
from nomade.mail.writing.choices import largest_letter

LONGEST_TEXT = 1_000_000
LONGEST_PEOPLE = 20_000
LONGEST_SUBJECT = 500
IMPORTANCE = (("", gettext_lazy("Normale")), ("high", gettext_lazy("Haute")), ("low", gettext_lazy("Basse")))


class SeveralFiles(forms.ClearableFileInput):
    """A file control that takes several files."""

    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """The files of a letter, in their order."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file checked as a single one would be."""
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [forms.FileField.clean(self, file, None) for file in files if file]


def _people(label: Any, *, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST_PEOPLE,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Indiquez au moins une adresse dans « À ».")},
    )


class RecipientsForm(forms.Form):
    """« À » alone, and how people are read."""

    to = _people(gettext_lazy("À"), required=True)

    def clean_to(self) -> str:
        """Keeps what was typed; `recipients` reads it."""
        return self._checked("to")

    def _checked(self, name: str) -> str:
        typed = str(self.cleaned_data[name])
        good, bad = addresses.split_typed(typed)
        if bad:
            shown = ", ".join(f"« {piece[:80]} »" for piece in bad[:5])
            raise forms.ValidationError(
                _("Cette adresse n’est pas complète : %(shown)s. Écrivez par exemple prenom.nom@paris.fr.")
                % {"shown": shown}
            )
        most = settings.NOMADE.mail_most_recipients
        if len(good) > most:
            raise forms.ValidationError(
                _("Un message part à %(most)s personnes au plus ; vous en avez indiqué %(count)s.")
                % {"most": most, "count": len(good)}
            )
        return typed

    def recipients(self, name: str) -> tuple[Address, ...]:
        """The people typed in a field of a valid form."""
        return tuple(addresses.split_typed(self.cleaned_data[name])[0])


class LetterForm(RecipientsForm):
    """« À », « Copie », « Objet », « Message », and what few letters need."""

    field_order = ("to", "cc", "bcc", "subject", "text")
    cc = _people(gettext_lazy("Copie"))
    bcc = _people(gettext_lazy("Copie cachée"))
    subject = forms.CharField(label=gettext_lazy("Objet"), required=False, max_length=LONGEST_SUBJECT)
    text = forms.CharField(
        label=gettext_lazy("Message"),
        required=False,
        strip=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    html = forms.CharField(required=False, strip=False, max_length=LONGEST_TEXT * 2, widget=forms.HiddenInput)
    identity = forms.ChoiceField(label=gettext_lazy("Identité"), required=False)
    importance = forms.ChoiceField(label=gettext_lazy("Importance"), required=False, choices=IMPORTANCE)
    receipt = forms.BooleanField(label=gettext_lazy("Demander un accusé de lecture"), required=False)
    pieces = SeveralFilesField(label=gettext_lazy("Pièces jointes"), required=False)

    def __init__(self, *args: Any, identities: Sequence[MailIdentity] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(identity.key, f"{identity.label} ({identity.name})") for identity in identities]
        self.fields["identity"].choices = [("", _("Habituelle")), *choices]  # type: ignore[attr-defined]

    def clean_cc(self) -> str:
        """Keeps what was typed; `recipients` reads it."""
        return self._checked("cc")

    def clean_bcc(self) -> str:
        """Keeps what was typed; `recipients` reads it."""
        return self._checked("bcc")

    def uploads(self) -> Sequence[UploadedFile]:
        """The files of the form, valid or not; none of them when together they are too heavy to be read."""
        sent = [file for file in self.files.getlist("pieces") if file] if self.is_bound else []
        return sent if self._weigh(sent) <= largest_letter() else []

    def clean_pieces(self) -> Sequence[UploadedFile]:
        """Weighs the files before anything reads them: they may be a hundred times the memory there is."""
        sent: Sequence[UploadedFile] = self.cleaned_data["pieces"]
        if self._weigh(sent) > largest_letter():
            raise forms.ValidationError(too_heavy())
        return sent

    @staticmethod
    def _weigh(files: Iterable[UploadedFile]) -> int:
        return sum(file.size or 0 for file in files)


def too_heavy() -> str:
    """Said when the files of a letter are more than it may carry."""
    return _("Les pièces jointes dépassent %(most)s Mo. Retirez-en, ou envoyez plusieurs messages.") % {
        "most": largest_letter() // 1_000_000
    }
