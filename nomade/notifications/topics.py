"""What one may be told about. A kind of notification reads « topic.what »; services declare their topics."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from nomade.kernel.registry import services

#: Told at once, whatever one prefers.
SECURITY = "security"


def topic_of(kind: str) -> str:
    """The topic of a kind: what stands before its first point."""
    return kind.partition(".")[0]


def topics() -> dict[str, Any]:
    """The topics of the enabled services, by key, with their names; security is not among them: it has no choice."""
    return {key: label for service in services() for key, label in service.topics.items()}


SECURITY_LABEL = _("Sécurité de mon compte")
