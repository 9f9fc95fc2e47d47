"""Leaving a newsletter in one gesture (RFC 8058): the reader's browser asks, the portal calls nobody (ADR 71)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mailkit.errors import MailError
from mailkit.html.clean import link
from mailkit.imap import MessageView
from nomade.kernel.http import public
from nomade.mail import gateway, links
from nomade.mail.reading.isolation import agent_of, isolated

ANGLE = re.compile(r"<([^<>\s]{5,2000})>")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::\d{1,5})?", re.ASCII)
_COMMENT = re.compile(r'\([^()]*\)|"[^"]*"')
_PASSED = re.compile(r"\s*dkim\s*=\s*pass\b")
_STYLE = (
    "html{color-scheme:light dark}body{max-width:40rem;margin:2rem auto;padding:0 1rem;"
    "font:18px/1.5 system-ui,sans-serif;overflow-wrap:break-word}"
    "button{min-height:44px;padding:.5rem 1.25rem;font:inherit;font-weight:700}"
)


def one_click(view: MessageView) -> str:
    """Where the letter may be left by one request: an https address that its signature covers; else empty.

    The word of our own mail server on the signature is asked for, as RFC 8058 § 4 wants.
    """
    if "list-unsubscribe=one-click" not in "".join(view.headers.get("list-unsubscribe-post", "").lower().split()):
        return ""
    if not signature_holds(view.headers.get("authentication-results", "")):
        return ""
    for found in ANGLE.findall(view.headers.get("list-unsubscribe", "")):
        address = link(found)
        if address is not None and urlsplit(address).scheme == "https" and _HOST.fullmatch(host_of(address)):
            return address
    return ""


def signature_holds(told: str) -> bool:
    """Whether our own server found a good DKIM signature; `told`: each Authentication-Results on a line (RFC 8601).

    Anybody may write such a line in a letter: those that bear another name than our server's are not read.
    """
    house = (settings.NOMADE.mail_authserv_id or settings.NOMADE.mail_domain).lower()
    for line in told.splitlines():
        name, *verdicts = _COMMENT.sub(" ", line).lower().split(";")
        if name.split()[:1] == [house]:
            # The latest of ours, which is the first: what lies below it came with the letter.
            return any(_PASSED.match(verdict) for verdict in verdicts)
    return False


def host_of(address: str) -> str:
    """The host that would be asked."""
    return urlsplit(address).netloc.lower()


@public
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """One button, which sends the reader's own browser to the list; on the host without cookies."""
    found = links.opened("leave", token)
    agent = agent_of(found)
    try:
        view = gateway.run(agent, lambda session: session.message(found.ref, with_html=False))
    except MailError as error:
        raise Http404 from error
    address = one_click(view)
    if not address:
        raise Http404
    host = host_of(address)
    who = view.sender.label if view.sender else host
    words = _(
        "Votre navigateur demandera à %(host)s de ne plus vous écrire. Le portail ne contacte personne. "
        "L’expéditeur saura que vous avez lu sa lettre."
    ) % {"host": host}
    title = _("Se désabonner de « %(who)s » ?") % {"who": who}
    answer = isolated(
        HttpResponse(
            f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
            f'<body><main><h1>{escape(title)}</h1><p>{escape(words)}</p><form method="post" action="{escape(address)}">'
            '<input type="hidden" name="List-Unsubscribe" value="One-Click">'
            f"<button>{escape(_('Se désabonner'))}</button></form></main></body></html>"
        )
    )
    # Of this page alone: one form, to one host, and nothing else.
    answer["Content-Security-Policy"] = (
        f"sandbox allow-forms; default-src 'none'; style-src 'unsafe-inline'; form-action https://{host}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
    return answer
