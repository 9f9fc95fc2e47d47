"""Camille, those who may help her, and those who may not."""

from __future__ import annotations

from nomade.accounts.factories import make_account
from nomade.accounts.models import Account
from nomade.accounts.testing import client_of
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.roles import Role


class Team:
    """Camille, her supervisor, her HR officer, and people who have nothing to do with her."""

    def __init__(self) -> None:
        camille, mehdi = make_supervised_pair()
        camille.personal_email, camille.personal_email_confirmed = "camille@maison.example", True
        camille.save()
        self.camille, self.mehdi = make_account(camille), make_account(mehdi)
        self.sophie = make_account(make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH")))
        grant(self.sophie.agent, Role.HR_OFFICER, make_unit("DEVE"))
        other = make_agent("Thierry", "Autre", unit=make_unit("DPE/SRH"))
        grant(other, Role.HR_OFFICER, make_unit("DPE"))
        self.other_hr, self.stranger = make_account(other), make_account(make_agent("Leïla", "Martin"))


def given_code(helper: Account, helped: Account) -> str:
    answer = client_of(helper).post(f"/connexion/aider/{helped.agent_id}/code/")
    assert answer.status_code == 200
    return answer.content.decode().partition('id="code">')[2].partition("<")[0]
