"""The only writers of articles, receipts and openings."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import F, Value
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.files import store
from nomade.files.uploads import CheckedFile, keep_all
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.news.access import holds, perimeters_of
from nomade.news.audience import Aim, agents_aimed_at, waited_for
from nomade.news.models import Article, Attachment, Kind, Opening, Receipt, State, Target
from nomade.news.text import plain, searched
from nomade.notifications.actions import notify_many
from nomade.people.access import supervised_by
from nomade.people.models import Agent

REMIND_EVERY = timedelta(hours=24)


@dataclass(frozen=True)
class Written:
    """What an editor typed: fields by name, aims, and files just sent."""

    fields: dict[str, Any]
    aims: Sequence[Aim]
    picture: CheckedFile | None = None
    drop_picture: bool = False
    documents: Sequence[CheckedFile] = ()
    version: int | None = None


@transaction.atomic
def write_article(article: Article | None, written: Written, *, by: Agent, request: HttpRequest | None) -> Article:
    """Keeps an article as typed. Raises Refusal outside the editor's perimeter, without alternative, or if outdated."""
    article = Article.objects.select_for_update().get(pk=article.pk) if article else Article(author=by)
    _check_perimeter(by, written.aims)
    if written.version is not None and written.version != article.version:
        raise Refusal(_("Quelqu’un a modifié cet article entre-temps : rechargez la page, votre texte est ci-dessous."))
    for name, value in written.fields.items():
        setattr(article, name, value)
    _picture(article, written, by)
    article.version += 1
    article.save()
    article.targets.all().delete()
    Target.objects.bulk_create(
        Target(article=article, unit=aim.unit, status=aim.status, category=aim.category, place=aim.place)
        for aim in written.aims
    )
    for stored in keep_all(written.documents, owner=by, kind="news"):
        Attachment.objects.create(article=article, file=stored)
    _index(article)
    audit.record("news.written", actor=by.pk, subject=None, request=request, article=str(article.pk))
    return article


def _picture(article: Article, written: Written, by: Agent) -> None:
    if written.picture:
        article.picture = keep_all([written.picture], owner=by, kind="news")[0]
    elif written.drop_picture:
        article.picture = None
    if article.picture_id and not article.picture_alt:
        raise Refusal(
            _("Décrivez l’image en une phrase : les personnes qui ne la voient pas en ont besoin."), field="picture_alt"
        )


def _index(article: Article) -> None:
    head = SearchVector(Value(searched(article.title)), config="french", weight="A")
    rest = SearchVector(Value(searched(article.summary, plain(article.body))), config="french", weight="C")
    Article.objects.filter(pk=article.pk).update(words=head + rest)


def _check_perimeter(by: Agent, aims: Sequence[Aim]) -> None:
    if not holds(perimeters_of(by), [aim.unit for aim in aims]):
        raise Refusal(
            _("Vous pouvez publier pour votre périmètre seulement : choisissez une unité qui en fait partie."),
            field="unit_0",
        )


@transaction.atomic
def ask_review(article: Article, *, by: Agent, request: HttpRequest) -> None:
    """Hands a draft over to another editor."""
    _move(article, {State.DRAFT}, State.REVIEW)
    audit.record("news.review_asked", actor=by.pk, subject=None, request=request, article=str(article.pk))


@transaction.atomic
def publish(
    article: Article, *, by: Agent, request: HttpRequest, at: datetime | None = None, needs_second: bool = False
) -> Article:
    """Shows an article from a moment on (now by default), and tells those it concerns then.

    Raises Refusal outside the perimeter, or when a second person is asked for and the author publishes.
    """
    locked = Article.objects.select_for_update().get(pk=article.pk)
    _check_perimeter(by, [Aim.of(target) for target in locked.targets.select_related("unit")])
    if needs_second and locked.author_id == by.pk:
        raise Refusal(_("Une autre personne doit relire et publier cet article : demandez une relecture."))
    moment = max(at or now(), now())
    if locked.ends_at and locked.ends_at <= moment:
        raise Refusal(_("La fin d’affichage est avant la publication : changez l’une ou l’autre."), field="ends_at")
    locked.publish_at = moment
    locked.published_by = by
    _move(locked, {State.DRAFT, State.REVIEW, State.WITHDRAWN}, State.PUBLISHED, "publish_at", "published_by")
    from nomade.news.tasks import announce

    announce.configure(schedule_at=moment).defer(article=str(locked.pk))
    audit.record(
        "news.published", actor=by.pk, subject=None, request=request, article=str(locked.pk), at=moment.isoformat()
    )
    return locked


@transaction.atomic
def withdraw(article: Article, *, by: Agent, request: HttpRequest) -> None:
    """Hides a published article; its receipts stay."""
    _move(article, {State.PUBLISHED, State.REVIEW}, State.WITHDRAWN)
    audit.record("news.withdrawn", actor=by.pk, subject=None, request=request, article=str(article.pk))


def _move(article: Article, allowed: set[State], state: State, *others: str) -> None:
    if article.state not in allowed:
        raise Refusal(_("Cet article a changé d’état entre-temps : rechargez la page."))
    article.state = state
    article.save(update_fields=["state", *others])


@transaction.atomic
def announce(article_id: uuid.UUID) -> int:
    """Tells those an article is for, once, if it is still to be shown: alerts and must-reads only; how many."""
    article = Article.objects.select_for_update().filter(pk=article_id, announced_at__isnull=True).first()
    if article is None or not Article.objects.shown(now()).filter(pk=article_id).exists():
        return 0
    article.announced_at = now()
    article.save(update_fields=["announced_at"])
    if not (article.must_read or article.kind == Kind.ALERT):
        return 0
    aims = [Aim.of(target) for target in article.targets.select_related("unit")]
    return _tell(article, agents_aimed_at(aims).iterator(5000))


def _tell(article: Article, agents: Iterable[Agent]) -> int:
    title = _("À lire : %(title)s") % {"title": article.title}
    return len(notify_many(agents, kind="news", title=title, url=f"/actualites/{article.pk}/"))


@transaction.atomic
def remind(article: Article, *, by: Agent, request: HttpRequest) -> int:
    """Tells again those who have not read, at most once a day; how many. Raises Refusal sooner."""
    locked = Article.objects.select_for_update().get(pk=article.pk)
    if not locked.must_read or locked.state != State.PUBLISHED:
        raise Refusal(_("On ne relance que pour un article publié et à lire obligatoirement."))
    if locked.reminded_at and now() - locked.reminded_at < REMIND_EVERY:
        raise Refusal(_("Une relance est déjà partie depuis moins d’un jour."))
    locked.reminded_at = now()
    locked.save(update_fields=["reminded_at"])
    told = _tell(locked, waited_for(locked).iterator(5000))
    audit.record("news.reminded", actor=by.pk, subject=None, request=request, article=str(article.pk), agents=told)
    return told


@transaction.atomic
def say_read(article: Article, agent: Agent) -> None:
    """« J’ai lu »: kept once."""
    Receipt.objects.get_or_create(article=article, agent=agent)


@transaction.atomic
def read_to_team(article: Article, agents: Sequence[int], *, by: Agent, request: HttpRequest) -> int:
    """« Lu en équipe »: a supervisor ticks those to whom it was read; how many were not yet. Others are left out."""
    team = supervised_by(by).filter(pk__in=agents) & waited_for(article).order_by()
    made = [Receipt(article=article, agent=agent, ticked_by=by) for agent in team]
    Receipt.objects.bulk_create(made, ignore_conflicts=True)
    audit.record(
        "news.read_to_team",
        actor=by.pk,
        subject=None,
        request=request,
        article=str(article.pk),
        agents=[receipt.agent_id for receipt in made],
    )
    return len(made)


@transaction.atomic
def count_opening(article: Article) -> None:
    """One more opening today, of nobody in particular."""
    Opening.objects.bulk_create([Opening(article=article, day=today())], ignore_conflicts=True)
    Opening.objects.filter(article=article, day=today()).update(count=F("count") + 1)


@transaction.atomic
def drop_document(attachment: Attachment, *, by: Agent, request: HttpRequest) -> None:
    """Takes a document off an article, its content too."""
    article, stored = attachment.article_id, attachment.file
    attachment.delete()
    store.delete(stored)
    audit.record("news.document_dropped", actor=by.pk, subject=None, request=request, article=str(article))
