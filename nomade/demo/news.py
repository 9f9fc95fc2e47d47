"""What the demo city tells its agents: the news of the month, and the useful pages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nomade.kernel.clock import PARIS, now, today
from nomade.news import pages
from nomade.news.actions import Written, write_article
from nomade.news.audience import Aim
from nomade.news.models import Article, Kind, Page, State
from nomade.people.models import Agent, OrgUnit


@dataclass(frozen=True)
class Story:
    """One article; `unit` is the code path of those it is for, empty for everybody."""

    kind: Kind
    title: str
    summary: str
    body: str
    days_ago: int
    unit: str = ""
    must_read: bool = False
    pinned: bool = False
    in_days: int | None = None
    place: str = ""


STORIES = (
    Story(
        Kind.ARTICLE,
        "Vos bulletins de paie arrivent sur votre téléphone",
        "Depuis ce mois-ci, chaque bulletin se lit sur le portail dès qu’il est prêt, sans rien installer.",
        "## Ce qui change\n\n- Le bulletin du mois est disponible le jour de la paie.\n- Le montant ne s’affiche que "
        "si vous le demandez.\n- Vos bulletins restent disponibles, même après votre départ.\n\n## Et le papier ?\n\n"
        "Qui préfère le papier peut le demander à son bureau des ressources humaines.",
        2,
        pinned=True,
    ),
    Story(
        Kind.ARTICLE,
        "Consignes de sécurité pour les travaux en hauteur",
        "Harnais, binôme et vérification du matériel : ce que chacun doit connaître avant la taille d’hiver.",
        "## Avant de monter\n\n1. Vérifiez le harnais et la date de contrôle.\n2. Travaillez toujours à deux.\n"
        "3. Balisez la zone.\n\n## En cas d’accident\n\nAppelez le **18**, puis votre responsable.",
        5,
        unit="DEVE",
        must_read=True,
    ),
    Story(
        Kind.EVENT,
        "Vœux aux agents",
        "Un moment pour se retrouver, avec une visite des serres.",
        "L’entrée est libre. Les agents de permanence seront remplacés : parlez-en à votre responsable.",
        1,
        in_days=45,
        place="Salons de l’hôtel de ville",
    ),
    Story(
        Kind.NOTE,
        "Campagne du compte épargne-temps jusqu’au 31 janvier",
        "Vos jours non pris peuvent aller sur le compte épargne-temps, à condition d’avoir pris vingt jours de congés.",
        "La demande se fait avant le 31 janvier. Au-delà de quinze jours épargnés, un choix vous sera proposé.",
        8,
    ),
    Story(
        Kind.ARTICLE,
        "Grand froid : les tenues d’hiver sont au magasin",
        "Parkas, gants et bonnets sont à retirer au dépôt, sur présentation de votre badge.",
        "Le magasin est ouvert de 6 h 30 à 14 h. Une tenue abîmée s’échange sans attendre.",
        12,
        unit="DEVE",
    ),
)


def _evening(moment: datetime, days: int) -> datetime:
    return (moment.astimezone(PARIS) + timedelta(days=days)).replace(hour=18, minute=0, second=0, microsecond=0)


def fill_news(editor: Agent) -> int:
    """Writes and publishes them; how many."""
    moment = now()
    for story in STORIES:
        unit = OrgUnit.objects.filter(path=story.unit).first() if story.unit else None
        fields = {
            "kind": story.kind,
            "title": story.title,
            "summary": story.summary,
            "body": story.body,
            "pinned": story.pinned,
            "must_read": story.must_read,
            "picture_alt": "",
            "starts_at": _evening(moment, story.in_days) if story.in_days else None,
            "place": story.place,
            "ends_at": None,
        }
        article = write_article(None, Written(fields, [Aim(unit=unit)] if unit else []), by=editor, request=None)
        when = moment - timedelta(days=story.days_ago)
        Article.objects.filter(pk=article.pk).update(
            state=State.PUBLISHED, publish_at=when, announced_at=when, published_by=editor
        )
    return len(STORIES)


def fill_pages(keeper: Agent) -> int:
    """Writes the useful pages, to be read again in a year; how many."""
    with (Path(__file__).parent / "data" / "pages.toml").open("rb") as file:
        told = tomllib.load(file)["page"]
    written: dict[str, Page] = {}
    for rank, page in enumerate(told):
        fields = {
            "title": page["title"],
            "summary": page["summary"],
            "body": page["body"].strip(),
            "parent": written.get(page.get("under", "")),
            "owner": keeper,
            "review_by": today() + timedelta(days=365),
            "order": rank,
            "is_shown": True,
        }
        written[page["title"]] = pages.write(None, fields, by=keeper, request=None)
    return len(written)
