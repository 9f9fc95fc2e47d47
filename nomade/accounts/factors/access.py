"""What an agent has to prove who they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nomade.accounts.factors.actions import next_code
from nomade.accounts.factors.gate import passkey_required
from nomade.accounts.models import Account, Authenticator, Card, CardCode, Passkey


@dataclass(frozen=True)
class Means:
    """The factors of an account, as a page that asks for one shows them."""

    passkeys: int
    has_totp: bool
    card_code: CardCode | None

    @property
    def has_code(self) -> bool:
        return self.has_totp or self.card_code is not None

    @property
    def any(self) -> bool:
        return bool(self.passkeys) or self.has_code

    @property
    def code_form(self) -> dict[str, Any]:
        """What `CodeForm` needs to write its label."""
        return {"has_totp": self.has_totp, "card_number": self.card_code.number if self.card_code else None}


def means_of(account: Account, *, privileged: bool = False) -> Means:
    """Three queries. Of a sensitive role that has a passkey, where one is asked, nothing else counts."""
    passkeys = Passkey.objects.filter(account=account).count()
    if passkeys and passkey_required(privileged=privileged):
        return Means(passkeys, has_totp=False, card_code=None)
    return Means(
        passkeys=passkeys,
        has_totp=Authenticator.objects.filter(account=account).exists(),
        card_code=next_code(account),
    )


@dataclass(frozen=True)
class Factors:
    """What an agent has, for the page where it is managed."""

    passkeys: list[Passkey]
    authenticator: Authenticator | None
    card: Card | None
    card_left: int

    @property
    def any(self) -> bool:
        return bool(self.passkeys or self.authenticator or self.card)


def factors_of(account: Account) -> Factors:
    """Four queries at most."""
    card = Card.objects.filter(account=account, active_from__isnull=False).select_related("made_by").first()
    return Factors(
        passkeys=list(Passkey.objects.filter(account=account).order_by("created_at")),
        authenticator=Authenticator.objects.filter(account=account).first(),
        card=card,
        card_left=CardCode.objects.filter(card=card, used_at__isnull=True).count() if card else 0,
    )
