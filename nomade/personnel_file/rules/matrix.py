"""Who sees what of a personal file (§ 7.1; CNIL référentiel 2019-160; RGPD art. 5 and 32)."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Section(StrEnum):
    """A part of a file."""

    IDENTITY = "identity"
    CONTACT = "contact"
    EMERGENCY = "emergency"
    ADDRESS = "address"
    FAMILY = "family"
    CAREER = "career"
    TITLES = "titles"
    BANK = "bank"
    NIR = "nir"
    DISABILITY = "disability"
    HISTORY = "history"
    REQUEST = "request"
    PIECE = "piece"


LABELS = {
    Section.IDENTITY: _("identité"),
    Section.CONTACT: _("coordonnées"),
    Section.EMERGENCY: _("personnes à prévenir"),
    Section.ADDRESS: _("adresse"),
    Section.FAMILY: _("famille et enfants"),
    Section.CAREER: _("carrière"),
    Section.TITLES: _("diplômes et permis"),
    Section.BANK: _("compte bancaire (masqué)"),
    Section.NIR: _("numéro de sécurité sociale (masqué)"),
    Section.DISABILITY: _("reconnaissance de handicap"),
    Section.HISTORY: _("historique"),
    Section.REQUEST: _("une demande"),
    Section.PIECE: _("une pièce jointe"),
}


class Reader(StrEnum):
    """In which capacity somebody reads."""

    OWNER = "owner"
    COLLEAGUE = "colleague"
    SUPERVISOR = "supervisor"
    HR_OFFICER = "hr_officer"
    PAY_OFFICER = "pay_officer"
    DISABILITY_REFERENT = "disability_referent"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    SUPPORT_TECHNICIAN = "support_technician"
    ADMINISTRATOR = "administrator"


READERS = {
    Reader.SUPERVISOR: _("responsable hiérarchique"),
    Reader.HR_OFFICER: _("gestionnaire RH"),
    Reader.PAY_OFFICER: _("gestionnaire de paie"),
    Reader.DISABILITY_REFERENT: _("référent handicap"),
    Reader.DATA_PROTECTION_OFFICER: _("délégué à la protection des données"),
}

_EVERYTHING = frozenset(Section)
# A supervisor gives vehicles and machines: the titles that allow them are the « extracts needed », and nothing else.
MATRIX: dict[Reader, frozenset[Section]] = {
    Reader.OWNER: _EVERYTHING,
    Reader.COLLEAGUE: frozenset(),
    Reader.SUPERVISOR: frozenset({Section.IDENTITY, Section.TITLES}),
    Reader.HR_OFFICER: frozenset(
        {
            Section.IDENTITY,
            Section.CONTACT,
            Section.EMERGENCY,
            Section.ADDRESS,
            Section.FAMILY,
            Section.CAREER,
            Section.TITLES,
            Section.HISTORY,
        }
    ),
    Reader.PAY_OFFICER: frozenset(
        {Section.IDENTITY, Section.ADDRESS, Section.FAMILY, Section.CAREER, Section.BANK, Section.NIR}
    ),
    Reader.DISABILITY_REFERENT: frozenset({Section.IDENTITY, Section.DISABILITY}),
    # Answers rectifications one by one; opens no file.
    Reader.DATA_PROTECTION_OFFICER: frozenset(),
    Reader.SUPPORT_TECHNICIAN: frozenset(),
    Reader.ADMINISTRATOR: frozenset(),
}


def seen_by(readers: frozenset[Reader]) -> frozenset[Section]:
    """What somebody sees who reads in several capacities."""
    return frozenset().union(*(MATRIX[reader] for reader in readers))
