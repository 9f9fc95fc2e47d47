"""The paper letter that brings somebody to the portal for the first time."""

from __future__ import annotations

import os
from pathlib import Path

import typst
from django.conf import settings

from nomade.accounts.models import Account
from nomade.kernel.clock import today
from nomade.kernel.hosts import origin

_PAGE = """#set document(title: "Votre accès au portail", author: sys.inputs.organisation)
#set page(paper: "a4", margin: (x: 2.5cm, y: 2.2cm))
#set text(lang: "fr", size: 12pt)
#set par(justify: false)
#text(weight: "bold")[#sys.inputs.organisation]
#v(1.2cm)
#align(right)[#block(width: 8cm)[#set align(left); #sys.inputs.name \\ #sys.inputs.address]]
#v(1.2cm)
= Votre accès au portail des agents
#v(0.4cm)
Bonjour,

Le portail réunit vos bulletins de paie, vos congés et votre messagerie. Pour l’ouvrir, sur un téléphone ou un
ordinateur :

+ allez à l’adresse #text(weight: "bold")[#sys.inputs.portal] ;
+ écrivez votre identifiant et le mot de passe provisoire ci-dessous ;
+ choisissez votre propre mot de passe.

#v(0.4cm)
#block(stroke: 0.8pt, inset: 14pt, radius: 4pt, width: 100%)[
  Identifiant : #text(font: "DejaVu Sans Mono", size: 13pt)[#sys.inputs.login]

  Mot de passe provisoire : #text(font: "DejaVu Sans Mono", size: 13pt)[#sys.inputs.password]
]
#v(0.4cm)
Ce mot de passe ne sert qu’à choisir le vôtre. Gardez cette lettre pour vous et détruisez-la ensuite. Personne ne vous
demandera jamais votre mot de passe, ni par téléphone, ni par courriel.

#sys.inputs.help
#v(1cm)
#sys.inputs.day
"""


def letter_pdf(account: Account, password: str) -> bytes:
    """The letter as a tagged PDF of one page."""
    agent = account.agent
    phone = settings.NOMADE.support_phone
    made = typst.compile(
        _PAGE.encode(),
        format="pdf",
        pdf_standards="ua-1",
        sys_inputs={
            "organisation": settings.NOMADE.organisation,
            "name": f"{agent.civility} {agent.full_name}".strip(),
            "address": agent.address,
            "portal": origin("portal"),
            "login": account.login,
            "password": password,
            "help": f"Une difficulté ? Appelez l’assistance au {phone}." if phone else "",
            "day": f"{today():%d/%m/%Y}",
        },
    )
    assert isinstance(made, bytes)
    return made


def write_letter(path: Path, account: Account, password: str) -> None:
    """Writes a PDF that only its owner may read (0600). Raises OSError."""
    made = letter_pdf(account, password)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(made)
