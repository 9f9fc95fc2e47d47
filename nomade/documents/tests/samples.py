"""Files as people send them."""

from __future__ import annotations

from io import BytesIO

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile


def a_pdf(name: str = "arrete.pdf") -> SimpleUploadedFile:
    """A plain PDF of one page."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return SimpleUploadedFile(name, out.getvalue(), content_type="application/pdf")
