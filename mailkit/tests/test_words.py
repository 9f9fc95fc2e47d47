"""Words are looked for in one line a message, made from its headers as they travelled."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mailkit.imap.criteria import Criteria
from mailkit.imap.memory import Indexes, Memory
from mailkit.imap.types import Stamp
from mailkit.imap.words import Lines, folded, line_of


def lines(*blocks: bytes) -> Lines:
    made = Lines(Memory(), 1)
    made.by_uid = {number: line_of(block) for number, block in enumerate(blocks, start=1)}
    return made


LETTER = (
    b'From: =?utf-8?q?Ma=C3=ABlle_Le_Goff?= <maelle@exemple.fr>\r\nTo: "Durand, Camille" <camille@paris.fr>\r\n'
    b"Cc: achats@paris.fr\r\nSubject: =?utf-8?q?L=E2=80=99=C5=93uvre_de_l=27=C3=A9t=C3=A9?=\r\n"
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
)
PLAIN = b"From: lui@exemple.fr\r\nSubject: camille\r\n\r\n"


def test_accents_ligatures_and_apostrophes_do_not_matter() -> None:
    found = lines(LETTER, PLAIN)
    for typed in ("l'oeuvre", "L’ŒUVRE", "ÉTÉ", "de l’ete"):
        assert found.matching(Criteria(subject=(typed,))) == [1], typed


def test_a_word_is_looked_for_in_its_own_field_and_addresses_are_read_whole() -> None:
    found = lines(LETTER, PLAIN)
    assert found.matching(Criteria(sender=("maelle le goff maelle@exemple.fr",))) == [1]
    assert found.matching(Criteria(recipients=("camille",))) == [1]
    assert found.matching(Criteria(recipients=("achats@",))) == [1]
    assert found.matching(Criteria(subject=("camille",))) == [2]
    assert found.matching(Criteria(words=("camille",))) == [1, 2]
    assert found.matching(Criteria(words=("camille",), attachment=True)) == [1]
    assert found.matching(Criteria(attachment=True)) == [1]
    assert found.matching(Criteria(words=("camille",)), [2, 1, 7]) == [2, 1]


@given(st.binary(max_size=300), st.text(max_size=20))
def test_whatever_travelled_makes_a_line_of_four_parts_and_whatever_is_typed_is_only_looked_for(
    raw: bytes, typed: str
) -> None:
    line = line_of(b"Subject: " + raw + b"\r\nFrom: " + raw + b"\r\nTo: " + raw + b"\r\n")
    assert line.count("\x1f") == 3
    asked = Criteria(subject=(typed,), words=(typed,))
    expected = [1] if folded(typed) in line.split("\x1f")[0] else []
    assert lines(b"Subject: " + raw + b"\r\nFrom: " + raw + b"\r\nTo: " + raw + b"\r\n").matching(asked) == expected


def test_what_is_known_of_a_mailbox_outlives_its_connection_and_is_nobody_elses() -> None:
    kept = Indexes(most=10)
    first = Lines(Memory(mailbox=("imap", "camille")), 1)
    kept.keep("INBOX", first)
    assert kept.lines(Memory(mailbox=("imap", "camille")), "INBOX") is first
    assert kept.lines(Memory(mailbox=("imap", "mehdi")), "INBOX") is None
    assert kept.lines(Memory(mailbox=("imap", "camille")), "Envoyés") is None
    first.by_uid = dict.fromkeys(range(30), "")
    kept.keep("Envoyés", Lines(Memory(mailbox=("imap", "camille")), 1))
    assert kept.lines(Memory(mailbox=("imap", "camille")), "INBOX") is None, "the budget of the process"


def test_what_was_not_used_for_an_hour_is_forgotten() -> None:
    kept = Indexes(seconds=0.0)
    kept.keep("INBOX", Lines(Memory(mailbox="camille"), 1))
    assert kept.lines(Memory(mailbox="camille"), "INBOX") is None


def test_a_folder_without_a_next_number_is_never_taken_for_the_same() -> None:
    assert Stamp(1, 5, 4, 9).has_same_messages(Stamp(1, 5, 4, 10))
    assert not Stamp(1, 5, 4, 9).has_same_messages(Stamp(2, 5, 4, 9))
    assert not Stamp(1, 0, 4, 0).has_same_messages(Stamp(1, 0, 4, 0))
