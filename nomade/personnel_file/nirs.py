"""The NIR: imported from the HR system, sealed; only its masked form leaves this file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from nomade.kernel import audit
from nomade.people.models import Agent
from nomade.personnel_file.models import CivilStatus
from nomade.personnel_file.rules.nir import NirFault, checked, masked
from nomade.personnel_file.secrets import fact_of, sealed_fact


@dataclass(frozen=True)
class NirReport:
    """What an import would do or did; the lines at fault by number, never with what they hold."""

    taken: int
    faults: list[str]


def shown_nir(agent: Agent) -> str:
    """« 1 84 •• •• ••• ••• •• », or nothing."""
    civil: CivilStatus | None = getattr(agent, "civil_status", None)
    if civil is None or civil.nir_sealed is None:
        return ""
    return masked(fact_of("nir", agent.pk, bytes(civil.nir_sealed))["nir"])


@transaction.atomic
def import_nirs(lines: Iterable[str], *, dry_run: bool = False) -> NirReport:
    """Reads `matricule;nir` with a header. All or nothing: a fault anywhere changes nothing."""
    rows, faults = [], []
    reader = csv.DictReader(lines, delimiter=";")
    if not {"matricule", "nir"} <= set(reader.fieldnames or ()):
        return NirReport(0, ["en-tête attendu : matricule;nir"])
    known = dict(Agent.objects.values_list("matricule", "pk"))
    for number, row in enumerate(reader, start=2):
        matricule = (row["matricule"] or "").strip()
        try:
            nir = checked(row["nir"] or "")
        except NirFault as fault:
            faults.append(f"ligne {number} (matricule {matricule}) : {fault}")
            continue
        if matricule not in known:
            faults.append(f"ligne {number} : matricule {matricule} inconnu")
            continue
        rows.append((known[matricule], nir))
    if faults or dry_run:
        return NirReport(0 if faults else len(rows), faults)
    for agent_id, nir in rows:
        CivilStatus.objects.update_or_create(
            agent_id=agent_id, defaults={"nir_sealed": sealed_fact("nir", agent_id, {"nir": nir})}
        )
    audit.record("file.nirs_imported", actor=None, subject=None, count=len(rows))
    return NirReport(len(rows), [])
