"""The embedded submission server: it takes mail from signed-in agents, for local mailboxes, and relays nothing.

Answers are plain ASCII, as SMTP asks.
"""

from __future__ import annotations

import asyncio
import binascii
import hmac
import logging
import re
from base64 import b64decode
from datetime import UTC, datetime
from email.utils import format_datetime

import psycopg
from aiosmtpd.smtp import MISSING, SMTP, AuthResult, Envelope, LoginPassword, Session

from .mailboxes import Mailboxes, normalised, split_login
from .spool import Spool

#: 25 MB, what most public bodies accept.
LARGEST_MESSAGE = 25 * 1024 * 1024
MOST_RECIPIENTS = 500
#: Who the portal's own messages come from.
PORTAL_SENDER = "ne-pas-repondre"
log = logging.getLogger("smtp")
_VERDICT = re.compile(rb"(?im)^Authentication-Results[ \t]*:[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*")


class Submission:
    """The handler of aiosmtpd: who may send, from which address, to whom."""

    def __init__(self, mailboxes: Mailboxes, spool: Spool, *, master_user: str, master_password: str) -> None:
        self._mailboxes = mailboxes
        self._spool = spool
        self._master_user = master_user
        self._master_password = master_password

    # aiosmtpd finds these hooks by name; their signatures are its own.

    async def auth_PLAIN(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        """SASL PLAIN with `agent*master`, or the master's name and the agent as authorisation identity (RFC 4616)."""
        if len(args) == 1:
            answer = await server.challenge_auth("")
            if answer is MISSING:
                return AuthResult(success=False)
            raw = bytes(answer)
        else:
            try:
                raw = b64decode(args[1].encode(), validate=True)
            except (binascii.Error, UnicodeEncodeError):
                await server.push("501 5.5.2 Identification illisible")
                return AuthResult(success=False, handled=True)
        parts = raw.split(b"\0")
        if len(parts) != 3:
            await server.push("501 5.5.2 Identification illisible")
            return AuthResult(success=False, handled=True)
        authorised, name, secret = parts
        return self._sign_in(name, secret, authorised)

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        """SASL LOGIN with `agent*master`."""
        return self._sign_in(data.login, data.password, b"")

    def _sign_in(self, name: bytes, secret: bytes, authorised: bytes) -> AuthResult:
        text, wanted = name.decode(errors="replace"), authorised.decode(errors="replace")
        if text == self._master_user:
            # The master in its own name is the portal itself: it writes as its one sender.
            agent = normalised(wanted or f"{PORTAL_SENDER}@{self._mailboxes.domain}")
        else:
            agent = split_login(text, self._master_user)
        good = hmac.compare_digest(secret, self._master_password.encode())
        if not good or agent is None or (wanted and normalised(wanted) != agent):
            return AuthResult(success=False, handled=False)
        return AuthResult(success=True, auth_data=agent)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only in one's own name."""
        if normalised(address) != session.auth_data:
            return "550 5.7.1 L'expediteur n'est pas la personne identifiee"
        envelope.mail_from = str(session.auth_data)
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only local mailboxes that exist."""
        if not self._mailboxes.is_local(address):
            return f"550 5.7.1 <{address}> refuse : ce serveur ne remet qu'aux adresses @{self._mailboxes.domain}"
        login = normalised(address)
        try:
            known = login is not None and await asyncio.to_thread(self._mailboxes.exists, login)
        except psycopg.OperationalError as error:
            log.warning("annuaire injoignable : %s", error)
            return "451 4.3.0 L'annuaire ne repond pas, reessayez plus tard"
        if login is None or not known:
            return f"550 5.1.1 <{address}> n'existe pas"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return f"452 4.5.3 Pas plus de {MOST_RECIPIENTS} destinataires a la fois"
        if login not in envelope.rcpt_tos:
            envelope.rcpt_tos.append(login)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Written to the disk before the sender is told yes; each recipient is then served once."""
        content = envelope.content
        assert isinstance(content, bytes)
        stamp = format_datetime(datetime.now(UTC))
        trace = f"Received: from [127.0.0.1] by {server.hostname} with ESMTPA; {stamp}\r\n"
        try:
            sent = without_verdicts(content)
            await self._spool.accept(str(envelope.mail_from), envelope.rcpt_tos, trace.encode() + sent)
        except OSError as error:
            log.warning("message refusé : %s", error)
            return "452 4.3.1 Plus de place sur le disque, reessayez plus tard"
        return "250 2.0.0 Message accepte"


def new_server(submission: Submission, domain: str) -> SMTP:
    """One connection's protocol, for `loop.create_server`."""
    return SMTP(
        submission,
        data_size_limit=LARGEST_MESSAGE,
        hostname=f"smtp.{domain}",
        ident="Nomade",
        auth_required=True,
        auth_require_tls=False,  # loopback only: docs/adr/0010-embedded-servers.md
        authenticator=submission.authenticate,
        timeout=120,
    )


def without_verdicts(message: bytes) -> bytes:
    """A message without the Authentication-Results of its author: this server checks no signature (RFC 8601 § 5)."""
    head, cut, body = message.partition(b"\r\n\r\n")
    return _VERDICT.sub(b"", head + b"\r\n")[:-2] + cut + body if cut else message
