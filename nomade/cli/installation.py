"""The installation that a command works on: its settings, its data folder, its embedded servers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from nomade.config.environment import Environment, SettingError, gathered_values, read_environment, refuse_unknown
from nomade.runtime.data_folder import DataLock, kept_mail_password, kept_secrets, open_data_folder
from nomade.runtime.errors import StartRefused
from nomade.runtime.mailserver import MailSettings, embedded_mail_servers, flavour_named, prepare_mail
from nomade.runtime.postgres import embedded_postgres

#: A row when the address belongs to an agent with a mailbox; asked by the embedded SMTP server.
ADDRESS_QUERY = "SELECT 1 FROM people_agent WHERE lower(login) = %s AND has_mailbox"
EMPTY_QUERY = "SELECT NOT EXISTS (SELECT 1 FROM people_agent)"
NO_ACCOUNT_QUERY = "SELECT NOT EXISTS (SELECT 1 FROM accounts_account)"
DEMO_QUERY = "SELECT EXISTS (SELECT 1 FROM people_agent WHERE login = 'camille.durand@paris.fr')"


def given_settings() -> dict[str, str]:
    """The NOMADE_* variables of the process, of a `.env` file beside it, and of the set-up assistant."""
    return {name: value for name, value in gathered_values().items() if name.startswith("NOMADE_")}


def checked(settings: Mapping[str, str]) -> Environment:
    """The settings, typed. Raises `StartRefused` with the sentence that names the bad one."""
    try:
        refuse_unknown(settings)
        environment = read_environment(settings)
    except SettingError as error:
        raise StartRefused(str(error)) from error
    if environment.imap_url and not environment.smtp_url:
        raise StartRefused("Réglage NOMADE_SMTP_URL : il manque, alors que NOMADE_IMAP_URL est donné.")
    if environment.smtp_url and not environment.imap_url and "mail" in environment.services:
        raise StartRefused(
            "Réglage NOMADE_IMAP_URL : il manque, alors que NOMADE_SMTP_URL est donné ; sans messagerie, retirez"
            " « mail » de NOMADE_SERVICES."
        )
    if "mail" in environment.services:
        _mail_can_be_opened(environment)
    return environment


def _mail_can_be_opened(environment: Environment) -> None:
    if environment.mail_auth != "master" and not environment.imap_url:
        raise StartRefused(
            f"Réglage NOMADE_MAIL_AUTH : « {environment.mail_auth} » demande les serveurs de courrier de la"
            " collectivité ; il faut NOMADE_IMAP_URL et NOMADE_SMTP_URL."
        )
    if environment.mail_auth == "master" and environment.imap_url and not environment.mail_master_password:
        raise StartRefused(
            "Réglage NOMADE_MAIL_MASTER_PASSWORD : il manque, avec NOMADE_MAIL_MASTER_USER ; sans compte maître,"
            " choisissez NOMADE_MAIL_AUTH=password, oauthbearer ou xoauth2."
        )


def complete(settings: dict[str, str], environment: Environment) -> dict[str, str]:
    """Settings with the secrets of the data folder where the operator gave none (never in production)."""
    known = {**settings, "NOMADE_DATA_DIR": str(environment.data_dir)}
    return known if environment.production else {**known, **kept_secrets(environment.data_dir, settings)}


def mail_settings(environment: Environment, database_url: str, flavour: str = "") -> MailSettings:
    """The embedded mail servers of this installation; `flavour` only where a backup says which it was."""
    return prepare_mail(
        environment.data_dir / "mail",
        domain=environment.mail_domain,
        flavour=flavour_named(flavour) if flavour else None,
        master_password=kept_mail_password(environment.data_dir),
        address_query=ADDRESS_QUERY,
        database_url=database_url,
    )


@contextmanager
def database_for_a_command(*, with_mail: bool = False) -> Iterator[None]:
    """Puts in the process environment what a command needs to reach the database, for the length of the block.

    A real server when one is set; else that of a running `nomade run`; else the embedded one, started for the time of
    the command (and the embedded mail with it when asked). Raises `StartRefused`.
    """
    settings = given_settings()
    environment = checked(settings)
    if settings.get("NOMADE_DATABASE_URL"):
        # Children of `nomade run` come here too: all they need is in their environment.
        os.environ.update(settings if environment.production else _with_kept_secrets(settings, environment))
        yield
        return
    open_data_folder(environment.data_dir)
    with DataLock(environment.data_dir, "command") as lock, ExitStack() as servers:
        found = _environment_of_holder(lock)
        if found is not None:
            os.environ.update(found)
            yield
            return
        known = complete(settings, environment)
        known["NOMADE_DATABASE_URL"] = servers.enter_context(embedded_postgres(environment.data_dir / "postgres"))
        if with_mail and not environment.imap_url:
            mail = mail_settings(environment, known["NOMADE_DATABASE_URL"])
            servers.enter_context(embedded_mail_servers(mail))
            known.update(mail.environment())
        os.environ.update(known)
        yield


def _with_kept_secrets(settings: dict[str, str], environment: Environment) -> dict[str, str]:
    if all(settings.get(name) for name in ("NOMADE_SECRET_KEY", "NOMADE_ENCRYPTION_KEYS")):
        return settings
    open_data_folder(environment.data_dir)
    return complete(settings, environment)


def _environment_of_holder(lock: DataLock) -> dict[str, str] | None:
    """How to reach the servers of a running `nomade run`; None once the lock is ours."""
    while not lock.acquire():
        holder = lock.holder()
        if holder and holder[0] == "run":
            return holder[2]
        print("Une autre commande utilise la base : attente…", flush=True)
        if lock.acquire(wait=True):
            break
    return None
