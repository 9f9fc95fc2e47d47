"""A service that is switched off is gone from the menu, the home page and the addresses."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.urls import clear_url_caches

import nomade.config.urls.content
import nomade.config.urls.portal
import nomade.config.urls.webmail
from nomade.accounts.factories import make_account
from nomade.accounts.testing import client_of
from nomade.config.environment import ALL_SERVICES, SettingError, read_environment
from nomade.kernel.registry import services
from nomade.people.factories import make_agent
from nomade.ui import shell

pytestmark = pytest.mark.django_db
URLCONF_MODULES = (nomade.config.urls.portal, nomade.config.urls.webmail, nomade.config.urls.content)


@pytest.fixture
def without(settings: Any) -> Iterator[Any]:
    """`without("leave")` switches a service off for the time of the test."""
    before = settings.NOMADE

    def reload() -> None:
        for module in URLCONF_MODULES:
            importlib.reload(module)
        clear_url_caches()
        shell._path.cache_clear()

    def switch_off(key: str) -> None:
        settings.NOMADE = replace(before, services=tuple(name for name in before.services if name != key))
        reload()

    yield switch_off
    settings.NOMADE = before
    reload()


def test_every_declared_service_is_registered() -> None:
    assert {service.key for service in services()} == set(ALL_SERVICES)


@pytest.mark.parametrize("key", [key for key in ALL_SERVICES if key != "home"])
def test_a_service_switched_off_is_gone_from_menu_home_and_addresses(without: Any, key: str) -> None:
    gone = next(service for service in services() if service.key == key)
    client = client_of(make_account(make_agent()))
    assert f'href="/{gone.prefix}"' in client.get("/").content.decode()
    without(key)
    assert client.get(f"/{gone.prefix}").status_code == 404
    home = client.get("/")
    assert home.status_code == 200
    assert f'href="/{gone.prefix}"' not in home.content.decode()


def test_an_unknown_service_stops_the_start_with_a_sentence() -> None:
    with pytest.raises(SettingError, match="« cantine » n’existe pas"):
        read_environment({"NOMADE_SERVICES": "leave,cantine"})
