"""The only writers of identities and of how one writes."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from nomade.kernel.errors import Refusal
from nomade.mail.models import MailIdentity, WritingSettings

MOST_IDENTITIES = 10


@transaction.atomic
def save_identity(identity: MailIdentity) -> None:
    """Keeps an identity; the first one, or one that is chosen, becomes the usual one."""
    own = MailIdentity.objects.filter(agent=identity.agent).exclude(pk=identity.pk)
    if own.count() >= MOST_IDENTITIES:
        raise Refusal(_("Vous avez déjà dix identités."))
    if identity.is_default:
        own.update(is_default=False)
    elif not own.filter(is_default=True).exists():
        identity.is_default = True
    identity.save()


@transaction.atomic
def delete_identity(identity: MailIdentity) -> None:
    """Forgets an identity; another becomes the usual one when it was."""
    agent, was_usual = identity.agent, identity.is_default
    identity.delete()
    left = MailIdentity.objects.of(agent).first() if was_usual else None
    if left is not None:
        left.is_default = True
        left.save(update_fields=["is_default"])


def save_settings(settings: WritingSettings) -> None:
    """Keeps how an agent writes."""
    settings.save()
