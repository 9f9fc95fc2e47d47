"""Teams, categories and articles shipped with the program, added after each migration.

A row that is already there is left as the support made it; only missing ones are added.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from django.apps import apps as installed_apps
from django.apps.registry import Apps
from django.db import DEFAULT_DB_ALIAS

from nomade.cases.searching import vector

DATA = Path(__file__).parent / "data"
# The category of what is reported from a page of the portal.
MALFUNCTION = "dysfonctionnement"


def fill_tables(sender: Any, *, apps: Apps = installed_apps, using: str = DEFAULT_DB_ALIAS, **_others: Any) -> None:
    """Receives `post_migrate`, which also comes, without `apps`, when tests empty the base."""
    try:
        team, category = apps.get_model("support", "Team"), apps.get_model("support", "Category")
        article = apps.get_model("support", "Article")
    except LookupError:  # migrated back to before the tables existed
        return
    team.objects.using(using).bulk_create([team(**row) for row in rows("teams.csv")], ignore_conflicts=True)
    teams = {known.code: known for known in team.objects.using(using)}
    categories = [
        category(**row | {"team": teams.get(row["team"]), "priority": int(row["priority"]), "order": int(row["order"])})
        for row in rows("categories.csv")
    ]
    category.objects.using(using).bulk_create(categories, ignore_conflicts=True)
    _add_articles(article, {known.code: known for known in category.objects.using(using)}, using)


def _add_articles(article: Any, categories: dict[str, Any], using: str) -> None:
    known = set(article.objects.using(using).values_list("slug", flat=True))
    for path in sorted((DATA / "articles").glob("*.md")):
        if path.stem in known:
            continue
        title, summary, category, body = read_article(path)
        added = article.objects.using(using).create(
            slug=path.stem, title=title, summary=summary, body=body, category=categories.get(category)
        )
        searched = vector((title, "A"), (summary, "B"), (body, "C"))
        article.objects.using(using).filter(pk=added.pk).update(search=searched)


def rows(name: str) -> list[dict[str, Any]]:
    """Rows of a data file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def read_article(path: Path) -> tuple[str, str, str, str]:
    """Title, summary, category and text: the first three lines, then the rest."""
    title, summary, category, body = path.read_text(encoding="utf-8").split("\n", 3)
    return title.removeprefix("# "), summary, category, body.strip()
