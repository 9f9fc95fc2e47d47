"""What HR keeps of the law: its figures with their history, the reasons of refusal, where counters are kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from nomade.kernel.clock import today
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.leave.factories import ask_leave, open_rights
from nomade.leave.facts import current_law
from nomade.leave.figures import words
from nomade.leave.models import CounterKind, LegalFigure, RefusalReason
from nomade.leave.rules.holidays import public_holidays
from nomade.leave.rules.parameters import shipped_parameters
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]
CAP = "/conges/rh/parametres/loi/cet.cap/"


@pytest.fixture
def keeper() -> Agent:
    """HR of the whole organisation."""
    one = make_agent("Anne", "Central")
    grant(one, Role.HR_OFFICER)
    return one


@pytest.fixture
def local() -> Agent:
    """HR of one department: they read the rules and change none."""
    one = make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH"))
    grant(one, Role.HR_OFFICER, make_unit("DEVE"))
    return one


def change(**values: str) -> dict[str, str]:
    return {
        "line_chosen": "|", "value": "70", "valid_from": today().isoformat(), "source": "arrêté du 01-11-2026",
        "verified": "on",
    } | values  # fmt: skip


def test_every_figure_shipped_has_words_for_hr() -> None:
    assert {parameter.key for parameter in shipped_parameters()} == set(words())


def test_hr_reads_each_figure_with_its_text_and_finds_it(keeper: Agent, local: Agent, signed_in: SignIn) -> None:
    for officer in (keeper, local):
        page = signed_in(officer).get("/conges/rh/parametres/?q=plafond").content.decode()
        assert "décret 2004-878 art. 7-1" in page
        assert "Télétravail" not in page


def test_a_change_is_dated_keeps_the_past_and_rules_follow_at_once(keeper: Agent, signed_in: SignIn) -> None:
    yesterday = today() - timedelta(days=1)
    assert current_law().number("cet.cap", today()) == 60
    assert signed_in(keeper).post(CAP, change()).status_code == 303
    assert current_law().number("cet.cap", today()) == 70
    assert current_law().number("cet.cap", yesterday) == 60
    page = signed_in(keeper).get(CAP).content.decode()
    assert "arrêté du 01-11-2026" in page
    assert "décret 2004-878 art. 7-1" in page
    told = AuditEvent.objects.filter(event="leave.figure_changed", actor_id=keeper.pk).get()
    assert (told.facts["before"], told.facts["after"]) == ("60", "70")


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("cet.cap", {"value": "beaucoup"}),
        ("cet.cap", {"source": ""}),
        ("cet.cap", {"valid_from": "2024-06-01"}),
        ("cet.choose_before", {"value": "31 janvier"}),
        ("cet.options", {"value": "peut-être"}),
        ("cet.day_price", {"line_chosen": "A|", "value": "cher"}),
        ("birth_extra.open_from", {"value": "bientôt"}),
        ("part_time.share", {"line_chosen": "80|", "value": "9/7"}),
    ],
)
def test_what_is_not_a_value_of_its_kind_is_refused_and_kept_on_the_page(
    key: str, wrong: dict[str, str], keeper: Agent, signed_in: SignIn
) -> None:
    before = LegalFigure.objects.filter(key=key).count()
    answer = signed_in(keeper).post(f"/conges/rh/parametres/loi/{key}/", change(**wrong))
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert LegalFigure.objects.filter(key=key).count() == before


def test_a_local_holiday_is_added_and_counted(keeper: Agent, signed_in: SignIn) -> None:
    sent = change(line_chosen="nouvelle", argument="05-27", value="Abolition de l’esclavage", valid_from="2026-01-01")
    assert signed_in(keeper).post("/conges/rh/parametres/loi/holiday.fixed/", sent).status_code == 303
    assert public_holidays(2027, current_law())[date(2027, 5, 27)] == "Abolition de l’esclavage"


def test_alsace_moselle_is_a_switch_that_goes_both_ways(keeper: Agent, signed_in: SignIn) -> None:
    client = signed_in(keeper)
    second_christmas_day = date(2026, 12, 26)
    assert second_christmas_day not in public_holidays(2026, current_law())
    client.post("/conges/rh/parametres/droit-local/", {"alsace": "oui"})
    assert second_christmas_day in public_holidays(2026, current_law())
    client.post("/conges/rh/parametres/droit-local/", {"alsace": "non"})
    assert second_christmas_day not in public_holidays(2026, current_law())
    client.post("/conges/rh/parametres/droit-local/", {"alsace": "oui"})
    assert second_christmas_day in public_holidays(2026, current_law())


def test_deciders_are_offered_the_reasons_of_hr_and_no_longer_those_withdrawn(keeper: Agent, signed_in: SignIn) -> None:
    agent, supervisor = make_supervised_pair()
    open_rights(agent)
    ask_leave(agent)
    client = signed_in(keeper)
    text = "La fête des jardins demande la présence de toute l’équipe ce jour-là."
    assert client.post("/conges/rh/parametres/motifs/nouveau/", {"text": text}).status_code == 303
    desk = signed_in(supervisor)
    assert text in desk.get("/conges/a-valider/").content.decode()
    reason = RefusalReason.objects.get(text=text)
    client.post(f"/conges/rh/parametres/motifs/{reason.pk}/retrait/")
    assert text not in desk.get("/conges/a-valider/").content.decode()
    assert client.post("/conges/rh/parametres/motifs/nouveau/", {"text": text}).status_code == 303
    assert RefusalReason.objects.filter(text=text, in_use=True).count() == 1


def test_a_vague_reason_is_refused(keeper: Agent, signed_in: SignIn) -> None:
    answer = signed_in(keeper).post("/conges/rh/parametres/motifs/nouveau/", {"text": "Service"})
    assert answer.status_code == 422
    assert "fait précis" in answer.content.decode()


def test_hr_moves_the_truth_of_a_counter_to_the_time_system_and_back(keeper: Agent, signed_in: SignIn) -> None:
    client = signed_in(keeper)
    address = "/conges/rh/parametres/compteurs/RTT/"
    assert client.post(address, {"mode": "alimente"}).status_code == 303
    assert CounterKind.objects.get(code="RTT").mode == "alimente"
    assert client.post(address, {"mode": "alimente"}).status_code == 422
    assert client.post(address, {"mode": "les-deux"}).status_code == 422
    assert client.post(address, {"mode": "tenu"}).status_code == 303


def test_hr_of_one_department_reads_and_changes_nothing(local: Agent, signed_in: SignIn) -> None:
    client = signed_in(local)
    for page in ("", "motifs/", "compteurs/", "loi/cet.cap/"):
        assert client.get(f"/conges/rh/parametres/{page}").status_code == 200
    for address, sent in (
        ("loi/cet.cap/", change()),
        ("droit-local/", {"alsace": "oui"}),
        ("motifs/nouveau/", {"text": "Une phrase assez longue pour passer."}),
        (f"motifs/{RefusalReason.objects.all()[0].pk}/retrait/", {}),
        ("compteurs/RTT/", {"mode": "alimente"}),
    ):
        assert client.post(f"/conges/rh/parametres/{address}", sent).status_code == 404


def test_nobody_else_opens_these_pages(signed_in: SignIn) -> None:
    client = signed_in(make_agent("Zoé", "Tiers"))
    for page in ("", "motifs/", "compteurs/", "loi/cet.cap/"):
        assert client.get(f"/conges/rh/parametres/{page}").status_code == 404


def test_an_unknown_key_does_not_exist(keeper: Agent, signed_in: SignIn) -> None:
    assert signed_in(keeper).get("/conges/rh/parametres/loi/inconnu/").status_code == 404


def test_the_pages_ask_few_queries(keeper: Agent, signed_in: SignIn) -> None:
    client = signed_in(keeper)
    for page in ("", "motifs/", "compteurs/", "loi/cet.cap/"):
        client.get(f"/conges/rh/parametres/{page}")
        with count_queries(at_most=12):
            assert client.get(f"/conges/rh/parametres/{page}").status_code == 200
