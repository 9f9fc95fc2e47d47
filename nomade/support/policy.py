"""What « Politique de sécurité » says of the support."""

from __future__ import annotations

from django.utils.translation import gettext as _

from nomade.accounts.policy import PolicyEntry, from_setting, hours, minutes, months, times, yes_or_no


def policy_entries() -> list[PolicyEntry]:
    """Each number of the desk, with its setting and where it comes from."""
    return [
        from_setting(_("Preuves d’identité avant d’agir sur un compte"), "support_proofs", "ASVS 6.4.4", str),
        from_setting(_("Durée d’une vérification d’identité"), "support_check_minutes", "Nomade", minutes),
        from_setting(_("Réponse attendue du responsable"), "support_confirmation_minutes", "ASVS 6.4.4", minutes),
        from_setting(_("Durée du code lu au support"), "support_code_minutes", "ASVS 6.4.4", minutes),
        from_setting(_("Codes faux avant l’arrêt d’une vérification"), "support_code_tries", "ASVS 6.3.1", times),
        from_setting(
            _("Second technicien pour les comptes à droits étendus"),
            "support_second_technician",
            "CISA AA23-320A",
            yes_or_no,
        ),
        from_setting(_("Délai quand il n’y a pas de second technicien"), "support_delay_hours", "Nomade", hours),
        from_setting(
            _("Autorité prévenue de ce qu’un technicien fait seul"),
            "support_authority",
            "Nomade",
            lambda login: login or _("personne"),
        ),
        from_setting(_("Ni IBAN ni récupération après une remise à zéro"), "support_closed_hours", "ASVS 6.4.4", hours),
        from_setting(_("Conservation d’une demande close"), "support_ticket_months", "CNIL 2019-160", months),
        from_setting(
            _("Conservation des preuves d’identité et des actions"), "support_proof_months", "CNIL 2021-122", months
        ),
        from_setting(
            _("Conservation d’un signalement sans connexion"), "support_report_months", "CNIL 2021-122", months
        ),
        from_setting(
            _("Signalements sans connexion, par heure et par adresse"), "support_reports_per_hour", "ASVS 2.4.1", times
        ),
    ]
