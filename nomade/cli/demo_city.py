"""What `nomade run` says of the demo accounts; the city itself is made by the `demo` application."""

from __future__ import annotations

DEMO_PASSWORD = "Vélo-Quai-Platane-42"  # noqa: S105  shown on purpose; the demo never runs in production

PERSONAS = {
    "camille.durand@paris.fr": "jardinière, direction des espaces verts",
    "mehdi.benali@paris.fr": "son chef d’équipe",
    "sophie.laurent@paris.fr": "bureau des ressources humaines de la direction",
    "thomas.roy@paris.fr": "bureau de la paie",
    "claire.fontaine@paris.fr": "bureau de la paie, publie ce que Thomas importe",
    "awa.diallo@paris.fr": "bureau de la formation",
    "gabriel.simon@paris.fr": "formateur interne, anime des sessions",
    "lucas.petit@paris.fr": "assistance informatique",
    "ines.moreau@paris.fr": "communication interne",
    "paul.girard@paris.fr": "administrateur, direction informatique",
    "nadia.leroy@paris.fr": "arrivée d’hier, mot de passe provisoire ABCD-EFGH-JKMN-PQRS",
    "hugo.faure@paris.fr": "compte verrouillé par l’assistance",
    "leila.martin@paris.fr": "assistante maternelle à 80 %",
    "jeanne.lambert@paris.fr": "retraitée, compte limité aux bulletins et aux attestations",
    "marc.dubois@paris.fr": "dossiers du personnel de toute la ville",
    "moussa.keita@paris.fr": "éboueur en roulement, un samedi sur deux",
    "elise.bonnet@paris.fr": "archiviste, donne le visa des suppressions",
}
