"""Letters of agents: whom they are for, what they say, the code that they carry."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from nomade.accounts.letters.typesetting import NBSP, Letter, Sender, typeset
from nomade.accounts.models import Account, ProvisionalPassword
from nomade.accounts.passwords import provisional
from nomade.kernel.clock import now, today
from nomade.kernel.hosts import origin
from nomade.people.models import Assignment, OrgUnit
from nomade.ui.filters import date_time, medium_date


def sender() -> Sender:
    """What is the same on every letter of this installation."""
    phone = settings.NOMADE.support_phone
    help_line = _("Une difficulté\u00a0? Appelez l’assistance au %(phone)s.") % {"phone": phone} if phone else ""
    return Sender(settings.NOMADE.organisation, origin("portal"), help_line)


def letter_of(account: Account, code: str, unit: OrgUnit | None, conditions: tuple[str, ...]) -> Letter:
    """The letter of an agent; the address line by line, as on an envelope."""
    agent = account.agent
    return Letter(
        name=f"{agent.civility} {agent.full_name}".strip(),
        address=tuple(line.strip() for line in agent.address.replace("\n", ",").split(",") if line.strip()),
        unit=unit.label if unit else "",
        login=account.login,
        code=code,
        conditions=conditions,
        day=_day_in_words(0),
    )


def conditions_by_hand() -> tuple[str, ...]:
    """Given into the agent's hands now."""
    days = settings.NOMADE.provisional_handed_days
    return (_("Ce code ne sert qu’une fois, avant le %(day)s.") % {"day": _day_in_words(days)},)


def conditions_by_post() -> tuple[str, ...]:
    """Sent, nobody knows when it will be read."""
    days = settings.NOMADE.provisional_batch_days
    first = _("Ce code ne sert qu’une fois, avant le %(day)s.") % {"day": _day_in_words(days)}
    if not settings.NOMADE.provisional_birth_date:
        return (first,)
    return (first, _("Votre date de naissance vous sera demandée aussi."))


def conditions_of_the_office() -> tuple[str, ...]:
    """Printed by the HR office, which gives it or sends it."""
    handed = _("Ce code ne sert qu’une fois, dans les %(days)d jours qui suivent la remise de cette lettre.") % {
        "days": settings.NOMADE.provisional_handed_days
    }
    posted = _("Si elle vous arrive par courrier, vous avez jusqu’au %(day)s.") % {
        "day": _day_in_words(settings.NOMADE.provisional_batch_days)
    }
    if settings.NOMADE.provisional_birth_date:
        posted += " " + _("Votre date de naissance vous sera alors demandée.")
    return (handed, posted)


@transaction.atomic
def print_one(account: Account, *, actor: int | None, handed_over: bool) -> bytes:
    """A new code and its letter; the former letter opens nothing any more."""
    code = provisional.give(account, actor=actor, handed_over=handed_over)
    return letter_pdf(account, code, conditions_by_hand() if handed_over else conditions_of_the_office())


def letter_pdf(account: Account, code: str, conditions: tuple[str, ...] = ()) -> bytes:
    """The letter of a code already given, as a tagged PDF of one page."""
    unit = units_of([account.agent_id]).get(account.agent_id)
    return typeset(sender(), [letter_of(account, code, unit, conditions or (_conditions_of(account),))])


def _conditions_of(account: Account) -> str:
    """What holds for the code that an account has now."""
    expires_at = ProvisionalPassword.objects.values_list("expires_at", flat=True).get(account=account)
    return _("Ce code ne sert qu’une fois, avant le %(when)s.") % {"when": date_time(expires_at).replace(" ", NBSP)}


def units_of(agents: Iterable[int]) -> dict[int, OrgUnit]:
    """The unit of the main assignment of each agent today, or of the next one for whoever has not begun."""
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=today())
    rows = Assignment.objects.filter(lasting, agent__in=list(agents), is_main=True)
    return {row.agent_id: row.unit for row in rows.select_related("unit").order_by("-valid_from")}


def write_private(path: Path, content: bytes) -> None:
    """Writes a file that only its owner may read (0600). Raises OSError."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)


def _day_in_words(after: int) -> str:
    return medium_date(now() + timedelta(days=after)).replace(" ", NBSP)
