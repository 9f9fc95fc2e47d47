"""When somebody may act on an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nomade.support.rules.proofs import Check, Missing, ProofKind, missing
from nomade.support.rules.spelling import spelled

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
SURE = Check(
    proofs=(ProofKind.CALLBACK, ProofKind.SUPERVISOR),
    expires_at=NOW + timedelta(minutes=30),
    refused=False,
    own_account=False,
    privileged=False,
    seconded=False,
    waits_until=None,
)


def lacking(check: Check) -> list[Missing]:
    return missing(check, needed=2, now=NOW)


def test_two_proofs_are_enough_for_an_ordinary_account() -> None:
    assert lacking(SURE) == []


@pytest.mark.parametrize("proofs", [(), (ProofKind.CALLBACK,), (ProofKind.BADGE, ProofKind.BADGE)])
def test_fewer_than_two_different_proofs_are_not_enough(proofs: tuple[ProofKind, ...]) -> None:
    assert lacking(replace(SURE, proofs=proofs)) == [Missing.PROOFS]


def test_a_check_that_is_too_old_refused_or_ones_own_opens_nothing() -> None:
    assert lacking(replace(SURE, expires_at=NOW)) == [Missing.EXPIRED]
    assert lacking(replace(SURE, refused=True)) == [Missing.REFUSED]
    assert lacking(replace(SURE, own_account=True)) == [Missing.OWN_ACCOUNT]


def test_a_privileged_account_needs_a_second_technician_or_a_delay_that_is_over() -> None:
    privileged = replace(SURE, privileged=True)
    assert lacking(privileged) == [Missing.SECOND_TECHNICIAN]
    assert lacking(replace(privileged, seconded=True)) == []
    assert lacking(replace(privileged, waits_until=NOW + timedelta(hours=1))) == [Missing.DELAY]
    assert lacking(replace(privileged, waits_until=NOW)) == []


def test_a_code_is_spelled_as_telephone_operators_did() -> None:
    said = [[sign.said for sign in group] for group in spelled("AB7K-QZ29")]
    assert said == [
        ["A comme Anatole", "B comme Berthe", "sept", "K comme Kléber"],
        ["Q comme Quintal", "Z comme Zoé", "deux", "neuf"],
    ]
    with pytest.raises(ValueError, match="no name"):
        spelled("a")
