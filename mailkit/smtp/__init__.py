"""Handing a message over to the organisation's submission server (RFC 6409)."""

from __future__ import annotations

import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from mailkit.endpoints import Account, trust
from mailkit.errors import MailError
from mailkit.mime import addresses

CONNECT_SECONDS = 3.0
READ_SECONDS = 30.0
_AFTER_DATA_SECONDS = 120.0  # RFC 5321 § 4.5.3.2.6 asks for ten minutes; a job may wait two
_DOT = re.compile(rb"^\.", re.MULTILINE)
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Receipt:
    """The server took charge of the message. `refused`: recipients it would not take, with its words."""

    accepted: tuple[str, ...]
    refused: dict[str, str] = field(default_factory=dict)


def submit(
    account: Account, *, sender: str, recipients: Sequence[str], message: bytes, tls: ssl.SSLContext | None = None
) -> Receipt:
    """Hands a message over, signed in as the account.

    Raises MailError: `retry` True when the server could not be reached or asked to come back later; "uncertain" when
    the connection fell after the whole message was sent and before the answer: it may have left, do not send it again
    without asking; "recipients_refused" or "refused" for good.
    """
    for address in (sender, *recipients):
        if not addresses.is_valid(address):
            raise MailError("bad_argument", "not an address")
    if not recipients:
        raise MailError("bad_argument", "no recipient")
    with _connection(account, tls) as client:
        # A message that is passed on whole keeps its bytes (RFC 6152).
        options = ["BODY=8BITMIME"] if not message.isascii() and client.has_extn("8bitmime") else []
        _expect(client.mail(sender, options), "sender")
        refused: dict[str, str] = {}
        temporary = False
        for recipient in recipients:
            code, words = client.rcpt(recipient)
            if code not in (250, 251):
                refused[recipient] = f"{code} {_words(words)}"
                temporary = temporary or code < 500
        accepted = tuple(recipient for recipient in recipients if recipient not in refused)
        if not accepted:
            raise MailError("recipients_refused", "; ".join(refused.values()), retry=temporary)
        _hand_over(client, message)
    return Receipt(accepted, refused)


def _hand_over(client: smtplib.SMTP, message: bytes) -> None:
    code, words = client.docmd("DATA")
    if code != 354:
        raise MailError("refused", f"{code} {_words(words)}", retry=400 <= code < 500)
    client.send(_DOT.sub(b"..", _LINE_END.sub(b"\r\n", message).rstrip(b"\r\n")) + b"\r\n")
    if client.sock is not None:
        client.sock.settimeout(_AFTER_DATA_SECONDS)
    try:
        client.send(b".\r\n")
        code, words = client.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise MailError("uncertain", f"{type(error).__name__}: {error}") from error
    if code != 250:
        raise MailError("refused", f"{code} {_words(words)}", retry=400 <= code < 500)


@contextmanager
def _connection(account: Account, tls: ssl.SSLContext | None) -> Iterator[smtplib.SMTP]:
    endpoint = account.endpoint
    context = tls or trust()
    client: smtplib.SMTP | None = None
    try:
        if endpoint.tls == "implicit":
            client = smtplib.SMTP_SSL(endpoint.host, endpoint.port, timeout=CONNECT_SECONDS, context=context)
        else:
            client = smtplib.SMTP(endpoint.host, endpoint.port, timeout=CONNECT_SECONDS)
        if client.sock is not None:
            client.sock.settimeout(READ_SECONDS)
        client.ehlo_or_helo_if_needed()
        if endpoint.tls == "starttls":
            client.starttls(context=context)
            client.ehlo()
        _sign_in(client, account)
        yield client
    except MailError:
        raise
    except smtplib.SMTPResponseException as error:
        words = f"{error.smtp_code} {_words(error.smtp_error)}"
        raise MailError("refused", words, retry=400 <= error.smtp_code < 500) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailError("unreachable", f"{type(error).__name__}: {error}", retry=True) from error
    finally:
        if client is not None:
            with suppress(smtplib.SMTPException, OSError):
                client.quit()
            client.close()


def _sign_in(client: smtplib.SMTP, account: Account) -> None:
    credentials = account.credentials
    mechanism, answer = "PLAIN", "\0".join(credentials.plain())
    if credentials.method == "oauthbearer":
        mechanism = "OAUTHBEARER"
        answer = f"n,a={credentials.mailbox},\x01auth=Bearer {credentials.secret}\x01\x01"
    elif credentials.method == "xoauth2":
        mechanism = "XOAUTH2"
        answer = f"user={credentials.mailbox}\x01auth=Bearer {credentials.secret}\x01\x01"
    if mechanism not in client.esmtp_features.get("auth", "").upper().split():
        raise MailError("login_refused", f"the server does not offer {mechanism}")
    # Not `client.auth`, which encodes the answer in ASCII: passwords have accents.
    code, words = client.docmd("AUTH", f"{mechanism} {b64encode(answer.encode()).decode('ascii')}")
    if code == 334:
        # The server explains its refusal (RFC 7628 § 3.2.3) and waits for an empty answer before saying so.
        code, words = client.docmd("AQ==")
    if code != 235:
        raise MailError("login_refused", f"{code} {_words(words)}", retry=400 <= code < 500)


def _expect(answer: tuple[int, bytes], what: str) -> None:
    code, words = answer
    if not 200 <= code < 300:
        raise MailError("refused", f"{what}: {code} {_words(words)}", retry=400 <= code < 500)


def _words(raw: bytes | str) -> str:
    text = raw.decode("utf-8", errors="replace") if isinstance(raw, bytes) else raw
    return " ".join(text.split())[:300]
