# ruff: noqa: E501  # data: one paragraph, or one row of a table, is one line
"""What people of a parks department write to each other: words only, no address and no date."""

from __future__ import annotations

from dataclasses import dataclass

ME, CHIEF, TEAM, HR, PAY, TRAINING, SUPPORT, NEWS = "me", "chief", "team", "hr", "pay", "training", "support", "news"


@dataclass(frozen=True)
class Letter:
    """One message of a thread; `after` is the hours since the one before."""

    sender: str
    text: str
    after: float = 4
    attachment: str = ""


@dataclass(frozen=True)
class Thread:
    """A conversation: its subject, the folder of what is received, and the days ago it began."""

    subject: str
    days_ago: float
    letters: tuple[Letter, ...]
    folder: str = "INBOX"
    unread: bool = False


THREADS: tuple[Thread, ...] = (
    Thread("Plantation des vivaces, allée des Cerisiers", 0.3, (
        Letter(CHIEF, "Bonjour Camille,\n\nLes 180 vivaces arrivent jeudi à 7 h 30 à l’entrée de la rue des Morillons. Peux-tu préparer le massif avec l’équipe mercredi après-midi ? Le plan est joint.\n\nMerci,\nMehdi", attachment="plan-massif.pdf"),
    ), unread=True),
    Thread("Ton congé de décembre", 0.9, (
        Letter(CHIEF, "Camille, j’ai bien ta demande pour Noël. Je regarde le planning avec la présence minimale et je te réponds avant vendredi."),
        Letter(ME, "Merci Mehdi. Je peux décaler d’un jour si c’est plus simple pour l’équipe.", 2),
        Letter(CHIEF, "Parfait, c’est noté, cela m’aide bien.", 3),
    ), unread=True),
    Thread("Votre bulletin de paie est disponible", 1.2, (
        Letter(PAY, "Bonjour,\n\nVotre bulletin de paie est disponible dans votre espace, rubrique « Ma paie ».\n\nLe bureau de la paie ne vous demandera jamais votre mot de passe ni vos coordonnées bancaires par courriel."),
    ), unread=True),
    Thread("Convocation : « Taille douce des arbustes »", 2.1, (
        Letter(TRAINING, "Bonjour Camille Durand,\n\nVotre inscription à la formation « Taille douce des arbustes » est confirmée. Vous trouverez la convocation et le rendez-vous pour votre agenda en pièces jointes.\n\nPrévoyez vos équipements de protection.\n\nLe bureau de la formation", attachment="convocation.pdf+formation.ics"),
        Letter(ME, "Bonjour,\n\nMerci, je confirme ma présence.\n\nCamille Durand", 20),
    ), "Formation"),
    Thread("Photos du verger ce matin", 3, (
        Letter(TEAM, "Regardez la lumière ce matin dans le verger ! On pourrait la proposer pour la lettre interne.", attachment="verger.png"),
        Letter(ME, "Superbe ! Oui, envoie-la à la communication interne, Inès cherche des photos d’équipes.", 1.5),
        Letter(TEAM, "C’est fait, elle la prend pour décembre.", 26),
    )),
    Thread("Souffleur en panne", 5, (
        Letter(ME, "Bonjour Mehdi,\n\nLe souffleur n° 3 ne démarre plus depuis ce matin. J’ai changé la bougie, rien à faire.\n\nCamille"),
        Letter(CHIEF, "Merci. Je fais un bon pour l’atelier. En attendant prends celui de l’équipe Vaugirard, ils sont d’accord.", 3),
        Letter(TEAM, "Il est au local, la clé est à sa place.", 2),
    )),
    Thread("Signalement : branche cassée aire de jeux", 8, (
        Letter(TEAM, "Une branche du marronnier menace de tomber au-dessus du toboggan. J’ai mis le périmètre de sécurité."),
        Letter(CHIEF, "Bien vu. J’appelle le service de l’arbre, personne n’entre sur l’aire d’ici là.", 0.5),
        Letter(CHIEF, "Les élagueurs passent à 14 h. Camille, tu peux les accueillir ?", 1),
        Letter(ME, "Oui, j’y serai.", 0.3),
        Letter(TEAM, "Branche coupée, aire rouverte à 16 h 15. Merci à tous.", 6),
    )),
    Thread("Tenue d’hiver : tailles à confirmer", 12, (
        Letter(CHIEF, "Bonjour à tous,\n\nMerci de confirmer vos tailles (parka, pantalon, chaussures) avant vendredi. Sans réponse je recommande les mêmes que l’an dernier."),
        Letter(ME, "Bonjour, même tailles pour moi, mais des chaussures en 39 s’il te plaît.", 5),
    ), "Équipe"),
    Thread("Réunion d’équipe de lundi", 14, (
        Letter(CHIEF, "Ordre du jour : retour sur les plantations d’automne, congés de fin d’année, sécurité des outils. Rendez-vous à 8 h au local.", attachment="reunion.ics"),
        Letter(TEAM, "Je serai en formation ce jour-là, pouvez-vous me garder le compte rendu ?", 7),
        Letter(CHIEF, "Oui, le voici.", 120, attachment="compte-rendu.pdf"),
    ), "Équipe"),
    Thread("Question sur mon supplément familial", 20, (
        Letter(ME, "Bonjour,\n\nJe souhaite savoir quelles pièces envoyer pour le supplément familial de traitement.\n\nCamille Durand, matricule sur la fiche de paie."),
        Letter(HR, "Bonjour,\n\nLe livret de famille et une attestation de l’autre parent suffisent. Vous pouvez les déposer dans votre dossier, à la rubrique des demandes.\n\nBien cordialement,\nSophie Laurent", 27),
        Letter(ME, "Merci beaucoup, je les dépose ce soir.", 4),
    )),
    Thread("Travaux rue des Morillons : accès des véhicules", 24, (
        Letter(CHIEF, "L’entrée de service est fermée du 2 au 6. Passez par la place Jacques-Marette et gardez la vitesse au pas.", attachment="plan-acces.pdf"),
    )),
    Thread("Ruches : visite des élèves de l’école Dombasle", 31, (
        Letter(TEAM, "La classe de CE1 vient mardi à 10 h voir les ruches. Qui peut aider pour le petit atelier semis ?"),
        Letter(ME, "Moi volontiers ! J’apporte les godets et le terreau.", 2),
        Letter(TEAM, "Génial. Ils seront 24, prévoir des gants taille enfant.", 3),
    )),
    Thread("Rappel : entretien professionnel", 36, (
        Letter(CHIEF, "Bonjour Camille,\n\nJe te propose le 3 à 9 h pour ton entretien annuel. Pense à relire ta fiche de poste.", attachment="entretien.ics"),
        Letter(ME, "C’est bon pour moi.", 6),
    )),
    Thread("Inventaire du petit outillage", 44, (
        Letter(CHIEF, "Merci de compter les sécateurs, bêches et râteaux avant la fin du mois."),
        Letter(ME, "Fait : 14 sécateurs (2 à affûter), 9 bêches, 11 râteaux.", 50),
        Letter(CHIEF, "Merci, c’est complet.", 3),
    ), "Équipe"),
    Thread("Fontaine à eau du local", 52, (
        Letter(TEAM, "La fontaine fuit encore, j’ai mis un seau. Qui a le numéro de la maintenance ?"),
        Letter(ME, "Il est affiché derrière la porte. J’ai appelé, passage demain.", 1),
    ), "Archive"),
    Thread("Premiers secours : place libre", 60, (
        Letter(TRAINING, "Bonjour,\n\nUne place s’est libérée pour la formation « Sauveteur secouriste du travail ». Souhaitez-vous en profiter ?"),
        Letter(ME, "Oui, avec l’accord de mon chef d’équipe.", 20),
        Letter(TRAINING, "C’est confirmé. Votre attestation vous sera remise à la fin du stage.", 24, attachment="convocation.pdf"),
    ), "Formation"),
    Thread("Canicule : horaires aménagés", 130, (
        Letter(CHIEF, "À partir de demain et jusqu’à nouvel ordre : 6 h – 13 h 30. Buvez souvent, arrosage avant 9 h, pause à l’ombre toutes les heures."),
        Letter(ME, "Bien noté.", 1),
    ), "Archive"),
    Thread("Concours de fleurissement", 160, (
        Letter(TEAM, "Notre massif de l’entrée est retenu parmi les dix finalistes !"),
        Letter(CHIEF, "Bravo à toute l’équipe, c’est votre travail.", 2),
        Letter(ME, "Merci ! On prépare quelque chose pour la visite du jury ?", 1),
        Letter(TEAM, "Jury le 12 à 11 h, j’apporte les boissons.", 20),
    ), "Archive"),
    Thread("Votre compte a été suspendu", 6, (
        Letter("stranger", "Cher utilisateur, votre boîte est pleine. Cliquez ici pour la rétablir : http://example.invalid/boite\n\nService technique"),
    ), "Junk", unread=True),
    Thread("Gagnez un robot de cuisine", 40, (
        Letter("stranger", "Félicitations, vous avez été tirée au sort. Répondez avec vos coordonnées."),
    ), "Junk", unread=True),
    Thread("Covoiturage du vendredi", 28, (
        Letter(TEAM, "Je ne pars pas à 15 h 30 ce vendredi, ne m’attendez pas."),
    ), "Trash"),
)  # fmt: skip

WEEKLY_TASKS = (
    "taille des haies côté rue Brancion, ramassage des feuilles", "plantation des bulbes, désherbage des allées",
    "arrosage des jeunes arbres, entretien des jardinières", "tonte des grandes pelouses, bordures",
    "bêchage des massifs, paillage", "nettoyage des aires de jeux, contrôle des clôtures",
    "rempotage à la serre, préparation des vivaces", "broyage des branches, compost",
)  # fmt: skip

NEWS_TITLES = (
    "La lettre interne : les équipes de nuit", "La lettre interne : vos droits à la formation",
    "La lettre interne : le plan vélo des agents", "La lettre interne : portraits de jardiniers",
    "La lettre interne : la rentrée dans les écoles", "La lettre interne : bien dormir en horaires décalés",
    "La lettre interne : les métiers de la propreté", "La lettre interne : le télétravail en questions",
)  # fmt: skip
