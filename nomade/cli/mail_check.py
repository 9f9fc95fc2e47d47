"""Do the mail servers answer, over TLS where they must, and do they take the way in that the settings name?"""

from __future__ import annotations

import imaplib
import smtplib
import ssl

from mailkit.endpoints import Endpoint
from nomade.config.environment import Environment
from nomade.runtime.errors import StartRefused

SECONDS = 5
#: What a server must offer; `star` and `authzid` are both SASL PLAIN.
MECHANISMS = {"master": "PLAIN", "password": "PLAIN", "oauthbearer": "OAUTHBEARER", "xoauth2": "XOAUTH2"}


def mail_answers(environment: Environment) -> str:
    """Which servers answer. Raises StartRefused with the sentence of what does not."""
    found = []
    if environment.imap_url:
        _ask("IMAP", environment, environment.imap_url)
        found.append("IMAP")
    if environment.smtp_url:
        _ask("SMTP", environment, environment.smtp_url)
        found.append("SMTP")
    return f"{' et '.join(found)} répondent" if found else "non réglé"


def _ask(name: str, environment: Environment, url: str) -> None:
    endpoint = Endpoint.parse(url)
    try:
        offered = _imap(endpoint) if name == "IMAP" else _smtp(endpoint)
    except (OSError, imaplib.IMAP4.error, smtplib.SMTPException) as error:
        raise StartRefused(f"{name} ne répond pas à {endpoint.host}:{endpoint.port} ({error})") from error
    wanted = MECHANISMS[environment.mail_auth]
    if "mail" in environment.services and wanted not in offered:
        raise StartRefused(
            f"{name} de {endpoint.host} ne propose pas {wanted}, que demande NOMADE_MAIL_AUTH={environment.mail_auth} ;"
            f" il propose : {', '.join(sorted(offered)) or 'rien'}"
        )


def _imap(endpoint: Endpoint) -> set[str]:
    """The mechanisms that it offers once the connection is as we use it."""
    context = ssl.create_default_context()
    if endpoint.tls == "implicit":
        connection: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            endpoint.host, endpoint.port, ssl_context=context, timeout=SECONDS
        )
    else:
        connection = imaplib.IMAP4(endpoint.host, endpoint.port, timeout=SECONDS)
    with connection:
        if endpoint.tls == "starttls":
            connection.starttls(context)
        return {word.removeprefix("AUTH=") for word in connection.capabilities if word.startswith("AUTH=")}


def _smtp(endpoint: Endpoint) -> set[str]:
    context = ssl.create_default_context()
    if endpoint.tls == "implicit":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(endpoint.host, endpoint.port, context=context, timeout=SECONDS)
    else:
        connection = smtplib.SMTP(endpoint.host, endpoint.port, timeout=SECONDS)
    with connection:
        connection.ehlo()
        if endpoint.tls == "starttls":
            connection.starttls(context=context)
            connection.ehlo()
        return set(connection.esmtp_features.get("auth", "").upper().split())
