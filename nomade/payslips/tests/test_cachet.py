"""A slip leaves under the seal of the organisation; what is stored stays what the payroll made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse

from nomade.files import store
from nomade.files.tests.authority import HOLDER, Authority, make_authority, verdict
from nomade.payslips.actions import import_payslips
from nomade.payslips.models import Payslip
from nomade.payslips.tests.factories import order, payroll_file
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


@pytest.fixture
def owner() -> Agent:
    return make_agent("Zoé", "Lefèvre")


@pytest.fixture
def slip(owner: Agent, tmp_path: Path) -> Payslip:
    import_payslips(order(payroll_file(tmp_path, [owner])))
    return Payslip.objects.get(agent=owner)


@pytest.fixture
def authority(settings: Any, tmp_path: Path) -> Authority:
    made = make_authority(tmp_path)
    settings.NOMADE = made.on(settings.NOMADE, "payslips")
    return made


def test_a_slip_leaves_sealed_over_the_very_bytes_of_the_payroll(
    owner: Agent, slip: Payslip, authority: Authority, signed_in: SignedIn
) -> None:
    given = signed_in(owner).get(reverse("payslips:download", args=[slip.pk])).content
    assert verdict(given, authority).bottom_line
    stored = store.read(slip.file)
    assert given.startswith(stored)
    assert hashlib.sha256(given[: len(stored)]).hexdigest() == slip.file.sha256


def test_every_slip_of_an_archive_is_sealed(
    owner: Agent, slip: Payslip, authority: Authority, signed_in: SignedIn
) -> None:
    content = signed_in(owner).get(reverse("payslips:several"), {"annee": slip.period.year}).content
    with ZipFile(BytesIO(content)) as archive:
        assert [verdict(archive.read(name), authority).bottom_line for name in archive.namelist()] == [True]


def test_the_page_of_a_slip_says_whose_seal_only_where_there_is_one(
    owner: Agent, slip: Payslip, settings: Any, tmp_path: Path, signed_in: SignedIn
) -> None:
    client, address = signed_in(owner), reverse("payslips:page", args=[slip.pk])
    assert "cachet électronique" not in client.get(address).content.decode()
    settings.NOMADE = make_authority(tmp_path).on(settings.NOMADE, "payslips")
    assert HOLDER in client.get(address).content.decode()
