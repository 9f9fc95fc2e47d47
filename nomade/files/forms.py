"""A form field for files that people send, checked as it is cleaned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from nomade.files.uploads import (
    DOCUMENTS,
    LARGEST_FILE,
    MEGABYTE,
    MOST_FILES,
    Kind,
    accept_attribute,
    check_all,
    in_words,
)
from nomade.kernel.errors import Refusal


class SeveralFiles(forms.ClearableFileInput):
    """A file control that takes several files."""

    allow_multiple_selected = True


class UploadsField(forms.FileField):
    """Several files of known kinds; `cleaned_data` holds a list of `CheckedFile`, ready for `uploads.keep_all`."""

    widget = SeveralFiles

    def __init__(self, *, kinds: Sequence[Kind] = DOCUMENTS, most: int = MOST_FILES, **options: Any) -> None:
        options.setdefault(
            "help_text",
            _("%(kinds)s ; %(size)s Mo au plus par fichier, %(most)s fichiers au plus.")
            % {"kinds": in_words(kinds), "size": LARGEST_FILE // MEGABYTE, "most": most},
        )
        super().__init__(**options)
        self.kinds, self.most = kinds, most
        self.widget.attrs["accept"] = accept_attribute(kinds)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files, each checked; a sentence names the one that is not taken."""
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if not files:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return []
        try:
            return check_all(files, kinds=self.kinds, most=self.most)
        except Refusal as refusal:
            raise forms.ValidationError(refusal.message, code="refused") from refusal
