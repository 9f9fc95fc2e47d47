"""First names and family names of an invented city, as mixed as Paris is."""

from __future__ import annotations

from pathlib import Path


def _lines(name: str) -> list[str]:
    return (Path(__file__).parent / "data" / f"{name}.txt").read_text(encoding="utf-8").split("\n")[:-1]


WOMEN = _lines("women")
MEN = _lines("men")
SURNAMES = _lines("surnames")
STREETS = (
    "rue des Lilas", "avenue de Flandre", "rue de Belleville", "boulevard Ney", "rue de Vaugirard", "rue Ordener",
    "avenue Daumesnil", "rue de Tolbiac", "rue des Pyrénées", "rue de la Convention", "avenue de Clichy",
    "rue d’Avron", "rue Manin", "rue de Charonne", "boulevard Brune", "rue de Crimée", "rue Championnet",
    "rue de Meaux", "avenue Jean-Jaurès", "rue de Paris", "rue Victor-Hugo", "rue du Général-Leclerc",
    "allée des Tilleuls", "rue de la République", "rue des Rosiers", "avenue de la Résistance",
)  # fmt: skip
TOWNS = (
    "75012 Paris", "75013 Paris", "75014 Paris", "75015 Paris", "75017 Paris", "75018 Paris", "75019 Paris",
    "75020 Paris", "93100 Montreuil", "93500 Pantin", "93300 Aubervilliers", "93200 Saint-Denis",
    "94200 Ivry-sur-Seine", "94400 Vitry-sur-Seine", "94300 Vincennes", "92120 Montrouge", "92240 Malakoff",
    "95100 Argenteuil", "91600 Savigny-sur-Orge", "77500 Chelles", "78500 Sartrouville",
    "94500 Champigny-sur-Marne", "60100 Creil",
)  # fmt: skip
