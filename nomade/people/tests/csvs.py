"""Files to import, written by tests."""

from __future__ import annotations

from typing import Any

from nomade.people.importing.agents import Options
from nomade.people.importing.lines import AGENT_COLUMNS
from nomade.people.importing.plan import Plan, Source, apply_plan, plan_import

BASE = {
    "matricule": "00000001", "login": "ana.petit@paris.fr", "civilite": "Mme", "nom": "Petit", "prenom": "Ana",
    "date_naissance": "1990-02-28", "unite": "DEVE/J15", "statut": "titulaire", "categorie": "C",
    "grade": "Adjoint technique", "indice_majore": "385", "emploi": "Jardinière", "quotite": "100", "cycle": "LMMJV",
    "duree_hebdo": "39", "messagerie": "oui", "date_entree": "2015-09-01",
}  # fmt: skip
UNITS = "code;libelle;parent;type;responsable\nDEVE;Espaces verts;;direction;\nJ15;Jardins du 15e;DEVE;service;\n"


def row(number: int = 1, **changes: str) -> dict[str, str]:
    """A good row, with what a test changes in it."""
    own = {"matricule": f"{number:08d}", "login": f"agent{number}@paris.fr"}
    return BASE | own | changes


def agents_csv(*rows: dict[str, str], columns: tuple[str, ...] = AGENT_COLUMNS.known) -> Source:
    lines = [";".join(columns), *(";".join(line.get(name, "") for name in columns) for line in rows)]
    return Source("agents.csv", ("\n".join(lines) + "\n").encode())


def units_csv(text: str = UNITS) -> Source:
    return Source("unites.csv", text.encode())


def do_import(agents: Source | None, units: Source | None = None, **options: Any) -> Plan:
    """Plans and writes, as the command does, accounts aside."""
    from nomade.kernel.clock import today

    plan = plan_import(agents, units, Options(**{"on": today(), **options}))
    apply_plan(plan)
    return plan
