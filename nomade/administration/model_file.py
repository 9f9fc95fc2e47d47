"""The file of agents that a town without payroll software fills by hand."""

from __future__ import annotations

import csv
import io

from nomade.people.importing.lines import AGENT_COLUMNS

# Two invented people, so that each column is understood by its example.
_HEAD = {
    "matricule": "0001",
    "civilite": "Mme",
    "nom": "Exemple",
    "prenom": "Anne",
    "date_naissance": "12/03/1984",
    "unite": "MAIRIE/ECOLES",
    "statut": "titulaire",
    "categorie": "C",
    "grade": "Adjoint technique",
    "echelon": "5",
    "indice_majore": "376",
    "emploi": "Responsable de cantine",
    "lieu": "École du centre",
    "quotite": "100",
    "cycle": "LMMJV",
    "messagerie": "oui",
    "date_entree": "01/09/2018",
}
_SECOND = {
    "matricule": "0002",
    "civilite": "M.",
    "nom": "Modèle",
    "prenom": "Jean",
    "date_naissance": "30/11/1991",
    "unite": "MAIRIE/ECOLES",
    "statut": "contractuel",
    "emploi": "Agent de restauration",
    "lieu": "École du centre",
    "quotite": "80",
    "cycle": "1101100",
    "messagerie": "non",
    "date_entree": "01/09/2024",
    "superieur": "0001",
}


def example_csv(mail_domain: str) -> bytes:
    """The columns that the import knows, with two lines; it opens in a spreadsheet as it is (UTF-8 with its mark)."""
    lines = [
        {**_HEAD, "login": f"anne.exemple@{mail_domain}"},
        {**_SECOND, "login": f"jean.modele@{mail_domain}"},
    ]
    out = io.StringIO()
    writer = csv.DictWriter(out, AGENT_COLUMNS.known, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode("utf-8-sig")
