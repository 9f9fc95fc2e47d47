"""What the form of a letter refuses before it costs anything."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from nomade.mail.writing.choices import largest_letter
from nomade.mail.writing.forms import LetterForm


class Unread(SimpleUploadedFile):
    """A file that says how heavy it is, and that nobody may read."""

    def __init__(self, size: int) -> None:
        super().__init__("plan.pdf", b"x")
        self.size = size

    def read(self, num_bytes: int | None = None) -> bytes:
        raise AssertionError("read before it was weighed")


def test_attachments_are_weighed_before_anything_reads_them() -> None:
    half = largest_letter() // 2 + 1
    form = LetterForm({"to": "a@b.fr", "text": "Voici."}, MultiValueDict({"pieces": [Unread(half), Unread(half)]}))
    assert not form.is_valid()
    assert "dépassent 15 Mo" in str(form.errors["pieces"])
    assert list(form.uploads()) == []
