"""Lists, bulk actions, folders, labels, searches: through the pages, on both servers."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from mailkit.imap import Session, acting
from mailkit.mime.compose import Attachment
from nomade.kernel.testing import count_queries
from nomade.mail.factories import raw_letter
from nomade.mail.models import Done, Label, ReadingSettings
from nomade.mail.testing import Box


def fill(box: Box, *subjects: str) -> list[str]:
    return box.receive(*[raw_letter(box.agent.login, subject=subject) for subject in subjects])


def test_ticked_messages_go_to_the_trash_and_come_back_once(box: Box) -> None:
    keys = fill(box, "un", "deux", "trois")
    with count_queries(14):
        response = box.client.post("/messagerie/actions/", {"action": "supprimer", "choix": keys[:2]})
    assert response.status_code == 303
    page = box.client.get(response["Location"]).content.decode()
    assert "2 messages sont dans la corbeille." in page
    assert box.subjects() == ["un"]
    (address,) = re.findall(r'action="(/messagerie/actions/[0-9a-f-]+/annuler/)"', page)
    again = box.client.post(address, follow=True).content.decode()
    assert "C’est annulé" in again
    assert sorted(box.subjects()) == ["deux", "trois", "un"]
    assert box.client.post(address).status_code == 422, "once only"
    assert sorted(box.subjects()) == ["deux", "trois", "un"]


def test_marks_labels_and_filters_work_together(box: Box) -> None:
    keys = fill(box, "un", "deux", "trois")
    box.client.post("/messagerie/actions/", {"action": "suivre", "choix": keys[:1]})
    box.client.post("/messagerie/actions/", {"action": "lire", "choix": keys[1:]})
    assert "un" not in list_of(box, "?filtre=nonlus")
    assert list_of(box, "?filtre=suivis") == ["trois"]
    assert list_of(box, "?filtre=moi") == ["trois", "deux", "un"]
    box.receive(
        raw_letter(box.agent.login, subject="joint", attachments=(Attachment("a.pdf", "application/pdf", b"x"),))
    )
    assert list_of(box, "?filtre=pieces") == ["joint"]
    box.client.post("/messagerie/reglages/etiquettes/nouvelle/", {"name": "À traiter", "colour": "red"})
    label = Label.objects.get(agent=box.agent)
    assert label.keyword == "a_traiter"
    response = box.client.post(
        "/messagerie/actions/", {"action": "etiqueter", "etiquette": "a_traiter", "choix": keys[:1]}
    )
    assert response.status_code in (303, 422), "a poor server keeps no keywords, and says so"
    if response.status_code == 303:
        assert list_of(box, "?etiquette=a_traiter") == ["trois"]
        assert "mail-label--red" in box.client.get("/messagerie/").content.decode()


def test_settings_offer_labels_where_the_server_keeps_them_and_say_so_elsewhere(box: Box) -> None:
    kept = box.run(lambda session: (session.select("INBOX"), session.keeps_keywords)[1])
    page = html.unescape(box.client.get("/messagerie/reglages/").content.decode())
    assert ("Nouvelle étiquette" in page) is kept
    assert ("Votre serveur de messagerie ne garde pas d’étiquettes" in page) is not kept


def test_what_cannot_be_done_is_said_over_the_list_which_stays(box: Box) -> None:
    asked = {"HX-Request": "true"}
    (key,) = fill(box, "un")
    cases = (
        ({"action": "archiver"}, 422, "Cochez d’abord des messages."),
        ({"action": "deplacer", "choix": key}, 422, "Choisissez un dossier"),
        ({"action": "lire", "choix": f"{key}/Parti"}, 404, "n’est plus là"),
        ({"action": "lire", "choix": [key] * 501}, 422, "500 messages au plus à la fois"),
    )
    for sent, status, words in cases:
        answer = box.client.post("/messagerie/actions/", sent, headers=asked)
        assert (answer.status_code, answer["HX-Retarget"], answer["HX-Push-Url"]) == (status, "#mail-refus", "false")
        assert words in html.unescape(answer.content.decode())
        assert "HX-Retarget" not in box.client.post("/messagerie/actions/", sent).headers, "a whole page has its own"
    gone = box.client.get("/messagerie/message/1-99999/", headers=asked)
    assert (gone.status_code, gone["HX-Retarget"]) == (404, "#mail-refus")
    assert 'id="mail-refus"' in box.client.get("/messagerie/").content.decode()


def list_of(box: Box, query: str) -> list[str]:
    page = box.client.get(f"/messagerie/{query}").content.decode()
    return re.findall(r'class="mail-line__subject">(?:<span[^>]*>[^<]*</span> ?)*([^<]+)</span>', page)


def test_all_that_matches_is_more_than_what_the_page_shows(box: Box) -> None:
    fill(box, *[f"lot {number}" for number in range(55)], "autre")
    response = box.client.post("/messagerie/actions/?q=objet%3Alot", {"action": "archiver", "tout": "1"})
    assert "55 messages sont archivés." in box.client.get(response["Location"]).content.decode()
    assert box.subjects() == ["autre"]
    box.client.post(f"/messagerie/actions/{Done.objects.get().pk}/annuler/")
    assert box.run(lambda session: session.select("INBOX").exists) == 56


def test_nothing_ticked_and_nonsense_are_refused_in_words(box: Box) -> None:
    (key,) = fill(box, "un")
    assert "Cochez d’abord" in box.client.post("/messagerie/actions/", {"action": "lire"}).content.decode()
    assert box.client.post("/messagerie/actions/", {"action": "deplacer", "choix": key}).status_code == 422
    assert box.client.post("/messagerie/actions/", {"action": "inconnu", "choix": key}).status_code == 404
    assert box.client.post("/messagerie/actions/", {"action": "lire", "choix": "x"}).status_code == 404
    assert (
        box.client.post("/messagerie/actions/", {"action": "deplacer", "vers": "A\r\nB", "choix": key}).status_code
        == 404
    )
    assert box.client.get("/messagerie/actions/").status_code == 405
    assert box.subjects() == ["un"]


def test_nobody_undoes_what_somebody_else_did(box: Box, make_box: Callable[[], Box]) -> None:
    (key,) = fill(box, "un")
    box.client.post("/messagerie/actions/", {"action": "supprimer", "choix": key})
    done = Done.objects.get(agent=box.agent)
    stranger = make_box()
    assert stranger.client.post(f"/messagerie/actions/{done.pk}/annuler/").status_code == 422
    assert "corbeille." not in stranger.client.get(f"/messagerie/?fait={done.pk}").content.decode()
    assert stranger.client.get("/messagerie/?fait=x").status_code == 200


def test_a_search_understands_french_and_forgets_accents(box: Box) -> None:
    fill(box, "Réunion de rentrée", "Congés", "reunion annulee")
    assert list_of(box, "?q=reunion") == ["reunion annulee", "Réunion de rentrée"]
    assert list_of(box, "?q=objet%3A%22réunion+de%22") == ["Réunion de rentrée"]
    assert list_of(box, "?q=de%3Amehdi+congés") == ["Congés"]
    assert list_of(box, "?q=avant%3A2020") == []
    direct = box.client.get("/messagerie/recherche/?q=reunion")
    assert direct.status_code == 302
    every = box.client.get("/messagerie/recherche/?q=reunion+dans%3Atout").content.decode()
    assert "Recherche terminée" in every
    assert every.count("mail-line__link") == 2
    text = box.client.get("/messagerie/recherche/?q=texte%3Abonjour").content.decode()
    assert text.count("mail-line__link") == 3
    unclear = box.client.get("/messagerie/recherche/?q=texte%3Abonjour+avant%3Ademain-peut-etre").content.decode()
    assert "Pas compris" in unclear
    for typed in ("avant:demain", "dans:nulle-part", "étiquette:venir", "objet:"):
        alone = box.client.get("/messagerie/recherche/", {"q": typed}, follow=True).content.decode()
        assert f"laissé de côté : {typed}" in alone


@pytest.mark.parametrize("mail_server", ["dovecot"], indirect=True)
def test_a_label_is_looked_for_by_its_name_and_a_quotation_may_stay_open(box: Box) -> None:
    keys = fill(box, "Réunion de rentrée", "Congés")
    label = Label.objects.create(agent=box.agent, keyword="a_relire", name="À relire")
    box.client.post("/messagerie/actions/", {"action": "etiqueter", "choix": keys[0], "etiquette": label.keyword})
    for typed in ('étiquette:"À relire"', 'etiquette:"a relire"', "étiquette:a_relire"):
        assert list_of(box, "?" + urlencode({"q": typed})) == ["Congés"], typed
    assert list_of(box, "?" + urlencode({"q": 'objet:"réunion de'})) == ["Réunion de rentrée"]


def test_a_search_of_headers_nobody_has_read_yet_shows_its_progress_then_is_a_list(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(box, *[f"Réunion {number}" for number in range(5)], "Congés")
    monkeypatch.setattr("mailkit.imap.words.MOST_AT_ONCE", 2)
    monkeypatch.setattr("nomade.mail.reading.search.BLOCK", 2)
    monkeypatch.setattr("nomade.mail.reading.search.MOST_A_STEP", 2)
    address, page, found, steps = "/messagerie/?q=reunion", "", list[str](), 0
    while address:
        page = box.client.get(address, follow=True).content.decode()
        found += re.findall(r'mail-line__subject"><span class="mail-line__folder">[^<]+</span> ([^<]+)<', page)
        going_on = re.search(r'id="mail-suite" hx-get="([^"]+)"', page)
        address = html.unescape(going_on[1]) if going_on else ""
        steps += 1
    assert found == [f"Réunion {number}" for number in (4, 3, 2, 1, 0)]
    assert steps > 2
    assert "Recherche terminée : 6 messages parcourus." in page
    again = box.client.get("/messagerie/?q=reunion")
    assert again.status_code == 200
    assert list_of(box, "?q=reunion") == found


def test_a_word_that_many_messages_bear_is_counted_to_the_end_and_shown_page_by_page(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(box, *[f"Réunion {number}" for number in range(9)], "Congés")
    monkeypatch.setattr("mailkit.imap.words.MOST_AT_ONCE", 2)
    for name, most in (("BLOCK", 2), ("MOST_A_STEP", 2), ("MOST_DRAWN", 4)):
        monkeypatch.setattr(f"nomade.mail.reading.search.{name}", most)
    address, page, drawn = "/messagerie/?q=reunion", "", 0
    while address:
        page = box.client.get(address, follow=True).content.decode()
        drawn += page.count("mail-line__subject")
        going_on = re.search(r'id="mail-suite" hx-get="([^"]+)"', page)
        assert not going_on or "jusqu’ici" in page
        address = html.unescape(going_on[1]) if going_on else ""
    assert drawn == 4
    assert "9 correspondent." in page
    whole = re.search(r'href="([^"]+)">Tout voir, page par page<', page)
    assert whole is not None
    shown = box.client.get(html.unescape(whole[1]))
    assert shown.status_code == 200
    assert len(list_of(box, "?q=reunion")) == 9


def test_what_is_done_to_all_that_matches_waits_for_headers_nobody_has_read_yet(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(box, "Réunion 1", "Réunion 2", "Congés")
    monkeypatch.setattr("mailkit.imap.words.MOST_AT_ONCE", 1)
    box.client.post("/messagerie/actions/?q=reunion", {"action": "archiver", "tout": "1"})
    assert box.subjects() == ["Congés"]
    (key,) = box.receive(raw_letter(box.agent.login, subject="Réunion 3"))[:1]
    monkeypatch.setattr("mailkit.imap.words.MOST_AT_ONCE", 0)
    assert box.client.get(f"/messagerie/message/{key}/?q=reunion").status_code == 200


def test_a_search_is_made_in_the_folder_that_is_named(box: Box) -> None:
    box.receive(raw_letter(box.agent.login, subject="gardé"), folder=box.folder("archive"))
    box.client.post("/messagerie/dossiers/", {"name": "Projets d’été", "parent": ""})
    box.receive(raw_letter(box.agent.login, subject="verger"), folder="Projets d’été")
    for typed, found in (("dans:archives", "gardé"), ("dans:ARCHIVE", "gardé"), ("dans:«projets d’ete»", "verger")):
        shown = box.client.get("/messagerie/recherche/", {"q": typed}, follow=True).content.decode()
        assert re.findall(r'mail-line__subject">([^<]+)<', shown) == [found], typed
    everywhere = box.client.get("/messagerie/recherche/", {"q": "dans:tout"}).content.decode()
    assert '<span class="mail-line__folder">Archives</span>' in everywhere, "its French name, as in the tree"
    form = "/messagerie/recherche/detaillee/?chercher=1&place="
    chosen = box.client.get(form + box.folder("archive"), follow=True).content.decode()
    assert "gardé" in chosen
    everywhere = box.client.get(form + "*&words=verger")["Location"]
    assert everywhere == "/messagerie/recherche/?q=verger+dans%3Atout"


def test_after_an_action_on_what_a_long_search_found_one_is_back_there_and_may_undo(box: Box) -> None:
    (key,) = fill(box, "verger")
    query = "?q=verger+dans%3Atout"
    done = box.client.post(f"/messagerie/actions/{query}", {"action": "archiver", "choix": f"{key}/INBOX"})
    assert done["Location"].startswith(f"/messagerie/recherche/{query}&fait=")
    page = box.client.get(done["Location"]).content.decode()
    assert "Le message est archivé." in page
    (address,) = re.findall(r'action="(/messagerie/actions/[0-9a-f-]+/annuler/[^"]*)"', page)
    assert box.client.post(html.unescape(address))["Location"] == f"/messagerie/recherche/{query}"
    assert box.subjects() == ["verger"]


def test_the_detailed_form_becomes_what_one_would_type(box: Box) -> None:
    fill(box, "Réunion de rentrée")
    assert box.client.get("/messagerie/recherche/detaillee/").status_code == 200
    response = box.client.get(
        "/messagerie/recherche/detaillee/?chercher=1&subject=rentree&attachment=&since=2020-01-01", follow=True
    )
    assert "Réunion de rentrée" in response.content.decode()
    wrong = box.client.get("/messagerie/recherche/detaillee/?chercher=1&since=hier")
    assert wrong.status_code == 422


def test_folders_are_managed_from_their_page(box: Box) -> None:
    fill(box, "un")
    assert box.client.post("/messagerie/dossiers/", {"name": "Projets été", "parent": ""}).status_code == 303
    page = box.client.get("/messagerie/dossiers/").content.decode()
    assert "Projets été" in page
    twice = box.client.post("/messagerie/dossiers/", {"name": "projets ete", "parent": ""})
    assert (twice.status_code, "Un dossier porte déjà ce nom" in twice.content.decode()) == (422, True)
    for name in ("", "a/b", "a*", "x\r\ny", "x" * 61):
        assert box.client.post("/messagerie/dossiers/", {"name": name, "parent": ""}).status_code == 422, name
    edit = "/messagerie/dossiers/dossier/?dossier=Projets%20%C3%A9t%C3%A9"
    assert box.client.post(edit, {"name": "Projets", "parent": ""}).status_code == 303
    (key,) = box.receive()
    box.client.post("/messagerie/actions/", {"action": "deplacer", "vers": "Projets", "choix": key})
    assert box.subjects("Projets") == ["un"]
    act = "/messagerie/dossiers/actions/?dossier=Projets"
    assert box.client.post(act, {"action": "masquer"}).status_code == 303
    assert "Masqué" in box.client.get("/messagerie/dossiers/").content.decode()
    assert box.client.post(act, {"action": "tout-lire"}).status_code == 303
    assert box.client.post(act, {"action": "supprimer"}).status_code == 303
    assert box.subjects(box.folder("trash")) == ["un"]
    assert box.client.post(act, {"action": "supprimer"}).status_code == 404
    inbox = box.client.post("/messagerie/dossiers/actions/?dossier=INBOX", {"action": "supprimer"})
    assert inbox.status_code == 422
    box.client.post(f"/messagerie/dossiers/actions/?dossier={box.folder('trash')}", {"action": "vider"})
    assert box.subjects(box.folder("trash")) == []


def test_settings_and_labels_belong_to_one_agent(box: Box, make_box: Callable[[], Box]) -> None:
    values = {"pane": "below", "density": "compact", "receipts": "never", "shortcuts": ""}
    assert box.client.post("/messagerie/reglages/", values).status_code == 303
    page = box.client.get("/messagerie/").content.decode()
    assert "mail--below mail--compact" in page
    assert "data-shortcuts" not in page
    assert box.client.post("/messagerie/reglages/", values | {"pane": "nowhere"}).status_code == 422
    box.client.post("/messagerie/reglages/etiquettes/nouvelle/", {"name": "Perso", "colour": "green"})
    label = Label.objects.get(agent=box.agent)
    stranger = make_box()
    assert ReadingSettings.of(stranger.agent).pane == "right"
    for path in ("", "supprimer/"):
        assert (
            stranger.client.post(f"/messagerie/reglages/etiquettes/{label.pk}/{path}", {"name": "x"}).status_code == 404
        )
    assert box.client.post(f"/messagerie/reglages/etiquettes/{label.pk}/supprimer/").status_code == 303
    assert not Label.objects.exists()


def test_a_message_alone_comes_with_the_tree_and_without_the_list(box: Box) -> None:
    keys = fill(box, "un", "deux")
    headers = {"HX-Request": "true", "HX-Target": "section#mail-message", "X-Next-Message": keys[1]}
    with count_queries(12):
        page = box.client.get(f"/messagerie/message/{keys[0]}/", headers=headers).content.decode()
    assert 'id="mail-tree"' in page
    assert "hx-swap-oob" in page
    assert "mail-line" not in page
    assert "deux" in page


def test_a_conversation_is_one_line(box: Box) -> None:
    def work(session: Session) -> None:
        for number, parent in ((1, ""), (2, "In-Reply-To: <f1@x>\r\nReferences: <f1@x>\r\n")):
            head = f"From: a@b.fr\r\nSubject: fil {number}\r\nMessage-ID: <f{number}@x>\r\n{parent}\r\ntexte\r\n"
            session.append("INBOX", head.encode(), flags=())

    box.run(work)
    assert list_of(box, "?fil=1") == ["fil 2"]
    assert list_of(box, "") == ["fil 2", "fil 1"]


@pytest.mark.parametrize("order", ["date", "de", "a", "objet", "taille", "n’importe"])
def test_a_list_can_be_sorted(box: Box, order: str) -> None:
    fill(box, "b", "a")
    assert sorted(list_of(box, f"?tri={order}")) == ["a", "b"]
    if order == "objet":
        assert list_of(box, "?tri=objet&sens=1") == ["a", "b"]


def test_the_next_page_goes_on_where_the_first_one_stopped(box: Box) -> None:
    fill(box, *[f"n{number:02}" for number in range(60)])
    first = box.client.get("/messagerie/").content.decode()
    (following,) = re.findall(r'rel="next" href="/messagerie/([^"]+)"', first)
    box.run(lambda session: session.append("INBOX", raw_letter(box.agent.login, subject="tout frais"), flags=()))
    second = list_of(box, following.replace("&amp;", "&"))
    assert second[0] == "n09"
    assert len(second) == 10
    box.run(lambda session: acting.erase(session, [session.page("INBOX").envelopes[0].ref]))


def test_what_is_unwanted_leaves_the_inbox_and_what_was_taken_for_it_comes_back(box: Box) -> None:
    (key,) = box.receive(raw_letter(box.agent.login, subject="Gagnez un jambon"))
    assert box.client.post("/messagerie/actions/", {"action": "indesirable", "choix": key}).status_code == 303
    junk = box.folder("junk")
    assert (box.subjects(), box.subjects(junk)) == ([], ["Gagnez un jambon"])
    (key,) = box.receive(folder=junk)
    asked = {"action": "legitime", "choix": key}
    assert box.client.post(f"/messagerie/actions/?dossier={junk}", asked).status_code == 303
    assert (box.subjects(), box.subjects(junk)) == (["Gagnez un jambon"], [])
