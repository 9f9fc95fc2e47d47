"""Who the browser tests are, and the door they come in by."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

PASSWORD = "Vélo-Quai-Platane-42"


@dataclass(frozen=True)
class Person:
    """One account of the demo city."""

    login: str
    first_name: str
    last_name: str
    password: str = PASSWORD


CAMILLE = Person("camille.durand@paris.fr", "Camille", "Durand")
MEHDI = Person("mehdi.benali@paris.fr", "Mehdi", "Benali")
LEILA = Person("leila.martin@paris.fr", "Leïla", "Martin")
NADIA = Person("nadia.leroy@paris.fr", "Nadia", "Leroy", "ABCD-EFGH-JKMN-PQRS")
INES = Person("ines.moreau@paris.fr", "Inès", "Moreau")
PAUL = Person("paul.girard@paris.fr", "Paul", "Girard")


def sign_in(page: Page, person: Person) -> None:
    """Comes in by the door and arrives on the home page."""
    page.goto("/connexion/")
    page.get_by_label("Identifiant").fill(person.login)
    page.get_by_label("Mot de passe").fill(person.password)
    page.get_by_role("button", name="Se connecter", exact=True).click()
    expect(page).not_to_have_url("**/connexion/**")
    expect(page.get_by_role("heading", level=1)).to_contain_text(person.first_name)
