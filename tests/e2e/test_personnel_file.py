"""« Mon dossier » by those who use it: an account stopped from another device, a child and a photographed paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from people import CAMILLE, LEILA, PASSWORD, Person, sign_in
from PIL import Image
from playwright.sync_api import BrowserContext, Page, StorageState, expect
from seen import axe_violations, overflow, picture

Open = Callable[..., BrowserContext]
THOMAS = Person("thomas.roy@paris.fr", "Thomas", "Roy")
SOPHIE = Person("sophie.laurent@paris.fr", "Sophie", "Laurent")
PAGES = (
    "/dossier/", "/dossier/telephones/", "/dossier/personnes-a-prevenir/", "/dossier/photo/", "/dossier/historique/",
    "/dossier/demandes/", "/dossier/demander/adresse/", "/dossier/demander/handicap/", "/dossier/carriere/",
    "/dossier/consultations/", "/dossier/mes-donnees/", "/dossier/iban/",
)  # fmt: skip


def photographed() -> dict[str, Any]:
    """A picture, as a phone takes it."""
    out = BytesIO()
    Image.new("RGB", (1200, 900), "white").save(out, "JPEG")
    return {"name": "livret.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def confirm_identity(page: Page) -> None:
    """Gives the password on the page that names what it is for; the form that was sent then goes by itself."""
    expect(page.get_by_role("heading", level=1)).to_contain_text("Confirmer que c’est toujours vous")
    expect(page.get_by_text(re.compile("Verser votre paie au compte"))).to_be_visible()
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Confirmer", exact=True).click()


def test_the_gardener_changes_her_account_then_stops_it_from_another_device(open_context: Open) -> None:
    # A session of her own: proving who she is renews it, and would end the one that other tests share.
    phone = open_context(360)
    page = phone.new_page()
    sign_in(page, CAMILLE)
    page.goto("/dossier/iban/")
    page.get_by_label("IBAN", exact=True).fill("FR76 3000 6000 0112 3456 7890 188")
    page.get_by_label(re.compile("Titulaire")).fill("Mme Camille Durand")
    page.get_by_label("RIB", exact=True).set_input_files(photographed())
    with phone.watch.expecting(422):  # type: ignore[attr-defined]
        page.get_by_role("button", name="Relire et confirmer").click()
        expect(page.get_by_role("alert").first).to_contain_text("groupe 7")
    page.get_by_label("IBAN", exact=True).fill("FR76 3000 6000 0112 3456 7890 189")
    page.get_by_label("RIB", exact=True).set_input_files(photographed())
    page.get_by_role("button", name="Relire et confirmer").click()
    expect(page.get_by_role("region", name="Votre paie sera versée à")).to_contain_text("7890")
    page.get_by_role("button", name="C’est bien ce compte, confirmer").click()
    confirm_identity(page)
    expect(page.get_by_role("status").first).to_contain_text("Demande confirmée")

    other = open_context(1440).new_page()
    sign_in(other, CAMILLE)
    other.goto("/notifications/")
    expect(other.get_by_text("Un nouveau compte bancaire a été demandé pour votre paie").first).to_be_visible()
    other.goto("/dossier/")
    other.get_by_role("link", name="Voir ou annuler").click()
    assert not axe_violations(other)
    other.get_by_role("button", name="Annuler ce changement").click()
    expect(other.get_by_role("status").first).to_contain_text("Changement annulé")
    page.goto("/dossier/iban/")
    expect(page.get_by_text("annulé").first).to_be_visible()


def test_the_nursery_assistant_declares_a_child_with_a_photographed_document_and_pay_accepts(
    open_context: Open, signed_in_states: Callable[[Person], StorageState]
) -> None:
    phone = open_context(360, state=signed_in_states(LEILA))
    page = phone.new_page()
    page.goto("/dossier/demander/enfant/")
    page.get_by_label("Prénom de l’enfant").fill("Nour")
    page.get_by_label("Date de naissance").fill("2030-01-01")
    page.get_by_label("Pièces", exact=False).set_input_files(photographed())
    with phone.watch.expecting(422):  # type: ignore[attr-defined]
        page.get_by_role("button", name="Envoyer la demande").click()
        expect(page.get_by_role("region", name="Pièces déjà jointes")).to_contain_text("livret.jpg")
    page.get_by_label("Date de naissance").fill("2025-05-04")
    page.get_by_role("button", name="Envoyer la demande").click()
    expect(page.get_by_role("status").first).to_contain_text("Demande envoyée")
    expect(page.get_by_text("livret.jpg")).to_be_visible()
    assert not axe_violations(page) + overflow(page, 360)

    desk = open_context(1440, state=signed_in_states(THOMAS)).new_page()
    desk.goto("/dossier/gestion/")
    assert not axe_violations(desk)
    desk.get_by_role("link", name="Leïla Martin").first.click()
    expect(desk.get_by_role("region", name="Ancien et nouveau")).to_contain_text("Nour")
    assert not axe_violations(desk)
    desk.get_by_role("button", name="Accepter", exact=True).click()
    expect(desk.get_by_role("status").first).to_contain_text("Changement accepté pour Leïla Martin")
    page.goto("/dossier/")
    expect(page.get_by_role("region", name="Nour Martin")).to_contain_text("Supplément familial de traitement")
    page.goto("/dossier/consultations/")
    expect(page.get_by_role("row", name=re.compile("Thomas Roy")).first).to_be_visible()


def test_a_photograph_is_framed_by_keyboard(
    open_context: Open, signed_in_states: Callable[[Person], StorageState]
) -> None:
    page = open_context(768, state=signed_in_states(LEILA)).new_page()
    page.goto("/dossier/photo/")
    page.get_by_label("Choisir ou prendre une photo").set_input_files(photographed())
    expect(page.get_by_role("img", name="Aperçu de la photo recoupée")).to_be_visible()
    page.get_by_label("Agrandir").focus()
    for _press in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_label("Agrandir")).to_have_value("130")
    page.get_by_role("button", name="Enregistrer la photo").click()
    expect(page.get_by_role("img", name="Votre photo").first).to_be_visible()


def test_a_change_is_asked_without_scripts(
    open_context: Open, signed_in_states: Callable[[Person], StorageState]
) -> None:
    page = open_context(360, state=signed_in_states(SOPHIE), java_script_enabled=False).new_page()
    page.goto("/dossier/telephones/")
    page.get_by_label("Téléphone mobile").fill("0655501234")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("status").first).to_contain_text("Vos numéros sont enregistrés")


@pytest.mark.parametrize(("width", "theme"), [(360, "light"), (768, "dark"), (1440, "light")])
def test_every_page_of_the_file_passes_axe_and_fits(
    open_context: Open, camille: StorageState, width: int, theme: str
) -> None:
    page = open_context(width, theme=theme, state=camille).new_page()
    found = []
    for address in PAGES:
        answer = page.goto(address)
        assert answer is not None and answer.status == 200, address
        assert urlsplit(page.url).path == address, f"{address} led to {page.url}"
        found += axe_violations(page) + overflow(page, width)
        picture(page, f"dossier{address.replace('/', '-')}{width}-{theme}")
    assert not found, "\n".join(found)
