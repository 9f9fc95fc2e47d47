"""What an operator sets: the NOMADE_* variables, read once, typed, refused with a sentence.

The variables come from the process environment, then from a `.env` file beside the place the program is started from,
then from `installation.env` in the data folder, which the set-up assistant writes (docs/adr/0011).
Every field is described, with its default, in docs/operations.md.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, cast, get_args

from dotenv import dotenv_values

from nomade.accounts.lockout.numbers import Numbers as LockoutNumbers
from nomade.accounts.lockout.numbers import read_numbers as read_lockout_numbers
from nomade.config.audit import JournalSettings
from nomade.config.cachet import CachetSettings
from nomade.config.cachet import checked as checked_cachet
from nomade.config.directories import DirectorySettings
from nomade.config.factors import FactorSettings
from nomade.config.fields import read_fields
from nomade.config.informing import InformingSettings
from nomade.config.mail import MailNumbers
from nomade.config.passwords import PasswordSettings
from nomade.config.passwords import checked as checked_passwords
from nomade.config.personnel_file import FileSettings
from nomade.config.questions import QuestionSettings
from nomade.config.reader import Network, Reader, SettingError
from nomade.config.retention import RetentionSettings
from nomade.config.storage import StorageSettings, read_storage_url
from nomade.config.support import SupportSettings

__all__ = ["Environment", "SettingError", "default_environment", "read_environment"]

Deployment = Literal["development", "production"]
Profile = Literal["paris", "commune"]
MailAuth = Literal["master", "password", "oauthbearer", "xoauth2"]
SecondFactor = Literal["internet", "always", "never"]

ALL_SERVICES = (
    "home",
    "payslips",
    "documents",
    "certificates",
    "leave",
    "mail",
    "directory",
    "search",
    "news",
    "tools",
    "support",
    "training",
    "personnel_file",
    "questions",
)
INSTALLATION_FILE = "installation.env"
LOOPBACK = "127.0.0.0/8,::1/128"


@dataclass(frozen=True)
class EncryptionKey:
    """One key-encryption key: its version, written in each file it protects, and its 32 bytes."""

    version: str
    secret: bytes


@dataclass(frozen=True)
class Environment(
    CachetSettings,
    DirectorySettings,
    FactorSettings,
    FileSettings,
    InformingSettings,
    JournalSettings,
    MailNumbers,
    PasswordSettings,
    QuestionSettings,
    StorageSettings,
    SupportSettings,
    RetentionSettings,
):
    """The settings of one installation."""

    env: Deployment
    profile: Profile
    services: tuple[str, ...]
    secret_key: str
    database_url: str
    database_patience_seconds: int
    data_dir: Path
    storage_url: str
    encryption_keys: tuple[EncryptionKey, ...]
    organisation: str
    mail_domain: str
    portal_host: str
    webmail_host: str
    content_host: str
    support_host: str
    port: int
    tls_cert: str
    tls_key: str
    trusted_proxies: tuple[Network, ...]
    professional_networks: tuple[Network, ...]
    imap_url: str
    smtp_url: str
    sieve_url: str
    mail_auth: MailAuth
    mail_master_user: str
    mail_master_password: str
    # Port of `nomade live`, on the hosts of the portal and the webmail; 0: pages ask from time to time.
    live_port: int
    mfa: SecondFactor
    support_phone: str
    brand_colour: str
    directory_leavers_days: int
    digest_hour: int
    news_second_reader: bool
    zone: str
    sign_in_notice: str
    lockout: LockoutNumbers
    # « second »: who imported a batch of slips never releases it; « delay »: they may, after a delay others can use.
    pay_release: str
    pay_release_delay_hours: int
    pay_upload_megabytes: int
    certificate_valid_days: int
    certificate_longest_days: int
    certificate_request_days: int
    check_wrong_codes: int
    clamd_url: str
    document_second_reading: str
    document_upload_megabytes: int
    document_reminder_days: int
    document_expiry_days: int
    check_window_minutes: int
    # Opens the set-up assistant while nobody has an account; given by the supervisor, empty otherwise.
    setup_code: str
    # Requests that one web process answers at once; 0 where another program than `nomade run` serves.
    web_threads: int

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def hosts(self) -> dict[str, str]:
        """Host names by role."""
        return {
            "portal": self.portal_host,
            "webmail": self.webmail_host,
            "content": self.content_host,
            "support": self.support_host,
        }


def _encryption_keys(raw: str) -> tuple[EncryptionKey, ...]:
    """Reads `version:base64,version:base64`; the first key encrypts, all decrypt."""
    keys = []
    for part in filter(None, (item.strip() for item in raw.split(","))):
        version, _, secret = part.partition(":")
        try:
            decoded = base64.b64decode(secret, validate=True)
        except binascii.Error as error:
            raise SettingError("Réglage NOMADE_ENCRYPTION_KEYS : une clé n’est pas en base64.") from error
        if not re.fullmatch(r"[a-z0-9-]{1,16}", version) or len(decoded) != 32:
            raise SettingError(
                "Réglage NOMADE_ENCRYPTION_KEYS : chaque clé s’écrit version:clé, la clé faisant 32 octets en base64."
            )
        keys.append(EncryptionKey(version, decoded))
    if len({key.version for key in keys}) != len(keys):
        raise SettingError("Réglage NOMADE_ENCRYPTION_KEYS : deux clés portent la même version.")
    return tuple(keys)


def _mail_auth(reader: Reader) -> MailAuth:
    """In whose name the portal signs in to the mail servers (docs/adr/0060)."""
    value = reader.choice("MAIL_AUTH", "master", get_args(MailAuth))
    if value in ("oauthbearer", "xoauth2") and not reader.text("OIDC_ISSUER"):
        raise SettingError(
            f"Réglage NOMADE_MAIL_AUTH : « {value} » ouvre les boîtes avec le jeton de l’annuaire ; il faut aussi"
            " NOMADE_OIDC_ISSUER."
        )
    return cast(MailAuth, value)


def _services(reader: Reader) -> tuple[str, ...]:
    names = tuple(part.strip() for part in reader.text("SERVICES", ",".join(ALL_SERVICES)).split(",") if part.strip())
    unknown = [name for name in names if name not in ALL_SERVICES]
    if unknown:
        raise SettingError(
            f"Réglage NOMADE_SERVICES : « {unknown[0]} » n’existe pas ; services possibles : {', '.join(ALL_SERVICES)}."
        )
    return names if "home" in names else ("home", *names)


def _secrets(reader: Reader, production: bool) -> tuple[str, tuple[EncryptionKey, ...]]:
    """In production both secrets must be given; in development fixed ones keep a bare command working."""
    secret, keys = reader.text("SECRET_KEY"), reader.text("ENCRYPTION_KEYS")
    if production and not secret:
        raise SettingError("Réglage NOMADE_SECRET_KEY : il manque ; en production, au moins 50 signes.")
    if production and len(secret) < 50:
        raise SettingError("Réglage NOMADE_SECRET_KEY : il faut au moins 50 signes.")
    if production and not keys:
        raise SettingError("Réglage NOMADE_ENCRYPTION_KEYS : il manque ; sans clé, aucun document ne peut être lu.")
    development_key = "dev:" + base64.b64encode(b"development key, never for real.").decode()
    return secret or "development-only-secret-key", _encryption_keys(keys or development_key)


def gathered_values() -> dict[str, str]:
    """The variables of the process, over those of `.env`, over those that the set-up assistant wrote."""
    given = {**_file_values(Path.cwd() / ".env"), **os.environ}
    folder = Path(given.get("NOMADE_DATA_DIR", "").strip() or "var")
    return {**_file_values(folder / INSTALLATION_FILE), **given}


def only_from_assistant() -> set[str]:
    """The variables that only the set-up assistant gives: children read them anew from the file."""
    given = {**_file_values(Path.cwd() / ".env"), **os.environ}
    folder = Path(given.get("NOMADE_DATA_DIR", "").strip() or "var")
    return set(_file_values(folder / INSTALLATION_FILE)) - set(given)


def _file_values(path: Path) -> dict[str, str]:
    # Interpolation is off: an organisation may have a « $ » in its name.
    return {key: value or "" for key, value in dotenv_values(path, interpolate=False).items()}


def default_environment(env: Deployment) -> Environment:
    """What an installation has when nothing is set but what production requires; « Politique de sécurité » shows it."""
    required = {"NOMADE_SECRET_KEY": "-" * 50, "NOMADE_ENCRYPTION_KEYS": "none:" + base64.b64encode(bytes(32)).decode()}
    return read_environment({"NOMADE_ENV": env, **required})


class _Asked(dict[str, str]):
    """No setting at all, and the name of each that was asked for."""

    def get(self, name: str, default: Any = None) -> Any:
        self[name] = ""
        return default


def known_names() -> frozenset[str]:
    """Every setting there is: those that are read."""
    asked = _Asked()
    read_environment(asked)
    return frozenset(asked)


def refuse_unknown(values: Iterable[str]) -> None:
    """A misspelt setting would change nothing, and nobody would know. Raises `SettingError`."""
    known = known_names()
    for name in sorted(name for name in values if name.startswith("NOMADE_") and name not in known):
        near = get_close_matches(name, known, 1, 0.75)
        meant = f"vouliez-vous dire {near[0]} ?" if near else "docs/operations.md les énumère tous."
        raise SettingError(f"Réglage {name} : ce nom n’existe pas ; {meant}")


def read_environment(values: Mapping[str, str] | None = None) -> Environment:
    """The installation's settings from `values`, or from the process and its `.env` file.

    Raises `SettingError` with one sentence naming the variable when a value cannot be used.
    """
    if values is None:
        values = gathered_values()
    reader = Reader(values)
    env = reader.choice("ENV", "development", get_args(Deployment))
    production = env == "production"
    secret_key, encryption_keys = _secrets(reader, production)
    colour = reader.text("BRAND_COLOUR")
    if colour and not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise SettingError("Réglage NOMADE_BRAND_COLOUR : la couleur s’écrit comme #1d3f7a.")
    return Environment(
        **checked_cachet(read_fields(CachetSettings, reader)),
        **checked_passwords(read_fields(PasswordSettings, reader)),
        **read_fields(FactorSettings, reader),
        **read_fields(DirectorySettings, reader),
        **read_fields(JournalSettings, reader),
        **read_fields(MailNumbers, reader),
        **read_fields(QuestionSettings, reader),
        **read_fields(SupportSettings, reader),
        **read_fields(RetentionSettings, reader),
        **read_fields(FileSettings, reader),
        **read_fields(InformingSettings, reader),
        **read_fields(StorageSettings, reader),
        env=env,  # type: ignore[arg-type]  # checked by choice()
        profile=reader.choice("PROFILE", "paris", get_args(Profile)),  # type: ignore[arg-type]
        services=_services(reader),
        secret_key=secret_key,
        database_url=reader.url("DATABASE_URL", ("postgresql", "postgres")),
        database_patience_seconds=reader.number("DATABASE_PATIENCE_SECONDS", 20, 1, 600),
        data_dir=Path(reader.text("DATA_DIR", "var")).resolve(),
        storage_url=read_storage_url(reader),
        encryption_keys=encryption_keys,
        organisation=reader.text("ORGANISATION", "Ville de Paris"),
        mail_domain=reader.host("MAIL_DOMAIN", "paris.fr"),
        portal_host=reader.host("PORTAL_HOST", "nomades.ville.localhost"),
        webmail_host=reader.host("WEBMAIL_HOST", "webmail.ville.localhost"),
        content_host=reader.host("CONTENT_HOST", "contenu.ville.localhost"),
        support_host=reader.host("SUPPORT_HOST", "assistance.ville.localhost"),
        port=reader.number("PORT", 443 if production else 8443, 1, 65535),
        tls_cert=reader.text("TLS_CERT"),
        tls_key=reader.text("TLS_KEY"),
        trusted_proxies=reader.networks("TRUSTED_PROXIES", ""),
        professional_networks=reader.networks("PROFESSIONAL_NETWORKS", "" if production else LOOPBACK),
        imap_url=reader.url("IMAP_URL", ("imap", "imaps")),
        smtp_url=reader.url("SMTP_URL", ("smtp", "smtps")),
        sieve_url=reader.url("SIEVE_URL", ("sieve", "sieves")),
        mail_auth=_mail_auth(reader),
        mail_master_user=reader.text("MAIL_MASTER_USER"),
        mail_master_password=reader.text("MAIL_MASTER_PASSWORD"),
        live_port=reader.number("LIVE_PORT", 0, 0, 65535),
        mfa=reader.choice("MFA", "internet", get_args(SecondFactor)),  # type: ignore[arg-type]
        support_phone=reader.text("SUPPORT_PHONE"),
        brand_colour=colour,
        news_second_reader=reader.choice("NEWS_SECOND_READER", "no", ("yes", "no")) == "yes",
        digest_hour=reader.number("DIGEST_HOUR", 7, 0, 23),
        directory_leavers_days=reader.number("DIRECTORY_LEAVERS_DAYS", 30, 0, 366),
        pay_release=reader.choice("PAY_RELEASE", "second", ("second", "delay")),
        pay_release_delay_hours=reader.number("PAY_RELEASE_DELAY_HOURS", 24, 1, 24 * 14),
        pay_upload_megabytes=reader.number("PAY_UPLOAD_MEGABYTES", 1024, 1, 8192),
        certificate_valid_days=reader.number("CERTIFICATE_VALID_DAYS", 90, 1, 3650),
        certificate_longest_days=reader.number("CERTIFICATE_LONGEST_DAYS", 365, 1, 3650),
        certificate_request_days=reader.number("CERTIFICATE_REQUEST_DAYS", 10, 1, 120),
        clamd_url=reader.url("CLAMD_URL", ("tcp", "unix")),
        document_upload_megabytes=reader.number("DOCUMENT_UPLOAD_MEGABYTES", 200, 1, 1024),
        document_second_reading=reader.choice("DOCUMENT_SECOND_READING", "yes", ("yes", "no")),
        document_reminder_days=reader.number("DOCUMENT_REMINDER_DAYS", 7, 1, 90),
        document_expiry_days=reader.number("DOCUMENT_EXPIRY_DAYS", 30, 1, 365),
        check_wrong_codes=reader.number("CHECK_WRONG_CODES", 10, 1, 1000),
        check_window_minutes=reader.number("CHECK_WINDOW_MINUTES", 15, 1, 24 * 60),
        zone=reader.choice("ZONE", "auto", ("auto", "internet")),
        sign_in_notice=reader.text("SIGN_IN_NOTICE"),
        lockout=read_lockout_numbers(reader.number),
        setup_code=reader.text("SETUP_CODE"),
        web_threads=reader.number("WEB_THREADS", 0, 0, 256),
    )
