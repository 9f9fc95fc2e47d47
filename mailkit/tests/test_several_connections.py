"""Two connections to one mailbox, as two processes of the portal or a telephone beside it have; what servers tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailkit.errors import MailError
from mailkit.imap import MessageRef, Session, acting
from mailkit.imap.listing import Listing, overview
from mailkit.tests.exchange_level import exchange_level
from mailkit.tests.test_servers import PLAIN, account_of, fill, new_login


def test_a_message_that_another_connection_brought_is_found(mail_server: object) -> None:
    account = account_of(mail_server, new_login())
    mine, other = Session(account), Session(account)
    mine.page("INBOX")
    other.append("INBOX", PLAIN % (b"Neuf", b"neuf"), flags=())
    ref = other.page("INBOX").envelopes[0].ref
    assert mine.message(ref).subject == "Neuf"
    with pytest.raises(MailError) as error:
        mine.message(MessageRef("INBOX", ref.uidvalidity, ref.uid + 40))
    assert error.value.key == "no_such_message"
    mine.close()
    other.close()


def test_a_list_shows_what_another_connection_has_just_done(mail_server: object) -> None:
    account = account_of(mail_server, new_login())
    mine, other = Session(account), Session(account)
    fill(mine, 4)
    asked = Listing("INBOX")
    refs = [line.ref for line in overview(mine, asked).page.envelopes]
    overview(other, asked)
    acting.move(other, [refs[1]], other.folder_of("archive").name)
    assert [line.subject for line in overview(mine, asked).page.envelopes] == ["Message 4", "Message 2", "Message 1"]
    acting.flag(other, [refs[0]], add=("\\Seen",))
    found = overview(mine, asked)
    assert [line.seen for line in found.page.envelopes] == [True, False, False]
    assert next(each.unread for each in found.folders if each.role == "inbox") == 2
    fill(other, 1)
    assert overview(mine, asked).page.total == 4
    mine.close()
    other.close()


def test_what_another_connection_brought_can_be_moved_and_moved_back(mail_server: object) -> None:
    account = account_of(mail_server, new_login())
    mine, other = Session(account), Session(account)
    mine.page("INBOX")
    other.append("INBOX", PLAIN % (b"Neuf", b"neuf"), flags=())
    ref = other.page("INBOX").envelopes[0].ref
    moved = acting.move(mine, [ref], mine.folder_of("archive").name)
    assert (moved.count, len(moved.arrived)) == (1, 1)
    assert acting.move(other, list(moved.arrived), "INBOX").count == 1
    assert acting.move(mine, [ref], mine.folder_of("archive").name).count == 0
    mine.close()
    other.close()


def test_quota_and_rights_are_told_where_there_are_any_and_asked_for_nowhere_else(mail_server: object) -> None:
    session = Session(account_of(mail_server, new_login()))
    folders = session.folders()
    rich = session.wire.has("QUOTA")
    assert (session.quota is not None) == rich
    assert {each.space for each in folders} == {"own"}
    assert all(each.rights is None and each.may("te") and each.may_remove for each in folders)
    session.close()


def test_the_exchange_level_server_has_nothing_but_what_exchange_has(dovecot: object) -> None:
    with exchange_level(dovecot.imap_port) as port:  # type: ignore[attr-defined]
        account = account_of(dovecot, new_login())
        poor = Session(replace(account, endpoint=replace(account.endpoint, port=port)))
        assert poor.wire.capabilities == {"IMAP4REV1", "AUTH=PLAIN", "UIDPLUS", "MOVE", "IDLE"}
        assert {each.role for each in poor.folders()} == {"inbox", "drafts", "sent", "archive", "junk", "trash"}
        poor.select("INBOX")
        assert not poor.keeps_keywords
        with pytest.raises(MailError):
            poor.wire.uid("SORT", "(ARRIVAL)", "UTF-8", "ALL")
        poor.close()
