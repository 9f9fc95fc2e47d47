"""Files as people send them."""

from __future__ import annotations

from io import BytesIO

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def a_pdf(name: str = "arrete.pdf") -> SimpleUploadedFile:
    """A plain PDF of one page."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return SimpleUploadedFile(name, out.getvalue(), content_type="application/pdf")


def a_text_pdf(*pages: str, name: str = "arrete.pdf") -> SimpleUploadedFile:
    """A PDF whose pages say something."""
    out = BytesIO()
    with pikepdf.new() as pdf:
        for text in pages:
            page = pdf.add_blank_page(page_size=(595, 842))
            letters = pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=pdf.make_indirect(letters)))
            shown = b"\n".join(
                b"1 0 0 1 60 %d Tm (%s) Tj" % (760 - 20 * rank, _escaped(line))
                for rank, line in enumerate(text.splitlines())
            )
            page.Contents = pdf.make_stream(b"BT /F1 12 Tf\n" + shown + b"\nET")
        pdf.save(out)
    return SimpleUploadedFile(name, out.getvalue(), content_type="application/pdf")


def _escaped(line: str) -> bytes:
    return line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def a_photograph(name: str = "permis.jpg", side: int = 2400) -> SimpleUploadedFile:
    """A scan full of noise: what weighs most once drawn."""
    noise = Image.effect_noise((side, side), 90).convert("RGB")
    out = BytesIO()
    noise.save(out, "JPEG", quality=95)
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")
