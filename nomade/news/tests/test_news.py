"""The news: who is aimed at, who may write, what must be read."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pikepdf
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries, run_jobs
from nomade.news import access, actions
from nomade.news.audience import Aim, count
from nomade.news.models import Article, Kind, Opening, Receipt, State
from nomade.news.text import plain, shown
from nomade.notifications.models import Notification
from nomade.people.actions import grant_role
from nomade.people.factories import make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent, Situation, Status
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignIn = Callable[[Agent], Client]


@pytest.fixture
def editor() -> Agent:
    editor = make_agent("Inès", "Moreau", unit=make_unit("DICOM"))
    grant_role(editor, Role.EDITOR, by=None)
    return editor


def make_article(author: Agent, *aims: Aim, state: State = State.PUBLISHED, **fields: Any) -> Article:
    values = {"title": "Canicule", "summary": "Ce qui change", "author": author, "publish_at": now(), **fields}
    article = Article.objects.create(state=state, **values)
    for aim in aims:
        article.targets.create(unit=aim.unit, status=aim.status, category=aim.category, place=aim.place)
    actions._index(article)
    return article


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "article",
        "title": "Canicule",
        "summary": "Ce qui change",
        "body": "## Boire\n\n- de l’eau",
    } | changes


def sees(agent: Agent, article: Article) -> bool:
    return access.articles_for(agent).filter(pk=article.pk).exists()


@pytest.mark.parametrize(
    ("aim", "reached"),
    [
        (Aim(), True),
        (Aim(status="titulaire"), True),
        (Aim(status="contractuel"), False),
        (Aim(category="C"), True),
        (Aim(category="A"), False),
        (Aim(place="Dépôt Brassens"), True),
        (Aim(place="Dépôt Monceau"), False),
        (Aim(status="titulaire", category="A"), False),
    ],
)
def test_both_ends_of_the_rule_agree(editor: Agent, aim: Aim, reached: bool) -> None:
    agent = make_agent(unit=make_unit("DEVE/J15"))
    agent.assignments.update(place="Dépôt Brassens")
    Situation.objects.filter(agent=agent).update(status=Status.TITULAIRE, category="C")
    article = make_article(editor, *([aim] if aim != Aim() else []))
    assert sees(agent, article) is reached
    assert (count([aim] if aim != Aim() else []).agents >= 1) is True if reached else count([aim]).agents == 0


def test_a_unit_holds_all_below_and_nothing_beside(editor: Agent) -> None:
    inside = make_agent(unit=make_unit("DEVE/SD/J15"))
    beside = make_agent(unit=make_unit("DEVEX"))
    aim = Aim(unit=make_unit("DEVE"))
    article = make_article(editor, aim)
    assert (sees(inside, article), sees(beside, article), count([aim]).agents) == (True, False, 1)


def test_several_aims_add_up(editor: Agent) -> None:
    one, other, third = (make_agent(unit=make_unit(path)) for path in ("A1", "B1", "C1"))
    article = make_article(editor, Aim(unit=make_unit("A1")), Aim(unit=make_unit("B1")))
    assert [sees(agent, article) for agent in (one, other, third)] == [True, True, False]


def test_the_count_tells_who_has_no_mailbox(editor: Agent) -> None:
    unit = make_unit("DPE")
    make_agent(unit=unit), make_agent(unit=unit, has_mailbox=False)
    found = count([Aim(unit=unit)])
    assert (found.agents, found.without_mailbox) == (2, 1)


def test_an_article_is_shown_between_its_two_moments(editor: Agent, agent: Agent) -> None:
    article = make_article(editor, publish_at=now() + timedelta(hours=1), ends_at=now() + timedelta(hours=2))
    assert not sees(agent, article)
    with time_machine.travel(now() + timedelta(minutes=90), tick=False):
        assert sees(agent, article)
    with time_machine.travel(now() + timedelta(minutes=121), tick=False):
        assert not sees(agent, article)


def test_every_address_of_an_article_is_closed_to_who_is_not_aimed_at(
    editor: Agent, agent: Agent, signed_in: SignIn
) -> None:
    article = make_article(editor, Aim(unit=make_unit("AILLEURS")), must_read=True)
    client = signed_in(agent)
    for part in ("", "image/", "affiche.pdf"):
        assert client.get(f"/actualites/{article.pk}/{part}").status_code == 404
    for part in ("lu/", "vue/"):
        assert client.post(f"/actualites/{article.pk}/{part}").status_code == 404
    assert client.get(f"/actualites/equipe/{article.pk}/").status_code == 404
    assert "Canicule" not in client.get("/actualites/", {"q": "canicule"}).content.decode()
    assert "Canicule" not in client.get("/recherche/", {"q": "canicule"}).content.decode()
    assert not Receipt.objects.exists() and not Opening.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_desk_is_closed_to_who_is_no_editor(editor: Agent, agent: Agent, signed_in: SignIn, method: str) -> None:
    article = make_article(editor, state=State.DRAFT)
    client = signed_in(agent)
    key = article.pk
    addresses = [f"{key}/", f"{key}/publication/", f"{key}/relecture/", f"{key}/retrait/", f"{key}/lecteurs/"]
    for address in ["", "nouvelle/", "public/", *addresses, f"{key}/lecteurs.csv", f"{key}/relance/"]:
        assert getattr(client, method)(f"/actualites/redaction/{address}").status_code in {404, 405}, address
    assert client.get(f"/actualites/{key}/").status_code == 404
    article.refresh_from_db()
    assert article.state == State.DRAFT


def test_an_editor_of_one_unit_publishes_for_it_only_and_sees_no_others(editor: Agent, signed_in: SignIn) -> None:
    local = make_agent("Paul", "Local")
    grant_role(local, Role.EDITOR, by=None, perimeter=make_unit("DEVE"))
    make_unit("DEVE/J15"), make_unit("DPE")
    client = signed_in(local)
    for unit in ("", "DPE"):
        answer = client.post("/actualites/redaction/nouvelle/", typed(unit_0=unit))
        assert answer.status_code == 422
        assert "votre périmètre" in answer.content.decode() and "de l’eau" in answer.content.decode()
    assert client.post("/actualites/redaction/nouvelle/", typed(unit_0="DEVE/J15")).status_code == 302
    other = make_article(editor, state=State.DRAFT)
    assert client.get(f"/actualites/redaction/{other.pk}/").status_code == 404


def test_an_article_is_written_counted_published_and_read(editor: Agent, signed_in: SignIn) -> None:
    agent = make_agent(unit=make_unit("DEVE/J15"))
    make_agent(unit=make_unit("DPE"))
    client = signed_in(editor)
    answer = client.post("/actualites/redaction/nouvelle/", typed(unit_0="DEVE", must_read="on", **{"continue": "oui"}))
    article = Article.objects.get()
    assert answer["Location"] == f"/actualites/redaction/{article.pk}/publication/"
    assert "1 <small>agent concerné" in client.get(answer["Location"]).content.decode()
    assert not sees(agent, article)
    assert client.post(answer["Location"], {"at": ""}).status_code == 302
    run_jobs()
    assert Notification.objects.filter(agent=agent, title="À lire : Canicule").count() == 1
    assert Notification.objects.count() == 1
    reader = signed_in(agent)
    assert "Canicule" in reader.get("/").content.decode()
    page = reader.get(f"/actualites/{article.pk}/").content.decode()
    assert "<h2>Boire</h2>" in page and "J’ai lu" in page
    for _ in range(2):
        reader.post(f"/actualites/{article.pk}/lu/")
    assert Receipt.objects.get().agent == agent
    assert "J’ai lu" not in reader.get(f"/actualites/{article.pk}/").content.decode()
    assert AuditEvent.objects.filter(event="news.published").count() == 1


def test_an_announcement_is_made_once_and_not_after_a_withdrawal(editor: Agent, agent: Agent) -> None:
    article = make_article(editor, kind=Kind.ALERT)
    assert (actions.announce(article.pk), actions.announce(article.pk)) == (2, 0)
    gone = make_article(editor, kind=Kind.ALERT, state=State.WITHDRAWN)
    assert actions.announce(gone.pk) == 0


def test_a_scheduled_article_waits_for_its_hour(editor: Agent, agent: Agent, signed_in: SignIn) -> None:
    article = make_article(editor, state=State.DRAFT, publish_at=None)
    hour = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert signed_in(editor).post(f"/actualites/redaction/{article.pk}/publication/", {"at": hour}).status_code == 302
    assert run_jobs() == 0
    assert not sees(agent, article)


def test_a_second_person_publishes_where_the_setting_says_so(editor: Agent, signed_in: SignIn, settings: Any) -> None:
    from dataclasses import replace

    settings.NOMADE = replace(settings.NOMADE, news_second_reader=True)
    article = make_article(editor, state=State.REVIEW, publish_at=None)
    address = f"/actualites/redaction/{article.pk}/publication/"
    assert signed_in(editor).post(address, {"at": ""}).status_code == 422
    other = make_agent("Second", "Regard")
    grant_role(other, Role.EDITOR, by=None)
    assert signed_in(other).post(address, {"at": ""}).status_code == 302


def test_two_editors_of_one_article_do_not_erase_each_other(editor: Agent, signed_in: SignIn) -> None:
    article = make_article(editor, state=State.DRAFT, version=3)
    answer = signed_in(editor).post(f"/actualites/redaction/{article.pk}/", typed(title="Autre", version="2"))
    assert answer.status_code == 422
    assert "entre-temps" in answer.content.decode() and "Autre" in answer.content.decode()
    article.refresh_from_db()
    assert article.title == "Canicule"


def picture_file() -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 36), "green").save(out, "PNG")
    return SimpleUploadedFile("parc.png", out.getvalue(), content_type="image/png")


def test_a_picture_needs_its_words(editor: Agent, agent: Agent, signed_in: SignIn) -> None:
    client = signed_in(editor)
    refused = client.post("/actualites/redaction/nouvelle/", typed(picture=picture_file()))
    assert refused.status_code == 422 and "Décrivez l’image" in refused.content.decode()
    client.post("/actualites/redaction/nouvelle/", typed(picture=picture_file(), picture_alt="Un parc fleuri"))
    article = Article.objects.get()
    actions.publish(article, by=editor, request=None)  # type: ignore[arg-type]
    shown_one = signed_in(agent).get(f"/actualites/{article.pk}/image/")
    assert shown_one["Content-Type"] == "image/png" and shown_one["Content-Disposition"] == "inline"
    assert 'alt="Un parc fleuri"' in signed_in(agent).get("/actualites/").content.decode()


def test_an_event_without_a_day_and_an_unknown_unit_are_refused(editor: Agent, signed_in: SignIn) -> None:
    answer = signed_in(editor).post("/actualites/redaction/nouvelle/", typed(kind="event", unit_1="RIEN"))
    assert answer.status_code == 422
    assert "un jour et une heure" in answer.content.decode() and "Cette unité n’existe pas" in answer.content.decode()


def test_the_audience_is_counted_as_one_types(editor: Agent, signed_in: SignIn) -> None:
    make_agent(unit=make_unit("DEVE"))
    client = signed_in(editor)
    assert "1 <small>agent concerné" in client.get("/actualites/redaction/public/", {"unit_0": "DEVE"}).content.decode()
    assert "n’existe pas" in client.get("/actualites/redaction/public/", {"unit_0": "RIEN"}).content.decode()


def test_a_supervisor_ticks_the_team_and_nobody_else(editor: Agent, signed_in: SignIn) -> None:
    agent, supervisor = make_supervised_pair()
    stranger = make_agent("Zoé", "Ailleurs")
    article = make_article(editor, must_read=True)
    client = signed_in(supervisor)
    assert agent.full_name in client.get(f"/actualites/equipe/{article.pk}/").content.decode()
    client.post(f"/actualites/equipe/{article.pk}/", {"agent": [agent.pk, stranger.pk, supervisor.pk]})
    receipt = Receipt.objects.get()
    assert (receipt.agent, receipt.ticked_by) == (agent, supervisor)
    assert signed_in(stranger).get(f"/actualites/equipe/{article.pk}/").status_code == 404


def test_readers_are_listed_and_the_others_reminded_once_a_day(editor: Agent, signed_in: SignIn) -> None:
    unit = make_unit("DEVE")
    done, late = make_agent("Ali", "Lu", unit=unit), make_agent("=cmd()", "Tard", unit=unit)
    article = make_article(editor, Aim(unit=unit), must_read=True)
    actions.say_read(article, done)
    client = signed_in(editor)
    page = client.get(f"/actualites/redaction/{article.pk}/lecteurs/").content.decode()
    assert "1 a lu" in page and "1 n’a pas lu" in page
    rows = client.get(f"/actualites/redaction/{article.pk}/lecteurs.csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3 and any(";'=cmd() Tard;" in row for row in rows)
    client.post(f"/actualites/redaction/{article.pk}/relance/")
    assert list(Notification.objects.values_list("agent_id", flat=True)) == [late.pk]
    assert client.post(f"/actualites/redaction/{article.pk}/relance/").status_code == 422


def test_openings_are_counted_without_names(editor: Agent, agent: Agent, signed_in: SignIn) -> None:
    article = make_article(editor)
    for _ in range(3):
        signed_in(agent).post(f"/actualites/{article.pk}/vue/")
    assert Opening.objects.get().count == 3


def test_opening_an_article_by_get_counts_nothing(editor: Agent, agent: Agent, signed_in: SignIn) -> None:
    article = make_article(editor)
    signed_in(agent).get(f"/actualites/{article.pk}/")
    assert not Opening.objects.exists() and not Receipt.objects.exists()


@pytest.mark.parametrize("asked", ["canicules", "CANICULE", "chevaux", "été"])
def test_the_search_knows_endings_and_accents(editor: Agent, agent: Agent, asked: str) -> None:
    make_article(editor, body="Les chevaux du parc pendant l’été.")
    assert access.found_for(agent, asked).count() == 1


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://ailleurs.example/pixel.png)",
        "[x](data:text/html,<script>alert(1)</script>)",
        "<div style='position:fixed'>",
    ],
)
def test_no_markup_of_an_editor_runs_or_calls_outside(attack: str) -> None:
    html = str(shown(attack))
    assert not any(sign in html for sign in ("<script", "<img", "<div", 'href="javascript', 'href="data'))


def test_the_words_of_a_text_keep_its_lines() -> None:
    assert plain("# Titre\n\n- un **mot**\n- d’or").split() == ["Titre", "un", "mot", "d’or"]
    assert plain("a & b < c") == "a & b < c"


def test_a_poster_is_one_tagged_page_with_its_address(editor: Agent, agent: Agent, signed_in: SignIn) -> None:
    article = make_article(editor, title="Fermeture #1 [x] $y$", body="Un texte.\n\n" + "mot " * 900)
    answer = signed_in(agent).get(f"/actualites/{article.pk}/affiche.pdf")
    assert answer["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert len(pdf.pages) == 1
        assert "/StructTreeRoot" in pdf.Root and str(pdf.Root.Lang) == "fr"


def test_pages_cost_few_queries(editor: Agent, signed_in: SignIn) -> None:
    agent, _supervisor = make_supervised_pair()
    for rank in range(20):
        make_article(editor, Aim(status="titulaire"), title=f"Article {rank}", must_read=rank % 2 == 0)
    client = signed_in(agent)
    client.get("/actualites/")
    for address in ("/actualites/", f"/actualites/{Article.objects.first().pk}/"):  # type: ignore[union-attr]
        with count_queries(at_most=12):
            assert client.get(address).status_code == 200
