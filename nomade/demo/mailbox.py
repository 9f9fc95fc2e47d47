"""Filling Camille's mailbox through IMAP, as any mail program would: whatever the server, the demo is the same."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Callable
from datetime import timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings
from imapclient.imap_utf7 import encode

from mailkit.endpoints import Credentials, Endpoint
from nomade.demo.correspondence import Correspondents, Posted, Writer
from nomade.demo.personas import CAMILLE, MEHDI
from nomade.kernel.clock import now
from nomade.people.access import supervised_by
from nomade.people.models import Agent

TIMEOUT_SECONDS = 10
# The mailbox that the team of the park has in common.
SHARED = "parc.brassens"
_LETTERS = (
    ("Anne Lefort", "Un arbre penche près du bassin",
     "Depuis le coup de vent de dimanche, un érable penche au-dessus du chemin, à dix mètres du bassin."),
    ("École Brancion", "Visite de la roseraie avec une classe",
     "Nous aimerions venir avec vingt-quatre élèves de CE2 un matin de décembre. Qui peut nous accueillir ?"),
    ("Idir Mansouri", "Merci pour les massifs de l’entrée",
     "Un mot pour dire merci : l’entrée rue des Morillons n’a jamais été aussi belle."),
)  # fmt: skip
_PARTS = {
    "hr": "sophie.laurent", "pay": "thomas.roy", "training": "awa.diallo", "support": "lucas.petit",
    "news": "ines.moreau",
}  # fmt: skip


class MailboxUnreachable(Exception):
    """The mail server cannot be filled; the text is one sentence for the operator."""


def correspondents(personas: dict[str, Agent]) -> Correspondents:
    """Who writes to Camille: her head of team, colleagues who have an address, and the offices."""
    domain = settings.NOMADE.mail_domain
    team = [agent for agent in supervised_by(personas[MEHDI]).order_by("pk") if agent.has_mailbox]
    people = {part: [_address(personas[login])] for part, login in _PARTS.items()}
    people["me"] = [_address(personas[CAMILLE])]
    people["chief"] = [_address(personas[MEHDI])]
    people["team"] = [_address(agent) for agent in team if agent.pk != personas[CAMILLE].pk][:6] or people["chief"]
    people["stranger"] = [Address("Service technique", addr_spec="support@mail.example.invalid")]
    return Correspondents(people, domain)


def _address(agent: Agent) -> Address:
    return Address(agent.full_name, addr_spec=agent.login)


def fill_mailbox(personas: dict[str, Agent], seed: int, say: Callable[[str], None]) -> int:
    """Writes the messages; returns how many, 0 when the mailbox is not empty. Raises `MailboxUnreachable`."""
    posts = Writer(correspondents(personas), now(), seed).mailbox()
    try:
        client = _connect(personas[CAMILLE].mail_address)
        try:
            written = _append(client, posts)
        finally:
            client.logout()
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxUnreachable(f"La boîte de Camille Durand ne peut pas être remplie : {error}") from error
    say(f"{written} messages pour Camille Durand" if written else "la boîte de Camille Durand est déjà remplie")
    return written


def share_mailbox(personas: dict[str, Agent], say: Callable[[str], None]) -> None:
    """Gives the team of the park a mailbox in common, where the server has rights to grant; else does nothing."""
    address = f"{SHARED}@{settings.NOMADE.mail_domain}"
    try:
        client = _connect(address)
        try:
            if "ACL" not in client.capabilities and b"ACL" not in client.capability()[1][0].split():
                return
            _append(client, [_letter(address, number) for number in reversed(range(len(_LETTERS)))])
            for folder in ("INBOX", "Sent", "Trash", "Archive"):
                for agent in (personas[CAMILLE], personas[MEHDI]):
                    client.setacl(_quoted(folder), _quoted(agent.mail_address), "lrwstipe")
        finally:
            client.logout()
    except (OSError, imaplib.IMAP4.error) as error:
        raise MailboxUnreachable(f"La boîte partagée {address} ne peut pas être remplie : {error}") from error
    say(f"boîte partagée {address}")


def _letter(address: str, number: int) -> Posted:
    who, subject, text = _LETTERS[number]
    at = now() - timedelta(days=2 * number + 1, hours=3)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(who, addr_spec=f"usager{number + 1}@mail.example.invalid")
    message["To"] = Address("Parc Georges-Brassens", addr_spec=address)
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<parc-{number + 1}@mail.example.invalid>"
    message.set_content(f"Bonjour,\n\n{text}\n\nBien à vous,\n{who}\n")
    return Posted("INBOX", at, seen=number > 1, answered=False, content=message.as_bytes())


def _connect(mailbox: str) -> imaplib.IMAP4:
    environment = settings.NOMADE
    endpoint = Endpoint.parse(environment.imap_url)
    context = ssl.create_default_context()
    client: imaplib.IMAP4
    if endpoint.tls == "implicit":
        client = imaplib.IMAP4_SSL(endpoint.host, endpoint.port, ssl_context=context, timeout=TIMEOUT_SECONDS)
    else:
        client = imaplib.IMAP4(endpoint.host, endpoint.port, timeout=TIMEOUT_SECONDS)
        if endpoint.tls == "starttls":
            client.starttls(context)
    secret, master = environment.mail_master_password, environment.mail_master_user
    plain = "\0".join(Credentials("master", mailbox, secret, master).plain())
    client.authenticate("PLAIN", lambda _challenge: plain.encode())
    return client


def _append(client: imaplib.IMAP4, posts: list[Posted]) -> int:
    _status, counted = client.select("INBOX", readonly=True)
    expected = sum(post.folder == "INBOX" for post in posts)
    if counted[0] and int(counted[0]) >= expected:
        return 0
    for folder in sorted({post.folder for post in posts} - {"INBOX"}):
        # The special folders exist already on most servers, and pymap hangs up on who creates one twice.
        _status, listed = client.list('""', _quoted(folder))
        if not any(listed):
            client.create(_quoted(folder))
        client.subscribe(_quoted(folder))
    for post in posts:
        flags = " ".join(flag for flag, on in (("\\Seen", post.seen), ("\\Answered", post.answered)) if on)
        answer = client.append(_quoted(post.folder), f"({flags})", imaplib.Time2Internaldate(post.at), post.content)
        if answer[0] != "OK":
            raise imaplib.IMAP4.error(f"{post.folder}: {answer[1]!r}")
    return len(posts)


def _quoted(folder: str) -> str:
    encoded: bytes = encode(folder)
    return '"' + encoded.decode("ascii") + '"'
