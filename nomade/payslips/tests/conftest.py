"""People of the pay office, and agents whose slips have one page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # models cannot be imported before Django is set up
    from nomade.people.models import Agent


@pytest.fixture
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The job works in this process, inside the test's transaction."""
    from nomade.payslips.actions import uploads

    plain = uploads._order
    monkeypatch.setattr(uploads, "_order", lambda *args, **given: replace(plain(*args, **given), processes=1))


@pytest.fixture
def officers() -> tuple[Agent, Agent]:
    """Thomas imports, Claire releases."""
    from nomade.people.factories import grant, make_agent
    from nomade.people.roles import Role

    first, second = make_agent("Thomas", "Roy"), make_agent("Claire", "Fontaine")
    for officer in (first, second):
        grant(officer, Role.PAY_OFFICER)
    return first, second


@pytest.fixture
def two_agents() -> list[Agent]:
    """Their slips have one page each."""
    from nomade.people.factories import make_agent

    return [make_agent("Zoé", "Un", matricule="00000101"), make_agent("Ali", "Deux", matricule="00000102")]
