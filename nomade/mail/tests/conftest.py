"""An agent with a real mailbox on a real server. Imports are late: pytest reads this before Django is set up."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django.fixtures import Settings as SettingsWrapper

    from nomade.mail.testing import Box
    from nomade.runtime.mailserver import MailSettings


@pytest.fixture
def mail_settings(settings: SettingsWrapper, mail_server: MailSettings) -> Iterator[MailSettings]:
    from nomade.mail import gateway
    from nomade.mail.reading import ahead, snapshot

    settings.NOMADE = replace(
        settings.NOMADE,
        imap_url=mail_server.imap_url,
        smtp_url=mail_server.smtp_url,
        sieve_url=mail_server.sieve_url if mail_server.sieve_port else "",
        mail_auth="master",
        mail_master_user=mail_server.master_user,
        mail_master_password=mail_server.master_password,
        # Letters are not held here: the tests of « Annuler l'envoi » say for how long they are.
        mail_undo_seconds=0,
    )
    gateway.close_connections()
    yield mail_server
    ahead.settle()
    snapshot.settle()
    gateway.close_connections()


@pytest.fixture
def make_box(mail_settings: MailSettings, signed_in: Callable[..., Client]) -> Callable[[], Box]:
    from nomade.mail.reading import snapshot
    from nomade.mail.testing import Box
    from nomade.people.factories import make_agent

    def make() -> Box:
        agent = make_agent(login=f"essai-{secrets.token_hex(6)}@paris.fr")
        box = Box(agent, signed_in(agent), signed_in(agent, "webmail"))
        box.run(lambda session: session.folders())
        snapshot.forget(agent)
        return box

    return make


@pytest.fixture
def box(make_box: Callable[[], Box]) -> Box:
    return make_box()
