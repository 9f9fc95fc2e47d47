"""Never lose what was typed: drafts of forms, sealed, found again after a new sign-in or on another device."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from nomade.cases.models import Draft
from nomade.kernel.clock import now
from nomade.kernel.compiled import Compiled
from nomade.kernel.encryption import DecryptionFailed, seal, unseal
from nomade.kernel.errors import Refusal
from nomade.people.models import Agent

log = logging.getLogger(__name__)

LARGEST_DRAFT = 64 * 1024
MOST_DRAFTS = 50
KEPT = timedelta(days=30)
# What belongs to one display of the form, not to what the agent typed.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "form_token", "version"})

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class SavedDraft:
    """What was typed, each field with its values, and when."""

    fields: dict[str, list[str]]
    updated_at: datetime

    def first_values(self) -> dict[str, str]:
        """The values as a form's `initial` takes them."""
        return {name: values[0] for name, values in self.fields.items() if values}


def save_draft(agent: Agent, form: str, fields: Fields) -> datetime:
    """Keeps what was typed in a form, over what was kept before. Raises Refusal when it is too much."""
    typed = {name: list(values) for name, values in fields.items() if name not in NOT_TYPED}
    plain = json.dumps(typed).encode()
    if len(plain) > LARGEST_DRAFT:
        raise Refusal(_("Ce brouillon est trop long pour être gardé."))
    others = Draft.objects.filter(agent=agent).exclude(form=form)
    if others.count() >= MOST_DRAFTS:
        raise Refusal(_("Vous avez trop de brouillons : terminez-en un avant d’en commencer un autre."))
    moment = now()
    Draft.objects.update_or_create(
        agent=agent,
        form=form,
        defaults={"sealed": seal(plain, context=draft_context(agent.pk, form)), "updated_at": moment},
    )
    return moment


_typed: Compiled[Draft] = Compiled(lambda agent, form: Draft.objects.filter(agent_id=agent, form=form)[:1])


def load_draft(agent: Agent, form: str) -> SavedDraft | None:
    """What the agent had typed in a form, or None."""
    draft = _typed.first(agent=agent.pk, form=form)
    return opened(agent.pk, form, bytes(draft.sealed), draft.updated_at) if draft else None


def opened(agent: int, form: str, sealed: bytes, updated_at: datetime) -> SavedDraft | None:
    """A draft as it is kept, opened; one that no longer opens is told to the log and left aside."""
    try:
        plain = unseal(sealed, context=draft_context(agent, form))
    except DecryptionFailed as error:
        log.warning("draft form=%s agent=%s does not open: %s", form, agent, error)
        return None
    return SavedDraft(json.loads(plain), updated_at)


_kept: Compiled[datetime] = Compiled(
    lambda agent, form: Draft.objects.filter(agent_id=agent, form=form).values_list("updated_at", flat=True)[:1]
)


def draft_since(agent: Agent, form: str) -> datetime | None:
    """When the agent last typed in a form that was not sent; None without a draft. What was typed is not read."""
    return _kept.first(agent=agent.pk, form=form)


def discard_draft(agent: Agent, form: str) -> None:
    """Forgets a draft: the form was sent, or the agent starts again."""
    Draft.objects.filter(agent=agent, form=form).delete()


def purge_drafts() -> int:
    """Deletes the drafts that nobody touched for a month; returns how many."""
    return Draft.objects.filter(updated_at__lt=now() - KEPT).delete()[0]


def draft_context(agent: int, form: str) -> bytes:
    """What a draft is bound to."""
    return f"draft:{agent}:{form}".encode()
