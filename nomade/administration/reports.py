"""The report of an import, in lines of French."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nomade.people.importing.faults import Fault
from nomade.people.importing.plan import Plan

SHOWN = 50
#: Lines named beside the first one that has a fault.
LINES_SHOWN = 8


def faults_told(faults: list[Fault], most: int = SHOWN) -> Iterator[str]:
    """Every fault, up to so many, then how many more there are; the same one on many lines is told once."""
    alike: dict[tuple[str, str, str, str], list[Fault]] = {}
    for fault in faults:
        alike.setdefault((fault.file, fault.column, fault.value, fault.expected), []).append(fault)
    told = list(alike.values())
    for same in told[:most]:
        yield str(same[0]) + _others([fault.line for fault in same[1:]])
    if len(told) > most:
        yield _("… et %(more)s autres.") % {"more": sum(len(same) for same in told[most:])}


def _others(lines: list[int]) -> str:
    """« De même aux lignes 5, 8, 11 et 46 autres. »"""
    if not lines:
        return ""
    first, rest = lines[:LINES_SHOWN], len(lines) - LINES_SHOWN
    told = ", ".join(str(line) for line in first)
    if rest > 0:
        more = ngettext("%(lines)s et %(num)s autre", "%(lines)s et %(num)s autres", rest)
        told = more % {"lines": told, "num": rest}
    return " " + ngettext("De même à la ligne %(lines)s.", "De même aux lignes %(lines)s.", len(lines)) % {
        "lines": told
    }


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
