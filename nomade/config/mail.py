"""Numbers of the mail that are a policy."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.config.fields import choice, number, text, words


@dataclass(frozen=True, kw_only=True)
class MailNumbers:
    """How heavy, how many, how long; and how a master says for whom it acts."""

    # `authzid`: SASL PLAIN with an authorisation identity; `star`: the login « mailbox*master ».
    mail_master_form: str = choice("authzid", "authzid", "star")

    # Files of one letter, before base64 makes them a third bigger.
    mail_largest_megabytes: int = number(15, low=1, high=100)
    mail_most_recipients: int = number(200, low=1, high=2000)
    # Above this, « Envoyer » asks once more.
    mail_many_recipients: int = number(20, low=2, high=2000)
    # Domains that are the house's own beside NOMADE_MAIL_DOMAIN; their sub-domains are too.
    mail_internal_domains: tuple[str, ...] = words()
    # Under what name the house's own server says whether a signature holds (RFC 8601); the mail's domain when empty.
    mail_authserv_id: str = text("")
    # How long a letter that was sent is held, for who has chosen nothing.
    mail_undo_seconds: int = number(20, low=0, high=120)
    # Whose name one may write in beside one's own: the shared mailboxes whose rights say so, or nobody's.
    mail_send_as: str = choice("granted", "granted", "never")
    # From this part of its limit on, a mailbox is said to be nearly full.
    mail_quota_warning_percent: int = number(90, low=50, high=99)
    # Connections to the mail server that a process keeps, one a mailbox; the one unused for longest gives way.
    mail_open_mailboxes: int = number(500, low=10, high=10_000)
    # What one click answered (an invitation, a receipt) is known for so long: an invitation may be for next year.
    mail_answer_days: int = number(400, low=30, high=3650)
    mail_draft_days: int = number(90, low=7, high=730)
    mail_correspondent_days: int = number(365, low=7, high=1825)
