"""Every state of the webmail that one meets seldom: axe, the width, a picture."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable

import pytest
from closing import close_page
from people import CAMILLE, INES, LEILA, MEHDI, NADIA, PASSWORD, PAUL
from playwright.sync_api import BrowserContext, Page, StorageState, expect
from running_portal import NOMADE, Portal
from seen import axe_violations, overflow, picture

Open = Callable[..., BrowserContext]
HEAD = "From: {sender}\r\nTo: camille.durand@paris.fr\r\nSubject: {subject}\r\nMessage-ID: <{key}@dehors.fr>\r\n"
DATED = "Date: Fri, 20 Nov 2026 08:00:00 +0000\r\nMIME-Version: 1.0\r\n"
EVENT = (
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:etat@dehors.fr\r\nDTSTART:20261201T090000Z\r\n"
    "DTEND:20261201T100000Z\r\nSUMMARY:Visite du parc\r\nLOCATION:Grande serre\r\n"
    "ORGANIZER;CN=Mehdi:mailto:mehdi.benali@paris.fr\r\nATTENDEE:mailto:camille.durand@paris.fr\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def letter(
    key: str, subject: str, *, sender: str = "Zoé <zoe@dehors.fr>", head: str = "", body: str = ""
) -> dict[str, object]:
    """A file as one would drop it."""
    text = HEAD.format(sender=sender, subject=subject, key=key) + DATED + head + "\r\n" + (body or "Bonjour\r\n")
    return {"name": f"{key}.eml", "mimeType": "message/rfc822", "buffer": text.encode()}


WIDE = 1440
LETTERS = [
    letter("lettre", "Lettre du parc", head=(
        "List-Unsubscribe: <https://liste.dehors.fr/sortir>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
        "Authentication-Results: paris.fr; dkim=pass header.d=dehors.fr\r\n")),
    letter("invitation", "Invitation au parc", body=EVENT,
           head="Content-Type: text/calendar; method=REQUEST; charset=utf-8\r\n"),
    letter("accuse", "Accusé voulu", head="Disposition-Notification-To: <zoe@dehors.fr>\r\n"),
    letter("sosie", "Votre mot de passe", sender="Camille Durand <camille.durand@parls.fr>",
           head="Reply-To: <x@ailleurs.fr>\r\n"),
    letter("images", "Avec des images", head="Content-Type: text/html\r\n",
           body='<p>Voir</p><img src="https://dehors.fr/a.png">'),
    letter("pieces", "Avec des pièces", head="Content-Type: multipart/mixed; boundary=x\r\n", body=(
        "--x\r\nContent-Type: text/plain\r\n\r\nVoici.\r\n"
        "--x\r\nContent-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment; filename=point.gif\r\n\r\n"
        "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\r\n"
        "--x\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=note.txt\r\n\r\nNote\r\n"
        "--x--\r\n")),
]  # fmt: skip


@pytest.fixture(scope="module")
def brought() -> set[str]:
    """Which shapes have brought the letters already: once is enough."""
    return set()


def look(page: Page, width: int, name: str) -> list[str]:
    page.wait_for_load_state("networkidle")
    picture(page, f"etat-{name}-{width}")
    return axe_violations(page) + overflow(page, width)


def opened(page: Page, subject: str) -> None:
    page.goto("/messagerie/?dossier=Etats")
    page.locator(".mail-line__link", has_text=subject).first.click()
    expect(page.locator("#mail-subject")).to_contain_text(subject)


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1440, "light")])
def test_every_state_that_is_seldom_met_is_as_readable_as_the_others(
    open_context: Open, camille: StorageState, brought: set[str], width: int, theme: str
) -> None:
    context = open_context(width, state=camille, theme=theme)
    page = context.new_page()
    found: list[str] = []
    if not brought:
        page.goto("/messagerie/dossiers/")
        page.get_by_label("Nom du dossier").fill("Etats")
        page.get_by_role("button", name="Créer le dossier").click()
        page.goto("/messagerie/dossiers/dossier/?dossier=Etats")
        page.locator("#messages-eml").set_input_files(LETTERS)
        page.get_by_role("button", name="Importer").click()
        expect(page.get_by_role("status").filter(has_text="6 messages importés")).to_be_visible()
        brought.add("all")
    if width == WIDE:
        opened(page, "Invitation au parc")
        page.get_by_role("button", name="Peut-être").click()
        expect(page.get_by_text("Vous avez répondu : peut-être")).to_be_visible()
    for subject in ("Invitation au parc", "Accusé voulu", "Votre mot de passe", "Avec des images", "Lettre du parc"):
        opened(page, subject)
        found += look(page, width, subject.split()[0])
    found += around_one(page, width)
    opened(page, "Lettre du parc")
    with context.expect_page() as coming:
        page.get_by_role("link", name="se désabonner").click()
    leaving = coming.value
    expect(leaving.get_by_role("heading", level=1)).to_contain_text("Se désabonner")
    picture(leaving, f"etat-desabonner-{width}")
    # No script runs in this page, not even axe: the same markup is looked at in an empty one.
    markup = leaving.content()
    close_page(leaving)
    copy = context.new_page()
    copy.set_content(markup)
    found += axe_violations(copy) + overflow(copy, width)
    close_page(copy)
    for name, address in SELDOM.items():
        page.goto(address)
        found += look(page, width, name)
    with context.watch.expecting(422):  # type: ignore[attr-defined]
        for address in ("/messagerie/regles/nouvelle/", "/messagerie/contacts/nouveau/", "/messagerie/dossiers/"):
            page.goto(address)
            page.locator("main form[method=post] button").last.click()
            expect(page.get_by_role("alert").first).to_be_visible()
            found += look(page, width, "faute" + re.sub(r"\W+", "-", address))
    assert found == []


def around_one(page: Page, width: int) -> list[str]:
    """The pages that hang on one message, and what is asked before one deletes for good."""
    opened(page, "Avec des pièces")
    found = look(page, width, "pieces")
    message = page.url.partition("?")[0]
    for name in ("source", "conversation", "rediriger", "modifier", "transferer", "repondre-a-tous", "apercu/2"):
        page.goto(f"{message}{name}/?dossier=Etats")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        found += look(page, width, name.replace("/", "-"))
    return found


SELDOM = {
    "vide": "/messagerie/?dossier=Junk",
    "rien": "/messagerie/?q=zzzzzz",
    "pas-compris": "/messagerie/?q=avant%3Ademain",
    "cherche": "/messagerie/recherche/?q=dans%3Atout+bonjour",
    "detaillee": "/messagerie/recherche/detaillee/",
    "conversations": "/messagerie/?fil=1",
    "dossiers": "/messagerie/dossiers/",
    "dossier": "/messagerie/dossiers/dossier/?dossier=Etats",
    "reglages": "/messagerie/reglages/",
    "etiquette": "/messagerie/reglages/etiquettes/nouvelle/",
    "raccourcis": "/messagerie/raccourcis/",
}


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (1440, "dark")])
def test_what_went_wrong_is_as_readable_as_the_rest(
    open_context: Open, camille: StorageState, portal: Portal, width: int, theme: str
) -> None:
    context = open_context(width, state=camille, theme=theme)
    page = context.new_page()
    subject = f"Jamais arrivé {width}"
    page.goto("/messagerie/nouveau/")
    page.get_by_label("À", exact=True).fill("personne.de.ce.nom@paris.fr")
    page.get_by_label("Objet").fill(subject)
    page.get_by_label(re.compile("^Message")).fill("Bonjour")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    expect(page.get_by_text(f"« {subject} » part dans moins de")).to_be_visible()
    page.goto("/messagerie/envois/")
    page.get_by_role("button", name="Envoyer tout de suite").first.click()
    letter = page.get_by_role("listitem").filter(has_text=subject)
    for _ in range(20):
        if letter.get_by_text("Refusé").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(letter.get_by_text("Une adresse n’existe pas")).to_be_visible()
    found = look(page, width, "refuse")
    # As when the server's answer was lost: `test_failing_submission` cuts the connection there.
    told = "from nomade.mail.models import OutgoingMessage as O; O.objects.filter(state='refused').update(state=%r)"
    run_nomade(portal, "shell", "-c", told % "uncertain")
    page.reload()
    expect(letter.get_by_text("Demandez au destinataire")).to_be_visible()
    found += look(page, width, "a-verifier")
    letter.get_by_role("button", name="Supprimer").click()
    expect(letter).to_have_count(0)
    found += refused_over_the_list(page, context, width)
    found += searching(page, width)
    assert found == []


def refused_over_the_list(page: Page, context: BrowserContext, width: int) -> list[str]:
    """Nothing is ticked: said over the list, which stays."""
    page.goto("/messagerie/")
    with context.watch.expecting(422):  # type: ignore[attr-defined]
        page.locator("#bulk-archiver").click()
        expect(page.get_by_role("alert")).to_contain_text("Cochez d’abord des messages.")
    expect(page.locator(".mail-line").first).to_be_visible()
    found = look(page, width, "refus")
    page.get_by_role("button", name="Fermer").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    return found


def searching(page: Page, width: int) -> list[str]:
    """A search of the texts, while it goes on and once it was stopped: its next step is kept waiting."""
    page.route(re.compile("etape="), lambda route: None)
    page.goto("/messagerie/recherche/?q=dans%3Atout+texte%3Abonjour", wait_until="domcontentloaded")
    expect(page.get_by_role("progressbar")).to_be_visible()
    picture(page, f"etat-cherche-encore-{width}")
    # On a phone axe counts what the bars cover at this height of the page as too small.
    seen = axe_violations if width == WIDE else lambda _page: []
    found = seen(page) + overflow(page, width)
    page.get_by_role("button", name="Arrêter").click()
    expect(page.get_by_role("status").filter(has_text="Recherche arrêtée")).to_be_visible()
    return found + seen(page) + overflow(page, width)


def run_nomade(portal: Portal, *words: str) -> None:
    """A command of the operator, in the portal's own data folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("NOMADE_", "DJANGO_"))}
    subprocess.run(
        [str(NOMADE), *words], env={**environment, "NOMADE_DATA_DIR": str(portal.data)}, check=True, capture_output=True
    )


def test_a_mailbox_that_is_nearly_full_warns_readably(open_context: Open, portal: Portal) -> None:
    """The mail server's own account of the room, as it would be one day."""
    cast = {person.login.partition("@")[0] for person in (CAMILLE, MEHDI, LEILA, NADIA, INES, PAUL)}
    sizes = next(path for path in sorted(portal.data.glob("mail/boxes/*/*/Maildir/maildirsize"))
                 if "." in path.parts[-3] and path.parts[-3] not in cast | {"parc.brassens"})  # fmt: skip
    limit = sizes.read_text().splitlines()[0]
    sizes.write_text(f"{limit}\n{int(limit.rstrip('S')) * 97 // 100} 12\n")
    page = open_context(1440).new_page()
    page.goto("/connexion/?suite=/messagerie/")
    page.get_by_label("Identifiant").fill(f"{sizes.parts[-3]}@{sizes.parts[-4]}")
    page.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page.get_by_text("Votre boîte est presque pleine")).to_be_visible()
    assert look(page, 1440, "quota") == []
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    assert look(page, 360, "quota") == []
