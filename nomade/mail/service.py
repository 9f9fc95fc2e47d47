"""What the portal needs to know of the mail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nomade.kernel.hosts import URLCONFS
from nomade.kernel.registry import HomeCard, MenuEntry, RetentionRule, Service, TodoItem
from nomade.mail import gateway
from nomade.mail.access import has_mail, key_of, shows_mail
from nomade.mail.models import OutgoingMessage, OutgoingState
from nomade.mail.reading import answers, snapshot
from nomade.mail.writing import delivery


def unread_badge(request: Any) -> int | None:
    """The unread messages that this process knows of; never waits."""
    if not has_mail(request):
        return None
    known = snapshot.of(request.agent, patience=0)
    return known.unread or None if known else None


def home_card(request: Any) -> Mapping[str, Any] | None:
    """Unread messages and the three latest; without news from the server, only the way in."""
    if not has_mail(request):
        return None
    known = snapshot.of(request.agent)
    down = known is None and gateway.breaker_of(settings.NOMADE.imap_url).is_open
    return {"snapshot": known, "key_of": key_of, "down": down}


def to_do(request: Any) -> list[TodoItem]:
    """Letters that did not leave and wait for the agent."""
    if not has_mail(request):
        return []
    stuck = OutgoingMessage.objects.of(request.agent).filter(state__in=[OutgoingState.REFUSED, OutgoingState.UNCERTAIN])
    states = list(stuck.values_list("state", flat=True))
    if not states:
        return []
    return [
        TodoItem(
            title=_stuck_title(len(states), states.count(OutgoingState.UNCERTAIN)),
            detail=ngettext("Son texte est gardé.", "Leur texte est gardé.", len(states)),
            url=reverse("mail:outgoing", urlconf=URLCONFS["portal"]),
            action_label=_("Voir"),
            icon="mail",
            due=None,
            urgent=True,
        )
    ]


def _stuck_title(count: int, uncertain: int) -> str:
    if not uncertain:
        words = ngettext("Un message n’est pas parti", "%(count)s messages ne sont pas partis", count)
    elif uncertain == count:
        words = ngettext("Un message est peut-être parti", "%(count)s messages sont peut-être partis", count)
    else:
        words = _("%(count)s messages ne sont pas partis, ou pas sûrement")
    return words % {"count": count}


def _purge(_day: date) -> int:
    return delivery.purge()


def _purge_answers(_day: date) -> int:
    return answers.purge()


SERVICE = Service(
    key="mail",
    no_export=gettext_lazy(
        "Vos messages restent sur le serveur de messagerie : copiez-les avec un logiciel de courrier (IMAP)."
    ),
    label=gettext_lazy("Messagerie"),
    prefix="messagerie/",
    urls="nomade.mail.urls",
    summary=gettext_lazy("Lire et écrire ses messages."),
    keywords=gettext_lazy("mail courriel e-mail message webmail boîte"),
    needs_factor_outside=True,
    help="mail/_help.html",
    menu=MenuEntry(
        icon="mail",
        order=60,
        short_label=gettext_lazy("Messages"),
        on_phone_bar=True,
        badge=unread_badge,
        visible=shows_mail,
    ),
    todo=to_do,
    may_wait=(
        "EXISTS (SELECT FROM mail_outgoingmessage WHERE agent_id = %(agent)s AND state IN ('refused', 'uncertain'))"
    ),
    home_card=HomeCard(template="mail/_home_card.html", order=30, context=home_card),
    retention=(
        RetentionRule(
            data="Messages en cours d’envoi",
            duration="Texte effacé dès la copie dans « Envoyés », objet et destinataires 7 jours ; brouillons 90 jours",
            source="Minimisation, RGPD art. 5-1 c et e",
            purge=_purge,
        ),
        RetentionRule(
            data="Réponses données aux invitations, accusés de lecture envoyés (sans adresse ni contenu)",
            duration="400 jours",
            source="Minimisation, RGPD art. 5-1 c et e",
            purge=_purge_answers,
        ),
    ),
)
