"""Answers of servers, good and bad, and the arguments that go to them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit.errors import MailError
from mailkit.imap import arguments, roles
from mailkit.imap.parser import fetched, values
from mailkit.imap.structure import MAX_PARTS, outline
from mailkit.imap.types import Folder


def shape(text: bytes) -> object:
    return outline(values([text])[0])


def test_words_strings_literals_and_lists_are_told_apart() -> None:
    assert values([(b'(a "b \\"c\\" NIL" NIL {3}', b"x)y"), b" ())"]) == [[b"a", b'b "c" NIL', None, b"x)y", []]]


@pytest.mark.parametrize("data", [[b"(a"], [b"a)"], [b'"a'], [b"{3} x"], [b"("] * 5])
def test_an_answer_that_is_none_is_refused(data: list[bytes]) -> None:
    with pytest.raises(MailError):
        values(data)


@given(
    st.lists(st.one_of(st.binary(max_size=60), st.tuples(st.binary(max_size=40), st.binary(max_size=40))), max_size=5)
)
def test_no_answer_makes_the_reader_fail_otherwise(data: list[bytes | tuple[bytes, bytes]]) -> None:
    try:
        for items in fetched(data):
            outline(items.get(b"BODYSTRUCTURE"))
    except MailError:
        pass


def test_deep_nesting_neither_overflows_nor_lasts() -> None:
    nested = values([b"(" * 20_000 + b")" * 20_000])
    assert outline(nested[0]).attachments == []


def test_a_message_of_ten_thousand_parts_is_read_up_to_a_limit() -> None:
    leaf = b'("application" "pdf" NIL NIL NIL "base64" 10 NIL NIL NIL NIL)'
    found = outline(values([b"(" + leaf * 10_000 + b' "mixed")'])[0])
    assert len(found.attachments) == MAX_PARTS - 1


def test_text_html_attachments_and_inline_pictures_find_their_place() -> None:
    structure = (
        b'(((("text" "plain" ("charset" "utf-8") NIL NIL "8bit" 5 1)'
        b'(("text" "html" ("charset" "utf-8") NIL NIL "8bit" 50 1)'
        b'("image" "png" ("name" "l.png") "<logo@x>" NIL "base64" 9 NIL ("inline" ("filename" "l.png")))'
        b' "related") "alternative")'
        b'("application" "pdf" NIL NIL NIL "base64" 9 NIL ("attachment" '
        b'("filename*0*" "utf-8\'\'%C3%A9t" "filename*1*" "%C3%A9" "filename*2" ".pdf")))'
        b'("text" "plain" ("name" "=?utf-8?q?not=C3=A9.txt?=") NIL NIL "7bit" 3 1 NIL ("attachment" NIL))'
        b'("message" "rfc822" NIL NIL NIL "7bit" 99 ("d" "s" NIL NIL NIL NIL NIL NIL NIL "<i>") '
        b'("text" "plain" NIL NIL NIL "7bit" 3 1) 9)'
        b' "mixed") "mixed")'
    )
    found = outline(values([structure])[0])
    assert [part.section for part in found.texts] == ["1.1.1"]
    assert found.html is not None
    assert found.html.section == "1.1.2.1"
    assert [part.name for part in found.attachments] == ["été.pdf", "noté.txt", "piece-jointe-3.eml"]
    assert list(found.inline) == ["logo@x"]


def test_a_text_beside_the_html_is_offered_as_a_file() -> None:
    found = outline(
        values([b'(("text" "html" NIL NIL NIL "7bit" 5 1)("text" "plain" NIL NIL NIL "7bit" 5 1) "mixed")'])[0]
    )
    assert found.html is not None
    assert found.texts == []
    assert [part.section for part in found.attachments] == ["2"]


def test_a_disposition_written_as_a_plain_header_is_understood() -> None:
    found = outline(values([b'("application" "pdf" NIL NIL NIL "base64" 9 NIL "attachment; filename=\\"a.pdf\\"")'])[0])
    assert found.attachments[0].name == "a.pdf"


@pytest.mark.parametrize("name", ["a\r\nA001 LOGOUT", "a\nb", "a\0b", "", "x" * 2000])
def test_a_folder_name_cannot_carry_a_command(name: str) -> None:
    with pytest.raises(MailError) as caught:
        arguments.folder(name)
    assert caught.value.key == "bad_argument"


@given(st.text(min_size=1, max_size=50))
def test_a_folder_name_is_one_quoted_argument(name: str) -> None:
    try:
        written = arguments.folder(name)
    except MailError:
        return
    assert values([written.encode("ascii")]) != []
    assert len(values([written.encode("ascii")])) == 1
    assert arguments.decode_folder(values([written.encode("ascii")])[0]) == name  # type: ignore[arg-type]


@pytest.mark.parametrize("value", ["", "1.", "0", "1 BODY[]", "1]", "TEXT", "1\r\n", "1.2.٣"])
def test_a_part_number_is_digits_and_dots(value: str) -> None:
    with pytest.raises(MailError):
        arguments.section(value)


@pytest.mark.parametrize("value", ["<a@b>\r\nX LOGOUT", "<a b>", "a@b", '<a"b', "<é@b>", "<>"])
def test_a_message_id_of_a_stranger_is_checked_before_it_is_searched(value: str) -> None:
    with pytest.raises(MailError):
        arguments.message_id(value)


@pytest.mark.parametrize("value", ["\\Seen \\Deleted", "a(b", "", "a\r\n", '"x"'])
def test_a_flag_is_one_word(value: str) -> None:
    with pytest.raises(MailError):
        arguments.flags((value,))


@pytest.mark.parametrize("value", [0, -1, 2**32])
def test_an_impossible_number_is_no_message(value: int) -> None:
    with pytest.raises(MailError) as caught:
        arguments.uid(value)
    assert caught.value.key == "no_such_message"


def test_roles_come_from_the_server_else_from_french_and_english_names() -> None:
    names = ["INBOX", "Éléments envoyés", "Corbeille", "Courrier indésirable", "Projets", "Sent", "Brouillons"]
    found = {folder.name: folder.role for folder in roles.assign([Folder(name, "/", "") for name in names])}
    assert found["Éléments envoyés"] == "sent"
    assert found["Sent"] == ""
    assert found["Corbeille"] == "trash"
    assert found["Courrier indésirable"] == "junk"
    assert found["Brouillons"] == "drafts"
    assert found["INBOX"] == "inbox"
    declared = roles.assign([Folder("Trash", "/", ""), Folder("Ma poubelle", "/", "trash")])
    assert {folder.name: folder.role for folder in declared} == {"Trash": "", "Ma poubelle": "trash"}
    prefixed = roles.assign([Folder("INBOX", ".", ""), Folder("INBOX.Sent", ".", "")], prefix="INBOX.")
    assert prefixed[1].role == "sent"
