"""Documents at rest: sealed, bound to their owner, refused when anything changed."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nomade.config.environment import EncryptionKey
from nomade.files import store
from nomade.files.models import StoredFile
from nomade.files.sealing import Content
from nomade.files.store import Document, DocumentDamaged, DocumentUnavailable
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
SECRET = b"Net 2 107,14 euros of Camille Durand" * 40


def _put(owner: Agent | None, plain: bytes = SECRET) -> StoredFile:
    return store.put(plain, owner=owner, kind="payslip", name="b.pdf", content_type="application/pdf")


def _on_disk(settings: Any, stored: StoredFile) -> Path:
    return Path(settings.STORAGES["documents"]["OPTIONS"]["location"]) / stored.storage_name


def test_what_is_put_is_read_back(agent: Agent) -> None:
    stored = _put(agent)
    assert store.read(stored) == SECRET
    assert (stored.size, stored.owner) == (len(SECRET), agent)


def test_nothing_readable_lies_on_the_disk(agent: Agent, settings: Any) -> None:
    path = _on_disk(settings, _put(agent))
    assert b"Camille" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("position", [0, 5, 20, 80, -1])
def test_one_flipped_bit_is_refused_and_reported(
    agent: Agent, settings: Any, position: int, caplog: pytest.LogCaptureFixture
) -> None:
    stored = _put(agent)
    path = _on_disk(settings, stored)
    sealed = bytearray(path.read_bytes())
    sealed[position] ^= 1
    path.write_bytes(sealed)
    with pytest.raises((DocumentDamaged, DocumentUnavailable)):
        store.read(stored)
    assert str(stored.pk) in caplog.text


def test_a_file_cut_short_is_refused(agent: Agent, settings: Any) -> None:
    stored = _put(agent)
    path = _on_disk(settings, stored)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(DocumentDamaged):
        store.read(stored)


def test_two_exchanged_files_give_nobody_the_bytes_of_another(agent: Agent, settings: Any) -> None:
    mine, theirs = _put(agent, b"mine"), _put(make_agent("Ali", "Benali"), b"theirs")
    first, second = _on_disk(settings, mine), _on_disk(settings, theirs)
    kept = first.read_bytes()
    first.write_bytes(second.read_bytes())
    second.write_bytes(kept)
    for stored in (mine, theirs):
        with pytest.raises(DocumentDamaged):
            store.read(stored)


def test_a_row_given_to_another_owner_opens_nothing(agent: Agent) -> None:
    stored = _put(agent)
    stored.owner = make_agent("Ali", "Benali")
    with pytest.raises(DocumentDamaged):
        store.read(stored)


def test_a_row_pointed_at_another_file_opens_nothing(agent: Agent) -> None:
    mine, other = _put(agent, b"mine"), _put(agent, b"other")
    mine.storage_name = other.storage_name
    with pytest.raises(DocumentDamaged):
        store.read(mine)


def test_a_missing_file_is_damage_not_an_empty_document(agent: Agent, settings: Any) -> None:
    stored = _put(agent)
    _on_disk(settings, stored).unlink()
    with pytest.raises(DocumentDamaged):
        store.read(stored)


def _key(version: str) -> EncryptionKey:
    return EncryptionKey(version, base64.b64decode(base64.b64encode(version.encode().ljust(32, b"."))))


def test_old_files_open_after_the_key_is_rotated(agent: Agent, settings: Any) -> None:
    settings.NOMADE = replace(settings.NOMADE, encryption_keys=(_key("2026"),))
    old = _put(agent)
    settings.NOMADE = replace(settings.NOMADE, encryption_keys=(_key("2027"), _key("2026")))
    new = _put(agent)
    assert (store.read(old), store.read(new)) == (SECRET, SECRET)
    assert (old.key_version, new.key_version) == ("2026", "2027")


def test_without_the_key_the_document_is_unavailable_and_never_plain(agent: Agent, settings: Any) -> None:
    stored = _put(agent)
    settings.NOMADE = replace(settings.NOMADE, encryption_keys=(_key("autre"),))
    with pytest.raises(DocumentUnavailable):
        store.read(stored)
    settings.NOMADE = replace(settings.NOMADE, encryption_keys=())
    with pytest.raises(DocumentUnavailable):
        _put(agent)
    assert StoredFile.objects.count() == 1


def test_many_documents_are_kept_at_once(agent: Agent) -> None:
    import uuid

    contents = [(Content(uuid.uuid4(), agent.pk, b"%d" % n), Document("note", f"{n}", "text/plain")) for n in range(20)]
    stored = store.put_many(contents)
    assert [store.read(item) for item in stored] == [b"%d" % n for n in range(20)]


def test_a_deleted_document_leaves_nothing(settings: Any, django_capture_on_commit_callbacks: Any) -> None:
    stored = _put(None)
    path = _on_disk(settings, stored)
    with django_capture_on_commit_callbacks(execute=True):
        store.delete(stored)
        assert path.exists()
    assert not path.exists()
    assert not StoredFile.objects.exists()
