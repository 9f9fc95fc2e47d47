"""Personal files of the demo city: accounts known to payroll, families, titles, and a few requests that wait."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from nomade.cases.models import CaseEvent, CaseState
from nomade.cases.references import new_reference, new_references
from nomade.demo.personas import CAMILLE, LEILA
from nomade.kernel.clock import PARIS, now, today
from nomade.people.models import Agent
from nomade.personnel_file.actions.changes import CASE, promise
from nomade.personnel_file.bank_facts import seal_iban
from nomade.personnel_file.models import (
    BankChange,
    ChangeRequest,
    Child,
    CivilStatus,
    Consultation,
    EmergencyContact,
    Subject,
    Title,
    TitleKind,
)
from nomade.personnel_file.rules.iban import remainder, rib_key
from nomade.personnel_file.rules.matrix import MATRIX, Reader
from nomade.personnel_file.rules.nir import key_of
from nomade.personnel_file.secrets import sealed_fact, sealed_request

# A bank that does not exist: nobody's account is drawn by chance.
BANK, BRANCH = "99999", "00001"


def fill_personal_files(personas: dict[str, Agent]) -> None:
    """Something in each part of the personas' files."""
    people = list(personas.values())
    for agent, reference in zip(people, new_references(len(people)), strict=True):
        _known_account(agent, reference)
        CivilStatus.objects.create(
            agent=agent, family="celibataire", nir_sealed=sealed_fact("nir", agent.pk, {"nir": _nir(agent)})
        )
    camille, leila = personas[CAMILLE], personas[LEILA]
    EmergencyContact.objects.create(agent=camille, rank=1, name="Aline Durand", tie="mère", phone="06 55 50 10 10")
    EmergencyContact.objects.create(agent=camille, rank=2, name="Yanis Petit", tie="voisin", phone="06 55 50 10 11")
    Title.objects.create(
        agent=camille, kind=TitleKind.DIPLOMA, label="CAP jardinier paysagiste", obtained_on=date(2010, 6, 30)
    )
    Title.objects.create(
        agent=camille,
        kind=TitleKind.CERTIFICATION,
        label="Certiphyto, opérateur",
        obtained_on=date(2022, 3, 1),
        expires_on=today() + timedelta(days=60),
    )
    CivilStatus.objects.filter(agent=leila).update(family="marie", family_since=date(2019, 6, 22))
    born = date(today().year - 6, 4, 12)
    Child.objects.create(agent=leila, first_name="Ilyès", last_name="Martin", birth_date=born, since=born)
    waiting_address(camille, "Un justificatif de domicile de moins de trois mois")
    Consultation.objects.create(
        agent=camille,
        reader=personas["sophie.laurent"],
        role=Reader.HR_OFFICER,
        sections=sorted(MATRIX[Reader.HR_OFFICER]),
        at=datetime.combine(today() - timedelta(days=9), time(10, 42), PARIS),
    )


def _known_account(agent: Agent, reference: str) -> None:
    change = BankChange(owner=agent, reference=reference, state=CaseState.APPROVED, from_payroll=True)
    iban = _iban(agent.pk)
    change.sealed, change.tail, change.holder = seal_iban(change.pk, agent.pk, iban), iban[-4:], agent.full_name
    change.submitted_at = change.confirmed_at = datetime.combine(agent.entry_date, time(9), PARIS)
    change.save()


def _iban(number: int) -> str:
    account = f"{number:011d}"
    bban = BANK + BRANCH + account + rib_key(BANK, BRANCH, account)
    return next(f"FR{key:02d}{bban}" for key in range(2, 99) if remainder(f"FR{key:02d}{bban}") == 1)


def _nir(agent: Agent) -> str:
    """Born abroad (99), in a town that does not exist: nobody's number."""
    born = agent.birth_date or date(1980, 1, 1)
    sex = "1" if agent.civility == "M." else "2"
    nir13 = f"{sex}{born:%y%m}99999{agent.pk % 1000:03d}"
    return nir13 + key_of(nir13)


def waiting_address(agent: Agent, missing: str = "") -> None:
    """A change of address that waits for the desk, or for the document that the agent still owes."""
    asked = ChangeRequest(
        owner=agent, reference=new_reference(), subject=Subject.ADDRESS, effective_on=today() - timedelta(days=6)
    )
    after = {"street": "12 rue des Morillons", "complement": "", "postcode": "75015", "city": "Paris"}
    asked.sealed = sealed_request(asked.pk, agent.pk, {"address": agent.address}, after, "")
    asked.submitted_at = now() - timedelta(days=4)
    asked.promised_on = promise(Subject.ADDRESS, today() - timedelta(days=4))
    asked.missing = missing
    asked.save()
    CaseEvent.objects.create(kind=CASE, case_id=asked.pk, event="submitted", actor=agent, at=asked.submitted_at)
