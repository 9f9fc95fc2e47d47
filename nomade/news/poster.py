"""An article as an A4 poster for the wall of a depot: big type, and a QR code that opens it."""

from __future__ import annotations

import io

import pikepdf
import segno
import typst
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.kernel.hosts import origin
from nomade.news.models import Article
from nomade.news.text import plain
from nomade.ui.filters import long_date

#: What may fit under the title; what does not is read on the portal.
MOST_LETTERS = 1400
SHORTEST = 20
_PAGE = """#set document(title: sys.inputs.title, author: sys.inputs.organisation)
#set page(paper: "a4", margin: (x: 2cm, top: 2cm, bottom: 5.4cm))
#set text(lang: "fr", size: 15pt, font: ("Atkinson Hyperlegible Next", "Atkinson Hyperlegible", "DejaVu Sans"))
#set par(leading: 0.75em, spacing: 1.1em)
#show heading.where(level: 1): set text(size: 38pt)
#text(size: 13pt, weight: "bold")[#sys.inputs.organisation #h(1fr) #sys.inputs.day]
#line(length: 100%, stroke: 3pt + rgb("#1a3a70"))
#v(0.6cm)
= #sys.inputs.title
#v(0.3cm)
#text(size: 20pt, weight: "bold")[#sys.inputs.summary]
#if sys.inputs.event != "" [
  #v(0.2cm)
  #block(fill: rgb("#e8f1fd"), inset: 14pt, radius: 6pt, width: 100%)[#text(size: 18pt)[#sys.inputs.event]]
]
#v(0.3cm)
#for part in sys.inputs.body.split("\\n") { if part.trim() != "" { par(part.trim()) } }
#place(bottom + left, dy: 3.6cm, block(width: 100%)[#grid(columns: (3.4cm, 1fr), gutter: 0.6cm, align: horizon,
  image(bytes(sys.inputs.qr), format: "svg", width: 3.4cm, alt: sys.inputs.qrwords),
  text(size: 14pt)[#sys.inputs.invitation \\ #text(weight: "bold")[#sys.inputs.portal]])])
"""


def poster(article: Article) -> bytes:
    """The PDF (PDF/UA-1, one page): title, summary, the beginning of the text, and where to read the rest."""
    body, room = plain(article.body), MOST_LETTERS
    while True:
        made = _compiled(article, body if len(body) <= room else body[:room].rsplit(" ", 1)[0] + "…")
        with pikepdf.open(io.BytesIO(made)) as pdf:
            if len(pdf.pages) == 1 or room < SHORTEST:
                return made
        room = room * 2 // 3


def _compiled(article: Article, body: str) -> bytes:
    address = origin("portal") + reverse("news:article", args=[article.pk])
    drawn = io.BytesIO()
    segno.make(address, error="m").save(drawn, kind="svg", border=0)
    when = f"{long_date(article.starts_at)}, {article.place}".rstrip(", ") if article.starts_at else ""
    made = typst.compile(
        _PAGE.encode(),
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={
            "title": article.title,
            "summary": article.summary,
            "body": body,
            "event": when,
            "organisation": settings.NOMADE.organisation,
            "day": long_date(article.publish_at) if article.publish_at else "",
            "qr": drawn.getvalue().decode(),
            "qrwords": _("Code à photographier pour lire la suite sur le portail"),
            "invitation": _("Lisez la suite sur votre téléphone :"),
            "portal": origin("portal").removeprefix("https://"),
        },
    )
    assert isinstance(made, bytes)
    return made
