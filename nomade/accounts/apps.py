from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def sees_newcomers(request: Any) -> bool:
    """Whether the menu shows « Premières connexions »."""
    from nomade.people.http import roles_of_request
    from nomade.people.roles import Role

    return hasattr(request, "agent") and Role.HR_OFFICER in roles_of_request(request)


class AccountsConfig(AppConfig):
    name = "nomade.accounts"
    label = "accounts"

    def ready(self) -> None:
        from nomade.accounts import policy
        from nomade.accounts.directories.policy import policy_entries as directory_entries
        from nomade.accounts.factors import sealed
        from nomade.accounts.factors.gate import asked_at_first, closed_by, has_factor
        from nomade.accounts.factors.policy import policy_entries as factor_entries
        from nomade.accounts.first_steps import FirstStep, add_step
        from nomade.accounts.lockout.policy import policy_entries as lockout_entries
        from nomade.accounts.passwords import policy_entries as passwords
        from nomade.accounts.sessions import absolute_end, idle_seconds, policy_entries
        from nomade.kernel.registry import MenuEntry, add_gate
        from nomade.ui import shell

        newcomers = MenuEntry(icon="id-card", order=890, group="office", visible=sees_newcomers)
        shell.add_place("accounts:newcomers", _("Premières connexions"), newcomers)
        shell.fill(session_end=absolute_end, session_idle=idle_seconds)
        sealed.declare()
        add_gate(closed_by)
        policy.add_section(_("Tentatives de connexion"), 30, lockout_entries)
        policy.add_section(_("Mot de passe"), 10, passwords.chosen)
        policy.add_section(_("Mot de passe provisoire"), 20, passwords.given)
        policy.add_section(_("Vérification en deux étapes"), 40, factor_entries)
        policy.add_section(_("Sessions"), 50, policy_entries)
        policy.add_section(_("Annuaire et journal"), 60, directory_entries)
        add_step(
            FirstStep(
                key="notices",
                label=_("Être prévenu"),
                view="accounts:first-channel",
                order=30,
                done=lambda account: account.notice_channel != "",
            )
        )
        add_step(
            FirstStep(
                key="password",
                label=_("Votre mot de passe"),
                view="accounts:first-sign-in",
                order=10,
                done=lambda account: not account.password_is_provisional,
            )
        )
        add_step(
            FirstStep(
                key="factor",
                label=_("Votre protection"),
                view="accounts:factor-step",
                order=20,
                done=lambda account: account.factor_postponed or has_factor(account),
                applies=asked_at_first,
            )
        )
