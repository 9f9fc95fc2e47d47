"""The report of an import, in lines of French."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nomade.people.importing.faults import Fault
from nomade.people.importing.plan import Plan

SHOWN = 50


def faults_told(faults: list[Fault], most: int = SHOWN) -> Iterator[str]:
    """Every fault, up to so many, then how many more there are."""
    for fault in faults[:most]:
        yield str(fault)
    if len(faults) > most:
        yield _("… et %(more)s autres.") % {"more": len(faults) - most}


def counts_told(plan: Plan) -> list[str]:
    """One sentence for what happens to agents, one for units."""
    counts = plan.counts()
    agents = _("Agents créés : %(agents_created)s, modifiés : %(agents_updated)s, sortis : %(agents_left)s, "
               "inchangés : %(agents_unchanged)s.")  # fmt: skip
    units = _("Unités créées : %(units_created)s, modifiées : %(units_updated)s, fermées : %(units_closed)s.")
    return [agents % counts, units % counts]


def changes_told(plan: Plan, most: int = SHOWN) -> Iterator[str]:
    """Every change, line by line, up to so many."""
    changes = plan.changes()
    for change in changes[:most]:
        place = _("ligne %(line)s : ") % {"line": change.line} if change.line else ""
        yield f"{place}{change.subject} : {change.text}"
    if len(changes) > most:
        yield _("… et %(more)s autres.") % {"more": len(changes) - most}


def refused(faults: list[Fault]) -> str:
    """The sentence above a list of faults."""
    said = ngettext("%(count)s erreur : rien n’est importé.", "%(count)s erreurs : rien n’est importé.", len(faults))
    return said % {"count": len(faults)}
