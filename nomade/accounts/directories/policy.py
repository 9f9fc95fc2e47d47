"""The directory and the journal, as « Politique de sécurité » shows them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from nomade.accounts.policy import PolicyEntry, from_setting, months


def _seconds(count: int) -> str:
    return _("%(count)d s") % {"count": count}


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or _("aucun")


def _given(text: str) -> str:
    return text or _("aucun")


def policy_entries() -> list[PolicyEntry]:
    """What an installation chose of its directory, and how long its journal lasts."""
    return [
        from_setting(_("Fournisseur OpenID Connect"), "oidc_issuer", "OWASP ASVS 6.8.1", _given),
        from_setting(_("Signatures acceptées"), "oidc_algorithms", "OWASP ASVS 9.1.2", _listed),
        from_setting(_("Niveaux d’authentification exigés"), "oidc_acr", "OWASP ASVS 6.8.4", _listed),
        from_setting(_("Annuaire LDAP"), "ldap_url", "Choix de l’installation", _given),
        from_setting(_("Attente d’un annuaire"), "directory_seconds", "Choix de Nomade", _seconds),
        from_setting(_("Conservation du journal"), "journal_months", "CNIL, délibération 2021-122", months),
        from_setting(_("Lignes d’un export du journal"), "journal_export_lines", "OWASP ASVS 15.2.2"),
    ]
