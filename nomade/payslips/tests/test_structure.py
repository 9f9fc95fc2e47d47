"""A slip cut out of a tagged file keeps the tags of its own pages, and nothing of its neighbours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
import typst

from nomade.files.splitting.pdf import Cutter

SOURCE = """
#set document(title: "Paie", date: none)
#set text(lang: "fr")
= Bulletin de Zoé
#table(columns: 2, table.header[Rubrique][Montant], [Traitement], [1 800,00])
#figure(rect(), alt: "Sceau de Zoé")
#pagebreak()
= Bulletin d’Ali
Le net d’Ali
"""


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    path = tmp_path / "paie.pdf"
    (tmp_path / "paie.typ").write_text(SOURCE, encoding="utf-8")
    path.write_bytes(typst.compile(str(tmp_path / "paie.typ"), pdf_standards="ua-1"))
    return path


def _roles(element: Any) -> list[str]:
    found = [str(element.S)] if "/S" in element else []
    for child in element.get("/K", []):
        if isinstance(child, pikepdf.Dictionary) and child.get("/Type") != "/MCR":
            found += _roles(child)
    return found


def _cut(source: Path, pages: list[int], folder: Path) -> Path:
    cutter = Cutter(source)
    try:
        path = folder / f"slip-{pages[0]}.pdf"
        path.write_bytes(cutter.cut(pages))
    finally:
        cutter.close()
    return path


def test_the_tags_and_the_language_of_a_slip_are_kept(tagged: Path, tmp_path: Path) -> None:
    with pikepdf.open(_cut(tagged, [0], tmp_path)) as slip:
        roles = _roles(slip.Root.StructTreeRoot)
        assert {"/H1", "/Table", "/TH", "/TD"} <= set(roles)
        assert slip.Root.MarkInfo.Marked
        assert str(slip.Root.Lang) == "fr"
        owners = pikepdf.NumberTree(slip.Root.StructTreeRoot.ParentTree)[int(slip.pages[0].obj.StructParents)]
        for mark, owner in enumerate(owners):
            assert mark in {int(content.MCID) for content in owner.K if content.get("/Type") == "/MCR"}


def test_nothing_of_the_neighbours_comes_with_a_slip(tagged: Path, tmp_path: Path) -> None:
    path = _cut(tagged, [1], tmp_path)
    with pikepdf.open(path) as slip:
        text = "".join(str(found) for found in slip.objects if isinstance(found, pikepdf.Dictionary))
        assert "Sceau" not in text
        assert len(slip.pages) == 1
        assert "/Table" not in _roles(slip.Root.StructTreeRoot)
    document = pypdfium2.PdfDocument(path)
    assert "Ali" in document[0].get_textpage().get_text_range()
    document.close()


def test_a_source_without_tags_gives_a_slip_without_tags(tmp_path: Path) -> None:
    path = tmp_path / "plat.pdf"
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path)
    with pikepdf.open(_cut(path, [0], tmp_path)) as slip:
        assert "/StructTreeRoot" not in slip.Root
