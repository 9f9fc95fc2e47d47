"""Articles, incidents, state of the parts, reports of people not signed in."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext as _

from nomade.cases.references import new_reference
from nomade.cases.searching import vector
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.health import checks
from nomade.kernel.http import PortalRequest
from nomade.people.models import Agent
from nomade.support.models import Article, Category, Incident, PartState, PublicReport


@transaction.atomic
def save_article(
    article: Article | None,
    *,
    by: Agent | None,
    title: str,
    summary: str,
    body: str,
    category: Category | None = None,
    published: bool = True,
    version: int | None = None,
    http: HttpRequest | None = None,
) -> Article:
    """Writes an article, new or changed. Raises Refusal when somebody changed it meanwhile."""
    if article is None:
        article = Article(slug=_free_slug(title), version=0)
    else:
        article = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        if version is not None and version != article.version:
            raise Refusal(_("Quelqu’un a modifié cet article entre-temps. Votre texte est gardé ci-dessous."))
    article.title, article.summary, article.body = title, summary, body
    article.category, article.published = category, published
    article.author, article.updated_at, article.version = by, now(), article.version + 1
    article.save()
    searched = vector((title, "A"), (summary, "B"), (body, "C"))
    Article.objects.filter(pk=article.pk).update(search=searched)
    audit.record("article.saved", actor=by.pk if by else None, subject=None, request=http, article=article.slug)
    return article


def _free_slug(title: str) -> str:
    base = slugify(title)[:110] or "article"
    taken = set(Article.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return base if base not in taken else next(s for n in range(2, 10_000) if (s := f"{base}-{n}") not in taken)


@transaction.atomic
def announce_incident(*, by: Agent, title: str, text: str, http: HttpRequest | None = None) -> Incident:
    """Tells everybody that something does not work."""
    incident = Incident.objects.create(author=by, title=title, text=text)
    audit.record("incident.announced", actor=by.pk, subject=None, request=http, incident=incident.pk)
    return incident


@transaction.atomic
def end_incident(incident: Incident, *, by: Agent, http: HttpRequest | None = None) -> None:
    """Says that it works again. Twice is once."""
    if Incident.objects.filter(pk=incident.pk, ended_at__isnull=True).update(ended_at=now()):
        audit.record("incident.ended", actor=by.pk, subject=None, request=http, incident=incident.pk)


def watch_parts() -> int:
    """Asks each part how it is and keeps the answer; returns how many are not well."""
    known = {state.key: state for state in PartState.objects.all()}
    ill = 0
    for check in checks():
        well, moment = check.well(), now()
        ill += not well
        before = known.get(check.key)
        since = before.since if before and before.well == well else moment
        PartState.objects.update_or_create(key=check.key, defaults={"well": well, "since": since, "checked_at": moment})
    return ill


def report_from_outside(
    request: PortalRequest, *, token: str, text: str, contact: str, page: str, error_reference: str
) -> PublicReport:
    """Keeps the report of somebody not signed in, once a form. Raises Refusal beyond a few an hour from one address."""
    earlier = PublicReport.objects.filter(token=token).first()
    if earlier is not None:
        return earlier
    recent = PublicReport.objects.filter(created_at__gt=now() - timedelta(hours=1), address=request.client_address)
    if recent.count() >= settings.NOMADE.support_reports_per_hour:
        raise Refusal(_("Plusieurs signalements viennent déjà d’arriver de chez vous. Appelez plutôt le support."))
    try:
        with transaction.atomic():
            report = PublicReport.objects.create(
                token=token,
                reference=new_reference(),
                text=text,
                contact=contact,
                page=page[:300],
                error_reference=error_reference[:16],
                address=request.client_address,
            )
            audit.record("report.received", actor=None, subject=None, request=request, report=report.reference)
    except IntegrityError:  # the same form, sent twice at once
        return PublicReport.objects.get(token=token)
    return report


@transaction.atomic
def handle_report(report: PublicReport, *, by: Agent, http: HttpRequest | None = None) -> None:
    """Says that somebody has looked after a report. Twice is once."""
    open_still = PublicReport.objects.filter(pk=report.pk, handled_at__isnull=True)
    if open_still.update(handled_at=now(), handled_by=by):
        audit.record("report.handled", actor=by.pk, subject=None, request=http, report=report.reference)
