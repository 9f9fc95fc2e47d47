"""A certificate as PDF/UA-1 and PDF/A-2a, made by Typst."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible  # type: ignore[import-untyped]
import segno
import typst

from nomade.certificates.rules import Content, grouped
from nomade.kernel.hosts import absolute_url
from nomade.ui.filters import medium_date

STANDARDS: list[Any] = ["ua-1", "a-2a"]
_SOURCE = Path(__file__).parent / "data" / "certificate.typ"
_FONTS = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"


def made(content: Content, *, number: str, code: str, issued: date, valid_until: date) -> bytes:
    """The PDF of a certificate."""
    page = absolute_url("portal", "certificates_check:check")
    address = f"{page}?code={code}"
    data = {
        "title": content.title,
        "employer": content.employer,
        "paragraphs": content.paragraphs,
        "rows": content.rows,
        "head": content.head or ["Élément", "Valeur"],
        "signatory": content.signatory,
        "number": number,
        "issued": medium_date(issued),
        "year": issued.year,
        "month": issued.month,
        "day": issued.day,
        "valid_until": medium_date(valid_until),
        "code": grouped(code),
        "page": page,
        "address": address,
        "qr": _qr(address),
    }
    source: Any = _SOURCE.read_bytes()
    result: bytes = typst.compile(
        source,
        sys_inputs={"data": json.dumps(data)},
        font_paths=[str(_FONTS)],
        pdf_standards=STANDARDS,
    )
    return result


def _qr(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(out, kind="svg", border=2)
    return out.getvalue().decode()
