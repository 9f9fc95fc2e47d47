"""Bodies of messages, on the host without cookies. The signed address says for whom.

The mailbox is asked at read time: a message that was deleted since, or an agent whose mailbox is closed, opens nothing.
"""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from markupsafe import Markup

from mailkit.errors import MailError
from mailkit.html.clean import Cleaned, clean
from mailkit.imap import MessageView
from nomade.kernel.http import public
from nomade.mail import gateway, links
from nomade.mail.reading.isolation import SHOWN_PICTURES, agent_of, isolated
from nomade.mail.reading.outward import outward
from nomade.people.models import Agent
from nomade.ui.filters import date_time

_STYLE = (
    "html{color-scheme:light;background:#fff}"
    "body{margin:0;padding:1rem;color:#1d1d1b;font:16px/1.5 system-ui,sans-serif;"
    "overflow-wrap:break-word}img{max-width:100%;height:auto}table{max-width:100%}pre{white-space:pre-wrap}"
    "blockquote{margin:0 0 0 .5rem;padding-left:.75rem;border-left:3px solid #c9c4bb}a{color:#0b5394}"
    ".nm-note{margin:0 0 1rem;padding:.5rem .75rem;border:1px solid #c9c4bb;border-radius:8px;background:#f6f4f0;"
    "font-size:14px}.nm-head{margin:0 0 1rem;border-bottom:1px solid #c9c4bb}.nm-head p{margin:.15rem 0}"
    ".nm-text{white-space:pre-wrap}"
)


@public
@require_safe
def body(request: HttpRequest, token: str) -> HttpResponse:
    """The HTML of a message, cleaned, alone in its frame."""
    return _page(links.opened("body", token), remote=False)


@public
@require_safe
def body_with_pictures(request: HttpRequest, token: str) -> HttpResponse:
    """The same with the pictures that the reader asked for: their browser loads them, without saying from where."""
    return _page(links.opened("shown", token), remote=True)


@public
@require_safe
def printed(request: HttpRequest, token: str) -> HttpResponse:
    """The whole message for paper: who, when, to whom, and its text."""
    return _page(links.opened("print", token), remote=False, whole=True)


def _page(found: links.Pass, *, remote: bool, whole: bool = False) -> HttpResponse:
    agent = agent_of(found)
    try:
        view = gateway.run(agent, lambda session: session.message(found.ref))
    except MailError as error:
        return _note_page(gateway.translated(error))
    if view.html is None and not whole:
        raise Http404
    cleaned = _cleaned(agent, view, remote=remote)
    return isolated(HttpResponse(_document(view, cleaned, whole=whole)), remote=remote)


def _cleaned(agent: Agent, view: MessageView, *, remote: bool) -> Cleaned:
    def inline_url(content_id: str) -> str | None:
        part = view.inline.get(content_id)
        if part is None or part.content_type not in SHOWN_PICTURES:
            return None
        return links.address("inline", agent, view.ref, part.section)

    return clean(view.html or "", inline_url=inline_url, remote=remote, outward=outward(agent, view.ref))


def _document(view: MessageView, cleaned: Cleaned, *, whole: bool) -> str:
    notes = []
    if cleaned.blocked_images and not whole:
        notes.append(
            ngettext(
                "%(count)s image distante n’a pas été chargée : l’expéditeur aurait su que vous lisez ce message.",
                "%(count)s images distantes n’ont pas été chargées : l’expéditeur aurait su que vous lisez ce message.",
                cleaned.blocked_images,
            )
            % {"count": cleaned.blocked_images}
        )
    if cleaned.truncated or view.truncated:
        notes.append(_("Ce message est très long : la fin n’est pas affichée."))
    if cleaned.too_deep:
        notes.append(_("La mise en forme de ce message est trop compliquée pour être affichée sans risque."))
    shown = "".join(f'<p class="nm-note" lang="fr">{escape(note)}</p>' for note in notes)
    text = "" if view.html is not None else f'<div class="nm-text">{escape(view.text or "")}</div>'
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(view.subject)}</title>'
        f"<style>{_STYLE}</style></head><body>{_head(view) if whole else ''}{shown}{cleaned.html}{text}</body></html>"
    )


def _head(view: MessageView) -> str:
    moment = view.sent_at or view.received_at
    lines = [
        (_("De"), str(view.sender or _("(expéditeur inconnu)"))),
        (_("À"), ", ".join(str(person) for person in view.to)),
        (_("Copie"), ", ".join(str(person) for person in view.cc)),
        (_("Date"), date_time(moment) if moment else ""),
        (_("Pièces jointes"), ", ".join(part.name for part in view.attachments)),
    ]
    rows = "".join(f"<p><b>{escape(name)}</b> {escape(value)}</p>" for name, value in lines if value)
    return str(Markup('<header class="nm-head" lang="fr"><h1>{}</h1>').format(view.subject)) + rows + "</header>"


def _note_page(error: Exception) -> HttpResponse:
    if isinstance(error, Http404):
        raise error
    page = (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>—</title>'
        f"<style>{_STYLE}</style></head><body><p>{escape(str(error))}</p></body></html>"
    )
    return isolated(HttpResponse(page, status=503))
