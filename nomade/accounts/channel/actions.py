"""Where an agent is told of what happens to the account: in the portal, or at a personal address too."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest

from nomade.accounts import notices
from nomade.accounts.channel import tasks
from nomade.accounts.channel.links import AddressLink
from nomade.accounts.models import Account, NoticeChannel
from nomade.kernel import audit
from nomade.people import contact


@transaction.atomic
def choose_channel(request: HttpRequest, account: Account, channel: NoticeChannel, email: str) -> bool:
    """Keeps the choice; a new address gets a link, and counts only once it is confirmed. Returns whether one was sent.

    An address that was confirmed before is told nothing by us: the notice goes to the portal and the professional box.
    """
    first_time = not account.notice_channel
    account.notice_channel = channel
    account.save(update_fields=["notice_channel"])
    audit.record(
        "notice_channel.chosen", actor=account.agent_id, subject=account.agent_id, request=request, channel=str(channel)
    )
    if channel is not NoticeChannel.EMAIL:
        return False
    agent = account.agent
    waiting = agent.personal_email.lower() != email.lower() or not agent.personal_email_confirmed
    if waiting:
        if not first_time:
            notices.tell(agent, notices.Event.RECOVERY_CHANGED)
        contact.give_personal_email(agent, email)
        tasks.send_address_link.defer(account=account.pk, email=email)
    return waiting


@transaction.atomic
def confirm_address(request: HttpRequest, link: AddressLink) -> bool:
    """Whoever opens the link holds the address. False when the agent has given another one since."""
    account = Account.objects.select_related("agent").filter(pk=link.account_id).first()
    if account is None or not contact.confirm_personal_email(account.agent, link.email):
        return False
    audit.record("personal_email.confirmed", actor=account.agent_id, subject=account.agent_id, request=request)
    return True
