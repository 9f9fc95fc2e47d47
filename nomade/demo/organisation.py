# ruff: noqa: E501  # data: one paragraph, or one row of a table, is one line
"""The directions of the demo city, what they are made of, and who works there."""

from __future__ import annotations

from dataclasses import dataclass

OFFICE = ("LMMJV", "LMMJV", "LMMJV", "LMMJV", "4J-VEN", "4J-LUN", "MER-MATIN", "VEN-MATIN")
FIELD = ("LMMJV", "LMMJV", "EQ-A", "EQ-B", "4J-VEN")
SHIFTS = ("WE-A", "WE-B", "EQ-A", "EQ-B", "LMMJV")
# Codes, labels and weeks (`1` day, `a` morning, `p` afternoon, `0` off).
CYCLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "LMMJV": ("Du lundi au vendredi", ("1111100",)),
    "4J-VEN": ("Quatre jours, vendredi libre", ("1111000",)),
    "4J-LUN": ("Quatre jours, lundi libre", ("0111100",)),
    "MER-MATIN": ("Quatre jours et demi, mercredi matin", ("11a1100",)),
    "VEN-MATIN": ("Quatre jours et demi, vendredi matin", ("1111a00",)),
    "EQ-A": ("Roulement, un samedi sur deux (équipe A)", ("1111100", "1111010")),
    "EQ-B": ("Roulement, un samedi sur deux (équipe B)", ("1111010", "1111100")),
    "WE-A": ("Roulement, une fin de semaine sur deux (équipe A)", ("1111000", "1110011", "0111100")),
    "WE-B": ("Roulement, une fin de semaine sur deux (équipe B)", ("1110011", "0111100", "1111000")),
    "80-MER": ("80 %, sans le mercredi", ("1101100",)),
    "80-LUN": ("80 %, sans le lundi", ("0111100",)),
    "80-VEN": ("80 %, sans le vendredi", ("1111000",)),
    "90-MER": ("90 %, mercredi matin seulement", ("11a1100",)),
    "90-VEN": ("90 %, vendredi matin seulement", ("1111a00",)),
    "50-DEBUT": ("50 %, du lundi au mercredi midi", ("11a0000",)),
}
PART_TIME = {80: ("80-MER", "80-LUN", "80-VEN"), 90: ("90-MER", "90-VEN"), 50: ("50-DEBUT",)}


@dataclass(frozen=True)
class Grade:
    """A grade: its category, its corps and the indices (majorés) of its first and last steps, and how many steps."""

    category: str
    corps: str
    label: str
    lowest: int
    highest: int
    steps: int = 11


def _corps(category: str, corps: str, *grades: tuple[str, int, int]) -> tuple[Grade, ...]:
    return tuple(Grade(category, corps, label, low, high) for label, low, high in grades)


ADJOINT_ADMINISTRATIF = _corps(
    "C", "Adjoints administratifs d’administrations parisiennes",
    ("Adjoint administratif", 366, 387), ("Adjoint administratif principal de 2e classe", 368, 425),
    ("Adjoint administratif principal de 1re classe", 388, 478),
)  # fmt: skip
ADJOINT_TECHNIQUE = _corps(
    "C", "Adjoints techniques d’administrations parisiennes",
    ("Adjoint technique", 366, 387), ("Adjoint technique principal de 2e classe", 368, 425),
    ("Adjoint technique principal de 1re classe", 388, 478),
)  # fmt: skip
AGENT_MAITRISE = _corps(
    "C", "Agents de maîtrise d’administrations parisiennes",
    ("Agent de maîtrise", 372, 460), ("Agent de maîtrise principal", 392, 508),
)  # fmt: skip
EBOUEUR = _corps("C", "Éboueurs", ("Éboueur", 366, 387), ("Éboueur principal", 368, 425))
PETITE_ENFANCE = _corps(
    "C", "Agents techniques de la petite enfance",
    ("Agent technique de la petite enfance", 366, 387), ("Agent technique de la petite enfance principal", 368, 425),
)  # fmt: skip
AUXILIAIRE = _corps(
    "B", "Auxiliaires de puériculture",
    ("Auxiliaire de puériculture de classe normale", 373, 508),
    ("Auxiliaire de puériculture de classe supérieure", 395, 539),
)  # fmt: skip
EDUCATRICE = _corps("A", "Éducateurs de jeunes enfants", ("Éducateur de jeunes enfants", 395, 592))
SECRETAIRE = _corps(
    "B", "Secrétaires administratifs d’administrations parisiennes",
    ("Secrétaire administratif", 373, 508), ("Secrétaire administratif de classe supérieure", 394, 539),
    ("Secrétaire administratif de classe exceptionnelle", 414, 592),
)  # fmt: skip
TECHNICIEN = _corps(
    "B", "Techniciens supérieurs d’administrations parisiennes",
    ("Technicien supérieur", 373, 508), ("Technicien supérieur principal", 394, 592),
)  # fmt: skip
ATTACHE = _corps(
    "A", "Attachés d’administrations parisiennes",
    ("Attaché", 395, 678), ("Attaché principal", 500, 830),
)  # fmt: skip
INGENIEUR = _corps(
    "A", "Ingénieurs et architectes d’administrations parisiennes",
    ("Ingénieur et architecte", 395, 678), ("Ingénieur et architecte divisionnaire", 520, 830),
)  # fmt: skip
ADMINISTRATEUR = _corps("A", "Administrateurs de la Ville de Paris", ("Administrateur hors classe", 665, 1027))
ANIMATION = _corps(
    "C", "Adjoints d’animation et d’action sportive",
    ("Adjoint d’animation", 366, 387), ("Adjoint d’animation principal de 2e classe", 368, 425),
)  # fmt: skip
ASEM = _corps("C", "Agents spécialisés des écoles maternelles", ("Agent spécialisé principal de 2e classe", 368, 425))
SOCIAL = _corps("A", "Assistants socio-éducatifs", ("Assistant socio-éducatif", 395, 592))
POLICE = _corps(
    "C", "Agents de police municipale", ("Gardien-brigadier", 368, 425), ("Brigadier-chef principal", 388, 508)
)
BIBLIOTHECAIRE = _corps(
    "B", "Bibliothécaires adjoints spécialisés",
    ("Bibliothécaire adjoint spécialisé", 373, 508), ("Bibliothécaire adjoint de classe supérieure", 394, 539),
)  # fmt: skip


@dataclass(frozen=True)
class Job:
    """A post of a team: its feminine and masculine names, its grades, how common it is and its work cycles."""

    woman: str
    man: str
    grades: tuple[Grade, ...]
    weight: int
    cycles: tuple[str, ...] = OFFICE
    # Whether one sits at a desk: the others often have no mailbox and no telephone.
    desk: bool = True


CLERK = Job("Gestionnaire administrative", "Gestionnaire administratif", ADJOINT_ADMINISTRATIF, 4)
OFFICER = Job("Chargée de mission", "Chargé de mission", ATTACHE, 2)
SECRETARY = Job("Secrétaire administrative", "Secrétaire administratif", SECRETAIRE, 3)
DESK = (CLERK, SECRETARY, OFFICER)


@dataclass(frozen=True)
class Direction:
    """A direction: its share of the staff, its sub-directions, the name of its teams, and its jobs."""

    code: str
    label: str
    weight: int
    parts: tuple[tuple[str, str], ...]
    team: str
    jobs: tuple[Job, ...]
    lead: tuple[str, str] = ("Responsable d’équipe", "Responsable d’équipe")
    lead_grades: tuple[Grade, ...] = SECRETAIRE
    # Teams work in the arrondissements (True) or at headquarters.
    local: bool = False


GARDENER = Job("Jardinière", "Jardinier", ADJOINT_TECHNIQUE, 8, FIELD, desk=False)
DIRECTIONS: tuple[Direction, ...] = (
    Direction("SG", "Secrétariat général", 4, (("POLE-PIL", "Pôle pilotage"),), "Cellule", DESK, lead_grades=ATTACHE),
    Direction(
        "DASCO", "Direction des affaires scolaires", 120,
        (("SD-ECOLES", "Sous-direction des écoles"), ("SD-PERI", "Sous-direction de l’action périscolaire")),
        "École", (
            Job("Agente spécialisée des écoles maternelles", "Agent spécialisé des écoles maternelles", ASEM, 5, ("LMMJV",), desk=False),
            Job("Animatrice", "Animateur", ANIMATION, 5, ("LMMJV", "4J-VEN"), desk=False),
            Job("Agente technique des écoles", "Agent technique des écoles", ADJOINT_TECHNIQUE, 3, ("LMMJV",), desk=False),
            CLERK,
        ), ("Responsable éducative", "Responsable éducatif"), TECHNICIEN, local=True,
    ),
    Direction(
        "DFPE", "Direction des familles et de la petite enfance", 85,
        (("SD-ACCUEIL", "Sous-direction de l’accueil de la petite enfance"), ("SD-PMI", "Sous-direction de la protection infantile")),
        "Crèche", (
            Job("Auxiliaire de puériculture", "Auxiliaire de puériculture", AUXILIAIRE, 7, ("LMMJV", "4J-VEN", "4J-LUN"), desk=False),
            Job("Agente technique de la petite enfance", "Agent technique de la petite enfance", PETITE_ENFANCE, 4, ("LMMJV",), desk=False),
            Job("Éducatrice de jeunes enfants", "Éducateur de jeunes enfants", EDUCATRICE, 2, ("LMMJV", "4J-VEN"), desk=False),
        ), ("Directrice de crèche", "Directeur de crèche"), EDUCATRICE, local=True,
    ),
    Direction(
        "DPE", "Direction de la propreté et de l’eau", 75,
        (("SD-PROPRETE", "Service technique de la propreté"), ("SD-EAU", "Service de l’eau et de l’assainissement")),
        "Atelier de propreté", (
            Job("Éboueuse", "Éboueur", EBOUEUR, 9, SHIFTS, desk=False),
            Job("Conductrice de benne", "Conducteur de benne", ADJOINT_TECHNIQUE, 3, SHIFTS, desk=False),
            Job("Égoutière", "Égoutier", EBOUEUR, 1, ("LMMJV",), desk=False),
        ), ("Cheffe d’équipe du nettoiement", "Chef d’équipe du nettoiement"), AGENT_MAITRISE, local=True,
    ),
    Direction(
        "DEVE", "Direction des espaces verts et de l’environnement", 40,
        (("SD-TERRITOIRES", "Service de l’exploitation des jardins"), ("SD-ARBRE", "Service de l’arbre et des bois"),
         ("SD-CIMETIERES", "Service des cimetières")),
        "Équipe de jardinage", (
            GARDENER,
            Job("Bûcheronne-élagueuse", "Bûcheron-élagueur", ADJOINT_TECHNIQUE, 2, FIELD, desk=False),
            Job("Agente d’accueil et de surveillance", "Agent d’accueil et de surveillance", ADJOINT_TECHNIQUE, 2, SHIFTS, desk=False),
            Job("Technicienne des espaces verts", "Technicien des espaces verts", TECHNICIEN, 1),
        ), ("Cheffe d’équipe", "Chef d’équipe"), AGENT_MAITRISE, local=True,
    ),
    Direction(
        "DSOL", "Direction des solidarités", 45,
        (("SD-INSERTION", "Sous-direction de l’insertion"), ("SD-AUTONOMIE", "Sous-direction de l’autonomie")),
        "Espace des solidarités", (
            Job("Assistante sociale", "Assistant social", SOCIAL, 5),
            Job("Secrétaire médico-sociale", "Secrétaire médico-social", SECRETAIRE, 3), CLERK,
        ), ("Responsable d’espace", "Responsable d’espace"), ATTACHE, local=True,
    ),
    Direction(
        "DPMP", "Direction de la police municipale et de la prévention", 35,
        (("SD-TERRAIN", "Sous-direction des unités de terrain"),), "Brigade", (
            Job("Policière municipale", "Policier municipal", POLICE, 7, SHIFTS, desk=False),
            Job("Agente de surveillance", "Agent de surveillance", ADJOINT_TECHNIQUE, 3, SHIFTS, desk=False), CLERK,
        ), ("Cheffe de brigade", "Chef de brigade"), POLICE, local=True,
    ),
    Direction(
        "DAC", "Direction des affaires culturelles", 28,
        (("SD-LECTURE", "Sous-direction de la lecture publique"), ("SD-PATRIMOINE", "Sous-direction du patrimoine")),
        "Bibliothèque", (
            Job("Bibliothécaire", "Bibliothécaire", BIBLIOTHECAIRE, 6, ("WE-A", "WE-B", "LMMJV")),
            Job("Magasinière", "Magasinier", ADJOINT_ADMINISTRATIF, 2, FIELD), CLERK,
        ), ("Directrice de bibliothèque", "Directeur de bibliothèque"), ATTACHE, local=True,
    ),
    Direction(
        "DJS", "Direction de la jeunesse et des sports", 27,
        (("SD-SPORT", "Sous-direction des équipements sportifs"),), "Centre sportif", (
            Job("Agente d’accueil des équipements sportifs", "Agent d’accueil des équipements sportifs", ADJOINT_TECHNIQUE, 6, SHIFTS, desk=False),
            Job("Éducatrice des activités physiques", "Éducateur des activités physiques", TECHNICIEN, 3, SHIFTS, desk=False),
        ), local=True,
    ),
    Direction(
        "DDCT", "Direction de la démocratie, des citoyens et des territoires", 25,
        (("SD-MAIRIES", "Mairies d’arrondissement"),), "Relais d’état civil",
        (Job("Officière d’état civil", "Officier d’état civil", ADJOINT_ADMINISTRATIF, 6, ("LMMJV", "EQ-A", "EQ-B")), *DESK), local=True,
    ),
    Direction(
        "DVD", "Direction de la voirie et des déplacements", 17,
        (("SD-VOIRIE", "Service du patrimoine de voirie"), ("SD-MOBILITE", "Service de la mobilité")), "Section de voirie",
        (Job("Agente de voirie", "Agent de voirie", ADJOINT_TECHNIQUE, 4, FIELD, desk=False),
         Job("Technicienne de voirie", "Technicien de voirie", TECHNICIEN, 3), Job("Ingénieure", "Ingénieur", INGENIEUR, 2)),
        lead_grades=INGENIEUR, local=True,
    ),
    Direction(
        "DCPA", "Direction des constructions publiques et de l’architecture", 14,
        (("SD-TRAVAUX", "Service des travaux"),), "Section d’architecture",
        (Job("Technicienne du bâtiment", "Technicien du bâtiment", TECHNICIEN, 3), Job("Architecte", "Architecte", INGENIEUR, 3), CLERK),
        lead_grades=INGENIEUR, local=True,
    ),
    Direction(
        "DILT", "Direction de l’immobilier, de la logistique et des transports", 10,
        (("SD-LOGISTIQUE", "Service de la logistique"),), "Atelier logistique",
        (Job("Conductrice", "Conducteur", ADJOINT_TECHNIQUE, 4, FIELD, desk=False),
         Job("Agente de logistique", "Agent de logistique", ADJOINT_TECHNIQUE, 4, FIELD, desk=False), CLERK),
        lead_grades=AGENT_MAITRISE,
    ),
    Direction(
        "DLH", "Direction du logement et de l’habitat", 9,
        (("SD-LOGEMENT", "Service du logement"),), "Bureau de l’habitat", DESK, lead_grades=ATTACHE,
    ),
    Direction(
        "DRH", "Direction des ressources humaines", 8,
        (("SD-CARRIERES", "Sous-direction des carrières"), ("SD-PILOTAGE", "Sous-direction du pilotage")),
        "Bureau de gestion",
        (Job("Gestionnaire de carrière", "Gestionnaire de carrière", SECRETAIRE, 4), *DESK), lead_grades=ATTACHE,
    ),
    Direction(
        "DSIN", "Direction des systèmes d’information et du numérique", 7,
        (("SD-PROJETS", "Service des projets"), ("SD-EXPLOITATION", "Service de l’exploitation")), "Bureau du numérique",
        (Job("Développeuse", "Développeur", INGENIEUR, 3), Job("Administratrice système", "Administrateur système", TECHNICIEN, 3),
         Job("Technicienne du support", "Technicien du support", TECHNICIEN, 2)), lead_grades=INGENIEUR,
    ),
    Direction(
        "DU", "Direction de l’urbanisme", 7, (("SD-PERMIS", "Service du permis de construire"),), "Circonscription",
        (Job("Instructrice", "Instructeur", SECRETAIRE, 4), Job("Architecte", "Architecte", INGENIEUR, 2), CLERK), lead_grades=INGENIEUR,
    ),
    Direction(
        "DFA", "Direction des finances et des achats", 5,
        (("SD-BUDGET", "Sous-direction du budget"), ("SD-ACHATS", "Sous-direction des achats")), "Bureau des finances", DESK,
        lead_grades=ATTACHE,
    ),
    Direction(
        "DICOM", "Direction de l’information et de la communication", 3,
        (("SD-PUBLICS", "Pôle information"),), "Pôle éditorial",
        (Job("Chargée de communication", "Chargé de communication", ATTACHE, 4), CLERK), lead_grades=ATTACHE,
    ),
    Direction(
        "DAJ", "Direction des affaires juridiques", 2, (("SD-CONSEIL", "Pôle conseil"),), "Bureau du droit",
        (Job("Juriste", "Juriste", ATTACHE, 4), CLERK), lead_grades=ATTACHE,
    ),
)  # fmt: skip

PLACES: tuple[str, ...] = (
    "Charonne", "Belleville", "Ménilmontant", "Grenelle", "Javel", "Batignolles", "Monceau", "Clignancourt", "La Chapelle",
    "La Villette", "Buttes-Chaumont", "Montsouris", "Plaisance", "Gobelins", "Bercy", "Picpus", "Nation", "République",
    "Bastille", "Arsenal", "Saint-Merri", "Arts-et-Métiers", "Odéon", "Monnaie", "Sorbonne", "Val-de-Grâce", "Invalides",
    "Gros-Caillou", "Europe", "Madeleine", "Saint-Georges", "Rochechouart", "Saint-Vincent-de-Paul", "Auteuil", "Muette",
    "Épinettes", "Goutte-d’Or", "Pont-de-Flandre", "Saint-Fargeau", "Père-Lachaise", "Maison-Blanche", "Salpêtrière",
)  # fmt: skip
