"""The form of a letter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mailkit.mime import addresses
from mailkit.mime.addresses import Address

MOST_RECIPIENTS = 200
LARGEST_LETTER = 15_000_000  # with base64, about 20 MB on the way: what most servers accept


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


class LetterForm(forms.Form):
    """« À », « Copie », « Objet », « Message »."""

    to = forms.CharField(
        label=gettext_lazy("À"),
        max_length=20_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Indiquez au moins une adresse dans « À ».")},
    )
    cc = forms.CharField(
        label=gettext_lazy("Copie"),
        required=False,
        max_length=20_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    subject = forms.CharField(label=gettext_lazy("Objet"), required=False, max_length=500)
    text = forms.CharField(
        label=gettext_lazy("Message"),
        required=False,
        strip=False,
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 14}),
    )
    pieces = SeveralFilesField(label=gettext_lazy("Pièces jointes"), required=False)

    def clean_to(self) -> str:
        """Keeps what was typed; `recipients` reads it."""
        return self._checked("to")

    def clean_cc(self) -> str:
        """Keeps what was typed; `recipients` reads it."""
        return self._checked("cc")

    def _checked(self, name: str) -> str:
        typed = str(self.cleaned_data[name])
        good, bad = addresses.split_typed(typed)
        if bad:
            shown = ", ".join(f"« {piece[:80]} »" for piece in bad[:5])
            raise forms.ValidationError(
                _("Cette adresse n’est pas complète : %(shown)s. Écrivez par exemple prenom.nom@paris.fr.")
                % {"shown": shown}
            )
        if len(good) > MOST_RECIPIENTS:
            raise forms.ValidationError(
                _("Un message part à %(most)s personnes au plus ; vous en avez indiqué %(count)s.")
                % {"most": MOST_RECIPIENTS, "count": len(good)}
            )
        return typed

    def recipients(self, name: str) -> tuple[Address, ...]:
        """The people typed in a field of a valid form."""
        return tuple(addresses.split_typed(self.cleaned_data[name])[0])

    def uploads(self) -> Sequence[UploadedFile]:
        """The files of the form, valid or not; none of them when together they are too heavy to be read."""
        sent = [file for file in self.files.getlist("pieces") if file] if self.is_bound else []
        return sent if self._weigh(sent) <= LARGEST_LETTER else []

    def clean_pieces(self) -> Sequence[UploadedFile]:
        """Weighs the files before anything reads them: they may be a hundred times the memory there is."""
        sent: Sequence[UploadedFile] = self.cleaned_data["pieces"]
        if self._weigh(sent) > LARGEST_LETTER:
            raise forms.ValidationError(
                _("Les pièces jointes dépassent %(most)s Mo. Retirez-en, ou envoyez plusieurs messages.")
                % {"most": LARGEST_LETTER // 1_000_000}
            )
        return sent

    @staticmethod
    def _weigh(files: Iterable[UploadedFile]) -> int:
        return sum(file.size or 0 for file in files)
