"""Every number of the lockout: its default, its bounds, where it comes from. Read from NOMADE_LOCKOUT_*."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

PREFIX = "LOCKOUT_"


def _number(default: int, low: int, high: int, label: str, source: str) -> Any:
    return field(default=default, metadata={"low": low, "high": high, "label": label, "source": source})


@dataclass(frozen=True)
class Numbers:
    """What an operator may change; a duration's unit ends its name."""

    free_failures: int = _number(
        5, 1, 10, "Essais libres depuis un appareil inconnu", "CNIL, délibération 2022-100 : attente après 5 échecs"
    )
    wait_1_minutes: int = _number(1, 1, 60, "Première attente, en minutes", "CNIL : plus d’une minute après 5 échecs")
    wait_2_minutes: int = _number(2, 1, 120, "Deuxième attente, en minutes", "Choix de Nomade")
    wait_3_minutes: int = _number(5, 1, 240, "Troisième attente, en minutes", "Choix de Nomade")
    wait_4_minutes: int = _number(15, 1, 480, "Quatrième attente, en minutes", "Choix de Nomade")
    wait_5_minutes: int = _number(60, 1, 1440, "Attentes suivantes, en minutes", "Choix de Nomade")
    day_failures: int = _number(
        25, 5, 100, "Échecs au plus en 24 heures, par compte et sorte d’appareil", "CNIL : 25 échecs en 24 heures"
    )
    device_failures: int = _number(
        10, 3, 20, "Échecs de suite qui bloquent un appareil connu", "CNIL : blocage au plus tard après 10 échecs"
    )
    device_block_hours: int = _number(24, 1, 168, "Durée du blocage d’un appareil, en heures", "Choix de Nomade")
    device_days: int = _number(180, 1, 400, "Mémoire d’un appareil connu, en jours", "OWASP, Device Cookies")
    code_failures: int = _number(5, 3, 10, "Codes faux avant une attente", "Choix de Nomade")
    code_wait_minutes: int = _number(15, 1, 240, "Attente après des codes faux, en minutes", "Choix de Nomade")
    code_day_failures: int = _number(20, 5, 100, "Codes faux au plus en 24 heures", "Choix de Nomade")
    hard_lock_codes: int = _number(
        5, 3, 20, "Codes faux de suite, après un bon mot de passe, qui bloquent le compte", "Choix de Nomade"
    )
    source_minutes: int = _number(10, 1, 60, "Durée de comptage par adresse, en minutes", "Choix de Nomade")
    source_failures: int = _number(
        30, 5, 1000, "Échecs d’une même adresse avant un calcul à faire par le navigateur", "Choix de Nomade"
    )
    source_stop_failures: int = _number(
        120, 10, 10000, "Échecs d’une même adresse avant le refus (429)", "Choix de Nomade"
    )
    professional_factor: int = _number(
        20, 1, 1000, "Tolérance des réseaux professionnels, en fois", "Beaucoup d’agents derrière une même adresse"
    )
    proof_bits: int = _number(15, 8, 24, "Difficulté du calcul demandé au navigateur, en bits", "Choix de Nomade")
    proof_minutes: int = _number(20, 1, 120, "Validité d’un calcul, en minutes", "Choix de Nomade")
    spray_factor: int = _number(5, 2, 100, "Comptes visés, en fois l’habitude, qui donnent l’alerte", "Choix de Nomade")
    spray_floor: int = _number(
        100, 5, 100000, "Comptes visés en dessous desquels il n’y a jamais d’alerte", "Choix de Nomade"
    )
    notice_failures: int = _number(
        3, 1, 25, "Échecs avant une connexion réussie qui sont signalés à l’agent", "OWASP ASVS 6.3.5"
    )
    device_code_minutes: int = _number(
        15, 5, 120, "Validité du code « ouvrir cet appareil », en minutes", "Choix de Nomade"
    )
    hashes_per_cpu: int = _number(2, 1, 8, "Mots de passe vérifiés à la fois, par processeur", "OWASP ASVS 15.2.2")
    hash_wait_ms: int = _number(
        2000, 0, 30000, "Attente d’une place pour vérifier un mot de passe, en millisecondes", "Choix de Nomade"
    )


def read_numbers(number: Callable[[str, int, int, int], int]) -> Numbers:
    """The numbers of this installation; `number(name, default, low, high)` reads one setting."""
    return Numbers(
        **{
            part.name: number(PREFIX + part.name.upper(), part.default, part.metadata["low"], part.metadata["high"])  # type: ignore[arg-type]  # every default is a number
            for part in fields(Numbers)
        }
    )
