"""Sealed columns and who seals them anew: each application declares its own, `nomade rotate-keys` calls them all.

Nobody waits meanwhile: a row is changed only if it still holds what was read, and any key of the list opens it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import models

from nomade.kernel.encryption import MAGIC, key_version, seal, unseal

AT_ONCE = 500
_resealers: dict[str, Callable[[], int]] = {}
_columns: set[str] = set()


def reseal_with(name: str, function: Callable[[], int], *columns: str) -> None:
    """Declares who seals `columns` (« table.column ») anew: `function` treats what is under an old key, and counts."""
    _resealers[name] = function
    _columns.update(columns)


def sealed_column(name: str, model: type[models.Model], column: str, context: Callable[[Any], bytes]) -> None:
    """Declares one sealed column; `context` says what the value of a row is bound to."""
    rows = model._default_manager.all()  # noqa: SLF001  # Django documents it
    reseal_with(name, lambda: reseal_column(rows.all(), column, context), f"{model._meta.db_table}.{column}")  # noqa: SLF001


def declared_columns() -> frozenset[str]:
    """Every column that a rotation of keys takes along."""
    return frozenset(_columns)


def reseal_all() -> dict[str, int]:
    """What each application sealed anew."""
    return {name: reseal() for name, reseal in _resealers.items()}


def reseal_column(rows: models.QuerySet[Any], column: str, context: Callable[[Any], bytes]) -> int:
    """Seals one column of `rows` under the current key; `context` says what a row's value is bound to.

    Returns how many rows changed; run again, it goes on. Raises `DecryptionFailed` for a value that no key opens.
    """
    wanted, changed = settings.NOMADE.encryption_keys[0].version, 0
    for row in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
        sealed = bytes(getattr(row, column))
        if sealed[: len(MAGIC)] != MAGIC or key_version(sealed) == wanted:
            continue
        bound = context(row)
        again = seal(unseal(sealed, context=bound), context=bound)
        # A row that was changed or removed meanwhile is left as its owner made it, under the current key.
        changed += rows.model._default_manager.filter(pk=row.pk, **{column: sealed}).update(**{column: again})  # noqa: SLF001
    return changed
