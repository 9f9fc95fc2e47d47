"""Headers and bodies as they really come; messages as they must leave."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailkit.errors import MailError
from mailkit.mime import addresses, bodies, charsets, headers
from mailkit.mime.addresses import Address
from mailkit.mime.compose import Attachment, Letter, compose, forward_subject, new_message_id, quote, reply_subject

MOMENT = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def letter(**changes: object) -> Letter:
    values: dict[str, object] = {
        "message_id": new_message_id("ville.test"),
        "sender": Address("Camille Durand", "camille.durand@ville.test"),
        "to": (Address("Mehdi Benali", "mehdi.benali@ville.test"),),
        "subject": "Réunion",
        "text": "Bonjour,\n\nà lundi.",
        "sent_at": MOMENT,
    }
    return Letter(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"=?utf-8?q?R=C3=A9union_d=27=C3=A9quipe?=", "Réunion d'équipe"),
        (b"=?UTF-8?B?UsOpdW5pb24=?= =?UTF-8?B?IGR1IGx1bmRp?=", "Réunion du lundi"),
        (b"=?utf-8?Q?=C3?= =?utf-8?Q?=A9t=C3=A9?=", "été"),
        (b"=?iso-8859-1?Q?caf=E9_=80?=", "café €"),
        (b"R\xc3\xa9union brute", "Réunion brute"),
        (b"R\xe9union brute", "Réunion brute"),
        (b"=?x-inconnu?Q?caf=C3=A9?=", "café"),
        (b"=?utf-8*fr?Q?=C3=A9t=C3=A9?=", "été"),
        (b"=?utf-8?Q?espace oubli=C3=A9?=", "espace oublié"),
        (b"facture\xe2\x80\xaefdp.exe", "facturefdp.exe"),
        (b"a\x00b\x1b[31m", "ab[31m"),
        (b"=?idna?Q?abc?=", "abc"),
        (b"=?utf-8?Q?pas fini", "=?utf-8?Q?pas fini"),
    ],
)
def test_a_header_is_read_whatever_its_writer_did(raw: bytes, expected: str) -> None:
    assert headers.text(raw) == expected


@given(st.binary(max_size=300))
def test_no_bytes_make_a_header_reader_fail(raw: bytes) -> None:
    assert isinstance(headers.text(raw), str)
    assert isinstance(addresses.parse([raw]), tuple)
    assert isinstance(headers.parse_header_block(raw), dict)
    assert headers.date(raw) is None or headers.date(raw).tzinfo is not None  # type: ignore[union-attr]
    assert isinstance(headers.message_ids(raw), tuple)
    assert isinstance(bodies.text(raw, "base64", "utf-8"), str)


@given(st.text(max_size=80), st.binary(max_size=80))
def test_no_charset_makes_a_decoder_fail(label: str, raw: bytes) -> None:
    assert isinstance(charsets.decode(raw, label), str)


@pytest.mark.parametrize("label", ["idna", "punycode", "unicode_escape", "hex", "zlib", "rot13", "mbcs", "undefined"])
def test_a_codec_that_is_no_charset_is_not_used(label: str) -> None:
    assert charsets.decode(b"abc\\u0041-", label) == "abc\\u0041-"


def test_a_comma_or_an_address_hidden_in_a_name_stays_in_the_name() -> None:
    found = addresses.parse([b"=?utf-8?q?Durand=2C_Camille_=3Cpirate=40x=2Etest=3E?= <camille@ville.test>, b@x.test"])
    assert [person.email for person in found] == ["camille@ville.test", "b@x.test"]
    assert found[0].name == "Durand, Camille <pirate@x.test>"


def test_what_a_person_types_as_recipients_is_understood() -> None:
    good, bad = addresses.split_typed(
        'Mehdi <m@ville.test>; a@b.fr, "Roy, Thomas" <t@ville.test>\npas une adresse, A@B.fr'
    )
    assert [person.email for person in good] == ["m@ville.test", "a@b.fr", "t@ville.test"]
    assert good[2].name == "Roy, Thomas"
    assert bad == ["pas une adresse"]


@pytest.mark.parametrize(
    "email",
    [
        "",
        "a",
        "a@b",
        "a b@c.fr",
        "a@b.fr\r\nRCPT TO:<x@y.z>",
        "a@b.fr>",
        "é@b.fr",
        "@b.fr",
        "a@-b.fr",
        "a" * 65 + "@b.fr",
    ],
)
def test_we_do_not_send_to_what_is_no_address(email: str) -> None:
    assert not addresses.is_valid(email)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.exe", "a.exe"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("a\r\nSet-Cookie: x", "a  Set-Cookie_ x"),
        ("...", "piece-jointe-1.pdf"),
        ("", "piece-jointe-1.pdf"),
        ("été 2026.pdf", "été 2026.pdf"),
    ],
)
def test_the_name_of_an_attachment_is_one_plain_file(name: str, expected: str) -> None:
    assert bodies.file_name(name, kind="application/pdf") == expected


def test_a_long_name_keeps_its_extension() -> None:
    assert len(bodies.file_name("x" * 400 + ".pdf")) == bodies.MAX_FILE_NAME
    assert bodies.file_name("x" * 400 + ".pdf").endswith(".pdf")


def test_damaged_base64_gives_what_can_be_read() -> None:
    assert bodies.undo_encoding(b"SGVs\r\nbG8*gd29y bGQ", "BASE64") == b"Hello world"


def test_a_letter_reads_back_as_it_was_written() -> None:
    raw = compose(
        letter(
            to=(Address("Élodie, « chef »", "elodie@ville.test"), Address('O"Neil', "oneil@ville.test")),
            cc=(Address("", "x@y.fr"),),
            subject="Réunion d’équipe : " + "très longue question des congés de fin d’année " * 6,
            text="Bonjour,\n.\nFrom ici\n" + "long " * 400 + "\n=20 =C3\n\u2028fin 🙂",
            in_reply_to="<a@b>",
            references=("<0@b>", "<a@b>"),
            attachments=(
                Attachment("été 2026.pdf", "application/pdf", b"%PDF\r\n\x00\n"),
                Attachment("note.txt", "text/plain", "é\r\n.".encode()),
                Attachment("ancien.eml", "message/rfc822", b"Subject: x\n\n\xff"),
            ),
        )
    )
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert raw.count(b"In-Reply-To: <a@b>\r\n") == 1
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@given(subject=st.text(max_size=200), name=st.text(max_size=60), text=st.text(max_size=400))
def test_what_is_composed_is_either_faithful_or_refused(subject: str, name: str, text: str) -> None:
    try:
        raw = compose(letter(subject=subject, text=text, to=(Address(name, "m@ville.test"),)))
    except MailError:
        return
    block = raw.partition(b"\r\n\r\n")[0]
    read = headers.parse_header_block(block)
    assert set(read) <= {
        "from", "to", "subject", "date", "message-id", "mime-version", "content-type", "content-transfer-encoding",
    }  # fmt: skip
    assert [person.email for person in addresses.parse(read["to"])] == ["m@ville.test"]


def test_ordinary_french_is_never_refused() -> None:
    for subject in ("Congés d’été — été 2026", "« Urgent » : l’œuvre, ça va ?", "1 250,00 € à régler", "a" * 500, ""):
        for name in ("Camille Durand", "Léa D’Artagnan-Œuf", "Roy, Thomas (DRH)", "", "M. le Maire"):
            compose(letter(subject=subject, to=(Address(name, "m@ville.test"),)))


@pytest.mark.parametrize(
    "changes",
    [
        {"subject": "a\r\nBcc: x@y.fr"},
        {"subject": "a\nb"},
        {"to": (Address("x\r\nBcc: a@b.fr", "m@ville.test"),)},
        {"to": (Address("", "m@ville.test\r\nBcc: a@b.fr"),)},
        {"to": ()},
        {"in_reply_to": "<a@b>\r\nBcc: x@y.fr"},
        {"in_reply_to": "pas un identifiant"},
        {"references": ("<a b>",)},
        {"message_id": "<a@b>\r\nX: y"},
    ],
)
def test_a_header_cannot_be_smuggled_in(changes: dict[str, object]) -> None:
    with pytest.raises(MailError) as caught:
        compose(letter(**changes))
    assert caught.value.key == "bad_argument"


def test_subjects_of_answers_do_not_pile_up() -> None:
    assert reply_subject("RE: Re : Ré: Aw: Congés") == "Re: Congés"
    assert reply_subject("") == "Re:"
    assert forward_subject("Fwd: TR : x") == "Tr: x"
    assert quote("a\n> b\n") == "> a\n>> b\n> "
