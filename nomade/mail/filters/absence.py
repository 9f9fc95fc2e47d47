"""Out of office: proposed from the leave that is validated, so that nobody types twice when they are away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from nomade.kernel.clock import today
from nomade.people import ports
from nomade.people.models import Agent
from nomade.ui.filters import long_date

AHEAD = timedelta(days=120)
MOST = 4


@dataclass(frozen=True)
class Proposal:
    """A validated absence as an automatic answer: its days, its words."""

    first: date
    last: date
    subject: str
    text: str

    @property
    def query(self) -> str:
        """What fills the form with it."""
        return f"?du={self.first.isoformat()}"


def proposals(agent: Agent) -> list[Proposal]:
    """From the absences ahead that are validated; telework is none."""
    found = ports.absences([agent.pk], today(), today() + AHEAD) or []
    away = [one for one in found if one.approved and not one.telework][:MOST]
    people = {one.pk: one for one in Agent.objects.filter(pk__in={one.substitute for one in away if one.substitute})}
    return [_proposal(agent, one, people.get(one.substitute or 0)) for one in away]


def _proposal(agent: Agent, one: ports.PlannedAbsence, substitute: Agent | None) -> Proposal:
    back = one.back_on or one.last_day + timedelta(days=1)
    lines = [
        _("Bonjour,"),
        "",
        _("Je suis absent(e) du %(first)s au %(last)s. Je lirai votre message à mon retour, le %(back)s.")
        % {"first": long_date(one.first_day), "last": long_date(one.last_day), "back": long_date(back)},
    ]
    if substitute is not None and substitute.mail_address:
        lines += [
            "",
            _("Pour une demande urgente, écrivez à %(name)s : %(address)s.")
            % {"name": substitute.full_name, "address": substitute.mail_address},
        ]
    lines += ["", agent.full_name]
    return Proposal(
        one.first_day,
        one.last_day,
        _("Absence jusqu’au %(last)s") % {"last": long_date(one.last_day)},
        "\n".join(lines),
    )
