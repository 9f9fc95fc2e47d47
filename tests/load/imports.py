"""The import of a city's agents from one file: time and memory."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from installation import installation
from report import Report, mebibytes

AGENTS, TEAM, SECTIONS = 55_000, 12, 24


def write_city(folder: Path) -> tuple[Path, Path]:
    """Writes a file of units and one of 55,000 agents, teams of twelve under a head of team, three levels deep."""
    units, agents = folder / "unites.csv", folder / "agents.csv"
    teams = -(-AGENTS // TEAM)
    with units.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["code", "libelle", "parent", "type", "responsable"])
        for section in range(SECTIONS):
            writer.writerow([f"D{section:02}", f"Direction {section}", "", "direction", ""])
        for team in range(teams):
            writer.writerow([f"E{team:04}", f"Équipe {team}", f"D{team % SECTIONS:02}", "equipe", ""])
    with agents.open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, list(_agent(0)), delimiter=";")
        lines.writeheader()
        lines.writerows(_agent(number) for number in range(AGENTS))
    return units, agents


def _agent(number: int) -> dict[str, object]:
    team = number // TEAM
    head = team * TEAM
    return {
        "matricule": f"{1_000_000 + number}",
        "login": f"prenom{number}.nom{number}@paris.fr",
        "civilite": "Mme" if number % 2 else "M.",
        "nom": f"Nom{number}",
        "prenom": f"Prénom{number}",
        "date_naissance": (date(1965, 1, 1) + timedelta(days=number % 12_000)).isoformat(),
        "unite": f"D{team % SECTIONS:02}/E{team:04}",
        "statut": "titulaire",
        "categorie": "C",
        "grade": "Adjoint technique",
        "echelon": str(1 + number % 9),
        "indice_majore": str(366 + number % 80),
        "emploi": "Agent d’entretien",
        "lieu": f"Atelier {team}",
        "quotite": "100",
        "cycle": "LMMJV",
        "duree_hebdo": "35:00",
        "messagerie": "oui" if number % 3 else "non",
        "date_entree": "2015-01-01",
        "superieur": "" if number == head else f"{1_000_000 + head}",
    }


def import_agents(report: Report) -> None:
    """The table: dry run, import, then the same file again, which changes nothing."""
    with installation() as made:
        units, agents = write_city(made.folder)
        arguments = ("import-agents", str(agents), "--units", str(units))
        rows = []
        for name, more in (("dry run", ("--dry-run",)), ("import", ()), ("again, nothing to change", ())):
            cost = made.nomade(*arguments, *more)
            rows.append((name, f"{cost.seconds:.1f}", mebibytes(cost.peak_bytes)))
        report.table(f"Import of {AGENTS} agents", ("What", "seconds", "peak MiB"), rows, "Goal: 120 s and 1 GiB.")
