"""A certificate of somebody who does not exist, to look at a text before it applies."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from nomade.certificates.facts import PRIVATE, Text, head_of, written
from nomade.certificates.models import Kind
from nomade.certificates.paper import made
from nomade.certificates.rules import CODE_LENGTH, unknown_fields
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.ui.filters import medium_date


def preview_pdf(kind: Kind, *, title: str, body: str, signatory: str) -> bytes:
    """The PDF of a fictitious agent; its code opens nothing. Raises `Refusal` for an unknown field."""
    unknown = unknown_fields(body)
    if unknown:
        raise Refusal(_("Ce champ n’existe pas : « %(name)s ».") % {"name": unknown[0]}, field="body")
    values = {
        "civilite_nom": "Mme Dominique Exemple",
        "employeur": settings.NOMADE.organisation,
        "statut": "titulaire",
        "grade": "Adjoint technique",
        "emploi": "Jardinière",
        "service": "Jardins du 15e arrondissement",
        "date_entree": "3 septembre 2012",
        "quotite": "80\u00a0%",
        "date": medium_date(today()),
    }
    text = Text(0, title, body, signatory)
    head = head_of(kind)
    rows = [["Exemple", "personne fictive, sans valeur", *("—" for _column in head[2:])]]
    content = written(text, values, rows, head=head, private=kind in PRIVATE)
    day = today()
    return made(content, number="SPECIMEN", code="0" * CODE_LENGTH, issued=day, valid_until=day + timedelta(days=1))
