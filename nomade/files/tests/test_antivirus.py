"""clamd as it is, down, late or talking nonsense: only an exact « OK » opens a file, only « FOUND » refuses it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from nomade.files import antivirus, quarantine, sealing, store, uploads
from nomade.files.antivirus import Verdict, scan
from nomade.files.models import StoredFile
from nomade.files.store import DocumentQuarantined
from nomade.kernel.errors import Refusal
from nomade.kernel.models import AuditEvent
from nomade.people.models import Agent


@pytest.fixture(autouse=True)
def no_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test starts with a clamd of which nothing is known."""
    monkeypatch.setitem(antivirus._silence, "until", 0.0)


EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@contextmanager
def _clamd(settings: Any, answer: Callable[[bytes], bytes | None]) -> Iterator[None]:
    """A server that speaks INSTREAM; `answer` gives what it says of a content, None to hang up."""
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                channel, _address = server.accept()
            except OSError:
                return
            with channel, channel.makefile("rb") as stream:
                assert stream.read(10) == b"zINSTREAM\0"
                content = b""
                while size := int.from_bytes(stream.read(4), "big"):
                    content += stream.read(size)
                said = answer(content)
                if said is not None:
                    channel.sendall(said)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    before = settings.NOMADE
    settings.NOMADE = replace(before, clamd_url=f"tcp://127.0.0.1:{server.getsockname()[1]}")
    try:
        yield
    finally:
        settings.NOMADE = before
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(5)


def _as_clamav(content: bytes) -> bytes:
    return b"stream: Eicar-Signature FOUND\0" if EICAR in content else b"stream: OK\0"


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (b"stream: OK\0", Verdict.CLEAN),
        (b"stream: Eicar-Signature FOUND\0", Verdict.INFECTED),
        (b"stream: OK", Verdict.UNSURE),
        (b"stream: OK \0", Verdict.UNSURE),
        (b"INSTREAM size limit exceeded. ERROR\0", Verdict.UNSURE),
        (b"stream: OK\0stream: OK\0", Verdict.UNSURE),
        (b"UNKNOWN COMMAND\0", Verdict.UNSURE),
        (b"", Verdict.UNSURE),
        (None, Verdict.UNSURE),
    ],
)
def test_the_answer_is_read_to_the_letter(said: bytes | None, verdict: Verdict, settings: Any) -> None:
    with _clamd(settings, lambda _content: said):
        assert scan(b"x" * 200_000) is verdict


def test_the_whole_content_is_sent(settings: Any) -> None:
    content = bytes(range(256)) * 1000
    with _clamd(settings, lambda got: b"stream: OK\0" if got == content else b"stream: cut FOUND\0"):
        assert scan(content) is Verdict.CLEAN


def test_a_clamd_that_is_down_or_hangs_leaves_the_file_unscanned(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.NOMADE = replace(settings.NOMADE, clamd_url="tcp://127.0.0.1:1")
    assert scan(b"x", patient=True) is Verdict.UNSURE
    settings.NOMADE = replace(settings.NOMADE, clamd_url="unix:///nowhere/clamd.sock")
    assert scan(b"x", patient=True) is Verdict.UNSURE
    monkeypatch.setattr(antivirus, "PATIENCE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.NOMADE = replace(settings.NOMADE, clamd_url=f"tcp://127.0.0.1:{silent.getsockname()[1]}")
        assert scan(b"x", patient=True) is Verdict.UNSURE


def test_after_a_silence_nobody_waits_again_for_a_while(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(antivirus, "PATIENCE_SECONDS", 0.2)
    settings.NOMADE = replace(settings.NOMADE, clamd_url="tcp://127.0.0.1:1")
    assert scan(b"x") is Verdict.UNSURE
    with _clamd(settings, lambda _content: b"stream: OK\0"):
        assert scan(b"x") is Verdict.UNSURE
        assert scan(b"x", patient=True) is Verdict.CLEAN
        monkeypatch.setitem(antivirus._silence, "until", 0.0)
        assert scan(b"x") is Verdict.CLEAN


def _pdf() -> SimpleUploadedFile:
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return SimpleUploadedFile("permis.pdf", out.getvalue())


@pytest.mark.django_db
def test_an_infected_file_is_refused_and_not_kept(settings: Any) -> None:
    with (
        _clamd(settings, lambda _content: b"stream: Eicar-Signature FOUND\0"),
        pytest.raises(Refusal, match="l’antivirus refuse ce fichier"),
    ):
        uploads.check(_pdf())
    assert StoredFile.objects.count() == 0


@pytest.mark.django_db
def test_without_an_answer_a_file_waits_in_quarantine_then_opens(settings: Any, agent: Agent) -> None:
    with _clamd(settings, lambda _content: None):
        stored = uploads.keep_all([uploads.check(_pdf())], owner=agent, kind="x")[0]
        with pytest.raises(DocumentQuarantined, match="Analyse antivirus en cours"):
            store.read(stored)
        assert quarantine.look_again() == 0
    with _clamd(settings, _as_clamav):
        assert quarantine.look_again() == 1
    assert store.read(StoredFile.objects.get()).startswith(b"%PDF-")


@pytest.mark.django_db
def test_a_virus_found_later_is_never_served_and_its_content_goes(settings: Any, agent: Agent) -> None:
    stored = store.put(EICAR, owner=agent, kind="x", name="a.pdf", content_type="application/pdf", awaiting_scan=True)
    with _clamd(settings, _as_clamav):
        assert quarantine.look_again() == 1
    with pytest.raises(DocumentQuarantined, match="refusé par l’antivirus"):
        store.read(StoredFile.objects.get())
    assert not sealing._storage().exists(stored.storage_name)
    assert AuditEvent.objects.filter(event="file.refused_by_antivirus", subject_id=agent.pk).exists()
