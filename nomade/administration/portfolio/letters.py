"""Letters to many agents from one text: names put in, then one PDF (PDF/UA-1, PDF/A-2a) to print."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible  # type: ignore[import-untyped]
import typst
from django.conf import settings

from nomade.administration.models import LetterTemplate
from nomade.administration.portfolio.listing import Line
from nomade.ui.filters import long_date

STANDARDS: list[Any] = ["ua-1", "a-2a"]
_SOURCE = Path(__file__).parents[1] / "data" / "letter.typ"
_FONTS = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"
# The names that a text may hold.
NAMES = ("civilite", "prenom", "nom", "matricule", "service", "poste", "date", "fin_contrat")


def filled(text: str, line: Line, day: date) -> str:
    """A text with the names of one agent; anything else in braces stays as it is."""
    agent = line.agent
    known = {
        "civilite": agent.civility,
        "prenom": agent.first_name,
        "nom": agent.shown_last_name,
        "matricule": agent.matricule,
        "service": line.unit,
        "poste": line.post,
        "date": long_date(day),
        "fin_contrat": long_date(line.contract_end) if line.contract_end else "",
    }
    for name in NAMES:
        text = text.replace(f"{{{name}}}", known[name])
    return text


def letters(template: LetterTemplate, lines: Sequence[Line], day: date) -> bytes:
    """One letter an agent, each on its own pages."""
    data = {
        "employer": settings.NOMADE.organisation,
        "title": template.title,
        "date": long_date(day),
        "signature": template.signature,
        "letters": [
            {
                "name": " ".join(part for part in (line.agent.civility, line.agent.full_name) if part),
                "matricule": line.agent.matricule,
                "address": line.agent.address,
                "unit": line.unit,
                "paragraphs": [part.strip() for part in filled(template.body, line, day).split("\n\n") if part.strip()],
            }
            for line in lines
        ],
    }
    source: Any = _SOURCE.read_bytes()
    made: bytes = typst.compile(
        source, sys_inputs={"data": json.dumps(data)}, font_paths=[str(_FONTS)], pdf_standards=STANDARDS
    )
    return made
