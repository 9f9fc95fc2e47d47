"""Tables of the support."""

from nomade.support.models.desk import IdentityCheck, IdentityProof, SessionCode, SupportAct
from nomade.support.models.knowledge import Article, Incident, PartState, PublicReport
from nomade.support.models.tickets import Category, Priority, Team, Ticket, TicketQuerySet, TicketStatus

__all__ = [
    "Article",
    "Category",
    "IdentityCheck",
    "IdentityProof",
    "Incident",
    "PartState",
    "Priority",
    "PublicReport",
    "SessionCode",
    "SupportAct",
    "Team",
    "Ticket",
    "TicketQuerySet",
    "TicketStatus",
]
