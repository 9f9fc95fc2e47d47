"""Recalling a batch or a slip, and releasing after a delay where nobody else can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nomade.kernel.clock import now
from nomade.kernel.testing import run_jobs
from nomade.notifications.models import Notification
from nomade.payslips.actions import import_payslips
from nomade.payslips.models import Payslip, PayslipBatch
from nomade.payslips.tests.factories import order, payroll_file
from nomade.payslips.tests.office import stored
from nomade.people.models import Agent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_process")]
SignedIn = Callable[[Agent], Client]


def test_a_recalled_batch_disappears_with_its_reason_and_a_new_file_replaces_it(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    import_payslips(order(payroll_file(tmp_path, two_agents)))
    batch = PayslipBatch.objects.get()
    client = signed_in(officers[0])
    address = reverse("payslips:recall", args=[batch.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Prime oubliée"}).status_code == 303
    assert Payslip.objects.visible(now()).count() == 0
    told = Notification.objects.filter(kind="payslip.recalled")
    assert {(notice.title, notice.body) for notice in told} == {
        ("Votre bulletin de paie d’octobre 2026 a été retiré", "Prime oubliée")
    }
    assert "puis rappelé" in import_payslips(order(tmp_path / "paie.pdf")).already
    Agent.objects.update(address="2 rue Neuve, 75011 Paris")
    report = import_payslips(order(payroll_file(tmp_path, two_agents, name="corrige.pdf")))
    assert (report.published, set(report.plan.versions.values())) == (True, {2})
    assert Payslip.objects.visible(now()).count() == 2


def test_one_recalled_slip_gives_way_to_the_version_before(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    import_payslips(order(payroll_file(tmp_path, two_agents)))
    Agent.objects.filter(pk=two_agents[0].pk).update(address="1 rue Neuve, 75011 Paris")
    import_payslips(order(payroll_file(tmp_path, two_agents[:1], name="b.pdf"), corrections=True))
    wrong = Payslip.objects.get(agent=two_agents[0], version=2)
    client = signed_in(officers[0])
    found = client.get(reverse("payslips:batch", args=[wrong.batch_id]), {"matricule": wrong.matricule})
    assert "Rappeler ce bulletin" in found.content.decode()
    answer = client.post(
        reverse("payslips:recall", args=[wrong.batch_id]), {"reason": "Mauvais fichier", "bulletin": str(wrong.pk)}
    )
    assert answer.status_code == 303
    assert [slip.version for slip in Payslip.objects.of(two_agents[0]).visible(now())] == [1]
    assert Notification.objects.get(kind="payslip.recalled").agent == two_agents[0]
    foreign = client.post(
        reverse("payslips:recall", args=[Payslip.objects.get(agent=two_agents[1]).batch_id]),
        {"reason": "x", "bulletin": str(wrong.pk)},
    )
    assert foreign.status_code == 404


def test_where_one_person_does_it_all_the_delay_and_a_notice_stand_for_the_second(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn, settings: Any
) -> None:
    settings.NOMADE = replace(settings.NOMADE, pay_release="delay", pay_release_delay_hours=24)
    client = signed_in(officers[0])
    batch = stored(client, payroll_file(tmp_path, two_agents))
    page = reverse("payslips:batch", args=[batch.pk])
    assert client.post(reverse("payslips:release", args=[batch.pk]), {"at": ""}).status_code == 303
    assert "Publication prévue le" in client.get(page).content.decode()
    batch.refresh_from_db()
    assert batch.published_at is not None
    assert batch.published_at >= now() + timedelta(hours=23, minutes=59)
    assert Payslip.objects.visible(now()).count() == 0
    assert Notification.objects.get(kind="payslip.release_planned").agent == officers[1]
    assert client.post(reverse("payslips:recall", args=[batch.pk]), {"reason": "Erreur"}).status_code == 303
    run_jobs(later=timedelta(days=3))
    assert not Notification.objects.filter(kind__in=["payslip.published", "payslip.recalled"]).exists()


def test_a_past_time_of_release_is_refused(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    batch = stored(signed_in(officers[0]), payroll_file(tmp_path, two_agents))
    address = reverse("payslips:release", args=[batch.pk])
    answer = signed_in(officers[1]).post(address, {"at": "2020-01-01T08:00"})
    assert answer.status_code == 422
    assert "Cette date est passée" in answer.content.decode()
