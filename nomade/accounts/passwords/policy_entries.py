"""What « Politique de sécurité » says of passwords, chosen and given."""

from __future__ import annotations

from django.utils.translation import gettext as _

from nomade.accounts.policy import PolicyEntry, days, from_setting, hours, minutes, signs, times, yes_or_no

ASVS = "OWASP ASVS 5.0"


def _units(count: int) -> str:
    return _("%(count)d points") % {"count": count}


def _seconds(count: int) -> str:
    return _("%(count)d s") % {"count": count}


def _kib(count: int) -> str:
    return _("%(count)d Kio") % {"count": count}


def _years(count: int) -> str:
    return _("tous les %(count)d ans") % {"count": count} if count else _("jamais")


def _kinds(count: int) -> str:
    return _("%(count)d sur 4") % {"count": count}


def _address(text: str) -> str:
    return text or _("aucune")


def _words(words: tuple[str, ...]) -> str:
    return ", ".join(words) or _("aucun")


def chosen() -> list[PolicyEntry]:
    """The password that one chooses."""
    return [
        from_setting(_("Longueur d’un mot de passe mêlé"), "password_minimum", f"{ASVS} 6.2.1 ; NIST 800-63B-4", signs),
        from_setting(
            _("Sortes de signes qu’il mêle"), "password_classes", _("ANSSI R23 ; écart D1 à ASVS 6.2.5"), _kinds
        ),
        from_setting(_("Difficulté d’un mot de passe mêlé"), "password_units", f"{ASVS} 6.2.4", _units),
        from_setting(_("Longueur d’une phrase, sans sortes imposées"), "password_passphrase", f"{ASVS} 6.2.5", signs),
        from_setting(_("Difficulté d’une phrase"), "password_passphrase_units", f"{ASVS} 6.2.4", _units),
        from_setting(
            _("Longueur pour qui tient un rôle"), "password_privileged_minimum", _("MonServiceSécurisé"), signs
        ),
        from_setting(
            _("Changement imposé à qui tient un rôle et n’a pas montré de clé d’accès"),
            "password_privileged_years",
            _("ANSSI R25 ; écart D2 à ASVS 6.2.10"),
            _years,
        ),
        from_setting(_("Longueur la plus grande"), "password_maximum", f"{ASVS} 6.2.9", signs),
        from_setting(_("Anciens mots de passe refusés"), "password_history", _("ANSSI R24"), str),
        from_setting(_("Mémoire d’un calcul Argon2id"), "argon2_memory_kib", _("OWASP ; ASVS 5.0, annexe C"), _kib),
        from_setting(_("Passes d’un calcul Argon2id"), "argon2_passes", _("OWASP ; ASVS 5.0, annexe C")),
        from_setting(_("Mots de la collectivité"), "password_context_words", f"{ASVS} 6.2.11", _words),
        from_setting(_("Service des mots de passe volés"), "breached_passwords_url", f"{ASVS} 6.2.12", _address),
        from_setting(_("Attente de ce service"), "breached_passwords_seconds", f"{ASVS} 6.2.12", _seconds),
    ]


def given() -> list[PolicyEntry]:
    """The password that is given, and the link that confirms an address."""
    source = f"{ASVS} 6.4.1"
    return [
        from_setting(_("Durée depuis la remise enregistrée"), "provisional_handed_days", source, days),
        from_setting(_("Durée sans remise enregistrée (envoi)"), "provisional_batch_days", source, days),
        from_setting(_("Durée après une réinitialisation"), "provisional_reset_hours", source, hours),
        from_setting(_("Erreurs qui l’annulent"), "provisional_failures", source, str),
        from_setting(_("Utilisations"), "provisional_uses", source, times),
        from_setting(_("Temps pour choisir le sien"), "provisional_session_minutes", source, minutes),
        from_setting(
            _("Date de naissance demandée sans remise enregistrée"), "provisional_birth_date", source, yes_or_no
        ),
        from_setting(_("Durée du lien qui confirme une adresse"), "email_link_hours", f"{ASVS} 6.5.5", hours),
    ]
