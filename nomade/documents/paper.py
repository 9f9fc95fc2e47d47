"""The certificate of destruction, as PDF/UA-1 and PDF/A-2a, made by Typst from the list that was signed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible  # type: ignore[import-untyped]
import typst
from django.conf import settings

from nomade.documents.models import Purge
from nomade.ui.filters import date_time

STANDARDS: list[Any] = ["ua-1", "a-2a"]
_SOURCE = Path(__file__).parent / "data" / "destruction.typ"
_FONTS = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"


def fingerprint_of(purge: Purge) -> str:
    """SHA-256 of the list as it was carried out; the journal holds the same."""
    return hashlib.sha256(json.dumps(purge.lines, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def destruction_certificate(purge: Purge) -> bytes:
    """The PDF of a list that was signed and carried out. It names documents by type, matricule and fingerprint."""
    assert purge.signed_by is not None
    assert purge.done_at is not None
    gone = [line for line in purge.lines if line[6] == "supprimé"]
    data = {
        "employer": settings.NOMADE.organisation,
        "number": str(purge.pk),
        "proposed": f"{purge.proposed_by.full_name}, le {date_time(purge.proposed_at)}",
        "signed": f"{purge.signed_by.full_name}, le {date_time(purge.done_at)}",
        "count": len(gone),
        "kept": len(purge.lines) - len(gone),
        "rows": [[line[1], line[2], line[3], line[5], line[4]] for line in gone],
        "digest": fingerprint_of(purge),
        "year": purge.done_at.year,
        "month": purge.done_at.month,
        "day": purge.done_at.day,
    }
    source: Any = _SOURCE.read_bytes()
    made: bytes = typst.compile(
        source, sys_inputs={"data": json.dumps(data)}, font_paths=[str(_FONTS)], pdf_standards=STANDARDS
    )
    return made
