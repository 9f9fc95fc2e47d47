"""The letters of a whole roll-out: one PDF sorted by unit, made by parts in a few processes.

Hashes and pages come first and touch nothing; then one transaction gives every code at once, and the file takes its
name. Interrupted at any moment, no letter exists that opens nothing, and no code whose letter nobody has.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, make_password
from django.db import transaction
from django.db.models import OuterRef, Q

from nomade.accounts.letters.access import came_in_by_the_directory
from nomade.accounts.letters.joining import Joiner
from nomade.accounts.letters.making import conditions_by_post, letter_of, sender, units_of
from nomade.accounts.letters.typesetting import Letter, typeset
from nomade.accounts.models import Account
from nomade.accounts.passwords import provisional
from nomade.kernel.clock import today
from nomade.kernel.processes import process_pool
from nomade.people.models import Assignment, OrgUnit

A_PART = 100
# A process is renewed before what typst remembers of its pages gets large.
PARTS_A_PROCESS = 3


@dataclass(frozen=True)
class Outcome:
    """How many letters were made, and for how many the account changed meanwhile (their letter opens nothing)."""

    letters: int
    overtaken: int


def accounts_without_password(unit: OrgUnit | None = None, *, again: bool = False) -> list[int]:
    """The accounts of agents here or expected that no password opens yet, by unit then by name.

    `again`: those whose letter was given but never used, too.
    """
    day = today()
    nothing = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    unused = Q(password_is_provisional=True, provisional__kind="letter")
    places = Assignment.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), is_main=True)
    if unit is not None:
        places = places.filter(Q(unit__path=unit.path) | Q(unit__path__startswith=f"{unit.path}/"))
    path_of: dict[int, str] = dict(places.order_by("-valid_from").values_list("agent_id", "unit__path"))
    found = (
        Account.objects.filter(nothing | unused if again else nothing)
        .exclude(Q(identity__isnull=False) | nothing & came_in_by_the_directory(OuterRef("agent_id")))
        .filter(Q(agent__exit_date__isnull=True) | Q(agent__exit_date__gte=day), locked_at__isnull=True)
        .values_list("pk", "agent_id", "agent__sort_name")
    )
    kept = [row for row in found if unit is None or row[1] in path_of]
    kept.sort(key=lambda row: (path_of.get(row[1], ""), row[2], row[0]))
    return [row[0] for row in kept]


def write_letters(
    out: Path, accounts: Sequence[int], batch: str, *, processes: int = 0, progress: Callable[[int], None] | None = None
) -> Outcome:
    """Writes the PDF (0600) and gives the codes. Raises OSError; whatever happens, all or nothing."""
    part = out.with_name(out.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            workers = processes or os.cpu_count() or 1
            hashes = _typeset_all(Joiner(file), accounts, workers, progress or (lambda _done: None))
            file.flush()
            os.fsync(file.fileno())
        with transaction.atomic():
            given = provisional.give_many(hashes, batch=batch)
            part.replace(out)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return Outcome(len(hashes), len(hashes) - given)


@dataclass(frozen=True)
class _Part:
    """What is under way for some accounts."""

    accounts: list[int]
    units: list[str]
    pages: Future[bytes]
    hashes: Iterator[str]


def _typeset_all(
    joiner: Joiner, accounts: Sequence[int], processes: int, progress: Callable[[int], None]
) -> dict[int, str]:
    """Makes codes, their hashes and their pages; a few parts are under way at once, never all."""
    hashes: dict[int, str] = {}
    last_unit = None
    with process_pool(processes, PARTS_A_PROCESS) as pool, ThreadPoolExecutor(processes) as hashers:

        def begin(ids: Sequence[int]) -> _Part:
            letters = _letters_of(ids)
            pages = pool.submit(typeset, sender(), list(letters.values()))
            hashed = hashers.map(make_password, [letter.code for letter in letters.values()])
            return _Part(list(letters), [letter.unit for letter in letters.values()], pages, hashed)

        parts = (begin(accounts[start : start + A_PART]) for start in range(0, len(accounts), A_PART))
        waiting = deque(islice(parts, processes + 1))
        while waiting:
            part = waiting.popleft()
            marks = []
            for index, unit in enumerate(part.units):
                if unit != last_unit:
                    marks.append((index, unit or "—"))
                    last_unit = unit
            joiner.add(part.pages.result(), marks)
            hashes.update(zip(part.accounts, part.hashes, strict=True))
            waiting.extend(islice(parts, 1))
            progress(len(hashes))
    joiner.close()
    return hashes


def _letters_of(ids: Sequence[int]) -> dict[int, Letter]:
    """A letter with a new code for each account, in the order asked."""
    found = Account.objects.select_related("agent").in_bulk(list(ids))
    units = units_of(account.agent_id for account in found.values())
    conditions = conditions_by_post()
    return {
        pk: letter_of(found[pk], provisional.new_code(), units.get(found[pk].agent_id), conditions)
        for pk in ids
        if pk in found
    }
