"""What second factors keep sealed, for a rotation of keys."""

from __future__ import annotations

from nomade.accounts.factors.actions import secret_context
from nomade.accounts.factors.stepup import form_context
from nomade.accounts.models import Authenticator, HeldForm, MailKey
from nomade.kernel.resealing import sealed_column


def declare() -> None:
    """Called once, from `apps.py`."""
    sealed_column(
        "Secrets des applications de codes", Authenticator, "sealed_secret", lambda row: secret_context(row.account_id)
    )
    sealed_column("Formulaires en attente de confirmation", HeldForm, "sealed_body", form_context)
    sealed_column("Clés des boîtes aux lettres", MailKey, "sealed", lambda row: row.seal_context)
