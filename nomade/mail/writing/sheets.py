"""The sheet a person writes on: what it begins with, what was posted from it, and its page."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from mailkit.errors import MailError
from mailkit.imap import MessageRef, MessageView, Part
from mailkit.mime import addresses
from mailkit.mime.compose import Attachment
from nomade.kernel.pages import render
from nomade.mail import links, shared, wording
from nomade.mail.models import MailIdentity, OutgoingMessage, WritingFormat, WritingSettings, Written
from nomade.mail.writing import actions, checks, choices, letters, originals, threads
from nomade.mail.writing.content_views import address_of
from nomade.mail.writing.forms import (
    LONGEST_PEOPLE,
    LONGEST_SUBJECT,
    LONGEST_TEXT,
    LetterForm,
)
from nomade.mail.writing.letters import NOTHING, Quotation
from nomade.people.http import AgentRequest

FIELDS = ("to", "cc", "bcc", "subject", "text", "html", "identity", "importance", "receipt")


@dataclass
class Sheet:
    """A letter being written. `view` is the message it continues, when it could be read."""

    request: AgentRequest
    title: str
    written: Written
    letter: OutgoingMessage | None = None
    view: MessageView | None = None
    offered: Sequence[Part] = ()
    quoted: Quotation = NOTHING
    problem: str = ""

    @cached_property
    def preferences(self) -> WritingSettings:
        """How the agent likes to write."""
        return choices.preferences_of(self.request.agent)

    @cached_property
    def identities(self) -> list[MailIdentity]:
        """Under which names they may."""
        return choices.identities_of(self.request.agent)

    @cached_property
    def shared_identities(self) -> list[MailIdentity]:
        """Under which shared addresses they may."""
        return choices.shared_identities(self.request.agent)

    @property
    def shared_address(self) -> str:
        """The shared mailbox in whose name the letter leaves, if one."""
        return shared.address_in(self.written.identity)

    @property
    def rich(self) -> bool:
        """Whether the letter begins with formatted text, in a browser that can."""
        if self.letter is not None:
            return bool(self.written.html)
        wanted = self.preferences.writing_format
        same = wanted == WritingFormat.SAME and self.view is not None and self.view.has_html
        return wanted == WritingFormat.RICH or same

    def pictures(self) -> dict[str, str]:
        """Where the editor finds the pictures of the text, by their name in it."""
        agent = self.request.agent
        found = {}
        if self.view is not None:
            for content_id, part in originals.pictures(self.view).items():
                found[content_id] = links.address("inline", agent, self.view.ref, part.section)
        if self.letter is not None:
            for file in self.letter.attachments.exclude(content_id=""):
                found[file.content_id] = address_of(agent, file)
        return found


@dataclass(frozen=True)
class Posted:
    """What a form brought: its letter, its files, and the state of the draft it was shown with."""

    token: uuid.UUID
    written: Written
    revision: int | None
    kept: frozenset[uuid.UUID]
    ticked: frozenset[str]
    agreed: frozenset[str]


def posted(request: AgentRequest, written: Written) -> Posted:
    """Reads a form; nothing of what was typed is lost, even when it is wrong. Raises Refusal without its key."""
    post = request.POST
    rich = post.get("format") == "rich"
    letter = Written(
        to=post.get("to", "")[:LONGEST_PEOPLE],
        cc=post.get("cc", "")[:LONGEST_PEOPLE],
        bcc=post.get("bcc", "")[:LONGEST_PEOPLE],
        subject=" ".join(post.get("subject", "")[:LONGEST_SUBJECT].replace("\0", "").split()),
        text=post.get("text", "")[:LONGEST_TEXT],
        html=post.get("html", "")[: LONGEST_TEXT * 2] if rich else "",
        importance=post.get("importance", "") if post.get("importance") in ("high", "low") else "",
        receipt=bool(post.get("receipt")),
        identity=post.get("identity", "")[:260],
        in_reply_to=written.in_reply_to,
        references=written.references,
        answers=written.answers,
        replaces=written.replaces,
    )
    revision = post.get("revision", "")
    return Posted(
        token=actions.token_of(post.get("form_token", "")),
        written=threads.continued(request.agent, letter, post.get("contexte", "")[:60_000]),
        revision=int(revision) if revision.isdecimal() and len(revision) < 10 else None,
        kept=_identifiers(post.getlist("garder")),
        ticked=frozenset(post.getlist("reprendre")),
        agreed=frozenset(post.getlist("accord")),
    )


def _identifiers(raw: Sequence[str]) -> frozenset[uuid.UUID]:
    found = set()
    for value in raw:
        try:
            found.add(uuid.UUID(value))
        except ValueError:
            continue
    return frozenset(found)


def taken_over(sheet: Sheet, brought: Posted) -> list[Attachment]:
    """What the letter takes from the message it continues. Raises MailError, Refusal."""
    html = brought.written.html
    if sheet.view is None:
        if brought.ticked:
            raise MailError("unreachable", "the files of the original cannot be read", retry=True)
        return []
    shown = {
        content_id: part
        for content_id, part in originals.pictures(sheet.view).items()
        if html and f"cid:{content_id}" in html
    }
    return originals.taken(sheet.request.agent, sheet.view.ref, sheet.offered, brought.ticked, shown)


def uploaded(form: LetterForm) -> list[Attachment]:
    """The files that came with the form."""
    return [
        Attachment(file.name or "", file.content_type or "", file.read(choices.largest_letter() + 1))
        for file in form.uploads()
    ]


def doubts(sheet: Sheet, brought: Posted, files: int) -> list[checks.Doubt]:
    """What is asked once before this letter leaves, less what the agent has agreed to."""
    wanted = sheet.preferences
    written = brought.written
    fields = (written.to, written.cc, written.bcc)
    facts = checks.Facts(
        subject=written.subject,
        text=written.text,
        files=files,
        recipients=sum(len(addresses.split_typed(field)[0]) for field in fields),
        outside=tuple(email for field in fields for email in choices.outside(field)),
        to_all=written.answers.get("kind") == "reply-all",
    )
    rules = checks.Wanted(
        attachment=wanted.confirm_attachment,
        subject=wanted.confirm_subject,
        many=wanted.confirm_many,
        outside=wanted.confirm_outside,
        many_above=settings.NOMADE.mail_many_recipients,
    )
    return [doubt for doubt in checks.doubts(facts, rules) if doubt.key not in brought.agreed]


def question(doubt: checks.Doubt) -> str:
    """A doubt in the words of the page."""
    sentences = {
        "attachment": _("Votre message parle d’une pièce jointe, et aucune n’y est."),
        "subject": _("Votre message n’a pas d’objet."),
        "many": _("Votre message part à %(detail)s personnes."),
        "all": _("Vous répondez à tous : %(detail)s personnes recevront ce message."),
        "outside": _("Ces personnes n’appartiennent pas à la collectivité : %(detail)s."),
    }
    return sentences[doubt.key] % {"detail": doubt.detail}


def show(
    sheet: Sheet,
    form: LetterForm,
    *,
    token: str,
    status: int = 200,
    notice: str = "",
    asked: Sequence[checks.Doubt] = (),
    agreed: frozenset[str] = frozenset(),
    conflict: bool = False,
    choice: object = None,
    drafts: Sequence[tuple[OutgoingMessage, Written]] = (),
) -> HttpResponse:
    """The page of a letter."""
    request = sheet.request
    ticked = set(request.POST.getlist("reprendre")) if request.method == "POST" else None
    context = {
        "sheet": sheet,
        "form": form,
        "token": token,
        "revision": sheet.letter.revision if sheet.letter else 0,
        "thread": threads.carried(request.agent, sheet.written),
        "notice": notice,
        "kept": kept_files(sheet.letter),
        "offered": [(part, ticked is None or part.section in ticked) for part in sheet.offered],
        "pictures": sheet.pictures(),
        "signatures": _signatures(sheet),
        "questions": [(doubt.key, question(doubt)) for doubt in asked],
        "agreed": sorted(agreed),
        "conflict": conflict,
        "choice": choice,
        "drafts": drafts,
        "limit": choices.largest_letter(),
        "limit_shown": _("%(most)s Mo") % {"most": choices.largest_letter() // 1_000_000},
        "decoded_size": wording.decoded_size,
        "back": reverse("mail:index"),
        "held": choices.undo_seconds(sheet.preferences),
    }
    return render(request, "mail/compose.html", context, status=status)


def _signatures(sheet: Sheet) -> dict[str, dict[str, str]]:
    """By identity; without a name, the usual one's."""
    own = [*sheet.identities, *sheet.shared_identities]
    named = [("", own[0]), *((identity.key, identity) for identity in own)]
    return {key: {"text": one.signature.strip(), "html": one.signature_html} for key, one in named}


def kept_files(letter: OutgoingMessage | None) -> list[object]:
    """The files of a draft, without the pictures of its text."""
    return list(letter.attachments.filter(content_id="").defer("sealed")) if letter else []


def quoted_from(view: MessageView, kind: letters.Kind) -> Quotation:
    """The quotation of an answer, with the pictures that it may carry too."""
    carried = originals.pictures(view)
    return letters.quotation(view, kind, lambda content_id: f"cid:{content_id}" if content_id in carried else None)


def reference_of(written: Written) -> MessageRef | None:
    """The message that a letter continues, whichever way."""
    return letters.original_of(written.answers) or letters.original_of(written.replaces)


def with_letter(sheet: Sheet, letter: OutgoingMessage) -> Sheet:
    """The same sheet over its draft: what was taken from the original is now in it."""
    return replace(sheet, letter=letter, written=letter.written(), offered=())
