"""The attack of F25: bad passwords on known addresses, from 500 places of the internet, while agents sign in.

2,000 tries are made here, through the trusted proxy's header (`make bench ARGS="--only sign-ins"` makes 20,000 on a
real server); what 55,000 accounts and a whole day would give is computed. Hashing is replaced by a cheap one.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any, cast

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.test import Client, RequestFactory

from nomade.accounts.actions import sign_in
from nomade.accounts.factories import PASSWORD
from nomade.accounts.lockout.brakes import Pace
from nomade.accounts.lockout.devices import COOKIE
from nomade.accounts.lockout.models import Attack
from nomade.accounts.lockout.numbers import Numbers
from nomade.accounts.lockout.rules import Kind, rule_of
from nomade.accounts.models import Account, normalised
from nomade.accounts.tasks import watch_failures
from nomade.accounts.testing import client_on
from nomade.kernel.clock import now
from nomade.kernel.http import PortalRequest
from nomade.kernel.middleware import client_address, zone_of
from nomade.kernel.testing import run_jobs
from nomade.notifications.models import Notification
from nomade.people.actions import grant_role
from nomade.people.factories import make_agent
from nomade.people.roles import Role

TRIES, ADDRESSES, AGENTS, MINUTES = 2_000, 500, 20, 20
PROXY = "10.9.9.9"


@pytest.fixture
def city(db: None, settings: Any) -> list[Account]:
    """Agents, the technician who will be alerted, and a proxy in front."""
    from dataclasses import replace
    from ipaddress import ip_network

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.NOMADE = replace(
        settings.NOMADE,
        trusted_proxies=(ip_network("10.9.9.0/24"),),
        professional_networks=(ip_network("192.0.2.0/24"),),
    )
    grant_role(make_agent(login="lucas.petit@paris.fr"), Role.SUPPORT_TECHNICIAN, by=None)
    secret = make_password(normalised(PASSWORD))
    agents = [make_agent(login=f"agent.{number}@paris.fr") for number in range(AGENTS)]
    return [Account.objects.create(agent=agent, login=agent.login, password=secret) for agent in agents]


def _enter(client: Client, account: Account, address: str) -> int:
    headers = {"X-Forwarded-For": f"{address}", "X-Forwarded-Proto": "https"}
    form = {"login": account.login, "password": PASSWORD}
    status = client.post("/connexion/", form, REMOTE_ADDR=PROXY, headers=headers).status_code
    client.cookies.pop("__Host-session", None)
    return status


def _guess(number: int) -> Pace:
    """One guess of the attacker: every address in turn, every login in turn, the agents' among them."""
    request = cast(PortalRequest, RequestFactory().post("/connexion/", REMOTE_ADDR=PROXY))
    place = f"203.{number % ADDRESSES // 250}.113.{number % ADDRESSES % 250}"
    request.META["HTTP_X_FORWARDED_FOR"] = f"192.0.2.1, {place}"  # pretends to come from inside
    request.client_address = client_address(request)
    assert request.client_address == place
    request.zone, request.reference = zone_of(place), "F25"
    outcome = sign_in(request, f"agent.{number % 2000}@paris.fr", "Marseille13!2026")
    assert outcome.account is None
    return outcome.brake.pace


@pytest.mark.slow
def test_thousands_of_tries_from_500_addresses_stop_no_agent_and_raise_one_alert(city: list[Account]) -> None:
    known = [client_on("portal") for _ in city]
    for client, account in zip(known, city, strict=True):
        assert _enter(client, account, "198.51.100.4") == 302
        assert client.cookies[COOKIE].value
    paces: Counter[Pace] = Counter()
    start = (now() + timedelta(days=1)).replace(hour=8, minute=0, second=0)
    for minute in range(MINUTES):
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            share = TRIES // MINUTES
            paces.update(_guess(number) for number in range(minute * share, (minute + 1) * share))
            watch_failures(0)
            for client, account in list(zip(known, city, strict=True))[minute::MINUTES]:
                assert _enter(client, account, "203.0.113.7") == 302, "a known browser, on an address of the attacker"
                assert _enter(client_on("portal"), account, "192.0.2.44") == 302, "on site"
    assert paces.total() == TRIES
    # Only the first minute was let through to the hash: then every stranger owed a proof.
    assert paces[Pace.FREE] <= TRIES // MINUTES
    assert Attack.objects.count() == 1
    told = Notification.objects.values_list("kind", "agent__login")
    assert list(told) == [("security.attack", "lucas.petit@paris.fr")]
    run_jobs()
    assert [message.to for message in mail.outbox] == [["lucas.petit@paris.fr"]]


def test_a_day_of_attack_on_55000_accounts_guesses_little_and_costs_the_attacker_much() -> None:
    numbers = Numbers()
    guesses = 55_000 * rule_of(Kind.UNKNOWN, numbers).cap
    assert guesses == 1_375_000
    windows = 24 * 60 // numbers.source_minutes
    by_address = numbers.source_stop_failures * windows
    assert guesses / by_address > 75, "addresses needed, all day long, to use every guess"
    hashes = guesses * 2**numbers.proof_bits
    assert hashes / 10_000_000 / 3600 > 1.2, "hours of a processor that computes ten million proofs a second"
    # A password of the policy has at least 47 bits by its score; the day's share of guesses is out of sight.
    assert rule_of(Kind.UNKNOWN, numbers).cap / 2**47 < 1e-12
