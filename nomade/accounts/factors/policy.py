"""What « Politique de sécurité » says of second factors and of lost passwords."""

from __future__ import annotations

from django.utils.translation import gettext as _

from nomade.accounts.policy import PolicyEntry, days, from_setting, hours, minutes, yes_or_no

_WHERE = {
    "internet": "hors du réseau professionnel",
    "always": "partout",
    "never": "nulle part",
    "auto": "partout en production, hors du réseau professionnel en développement",
}


_PASSKEY = {"auto": "en production", "always": "oui", "never": "non"}


def _passkey(value: str) -> str:
    return _PASSKEY[value]


def _where(value: str) -> str:
    return _WHERE.get(value, value)


def _domain(value: str) -> str:
    return _("partie commune des adresses") if value == "auto" else value


def policy_entries() -> list[PolicyEntry]:
    """One line a setting, in the order an auditor asks."""
    trusted = _("Navigateur de confiance, depuis la dernière utilisation")
    return [
        from_setting(_("Deuxième étape demandée"), "mfa", "ASVS 5.0 6.3.3", _where),
        from_setting(_("Deuxième étape, rôles sensibles"), "mfa_privileged", "ASVS 5.0 6.3.3", _where),
        from_setting(
            _("Clé d’accès exigée, rôles sensibles"), "mfa_privileged_passkey", "ASVS 5.0 6.3.3, 8.4.2", _passkey
        ),
        from_setting(_("Délai pour s’équiper, services sensibles fermés"), "mfa_grace_days", "ASVS 5.0 6.3.3", days),
        from_setting(_("Temps pour montrer la deuxième étape"), "factor_minutes", "ASVS 5.0 6.5.5", minutes),
        from_setting(_("Codes par carte"), "card_codes", "ASVS 5.0 6.5.1, 6.5.2"),
        from_setting(trusted, "trust_days", "ASVS 5.0 6.3.3", days),
        from_setting(_("Navigateur de confiance, rôles sensibles"), "trust_days_privileged", "ASVS 5.0 6.3.3", days),
        from_setting(_("Âge d’une preuve avant un acte sensible"), "step_up_minutes", "ASVS 5.0 7.5.1, 7.5.3", minutes),
        from_setting(_("Domaine des clés d’accès"), "passkey_domain", "WebAuthn 2, § 13.4.9", _domain),
        from_setting(_("Mot de passe perdu : retour sans le support"), "self_recovery", "ASVS 5.0 6.4.3", yes_or_no),
        from_setting(_("Temps pour réunir deux preuves"), "recovery_minutes", "ASVS 5.0 6.5.5", minutes),
        from_setting(
            _("Code donné par le responsable ou le service RH"), "recovery_code_minutes", "ASVS 5.0 6.5.5", minutes
        ),
        from_setting(
            _("Coordonnées bancaires fermées après un mot de passe perdu"),
            "recovery_closed_hours",
            "ASVS 5.0 6.3.7",
            hours,
        ),
    ]
