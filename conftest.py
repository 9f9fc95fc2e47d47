"""One embedded PostgreSQL for each process of the tests, unless NOMADE_DATABASE_URL names a server.

Not one for all: the seal of the journal waits for every open transaction of the server, so that tests of two processes
would wait for one another.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import django
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.leftovers import folder_of_ours
from tests.ready_base import copy_ready_base

if TYPE_CHECKING:  # models cannot be imported before Django is set up, below
    from django.test import Client
    from pytest_django.fixtures import Settings as SettingsWrapper

    from nomade.kernel.http import HostRole
    from nomade.people.models import Agent
    from nomade.runtime.mailserver import MailSettings

# A slow machine is no fault of the code: a busy one must not make a property fail.
hypothesis_settings.register_profile("nomade", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("nomade")

_running = ExitStack()
_PLACES = ("NOMADE_DATA_DIR", "NOMADE_DATABASE_URL")
#: Names of the environment that this process gave itself.
_started: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """Starts the database before Django reads its settings."""
    # The many programs that tests start compile Django once, and not each (as `nomade run` does for its own).
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.setdefault("PYTHONPYCACHEPREFIX", str(Path(__file__).parent / ".cache" / "python"))
    _started.extend(name for name in (*_PLACES, "DJANGO_SETTINGS_MODULE") if name not in os.environ)
    if "NOMADE_DATA_DIR" in _started:
        os.environ["NOMADE_DATA_DIR"] = _running.enter_context(_folder("nomade-test-data-"))
    Path(os.environ["NOMADE_DATA_DIR"], "static").mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nomade.config.settings")
    if "NOMADE_DATABASE_URL" in _started:
        from nomade.runtime.postgres import embedded_postgres

        folder = Path(_running.enter_context(_folder("nm-pg-")))
        copy_ready_base(folder)
        os.environ["NOMADE_DATABASE_URL"] = _running.enter_context(embedded_postgres(folder, for_tests=True))
    django.setup()


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded lives as long as the run: the collector need not walk it again, thousands of times."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """The workers inherit the environment, and start servers of their own."""
    for name in _started:
        del os.environ[name]


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Our own server comes with the tests' database; a server that was given gets a new one."""
    return "NOMADE_DATABASE_URL" in _started


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix() -> None:
    """Nothing to tell apart: each worker has a server of its own."""


@contextmanager
def _folder(prefix: str) -> Iterator[str]:
    folder = folder_of_ours(prefix)
    try:
        yield str(folder)
    finally:
        shutil.rmtree(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    _running.close()


@pytest.fixture
def agent(db: None) -> Agent:
    """An agent of the parks department."""
    from nomade.people.factories import make_agent

    return make_agent()


@pytest.fixture
def signed_in(db: None) -> Callable[..., Client]:
    """`signed_in(agent)` gives a client whose session is open on the portal host."""
    from nomade.accounts.factories import make_account
    from nomade.accounts.models import Account
    from nomade.accounts.testing import client_of

    def open_client(agent: Agent, host: HostRole = "portal") -> Client:
        account = Account.objects.filter(agent=agent).first() or make_account(agent)
        return client_of(account, host)

    return open_client


@contextmanager
def _mail_server(flavour: Literal["dovecot", "pymap"]) -> Iterator[MailSettings]:
    from nomade.runtime.mailserver import embedded_mail

    with (
        tempfile.TemporaryDirectory(prefix="nm-mail-", dir="/tmp") as folder,
        embedded_mail(Path(folder), flavour=flavour) as servers,
    ):
        yield servers


@pytest.fixture(scope="session")
def dovecot() -> Iterator[MailSettings]:
    """The rich mail server. Without Dovecot on the machine its tests fail and say so."""
    with _mail_server("dovecot") as servers:
        yield servers


@pytest.fixture(scope="session")
def pymap() -> Iterator[MailSettings]:
    """The poor mail server."""
    with _mail_server("pymap") as servers:
        yield servers


@pytest.fixture(scope="session", params=["dovecot", "pymap", "exchange"])
def mail_server(request: pytest.FixtureRequest) -> Iterator[MailSettings]:
    """Real mail servers on loopback: rich, poor, and Dovecot behind a proxy that leaves it what Exchange has."""
    from mailkit.tests.exchange_level import exchange_level

    if request.param != "exchange":
        yield request.getfixturevalue(request.param)
        return
    servers: MailSettings = request.getfixturevalue("dovecot")
    with exchange_level(servers.imap_port) as port:
        # Exchange speaks no ManageSieve.
        yield replace(servers, imap_port=port, sieve_port=0)


@pytest.fixture(autouse=True)
def no_job_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Emptying the base after a test with real transactions leaves the queue, whose tables are not Django's."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        from django.db import connection

        with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_events")
            cursor.execute("DELETE FROM procrastinate_jobs")


@pytest.fixture(autouse=True)
def documents_in_a_temporary_folder(settings: SettingsWrapper, tmp_path: Path) -> None:
    """Files written by a test disappear with it."""
    from copy import deepcopy

    storages = deepcopy(settings.STORAGES)
    storages["documents"]["OPTIONS"]["location"] = str(tmp_path / "files")
    settings.STORAGES = storages
