"""Two years of news for a benchmark, indexed as the portal does: one command of `nomade shell`.

`PYTHONPATH=tests/load nomade shell -c "from articles import write_articles; write_articles(2000)"`
"""

from __future__ import annotations

from datetime import timedelta

SUBJECTS = (
    "Canicule", "Plan de formation", "Mutuelle", "Travaux", "Élections professionnelles", "Télétravail",
    "Collecte des jouets", "Nouveaux horaires", "Prévention des chutes", "Restauration", "Conférence",
    "Budget participatif",
)  # fmt: skip
TEXT = (
    "Ce qui change pour {subject} à partir de la semaine {week} : les équipes des {unit} sont concernées en premier. "
    "Chaque agent reçoit son équipement, signe la feuille de présence et peut poser ses questions à son responsable. "
    "Les congés déjà accordés sont maintenus ; les nouvelles demandes suivent la règle habituelle. "
) * 6


def write_articles(count: int) -> None:
    """Writes that many published articles, one in three for everybody, the others for a unit; safe to run twice."""
    from django.contrib.postgres.search import SearchVector
    from django.db import transaction
    from django.db.models import Value

    from nomade.kernel.clock import now
    from nomade.news.models import Article, State, Target
    from nomade.news.text import plain, searched
    from nomade.people.access import holders_of
    from nomade.people.models import OrgUnit
    from nomade.people.roles import Role

    author = holders_of(Role.EDITOR).order_by("pk")[0]
    units = list(OrgUnit.objects.order_by("pk"))
    articles, targets = [], []
    for number in range(Article.objects.count(), count):
        unit, subject = units[number % len(units)], SUBJECTS[number % len(SUBJECTS)]
        title = f"{subject} : {unit.label} ({number})"[:160]
        body = TEXT.format(subject=subject.lower(), unit=unit.label, week=number % 52 + 1)
        article = Article(
            title=title, summary=body[:200], body=body, author=author, published_by=author, state=State.PUBLISHED,
            publish_at=now() - timedelta(hours=9 * number + 48), announced_at=now(),
        )  # fmt: skip
        articles.append(article)
        if number % 3:
            targets.append(Target(article=article, unit=unit))
    with transaction.atomic():
        Article.objects.bulk_create(articles, batch_size=500)
        Target.objects.bulk_create(targets, batch_size=500)
        for article in articles:
            head = SearchVector(Value(searched(article.title)), config="french", weight="A")
            rest = SearchVector(Value(searched(article.summary, plain(article.body))), config="french", weight="C")
            Article.objects.filter(pk=article.pk).update(words=head + rest)
