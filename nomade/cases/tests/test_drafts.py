"""What was typed is never lost, and never read by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from nomade.accounts.testing import client_on
from nomade.cases.drafts import (
    LARGEST_DRAFT,
    MOST_DRAFTS,
    discard_draft,
    load_draft,
    purge_drafts,
    save_draft,
)
from nomade.cases.models import Draft
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


def test_a_draft_comes_back_as_it_was_typed_and_the_last_one_wins(agent: Agent) -> None:
    save_draft(agent, "leave.new", {"comment": ["Été à Ré"], "days": ["1", "2"]})
    save_draft(agent, "leave.new", {"comment": ["Été à Yeu"], "days": ["1", "2"]})
    found = load_draft(agent, "leave.new")
    assert found is not None
    assert found.fields == {"comment": ["Été à Yeu"], "days": ["1", "2"]}
    assert found.first_values() == {"comment": "Été à Yeu", "days": "1"}
    assert Draft.objects.count() == 1


def test_a_draft_is_sealed_in_the_base_and_bound_to_its_agent_and_form(agent: Agent) -> None:
    save_draft(agent, "leave.new", {"comment": ["secret de polichinelle"]})
    row = Draft.objects.get()
    assert b"polichinelle" not in bytes(row.sealed)
    other = make_agent("Hugo", "Faure")
    Draft.objects.create(agent=other, form="leave.new", sealed=row.sealed)
    Draft.objects.create(agent=agent, form="autre", sealed=row.sealed)
    assert load_draft(other, "leave.new") is None
    assert load_draft(agent, "autre") is None


def test_what_belongs_to_one_display_of_the_form_is_not_kept(agent: Agent) -> None:
    save_draft(agent, "f", {"csrfmiddlewaretoken": ["x"], "form_token": ["y"], "version": ["3"], "a": ["1"]})
    found = load_draft(agent, "f")
    assert found is not None
    assert found.fields == {"a": ["1"]}


def test_too_long_or_too_many_drafts_are_refused(agent: Agent) -> None:
    with pytest.raises(Refusal, match="trop long"):
        save_draft(agent, "f", {"a": ["x" * LARGEST_DRAFT]})
    for number in range(MOST_DRAFTS):
        save_draft(agent, f"f{number}", {"a": ["1"]})
    save_draft(agent, "f0", {"a": ["2"]})
    with pytest.raises(Refusal, match="trop de brouillons"):
        save_draft(agent, "one-too-many", {"a": ["1"]})


def test_a_draft_is_forgotten_on_request_or_after_a_month(agent: Agent) -> None:
    save_draft(agent, "a", {"x": ["1"]})
    save_draft(agent, "b", {"x": ["1"]})
    discard_draft(agent, "a")
    assert load_draft(agent, "a") is None
    Draft.objects.update(updated_at=now() - timedelta(days=31))
    save_draft(agent, "c", {"x": ["1"]})
    assert purge_drafts() == 1
    assert load_draft(agent, "c") is not None


def test_the_address_keeps_the_draft_of_who_is_signed_in(agent: Agent, signed_in: SignIn) -> None:
    answer = signed_in(agent).post("/brouillons/leave.new/", {"comment": "à finir", "days": ["1", "2"]})
    assert answer.status_code == 200
    assert ":" in answer.json()["saved_at"]
    found = load_draft(agent, "leave.new")
    assert found is not None
    assert found.fields["days"] == ["1", "2"]
    assert signed_in(agent).get("/brouillons/leave.new/").status_code == 405
    assert signed_in(agent).post("/brouillons/Pas%20Une%20Clé/", {}).status_code == 404
    too_long = signed_in(agent).post("/brouillons/leave.new/", {"comment": "x" * LARGEST_DRAFT})
    assert (too_long.status_code, "trop long" in too_long.json()["message"]) == (422, True)


def test_without_a_session_nothing_is_kept() -> None:
    assert client_on().post("/brouillons/leave.new/", {"comment": "x"}).status_code == 302
    assert not Draft.objects.exists()


@pytest.mark.parametrize("back", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)", ""])
def test_dropping_a_draft_never_leads_off_the_portal(agent: Agent, signed_in: SignIn, back: str) -> None:
    answer = signed_in(agent).post("/brouillons/leave.new/effacer/", {"suite": back})
    assert (answer.status_code, answer["Location"]) == (303, "/")
