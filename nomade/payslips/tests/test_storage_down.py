"""F11: the store of documents does not answer. Pages list, a download says later, an upload is refused cleanly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.urls import reverse

from nomade.config.environment import EncryptionKey
from nomade.files.models import StoredFile
from nomade.payslips.actions import import_payslips
from nomade.payslips.models import KeptSource, PayImport, Payslip
from nomade.payslips.tests.factories import order, payroll_file
from nomade.payslips.tests.office import send
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


def _no_answer(*_given: Any, **_options: Any) -> Any:
    raise OSError("no route to host")


def test_slips_are_listed_and_a_download_says_later_while_the_store_is_down(
    two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_payslips(order(payroll_file(tmp_path, two_agents)))
    slip = Payslip.objects.get(agent=two_agents[0])
    client = signed_in(two_agents[0])
    monkeypatch.setattr(FileSystemStorage, "_open", _no_answer)
    listed = client.get(reverse("payslips:index"))
    assert (listed.status_code, "Octobre 2026" in listed.content.decode()) == (200, True)
    assert client.get(reverse("payslips:net", args=[slip.pk])).status_code == 200
    for name in ("page", "download"):
        answer = client.get(reverse(f"payslips:{name}", args=[slip.pk]))
        assert answer.status_code == 503
        assert "Rien n’est perdu" in answer.content.decode()
    assert client.get(reverse("payslips:several"), {"annee": "2026"}).status_code == 503
    monkeypatch.undo()
    assert client.get(reverse("payslips:download", args=[slip.pk])).status_code == 200


def test_a_file_sent_while_the_store_is_down_is_refused_and_leaves_nothing(
    officers: tuple[Agent, Agent],
    two_agents: list[Agent],
    tmp_path: Path,
    signed_in: SignedIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = payroll_file(tmp_path, two_agents)
    client = signed_in(officers[0])
    monkeypatch.setattr(FileSystemStorage, "_save", _no_answer)
    answer = send(client, path)
    assert answer.status_code == 503
    assert (PayImport.objects.count(), KeptSource.objects.count(), StoredFile.objects.count()) == (0, 0, 0)
    monkeypatch.undo()
    assert send(client, path).status_code == 303


def test_without_its_key_pay_is_closed_with_a_sentence_and_the_portal_lives(
    two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn, settings: Any
) -> None:
    import_payslips(order(payroll_file(tmp_path, two_agents)))
    slip = Payslip.objects.get(agent=two_agents[0])
    client = signed_in(two_agents[0])
    kept = settings.NOMADE
    settings.NOMADE = replace(kept, encryption_keys=(EncryptionKey("autre", b"7" * 32),))
    assert client.get("/").status_code == 200
    assert "Octobre 2026" in client.get(reverse("payslips:index")).content.decode()
    for address in (
        reverse("payslips:evolution"),
        *(reverse(f"payslips:{n}", args=[slip.pk]) for n in ("net", "page")),
    ):
        answer = client.get(address)
        assert answer.status_code == 503
        assert "le reste du portail fonctionne" in answer.content.decode().lower()
    settings.NOMADE = kept
    assert client.get(reverse("payslips:evolution")).status_code == 200
