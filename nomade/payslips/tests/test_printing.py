"""Slips for who asked for paper: one PDF by packs, by unit; each owner is told."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from nomade.accounts.models import Session
from nomade.files import drawing
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.payslips import printing
from nomade.payslips.actions import import_payslips
from nomade.payslips.models import PaperChoice
from nomade.payslips.tests.factories import OCTOBER, order, payroll_file
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]
SENT = {"mois": "2026-10", "partie": "1"}


@pytest.fixture
def on_paper(tmp_path: Path) -> list[Agent]:
    """Three agents of two units who chose paper, and one who did not."""
    agents = [
        make_agent("Zoé", "Zed", matricule="00000105", unit=make_unit("DEVE/J15")),
        make_agent("Ali", "Abel", matricule="00000106", unit=make_unit("DPE/P20")),
        make_agent("Léa", "Bart", matricule="00000107", unit=make_unit("DEVE/J15")),
        make_agent("Max", "Sans", matricule="00000108", unit=make_unit("DEVE/J15")),
    ]
    import_payslips(order(payroll_file(tmp_path, agents, OCTOBER)))
    for agent in agents[:3]:
        PaperChoice.objects.create(agent=agent, valid_from=OCTOBER, created_at=now())
    return agents


def test_the_printer_gets_the_slips_by_unit_then_by_name_and_their_owners_are_told(
    on_paper: list[Agent], officers: tuple[Agent, Agent], signed_in: SignedIn
) -> None:
    client = signed_in(officers[0])
    with count_queries(12):
        html = client.get(reverse("payslips:paper-list"), {"mois": "2026-10"}).content.decode()
    assert "paquet 1 sur 1" in html
    answer = client.post(reverse("payslips:paper-print"), SENT)
    with pikepdf.open(io.BytesIO(answer.content)) as pdf, pdf.open_outline() as outline:
        assert [item.title for item in outline.root] == ["00000107", "00000105", "00000106"]
    texts = [" ".join(" ".join(row) for row in page) for page in drawing.pages_of_text(answer.content)]
    assert "00000107" in texts[0]
    assert not any("00000108" in text for text in texts)
    printed = AuditEvent.objects.filter(event="payslip.printed").values_list("subject_id", flat=True)
    assert set(printed) == {agent.pk for agent in on_paper[:3]}
    seen = signed_in(on_paper[0]).get(reverse("payslips:consultations")).content.decode()
    assert "Bulletin imprimé pour l’envoi papier" in seen
    assert officers[0].full_name in seen


def test_a_month_is_cut_in_packs(
    on_paper: list[Agent], officers: tuple[Agent, Agent], signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nomade.payslips.views import office

    monkeypatch.setattr(printing, "SLIPS_A_FILE", 2)
    monkeypatch.setattr(office, "SLIPS_A_FILE", 2)
    client, found = signed_in(officers[0]), []
    for part in ("1", "2"):
        answer = client.post(reverse("payslips:paper-print"), {**SENT, "partie": part})
        with pikepdf.open(io.BytesIO(answer.content)) as pdf, pdf.open_outline() as outline:
            found.append([item.title for item in outline.root])
    assert found == [["00000107", "00000105"], ["00000106"]]
    assert client.post(reverse("payslips:paper-print"), {**SENT, "partie": "3"}).status_code == 404
    assert client.post(reverse("payslips:paper-print"), {**SENT, "partie": "-1"}).status_code == 404


def test_nobody_else_prints_and_a_stale_session_proves_again(
    on_paper: list[Agent], officers: tuple[Agent, Agent], signed_in: SignedIn
) -> None:
    address = reverse("payslips:paper-print")
    assert signed_in(on_paper[0]).post(address, SENT).status_code == 404
    client = signed_in(officers[0])
    assert client.get(address).status_code == 405
    Session.objects.update(authenticated_at=now() - timedelta(hours=3))
    assert "/connexion/" in client.post(address, SENT)["Location"]
    assert not AuditEvent.objects.filter(event="payslip.printed").exists()
