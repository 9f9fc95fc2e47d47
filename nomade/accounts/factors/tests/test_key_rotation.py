"""A new encryption key: second factors follow, and serve before, during and after."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from nomade.accounts.factors.testing import code_of, give_totp
from nomade.accounts.factors.tests.test_door import sign_in
from nomade.accounts.models import Account, Authenticator
from nomade.accounts.testing import client_on
from nomade.cases.drafts import load_draft, save_draft
from nomade.config.environment import EncryptionKey
from nomade.files.rotation import remaining
from nomade.kernel.clock import today
from nomade.kernel.encryption import key_version

pytestmark = pytest.mark.django_db
OLD, NEW = EncryptionKey("2025", b"o" * 32), EncryptionKey("2026", b"n" * 32)


def _keys(settings: Any, *keys: EncryptionKey) -> None:
    settings.NOMADE = replace(settings.NOMADE, encryption_keys=keys)


def _come_in(account: Account, secret: bytes) -> int:
    """The status of « Ma paie » for somebody who has left, after their code."""
    Authenticator.objects.update(last_step=0)
    client = client_on("portal")
    sign_in(client, account)
    client.post("/connexion/second-facteur/", {"code": code_of(secret)})
    return client.get("/paie/").status_code


def test_a_code_application_opens_before_during_and_after_a_rotation(account: Account, settings: Any) -> None:
    _keys(settings, OLD)
    secret = give_totp(account)
    save_draft(account.agent, "leave", {"reason": ["repos"]})
    account.agent.exit_date = today().replace(year=today().year - 1)
    account.agent.save()
    assert _come_in(account, secret) == 200
    _keys(settings, NEW, OLD)
    assert _come_in(account, secret) == 200
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    assert "Secrets des applications de codes : 1 valeurs chiffrées de nouveau." in said.getvalue()
    assert key_version(bytes(Authenticator.objects.get().sealed_secret)) == "2026"
    _keys(settings, NEW)
    assert _come_in(account, secret) == 200
    draft = load_draft(account.agent, "leave")
    assert draft and draft.fields == {"reason": ["repos"]}
    assert list(remaining()) == []
