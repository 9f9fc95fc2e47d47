"""The only writers of the portfolio: texts of letters, and the trace of what was printed or taken away."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.http import HttpRequest

from nomade.administration.models import LetterTemplate
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.people.models import Agent


@transaction.atomic
def save_template(
    template: LetterTemplate | None,
    *,
    title: str,
    body: str,
    signature: str,
    active: bool,
    by: Agent,
    http: HttpRequest | None = None,
) -> LetterTemplate:
    """Writes a letter for all HR officers; its versions are kept by the base."""
    kept = template or LetterTemplate()
    kept.title, kept.body, kept.signature, kept.active = title, body, signature, active
    kept.updated_by, kept.updated_at = by, now()
    kept.save()
    audit.record("portfolio.template_saved", actor=by.pk, subject=None, request=http, template=kept.pk)
    return kept


def note_letters(
    template: LetterTemplate, agents: Sequence[Agent], *, by: Agent, http: HttpRequest | None = None
) -> None:
    """Who was written to, from which text."""
    ids = [agent.pk for agent in agents]
    audit.record("portfolio.letters", actor=by.pk, subject=None, request=http, template=template.pk, agents=ids)


def note_export(what: str, count: int, *, by: Agent, http: HttpRequest | None = None) -> None:
    """A list that left the portal."""
    audit.record("portfolio.exported", actor=by.pk, subject=None, request=http, list=what, count=count)
