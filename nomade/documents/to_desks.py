"""What documents tell a desk that spans services."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nomade.cases.desk import Agents, MissingSource, of
from nomade.documents.models import CollectionItem, ItemState


def _missing(agents: Agents | None) -> QuerySet[CollectionItem]:
    return CollectionItem.objects.filter(of(agents, "agent"), state=ItemState.ASKED)


MISSING = MissingSource("documents", _("document demandé"), "agent", _missing)
