"""The printed card: one tagged page, twenty numbered codes, and how they are used."""

from __future__ import annotations

import json

import typst
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from nomade.accounts.devices import device_name
from nomade.accounts.models import Account
from nomade.kernel.clock import today
from nomade.kernel.hosts import origin

_PAGE = """#set document(title: "Carte de codes", author: sys.inputs.organisation)
#set page(paper: "a4", margin: (x: 2.2cm, y: 2cm))
#set text(lang: "fr", size: 11.5pt)
#let codes = json(bytes(sys.inputs.codes))
#text(weight: "bold")[#sys.inputs.organisation]
#v(0.8cm)
= Carte de codes
#v(0.3cm)
Pour : #text(weight: "bold")[#sys.inputs.name] \\
Faite le #sys.inputs.day

Hors du réseau professionnel, le portail #sys.inputs.portal demande votre mot de passe, puis un code de cette carte, par
son numéro. Chaque code sert une seule fois : rayez-le après usage.

#v(0.3cm)
#table(
  columns: (1.4cm, 1fr, 1.4cm, 1fr),
  inset: 8pt,
  stroke: 0.6pt,
  table.header([*N°*], [*Code*], [*N°*], [*Code*]),
  ..{
    let half = calc.ceil(codes.len() / 2)
    let cells = ()
    for i in range(half) {
      for j in (i, i + half) {
        if j < codes.len() {
          cells.push([#(j + 1)])
          cells.push(text(font: "DejaVu Sans Mono", size: 13pt)[#codes.at(j)])
        } else { cells.push([]); cells.push([]) }
      }
    }
    cells
  }
)
#v(0.3cm)
Gardez cette carte chez vous ou dans votre portefeuille, jamais avec votre mot de passe. Perdue ou lue par quelqu’un ?
Retirez-la dans « Mon compte », « Vérification en deux étapes », ou appelez l’assistance. Personne ne vous demandera
jamais un code par téléphone ni par courriel. #sys.inputs.help
"""


def write_card(account: Account, codes: list[str]) -> bytes:
    """The PDF of a card; it is sent once and kept nowhere."""
    phone = settings.NOMADE.support_phone
    made = typst.compile(
        _PAGE.encode(),
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={
            "organisation": settings.NOMADE.organisation,
            "name": account.agent.full_name,
            "day": f"{today():%d/%m/%Y}",
            "portal": origin("portal"),
            "codes": json.dumps(codes),
            "help": f"Assistance : {phone}." if phone else "",
        },
    )
    assert isinstance(made, bytes)
    return made


def as_download(pdf: bytes, account: Account) -> HttpResponse:
    """The card as a file to print."""
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="carte-de-codes-{account.agent.matricule}.pdf"',
            "Cache-Control": "no-store",
        },
    )


def suggested_name(request: HttpRequest) -> str:
    """How a passkey of this device could be called."""
    return device_name(request.headers.get("User-Agent", ""))
