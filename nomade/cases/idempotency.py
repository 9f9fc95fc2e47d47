"""A form sent twice acts once: double tap, retry after a cut, fifty identical requests."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from nomade.cases.models import Submission
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.people.models import Agent

# At least 24 hours; two days so that a phone that was off for the night still gets its answer.
KEPT = timedelta(hours=48)


@dataclass(frozen=True)
class Outcome:
    """What the action answered (an identifier, an address), and whether this sending only repeats an earlier one."""

    result: str
    repeated: bool


def new_form_token() -> str:
    """The key that a form carries in its hidden field `form_token`."""
    return str(uuid.uuid4())


@transaction.atomic
def once(agent: Agent, *, token: str, form: str, content: Mapping[str, object], action: Callable[[], str]) -> Outcome:
    """Runs `action` for the first sending of a form and gives its result to every other.

    Concurrent sendings wait for the first one: the unique key holds them until it commits. When the action raises,
    nothing is kept and the form may be sent again. Raises Refusal when the key comes back with another content.
    """
    key = _key(token)
    digest = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_submission (agent_id, token, form, digest, result, created_at) "
            "VALUES (%s, %s, %s, %s, '', %s) ON CONFLICT (agent_id, token) DO NOTHING RETURNING id",
            [agent.pk, key, form, digest, now()],
        )
        row = cursor.fetchone()
    if row is not None:
        result = action()
        Submission.objects.filter(pk=row[0]).update(result=result)
        return Outcome(result, repeated=False)
    earlier = Submission.objects.get(agent=agent, token=key)
    if (earlier.form, earlier.digest) != (form, digest):
        raise Refusal(_("Ce formulaire a déjà été envoyé avec un autre contenu. Rechargez la page avant de continuer."))
    return Outcome(earlier.result, repeated=True)


def purge_submissions() -> int:
    """Deletes the keys that are too old to come back; returns how many."""
    return Submission.objects.filter(created_at__lt=now() - KEPT).delete()[0]


def _key(token: str) -> uuid.UUID:
    try:
        return uuid.UUID(token)
    except ValueError:
        raise Refusal(_("Le formulaire est incomplet. Rechargez la page et recommencez.")) from None
