"""What a new letter begins with: nothing, the quotation of another, or what was kept of an earlier attempt."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext as _

from mailkit.html import text as plain_text
from mailkit.html.clean import clean
from mailkit.imap import MessageRef, MessageView
from mailkit.mime import addresses
from mailkit.mime.addresses import Address
from mailkit.mime.compose import forward_subject, quote, reply_subject
from nomade.kernel.clock import PARIS
from nomade.mail.models import Written
from nomade.people import ports
from nomade.people.models import Agent
from nomade.ui.filters import date_time

Kind = Literal["reply", "reply-all", "forward"]
MOST_QUOTED = 200_000


def answer(agent: Agent, view: MessageView, kind: Kind) -> Written:
    """A letter that answers a message or passes it on."""
    to, cc = ((), ()) if kind == "forward" else recipients(agent, view, everybody=kind == "reply-all")
    ref = view.ref
    return Written(
        to=_typed(to),
        cc=_typed(cc),
        subject=forward_subject(view.subject) if kind == "forward" else reply_subject(view.subject),
        text=_forwarded(view) if kind == "forward" else _quoted(view),
        in_reply_to="" if kind == "forward" else view.message_id,
        references=tuple(dict.fromkeys([*view.references, view.message_id])) if view.message_id else (),
        answers=answered(ref, kind),
    )


def everybody(agent: Agent, key: str) -> str:
    """« À » for a group, a unit or somebody of the directory named by its key; nothing for what is none of those."""
    named = ports.recipient(agent.pk, key[:40]) if key else None
    return _typed(tuple(Address(name, email) for name, email in named.addresses)) if named else ""


def answered(ref: MessageRef, kind: Kind) -> dict[str, str]:
    """The original, as it is kept with the letter."""
    return {"folder": ref.folder, "uidvalidity": str(ref.uidvalidity), "uid": str(ref.uid), "kind": kind}


def recipients(agent: Agent, view: MessageView, *, everybody: bool) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """« À » and « Copie » of an answer: Reply-To goes first, one's own address is left out.

    Answering a letter of one's own continues it: it goes to those it was written to.
    """
    own = agent.mail_address.lower()
    sender = (view.sender,) if view.sender else ()
    mine = view.sender is not None and view.sender.email.lower() == own
    to = view.to if mine else (view.reply_to or sender)
    cc: tuple[Address, ...] = ()
    if everybody:
        cc = view.cc if mine else (*view.to, *view.cc)
    seen: set[str] = set()
    return _without(to, {own} if not mine or len(to) > 1 else set(), seen), _without(cc, {own}, seen)


def _without(people: tuple[Address, ...], left_out: set[str], seen: set[str]) -> tuple[Address, ...]:
    kept = []
    for person in people:
        key = person.email.lower()
        if key not in left_out | seen and addresses.is_valid(person.email):
            seen.add(key)
            kept.append(person)
    return tuple(kept)


def _typed(people: tuple[Address, ...]) -> str:
    """As a person would type them, so that `split_typed` reads them back."""
    shown = []
    for person in people:
        name = "".join(character for character in person.name if character not in '"<>')
        separators = any(character in name for character in ",;")
        shown.append(
            f'"{name}" <{person.email}>' if separators else f"{name} <{person.email}>" if name else person.email
        )
    return ", ".join(shown)


def words_of(view: MessageView) -> str:
    """The text of a message, or the words of its HTML."""
    if view.text is not None:
        return view.text.strip("\n")[:MOST_QUOTED]
    return plain_text.from_html(clean(view.html or "").html)[:MOST_QUOTED]


def _quoted(view: MessageView) -> str:
    moment = view.sent_at or view.received_at
    who = view.sender.label if view.sender else _("un correspondant")
    opening = (
        _("Le %(date)s, %(who)s a écrit :") % {"date": date_time(moment.astimezone(PARIS)), "who": who}
        if moment
        else _("%(who)s a écrit :") % {"who": who}
    )
    return f"\n\n{opening}\n{quote(words_of(view))}\n"


def _forwarded(view: MessageView) -> str:
    moment = view.sent_at or view.received_at
    lines = [
        _("---------- Message transféré ----------"),
        _("De : %(who)s") % {"who": view.sender or ""},
        *([_("Date : %(date)s") % {"date": date_time(moment.astimezone(PARIS))}] if moment else []),
        _("Objet : %(subject)s") % {"subject": view.subject},
        _("À : %(to)s") % {"to": ", ".join(str(person) for person in view.to)},
    ]
    return "\n\n" + "\n".join(lines) + "\n\n" + words_of(view) + "\n"
