"""A link of a message that leads outside goes through a page that names the place (OWASP ASVS 5.0, 3.7.3).

What a link shows and where it leads are two things, and a message is written by anybody. The page is on the host
without cookies, opens only while its reader is signed in, and leads nowhere by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mailkit.html.clean import link
from mailkit.imap import MessageRef
from nomade.kernel.http import public
from nomade.mail import links
from nomade.mail.reading.isolation import agent_of, isolated
from nomade.people.models import Agent

_STYLE = (
    "html{color-scheme:light dark}body{max-width:40rem;margin:2rem auto;padding:0 1rem;"
    "font:18px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}h1{font-size:1.5rem}b{font-size:1.25rem}"
    ".go{display:inline-block;min-height:44px;padding:.5rem 1.25rem;border:2px solid;border-radius:8px;font-weight:700}"
)


def outward(agent: Agent, ref: MessageRef) -> Callable[[str], str]:
    """Where a link of this message leads in our pages: straight to our own places, else to the page that names it."""

    def led(address: str) -> str:
        return links.address("away", agent, ref, address) if _is_outside(address) else address

    return led


def _is_outside(address: str) -> bool:
    """Whether an address of the web is neither the portal's nor the organisation's own."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    domain = settings.NOMADE.mail_domain
    ours = host in settings.NOMADE.hosts.values() or host == domain or host.endswith(f".{domain}")
    return parts.scheme.lower() in ("http", "https") and not ours


@public
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The name of the place, its whole address, and the choice. Raises Http404 for what a message could not hold."""
    found = links.opened("away", token)
    agent_of(found)
    address = link(found.section)
    if address is None or not _is_outside(address):
        raise Http404
    host = urlsplit(address).hostname or ""
    title = _("Ce lien mène hors du portail")
    plain = _("Sans chiffrement : ce que vous y écrirez pourra être lu en chemin.")
    warned = f"<p>{escape(plain)}</p>" if urlsplit(address).scheme == "http" else ""
    advice = _("Il vient d’un message. N’y écrivez jamais votre mot de passe : le portail ne le demande pas ainsi.")
    stay = _("Pour renoncer, fermez cet onglet : le message est resté ouvert.")
    answer = isolated(
        HttpResponse(
            f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)}</title>'
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
            f"<body><main><h1>{escape(title)}</h1><p>{escape(_('Site :'))} <b>{escape(host)}</b></p>"
            f"<p>{escape(_('Adresse entière :'))} {escape(address)}</p>{warned}<p>{escape(advice)}</p>"
            f'<p><a class="go" rel="noopener noreferrer nofollow" href="{escape(address)}">'
            f"{escape(_('Continuer vers %(host)s') % {'host': host})}</a></p>"
            f"<p>{escape(stay)}</p></main></body></html>"
        )
    )
    answer["Content-Security-Policy"] = (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
    )
    return answer
