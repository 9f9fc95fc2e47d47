"""What a new letter begins with: nothing, the quotation of another, or what was kept of an earlier attempt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.html import escape
from django.utils.translation import gettext as _

from mailkit.html import text as plain_text
from mailkit.html.clean import clean
from mailkit.imap import MessageRef, MessageView
from mailkit.mime import addresses
from mailkit.mime.addresses import Address
from mailkit.mime.compose import forward_subject, quote, reply_subject
from nomade.kernel.clock import PARIS
from nomade.mail.models import SignaturePlace, Written
from nomade.people import ports
from nomade.people.models import Agent
from nomade.ui.filters import date_time

Kind = Literal["reply", "reply-all", "forward", "forward-attached", "redirect", "new"]
FORWARDS = ("forward", "forward-attached")
MOST_QUOTED = 200_000


@dataclass(frozen=True)
class Quotation:
    """What is quoted, as text and as a cleaned fragment; both whole."""

    text: str = ""
    html: str = ""


NOTHING = Quotation()


def answer(agent: Agent, view: MessageView, kind: Kind, *, also: str = "") -> Written:
    """A letter that answers a message or passes it on; its text is the quotation alone.

    `also`: the shared mailbox that the message lies in; it is not written to either.
    """
    forwards = kind in FORWARDS
    to, cc = ((), ()) if forwards else recipients(agent, view, everybody=kind == "reply-all", also=also)
    return Written(
        to=typed(to),
        cc=typed(cc),
        subject=forward_subject(view.subject) if forwards else reply_subject(view.subject),
        text=quotation(view, kind, lambda _cid: None).text,
        in_reply_to="" if forwards else view.message_id,
        references=tuple(dict.fromkeys([*view.references, view.message_id])) if view.message_id else (),
        answers=answered(view.ref, kind),
    )


def as_new(view: MessageView, *, replaces: bool) -> Written:
    """The same letter once more, as if it had not been sent; with `replaces` it continues a draft."""
    return Written(
        to=typed(view.to),
        cc=typed(view.cc),
        subject=view.subject,
        text=quotation(view, "new", lambda _cid: None).text,
        in_reply_to=view.in_reply_to if replaces else "",
        references=tuple(view.references) if replaces else (),
        answers=answered(view.ref, "new") if not replaces else {},
        replaces=answered(view.ref, "new") if replaces else {},
    )


def everybody(agent: Agent, key: str) -> str:
    """« À » for a group, a unit or somebody of the directory named by its key; nothing for what is none of those."""
    named = ports.recipient(agent.pk, key[:40]) if key else None
    return typed(tuple(Address(name, email) for name, email in named.addresses)) if named else ""


def answered(ref: MessageRef, kind: Kind) -> dict[str, str]:
    """The original, as it is kept with the letter."""
    return {"folder": ref.folder, "uidvalidity": str(ref.uidvalidity), "uid": str(ref.uid), "kind": kind}


def original_of(answers: dict[str, str]) -> MessageRef | None:
    """The reverse of `answered`."""
    if not answers:
        return None
    return MessageRef(answers["folder"], int(answers["uidvalidity"]), int(answers["uid"]))


def signed(written: Written, signature: str, place: str, *, quoted: bool) -> Written:
    """The letter with room to write, and the signature where the agent wants it."""
    block = f"-- \n{signature.strip()}\n" if signature.strip() else ""
    if not quoted:
        return replace(written, text=f"\n\n{block}" if block else "")
    if not block:
        return replace(written, text=f"\n\n{written.text}")
    if place == SignaturePlace.BELOW:
        return replace(written, text=f"\n\n{written.text.rstrip()}\n\n{block}")
    return replace(written, text=f"\n\n{block}\n{written.text}")


def recipients(
    agent: Agent, view: MessageView, *, everybody: bool, also: str = ""
) -> tuple[tuple[Address, ...], tuple[Address, ...]]:
    """« À » and « Copie » of an answer: Reply-To goes first, one's own address is left out.

    Answering a letter of one's own continues it: it goes to those it was written to.
    """
    own = {agent.mail_address.lower(), *([also.lower()] if also else [])}
    sender = (view.sender,) if view.sender else ()
    mine = view.sender is not None and view.sender.email.lower() in own
    to = view.to if mine else (view.reply_to or sender)
    cc: tuple[Address, ...] = ()
    if everybody:
        cc = view.cc if mine else (*view.to, *view.cc)
    seen: set[str] = set()
    return _without(to, own if not mine or len(to) > 1 else set(), seen), _without(cc, own, seen)


def _without(people: tuple[Address, ...], left_out: set[str], seen: set[str]) -> tuple[Address, ...]:
    kept = []
    for person in people:
        key = person.email.lower()
        if key not in left_out | seen and addresses.is_valid(person.email):
            seen.add(key)
            kept.append(person)
    return tuple(kept)


def typed(people: tuple[Address, ...]) -> str:
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


def quotation(view: MessageView, kind: Kind, picture: Callable[[str], str | None]) -> Quotation:
    """What an answer quotes. `picture` gives the `cid:` of a picture that the answer may carry too, or None."""
    if kind == "forward-attached":
        return NOTHING
    body = clean(view.html, inline_url=picture).html if view.html else _paragraphs(words_of(view))
    if kind == "new":
        return Quotation(words_of(view) if view.text is None else view.text, body)
    if kind in FORWARDS:
        head = _forward_lines(view)
        text = "\n".join(head) + "\n\n" + words_of(view) + "\n"
        html = f"<p>{'<br>'.join(escape(line) for line in head)}</p><div>{body}</div>"
        return Quotation(text, html)
    opening = _opening(view)
    return Quotation(
        f"{opening}\n{quote(words_of(view))}\n", f"<p>{escape(opening)}</p><blockquote>{body}</blockquote>"
    )


def _paragraphs(text: str) -> str:
    return "".join(f"<p>{escape(block)}</p>" for block in text.split("\n\n")).replace("\n", "<br>")


def _opening(view: MessageView) -> str:
    moment = view.sent_at or view.received_at
    who = view.sender.label if view.sender else _("un correspondant")
    if not moment:
        return _("%(who)s a écrit :") % {"who": who}
    return _("Le %(date)s, %(who)s a écrit :") % {"date": date_time(moment.astimezone(PARIS)), "who": who}


def _forward_lines(view: MessageView) -> list[str]:
    moment = view.sent_at or view.received_at
    copies = ", ".join(str(person) for person in view.cc)
    return [
        _("---------- Message transféré ----------"),
        _("De : %(who)s") % {"who": view.sender or ""},
        *([_("Date : %(date)s") % {"date": date_time(moment.astimezone(PARIS))}] if moment else []),
        _("Objet : %(subject)s") % {"subject": view.subject},
        _("À : %(to)s") % {"to": ", ".join(str(person) for person in view.to)},
        *([_("Copie : %(to)s") % {"to": copies}] if copies else []),
    ]
