"""The claims of the PDF, read in the file itself: PDF/UA-1, PDF/A-2a, tags, language, fonts, nothing active."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from nomade.certificates.paper import made
from nomade.certificates.rules import Content
from nomade.files import cachet
from nomade.files.tests.authority import make_authority, verdict

CONTENT = Content(
    title="Attestation d’emploi",
    holder="Mme Zoé Lefèvre",
    employer="Ville de Paris",
    paragraphs=["Ville de Paris atteste que Mme Zoé Lefèvre est en fonction. #panic() $x$ \\ [a]"],
    rows=[["Grade", "Adjoint technique"], ["Emploi", "Jardinière"]],
    signatory="La directrice",
)


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("attestation") / "a.pdf"
    path.write_bytes(
        made(
            CONTENT,
            number="A-2026-000001",
            code="ABCDEFGHJKMNPQRS",
            issued=date(2026, 11, 27),
            valid_until=date(2027, 2, 25),
        )
    )
    return path


def _elements(element: Any) -> list[Any]:
    found = [element] if "/S" in element else []
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and child.get("/Type") not in ("/MCR", "/OBJR"):
            found += _elements(child)
    return found


def test_the_metadata_claims_both_standards(paper: Path) -> None:
    with pikepdf.open(paper) as pdf, pdf.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["dc:title"] == CONTENT.title


def test_the_structure_holds_what_the_claims_need(paper: Path) -> None:
    with pikepdf.open(paper) as pdf:
        assert str(pdf.Root.Lang) == "fr-FR"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.Root.OutputIntents[0].S) == "/GTS_PDFA1"
        elements = _elements(pdf.Root.StructTreeRoot)
        roles = [str(element.S) for element in elements]
        assert roles.count("/H1") == 1
        assert {"/Table", "/TH", "/TD", "/Figure", "/P"} <= set(roles)
        figures = [element for element in elements if element.S == "/Figure"]
        assert all("/verifier/" in str(figure.Alt) for figure in figures)
        for page in pdf.pages:
            assert "/StructParents" in page.obj
            assert page.obj.Tabs == "/S"


def test_every_font_is_embedded_and_nothing_is_active(paper: Path) -> None:
    with pikepdf.open(paper) as pdf:
        fonts = [
            found
            for found in pdf.objects
            if isinstance(found, pikepdf.Dictionary) and found.get("/Type") == "/FontDescriptor"
        ]
        assert fonts
        assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font.keys()) for font in fonts)
        keys = {key for found in pdf.objects if isinstance(found, pikepdf.Dictionary) for key in found}
        assert not keys & {"/JS", "/JavaScript", "/OpenAction", "/AA", "/EmbeddedFiles", "/Launch"}
        assert not pdf.is_encrypted


def test_what_was_written_is_text_and_never_source(paper: Path) -> None:
    document = pypdfium2.PdfDocument(paper)
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "#panic() $x$" in text
    assert "ABCD-EFGH-JKMN-PQRS" in text
    assert "A-2026-000001" in text


def test_a_sealed_certificate_keeps_every_claim_and_its_seal_is_valid(
    paper: Path, settings: Any, tmp_path: Path
) -> None:
    authority = make_authority(tmp_path)
    settings.NOMADE = authority.on(settings.NOMADE, "certificates")
    plain = paper.read_bytes()
    out = tmp_path / "scellee.pdf"
    out.write_bytes(cachet.put_on(plain, "certificates"))
    assert verdict(out.read_bytes(), authority).bottom_line
    assert out.read_bytes().startswith(plain)
    test_the_metadata_claims_both_standards(out)
    test_the_structure_holds_what_the_claims_need(out)
    test_every_font_is_embedded_and_nothing_is_active(out)
    with pikepdf.open(out) as pdf:
        (widget,) = pdf.pages[0].Annots
        # PDF/A-2 § 6.3.2: printed, never hidden; § 6.3.3 and PDF/UA § 7.18.1: no box, so nothing to draw nor to tag.
        assert int(widget.F) & 0b100111 == 0b100
        assert list(map(int, widget.Rect)) == [0, 0, 0, 0]
        assert str(widget.TU)
