"""The people of the demonstration whom everybody knows by name (contract: « Demo city »)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nomade.people.roles import Role

PASSWORD = "Vélo-Quai-Platane-42"  # noqa: S105  # printed on the terminal on purpose; never in production
PROVISIONAL = "ABCD-EFGH-JKMN-PQRS"
CAMILLE, MEHDI, NADIA, HUGO, PAUL, LEILA, SOPHIE, JEANNE, MARC, MOUSSA, GABRIEL = (
    "camille.durand", "mehdi.benali", "nadia.leroy", "hugo.faure", "paul.girard", "leila.martin", "sophie.laurent",
    "jeanne.lambert", "marc.dubois", "moussa.keita", "gabriel.simon",
)  # fmt: skip
TEAM = "DEVE/SD-TERRITOIRES/J15/BRASSENS"
# Units that the personas need, with their labels and kinds; those above exist in every city.
UNITS: dict[str, tuple[str, str]] = {
    "DEVE/SD-TERRITOIRES/J15": ("Jardins du 15e arrondissement", "service"),
    TEAM: ("Équipe du parc Georges-Brassens", "équipe"),
    "DEVE/SRH": ("Service des ressources humaines", "service"),
    "DEVE/SRH/UGD": ("Unité de gestion directe", "bureau"),
    "DRH/SD-PILOTAGE/PAIE": ("Bureau de la paie", "bureau"),
    "DRH/SD-CARRIERES/FORMATION": ("Bureau de la formation", "bureau"),
    "DSIN/SD-EXPLOITATION/ASSISTANCE": ("Assistance aux utilisateurs", "bureau"),
    "DSIN/SD-EXPLOITATION/PLATEFORMES": ("Bureau des plateformes", "bureau"),
    "DICOM/SD-PUBLICS/INTERNE": ("Communication interne", "bureau"),
    "DFPE/SD-ACCUEIL/C15": ("Crèches du 15e arrondissement", "service"),
    "DFPE/SD-ACCUEIL/C15/VAUGIRARD": ("Crèche Vaugirard", "crèche"),
    "DPE/SD-PROPRETE/P20": ("Propreté du 20e arrondissement", "service"),
    "DPE/SD-PROPRETE/P20/PYRENEES": ("Atelier des Pyrénées", "atelier"),
    "DVD/SD-VOIRIE/V4": ("Section territoriale de voirie sud-ouest", "section"),
}


@dataclass(frozen=True)
class Persona:
    """One of them. `leads` is the unit they head; `role` is held over `perimeter` (None: the whole city)."""

    login: str
    woman: bool
    first_name: str
    last_name: str
    born: date
    entry: date | None
    unit: str
    post: str
    place: str
    category: str
    corps: str
    grade: str
    echelon: str
    index: int
    cycle: str = "LMMJV"
    quotite: int = 100
    weekly_minutes: int = 39 * 60
    supervisor: str = ""
    leads: str = ""
    role: Role | None = None
    perimeter: str | None = None
    # So many days ago was the last one.
    left_days_ago: int | None = None


_ADMIN = "Adjoints administratifs d’administrations parisiennes"
_TECH = "Adjoints techniques d’administrations parisiennes"
PERSONAS: tuple[Persona, ...] = (
    Persona(
        MEHDI, False, "Mehdi", "Benali", date(1979, 3, 14), date(2004, 4, 1), TEAM, "Chef d’équipe",
        "Parc Georges-Brassens, 2 place Jacques-Marette, 75015 Paris", "C",
        "Agents de maîtrise d’administrations parisiennes", "Agent de maîtrise principal", "6", 456, leads=TEAM,
    ),
    Persona(
        CAMILLE, True, "Camille", "Durand", date(1988, 6, 21), date(2012, 9, 3), TEAM, "Jardinière",
        "Parc Georges-Brassens, 2 place Jacques-Marette, 75015 Paris", "C", _TECH,
        "Adjoint technique principal de 2e classe", "7", 385, supervisor=MEHDI,
    ),
    Persona(
        "sophie.laurent", True, "Sophie", "Laurent", date(1976, 11, 2), date(2001, 10, 1), "DEVE/SRH/UGD",
        "Gestionnaire des ressources humaines", "103 avenue de France, 75013 Paris", "B",
        "Secrétaires administratifs d’administrations parisiennes", "Secrétaire administratif de classe supérieure",
        "9", 480, leads="DEVE/SRH/UGD", role=Role.HR_OFFICER, perimeter="DEVE",
    ),
    Persona(
        "thomas.roy", False, "Thomas", "Roy", date(1984, 1, 30), date(2010, 3, 1), "DRH/SD-PILOTAGE/PAIE",
        "Gestionnaire de paie", "2 rue de Lobau, 75004 Paris", "B",
        "Secrétaires administratifs d’administrations parisiennes", "Secrétaire administratif", "8", 431,
        role=Role.PAY_OFFICER,
    ),
    Persona(
        "claire.fontaine", True, "Claire", "Fontaine", date(1979, 5, 18), date(2005, 9, 1), "DRH/SD-PILOTAGE/PAIE",
        "Responsable de la paie", "2 rue de Lobau, 75004 Paris", "A",
        "Attachés d’administrations parisiennes", "Attaché principal", "6", 642, role=Role.PAY_OFFICER,
    ),
    Persona(
        "awa.diallo", True, "Awa", "Diallo", date(1990, 5, 9), date(2016, 1, 4), "DRH/SD-CARRIERES/FORMATION",
        "Responsable de formation", "2 rue de Lobau, 75004 Paris", "A",
        "Attachés d’administrations parisiennes", "Attaché", "5", 500, role=Role.TRAINING_OFFICER,
    ),
    Persona(
        GABRIEL, False, "Gabriel", "Simon", date(1972, 8, 3), date(1999, 1, 4), "DRH/SD-CARRIERES/FORMATION",
        "Formateur interne", "2 rue de Lobau, 75004 Paris", "B",
        "Secrétaires administratifs d’administrations parisiennes", "Secrétaire administratif de classe supérieure",
        "10", 503,
    ),
    Persona(
        "lucas.petit", False, "Lucas", "Petit", date(1995, 8, 17), date(2019, 9, 2), "DSIN/SD-EXPLOITATION/ASSISTANCE",
        "Technicien du support", "227 rue de Bercy, 75012 Paris", "B",
        "Techniciens supérieurs d’administrations parisiennes", "Technicien supérieur", "4", 395,
        role=Role.SUPPORT_TECHNICIAN,
    ),
    Persona(
        "ines.moreau", True, "Inès", "Moreau", date(1992, 2, 25), date(2018, 5, 14), "DICOM/SD-PUBLICS/INTERNE",
        "Chargée de communication interne", "4 rue de Lobau, 75004 Paris", "A",
        "Attachés d’administrations parisiennes", "Attaché", "3", 440, role=Role.EDITOR,
    ),
    Persona(
        PAUL, False, "Paul", "Girard", date(1981, 12, 5), date(2008, 11, 3), "DSIN/SD-EXPLOITATION/PLATEFORMES",
        "Administrateur des plateformes", "227 rue de Bercy, 75012 Paris", "A",
        "Ingénieurs et architectes d’administrations parisiennes", "Ingénieur et architecte", "7", 567,
        role=Role.ADMINISTRATOR,
    ),
    Persona(
        NADIA, True, "Nadia", "Leroy", date(2003, 4, 11), None, "DPE/SD-PROPRETE/P20/PYRENEES", "Éboueuse",
        "Atelier des Pyrénées, 75020 Paris", "C", "Éboueurs", "Éboueur", "1", 366, cycle="EQ-A",
        weekly_minutes=35 * 60,
    ),
    Persona(
        HUGO, False, "Hugo", "Faure", date(1986, 7, 8), date(2014, 2, 3), "DVD/SD-VOIRIE/V4", "Agent de voirie",
        "Section de voirie, 75014 Paris", "C", _TECH, "Adjoint technique", "6", 372,
    ),
    Persona(
        LEILA, True, "Leïla", "Martin", date(1991, 9, 19), date(2017, 9, 4), "DFPE/SD-ACCUEIL/C15/VAUGIRARD",
        "Assistante en crèche", "Crèche Vaugirard, 75015 Paris", "C", "Agents techniques de la petite enfance",
        "Agent technique de la petite enfance principal", "4", 376, cycle="80-MER", quotite=80,
    ),
    Persona(
        JEANNE, True, "Jeanne", "Lambert", date(1962, 3, 27), date(1988, 10, 3), TEAM, "Jardinière",
        "Parc Georges-Brassens, 2 place Jacques-Marette, 75015 Paris", "C", _TECH,
        "Adjoint technique principal de 1re classe", "10", 478, supervisor=MEHDI, left_days_ago=150,
    ),
    Persona(
        MARC, False, "Marc", "Dubois", date(1974, 10, 8), date(2003, 2, 3), "DRH/SD-PILOTAGE/PAIE",
        "Responsable des dossiers du personnel", "2 rue de Lobau, 75004 Paris", "A",
        "Attachés d’administrations parisiennes", "Attaché principal", "5", 611, role=Role.HR_OFFICER,
    ),
    Persona(
        "elise.bonnet", True, "Élise", "Bonnet", date(1983, 6, 15), date(2011, 9, 1), "DICOM/SD-PUBLICS/INTERNE",
        "Archiviste", "18 boulevard Sérurier, 75019 Paris", "A",
        "Attachés d’administrations parisiennes", "Attaché", "7", 548, role=Role.AUDITOR,
    ),
    Persona(
        MOUSSA, False, "Moussa", "Keita", date(1987, 1, 16), date(2013, 6, 3), "DPE/SD-PROPRETE/P20/PYRENEES",
        "Éboueur", "Atelier des Pyrénées, 75020 Paris", "C", "Éboueurs", "Éboueur principal", "6", 380, cycle="EQ-A",
        weekly_minutes=35 * 60,
    ),
    Persona(
        "elise.garnier", True, "Élise", "Garnier", date(1983, 10, 7), date(2009, 1, 5), "DRH/SD-CARRIERES/FORMATION",
        "Référente handicap", "2 rue de Lobau, 75004 Paris", "A",
        "Attachés d’administrations parisiennes", "Attaché", "8", 590, role=Role.DISABILITY_REFERENT,
    ),
    Persona(
        "denis.morin", False, "Denis", "Morin", date(1977, 2, 3), date(2006, 5, 2), "DSIN/SD-EXPLOITATION/PLATEFORMES",
        "Délégué à la protection des données", "227 rue de Bercy, 75012 Paris", "A",
        "Attachés d’administrations parisiennes", "Attaché principal", "4", 588, role=Role.DATA_PROTECTION_OFFICER,
    ),
)  # fmt: skip
