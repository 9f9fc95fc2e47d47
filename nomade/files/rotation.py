"""Passing to a new encryption key while the portal works (F24): add it first in the list, then seal everything anew.

Files are rewritten here; the columns, by who declared them (`kernel.resealing`). What nobody declared is still counted,
so that an operator knows when an old key serves nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from nomade.files import sealing
from nomade.files.models import StoredFile
from nomade.kernel.encryption import MAGIC

Progress = Callable[[int, int], None]


def current_version() -> str:
    """The version of the key that encrypts."""
    return settings.NOMADE.encryption_keys[0].version


def rotate_files(progress: Progress = lambda done, total: None) -> int:
    """Writes each file under the current key, one by one; returns how many. Run again, it goes on from there."""
    old = StoredFile.objects.exclude(key_version=current_version()).filter(refused_at__isnull=True)
    total, done = old.count(), 0
    for stored in old.order_by("pk").iterator(chunk_size=500):
        _rotate(stored)
        done += 1
        progress(done, total)
    return done


def _rotate(stored: StoredFile) -> None:
    """New content under a new name, then the row, then the old content goes: a reader always finds one of them."""
    plain = sealing.read_sealed(stored.storage_name, stored.id, stored.owner_id)
    name, version = sealing.write_again(stored.id, stored.owner_id, plain)
    with transaction.atomic():
        changed = StoredFile.objects.filter(pk=stored.pk, storage_name=stored.storage_name).update(
            storage_name=name, key_version=version
        )
    sealing.remove(stored.storage_name if changed else name)


@dataclass(frozen=True)
class Remaining:
    """Rows of a column that still need an old key."""

    column: str
    rows: int


def remaining() -> Iterator[Remaining]:
    """The sealed columns, of any application, that hold values under another key than the current one."""
    version = current_version().encode()
    start = MAGIC + bytes([len(version)]) + version
    for model in apps.get_models():
        meta = model._meta  # noqa: SLF001  # Django documents it
        if meta.proxy or not meta.managed:
            continue
        for field in meta.concrete_fields:
            if isinstance(field, models.BinaryField):
                rows = _under_another_key(meta.db_table, field.column, start)
                if rows:
                    yield Remaining(f"{meta.db_table}.{field.column}", rows)
    files = StoredFile.objects.exclude(key_version=current_version()).filter(refused_at__isnull=True).count()
    if files:
        yield Remaining("documents", files)


def _under_another_key(table: str, column: str, start: bytes) -> int:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        # Names come from the models, values are parameters.
        cursor.execute(
            f"SELECT count(*) FROM {quote(table)} WHERE substr({quote(column)}, 1, 3) = %s"  # noqa: S608
            f" AND substr({quote(column)}, 1, %s) <> %s",
            [MAGIC, len(start), start],
        )
        return int(cursor.fetchone()[0])
