"""An agent, the HR officer of her department and one of another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # models cannot be imported before Django is set up
    from nomade.people.models import Agent


@pytest.fixture
def owner(db: None) -> Agent:
    from nomade.people.factories import make_agent, make_unit

    return make_agent("Zoé", "Lefèvre", unit=make_unit("DEVE/J15"), matricule="00001234")


@pytest.fixture
def officer(db: None) -> Agent:
    from nomade.people.factories import grant, make_agent, make_unit
    from nomade.people.roles import Role

    officer = make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH"))
    grant(officer, Role.HR_OFFICER, make_unit("DEVE"))
    return officer


@pytest.fixture
def second_officer(db: None) -> Agent:
    from nomade.people.factories import grant, make_agent, make_unit
    from nomade.people.roles import Role

    officer = make_agent("Anne", "Seconde", unit=make_unit("DEVE/SRH"))
    grant(officer, Role.HR_OFFICER, make_unit("DEVE"))
    return officer


@pytest.fixture
def foreign_officer(db: None) -> Agent:
    from nomade.people.factories import grant, make_agent, make_unit
    from nomade.people.roles import Role

    officer = make_agent("Paule", "Ailleurs", unit=make_unit("DPE"))
    grant(officer, Role.HR_OFFICER, make_unit("DPE"))
    return officer
