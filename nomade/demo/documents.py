"""What the demo city's human resources keep: folders with their documents, one to read, one asked for, one to purge."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import fontpkg_atkinson_hyperlegible  # type: ignore[import-untyped]
import typst
from django.conf import settings

from nomade.demo.personas import CAMILLE, MEHDI, SOPHIE, TEAM
from nomade.documents.actions import collections, folders, notices
from nomade.documents.actions.folders import Label
from nomade.documents.models import CollectionItem, DocumentType, FolderDocument
from nomade.files.uploads import PDF, CheckedFile
from nomade.kernel.clock import now, today
from nomade.people.models import Agent, OrgUnit
from nomade.ui.filters import long_date

_DATA = Path(__file__).parent / "data"
_FONTS = Path(fontpkg_atkinson_hyperlegible.__file__).parent / "files"


@dataclass(frozen=True)
class Paper:
    """One document of a folder; `days` ago is its date, None the day its owner came."""

    owner: str
    kind: str
    title: str
    paragraphs: tuple[str, ...]
    days: int | None = None
    asks_receipt: bool = False
    received: bool = False


def _papers() -> list[Paper]:
    with (_DATA / "documents.toml").open("rb") as file:
        return [Paper(**{**row, "paragraphs": tuple(row["paragraphs"])}) for row in tomllib.load(file)["paper"]]


def fill_documents(personas: dict[str, Agent]) -> int:
    """Deposits them by the actions of a real officer, at their dates; how many papers."""
    sophie = personas[SOPHIE]
    head = OrgUnit.objects.select_related("head").get(path="DRH").head or sophie
    kinds = DocumentType.objects.in_bulk()
    papers = _papers()
    for paper in papers:
        owner = personas[paper.owner]
        # Sophie keeps the folders of the parks department; the others are kept by the human resources' own head.
        by = sophie if paper.owner in (CAMILLE, MEHDI) else head
        day = today() - timedelta(days=paper.days) if paper.days is not None else owner.entry_date
        assert day is not None
        label = Label(kinds[paper.kind], paper.title, day, paper.asks_receipt)
        deposited = folders.deposit_one(owner, _pdf(paper.title, day, paper.paragraphs), label, by=by)
        at = max(now() - timedelta(days=paper.days or 0), now() - timedelta(days=6 * 365))
        FolderDocument.objects.filter(pk=deposited.pk).update(
            deposited_at=at, acknowledged_at=at + timedelta(days=1) if paper.received else None
        )
    _ask(personas, sophie, kinds["habilitation"])
    notices.publish(
        _pdf("Consignes par grand froid", today(), _COLD),
        title="Consignes par grand froid",
        unit=OrgUnit.objects.get(path=TEAM),
        status="",
        place="",
        due_on=today() + timedelta(days=15),
        by=sophie,
    )
    return len(papers)


_COLD = (
    "En dessous de -5 °C ressenti, les travaux de plein air sont limités à des séquences de 45 minutes.",
    "Une boisson chaude est disponible au local. Signalez sans attendre un engourdissement des doigts.",
    "Les surfaces gelées sont salées avant l’ouverture du parc au public.",
)


def _ask(personas: dict[str, Agent], sophie: Agent, kind: DocumentType) -> None:
    """Driving licences: Mehdi has sent his, which waits to be checked; Camille has not."""
    asked = collections.ask_many(
        [personas[CAMILLE], personas[MEHDI]],
        title="Permis de conduire en cours de validité",
        instructions="Les deux faces, pour la conduite des véhicules de service.",
        kind=kind,
        wants_expiry=True,
        due_on=today() + timedelta(days=20),
        by=sophie,
    )
    given = CollectionItem.objects.select_related("collection").get(collection=asked, agent=personas[MEHDI])
    scan = _pdf("Permis de conduire", today(), ("Copie fournie par M. Mehdi Benali. Catégories : B, BE.",))
    collections.provide(given, scan, expires_on=today() + timedelta(days=5 * 365), by=personas[MEHDI])


def _pdf(title: str, day: date, paragraphs: tuple[str, ...]) -> CheckedFile:
    data = {
        "employer": settings.NOMADE.organisation,
        "title": title,
        "subtitle": f"Daté du {long_date(day)}",
        "paragraphs": paragraphs,
        "place": f"Fait à Paris, le {long_date(day)}",
        "signatory": "La direction des ressources humaines",
    }
    source: Any = (_DATA / "document.typ").read_bytes()
    content: bytes = typst.compile(
        source, sys_inputs={"data": json.dumps(data)}, font_paths=[str(_FONTS)], pdf_standards=["ua-1"]
    )
    return CheckedFile(f"{title.replace('/', '-')[:60]}.pdf", PDF, content)
