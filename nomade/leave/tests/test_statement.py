"""The statement of counters: a tagged PDF with every movement of its owner, and of nobody else."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest
from django.test import Client

from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries
from nomade.leave.actions import approve_leave
from nomade.leave.factories import ask_leave, open_rights
from nomade.people.factories import make_supervised_pair
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


def text_of(content: bytes) -> str:
    with pypdfium2.PdfDocument(content) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_the_statement_is_tagged_and_says_each_movement_with_its_reason(signed_in: SignIn) -> None:
    agent, supervisor = make_supervised_pair()
    open_rights(agent, supervisor)
    leave = approve_leave(ask_leave(agent), by=supervisor)
    year = leave.first_day.year
    client = signed_in(agent)
    with count_queries(at_most=10):
        answer = client.get("/conges/releve/", {"annee": year})
    content = answer.content
    assert answer["Content-Type"] == "application/pdf"
    assert f"compteurs-{year}.pdf" in answer["Content-Disposition"]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("fr")
    text = text_of(content)
    for words in (agent.full_name, agent.matricule, f"Relevé de mes compteurs {year}", "Absence le", "Reste"):
        assert words in text, words
    other = text_of(signed_in(supervisor).get("/conges/releve/", {"annee": "1789"}).content)
    assert agent.full_name not in other
    assert f"Relevé de mes compteurs {today().year}" in other
