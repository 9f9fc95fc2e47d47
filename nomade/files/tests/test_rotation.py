"""F24: a key rotated while the portal works, a key that is absent."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from nomade.config.environment import EncryptionKey
from nomade.files import rotation, sealing, store
from nomade.files.models import StoredFile
from nomade.files.store import DocumentUnavailable
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db
OLD, NEW = EncryptionKey("2025", b"o" * 32), EncryptionKey("2026", b"n" * 32)


@pytest.fixture
def keys(settings: Any) -> Any:
    def use(*wanted: EncryptionKey) -> None:
        settings.NOMADE = replace(settings.NOMADE, encryption_keys=wanted)

    use(OLD)
    return use


def _kept(agent: Agent, content: bytes) -> StoredFile:
    return store.put(content, owner=agent, kind="x", name="a.pdf", content_type="application/pdf")


def test_old_files_open_during_and_after_a_rotation_and_the_old_key_can_go(keys: Any, agent: Agent) -> None:
    files = [_kept(agent, b"%d" % number) for number in range(5)]
    keys(NEW, OLD)
    fresh = _kept(agent, b"new")
    assert [store.read(file) for file in files] == [b"0", b"1", b"2", b"3", b"4"]
    out = StringIO()
    call_command("rotate_keys", stdout=out)
    assert "5 documents chiffrés de nouveau." in out.getvalue()
    assert "elle peut être retirée" in out.getvalue()
    # Rows read before the rotation still open: the file is looked for where it has gone.
    assert [store.read(file) for file in files] == [b"0", b"1", b"2", b"3", b"4"]
    keys(NEW)
    assert {store.read(file) for file in StoredFile.objects.all()} == {b"0", b"1", b"2", b"3", b"4", b"new"}
    assert set(StoredFile.objects.values_list("key_version", flat=True)) == {"2026"}
    folder, own = fresh.storage_name.split("/")
    _folders, names = sealing._storage().listdir(folder)  # another file may have the same first letters
    assert [name for name in names if name.startswith(own)] == [own]
    for file in files:
        assert not sealing._storage().exists(file.storage_name)


def test_a_rotation_cut_in_the_middle_goes_on_from_there(
    keys: Any, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [_kept(agent, b"%d" % number) for number in range(4)]
    keys(NEW, OLD)
    plain = rotation._rotate
    done: list[object] = []

    def cut(stored: StoredFile) -> None:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(stored.pk)
        plain(stored)

    monkeypatch.setattr(rotation, "_rotate", cut)
    with pytest.raises(KeyboardInterrupt):
        rotation.rotate_files()
    monkeypatch.setattr(rotation, "_rotate", plain)
    assert [one.rows for one in rotation.remaining()] == [2]
    assert rotation.rotate_files() == 2
    assert list(rotation.remaining()) == []
    assert sorted(store.read(file) for file in files) == [b"0", b"1", b"2", b"3"]


def test_without_its_key_a_document_is_unavailable_and_never_in_clear(keys: Any, agent: Agent) -> None:
    file = _kept(agent, b"secret content")
    keys(NEW)
    with pytest.raises(DocumentUnavailable):
        store.read(file)
    out = StringIO()
    call_command("rotate_keys", check=True, stdout=out)
    assert "documents : 1 encore sous une ancienne clé" in out.getvalue()
    with sealing._storage().open(file.storage_name) as sealed:
        assert b"secret content" not in sealed.read()
