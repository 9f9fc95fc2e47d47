"""The words that types and counters are described with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """Families of absences: the reason group of indicators, and what decides who sees what (domain § 7.1)."""

    ANNUAL = "annuel", _("congés annuels")
    RTT = "rtt", _("RTT")
    CET = "cet", _("compte épargne-temps")
    RECOVERY = "recuperation", _("récupération")
    HEALTH = "sante", _("santé")
    FAMILY = "famille", _("parentalité et famille")
    SPECIAL = "asa", _("autorisations spéciales d’absence")
    TELEWORK = "teletravail", _("télétravail")
    TRAINING = "formation", _("formation")
    STRIKE = "greve", _("grève")
    UNPAID = "sans_solde", _("congés non rémunérés")


class Document(models.TextChoices):
    """Whether a type asks for a supporting document, and when."""

    NONE = "aucun", _("aucune pièce")
    OPTIONAL = "facultatif", _("pièce facultative")
    REQUIRED = "obligatoire", _("pièce à joindre à la demande")
    LATER = "apres", _("pièce à fournir ensuite")


class Secrecy(models.TextChoices):
    """Who may know the type: everybody who decides, under a coarse word, or restricted HR only."""

    PLAIN = "type", _("le supérieur voit le type")
    COARSE = "absence", _("le supérieur voit « absence justifiée »")
    RESTRICTED = "restreint", _("le motif n’est lu que par les RH habilitées")


class Unit(models.TextChoices):
    """What a counter counts, and what a request is made of."""

    HALF_DAY = "demi_journee", _("demi-journées")
    DAY = "jour", _("jours entiers")
    MINUTE = "minute", _("heures et minutes")


class Mode(models.TextChoices):
    """Where the truth of a counter lies: here, or in the employer's time system, read every day. Never both."""

    KEPT = "tenu", _("tenu ici")
    FED = "alimente", _("alimenté par le système de temps")
