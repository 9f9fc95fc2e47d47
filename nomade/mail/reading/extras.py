"""What surrounds an opened message: warnings, pictures, invitation, receipt, ways to unsubscribe."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from django.urls import reverse

from mailkit import ical
from mailkit.errors import MailError
from mailkit.html.clean import link
from mailkit.imap import MessageView, Session
from mailkit.mime import addresses, bodies
from nomade.mail import gateway, links
from nomade.mail.access import namesakes
from nomade.mail.models import Receipts, TrustedSender
from nomade.mail.reading import answers, leaving, warnings
from nomade.mail.reading.opening import Opened
from nomade.people.models import Agent
from nomade.people.ports import pages_at

_REMOTE = re.compile(r"<img\b[^>]{0,2000}?\bsrc\s*=\s*[\"']?\s*https?:", re.IGNORECASE)
PREVIEWED = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})
#: A letter to the whole house would ask for everybody's page.
NAMED_SHOWN = 60
LARGEST_CALENDAR = 300_000


@dataclass(frozen=True)
class Extras:
    """What the page shows beside the message itself."""

    warnings: list[warnings.Remark] = field(default_factory=list)
    has_remote: bool = False
    shows_remote: bool = False
    invitation: ical.Invitation | None = None
    # The button that was pressed.
    answer: str = ""
    last_day: object = None
    receipt_to: str = ""
    unsubscribe: str = ""
    previewed: frozenset[str] = PREVIEWED
    # The directory's page of each colleague named by the message, by address in lower case.
    cards: dict[str, str] = field(default_factory=dict)
    # An answer would reach nobody: it is not offered.
    unanswerable: bool = False

    @property
    def answer_word(self) -> str:
        """What was answered, as one says it."""
        return answers.WORDS[self.answer][1].lower() if self.answer else ""


def of(agent: Agent, opened: Opened, *, images: bool) -> Extras:
    """The surroundings of the message that is open."""
    view = opened.message
    assert view is not None
    remote = view.html is not None and _REMOTE.search(view.html[:500_000]) is not None
    invitation = _invitation(agent, view)
    return Extras(
        warnings=_warned(view),
        has_remote=remote,
        shows_remote=remote and (images or is_trusted(agent, view)),
        invitation=invitation,
        answer=answers.answered(agent, view) if invitation else "",
        last_day=ical.last_day(invitation) if invitation else None,
        receipt_to=_receipt(agent, view) if opened.settings.receipts == Receipts.ASK else "",
        unsubscribe=_unsubscribe(agent, view),
        cards=_cards(view),
        unanswerable=warnings.is_from_the_portal(view),
    )


def _cards(view: MessageView) -> dict[str, str]:
    named = [*([view.sender] if view.sender else []), *view.to, *view.cc][:NAMED_SHOWN]
    inside = {email for email in (one.email.lower() for one in named) if warnings.is_internal(email.rpartition("@")[2])}
    return pages_at(inside) if inside else {}


def _warned(view: MessageView) -> list[warnings.Remark]:
    more = (warnings.names_a_colleague(view, namesakes), warnings.nobody_reads(view))
    return sorted([*warnings.of(view), *(each for each in more if each)], key=lambda each: not each.grave)


def is_trusted(agent: Agent, view: MessageView) -> bool:
    """Whether the agent chose to see the pictures of this sender."""
    if view.sender is None:
        return False
    digest = TrustedSender.digest_of(agent, view.sender.email)
    return TrustedSender.objects.filter(agent=agent, digest=digest).exists()


def _invitation(agent: Agent, view: MessageView) -> ical.Invitation | None:
    part = view.invitation
    if part is None or part.size > LARGEST_CALENDAR:
        return None

    def work(session: Session) -> str:
        raw = session.encoded_chunk(view.ref, part.section, 0)
        return bodies.text(raw, part.encoding, part.charset or "utf-8")

    try:
        return ical.read(gateway.visit(agent, work))
    except MailError:
        # Not a calendar after all: it stays among the attachments.
        return None


def _receipt(agent: Agent, view: MessageView) -> str:
    """Who asks to know that the message was read, when nothing was answered yet."""
    people = addresses.parse([view.headers.get("disposition-notification-to", "").encode()])
    if not people or not addresses.is_valid(people[0].email) or answers.receipt_was_sent(agent, view):
        return ""
    return people[0].email


def _unsubscribe(agent: Agent, view: MessageView) -> str:
    """Where to unsubscribe: a button of the content host where one request is enough, else a letter to write, or a page
    to open in another tab; nothing is called by the portal.
    """
    if leaving.one_click(view):
        return links.address("leave", agent, view.ref)
    for found in leaving.ANGLE.findall(view.headers.get("list-unsubscribe", "")):
        address = link(found)
        if address is None:
            continue
        parts = urlsplit(address)
        if parts.scheme == "mailto":
            subject = parse_qs(parts.query).get("subject", ["unsubscribe"])[0]
            query = urlencode({"a": unquote(parts.path), "objet": subject})
            return f"{reverse('mail:new')}?{query}"
        if parts.scheme == "https":
            return address
    return ""
