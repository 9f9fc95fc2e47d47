"""A large file for many agents: kept sealed, split and matched by a job, then confirmed as any other deposit."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid5

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.documents import splitting
from nomade.documents.access import perimeter
from nomade.documents.actions.folders import KIND, Label
from nomade.documents.models import Deposit, DepositLine, DepositState
from nomade.documents.pieces import Piece, pieces_of, whole_file
from nomade.files import store
from nomade.files.antivirus import Verdict, scan
from nomade.files.drawing import PDF_TYPE, UnreadablePdf
from nomade.files.splitting.matricules import DEFAULT_MATRICULE
from nomade.files.store import DocumentDamaged, DocumentUnavailable
from nomade.files.uploads import clean_name
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.kernel.processes import process_pool
from nomade.people.models import Agent

ZIP_TYPE = "application/zip"
AT_ONCE = 100


@transaction.atomic
def receive_large(
    file: UploadedFile, label: Label, *, pattern: str, by: Agent, request: HttpRequest | None = None
) -> Deposit:
    """Keeps one PDF to cut, or an archive of PDFs, and queues its reading. Raises `Refusal`, `DocumentUnavailable`."""
    from nomade.documents.tasks import split

    content = file.read()
    verdict = scan(content)
    if verdict is Verdict.INFECTED:
        raise Refusal(_("L’antivirus refuse ce fichier. Il n’a pas été gardé ; prévenez l’assistance."))
    if verdict is Verdict.UNSURE:
        raise Refusal(_("L’antivirus ne répond pas : rien n’a été gardé. Recommencez dans quelques minutes."))
    name = clean_name(file.name or "lot.pdf")
    kept = store.put(
        content,
        owner=None,
        kind="deposit",
        name=name,
        content_type=ZIP_TYPE if content[:2] == b"PK" else PDF_TYPE,
    )
    deposit = Deposit.objects.create(
        type=label.type,
        title=label.title,
        dated_on=label.dated_on,
        needs_acknowledgement=label.needs_acknowledgement,
        sent_by=by,
        sent_at=now(),
        state=DepositState.READING,
        source=kept,
        pattern=pattern,
    )
    audit.record(
        "documents.received",
        actor=by.pk,
        subject=None,
        request=request,
        deposit=str(deposit.pk),
        sha256=kept.sha256,
    )
    split.defer(deposit=str(deposit.pk))
    return deposit


def split_deposit(deposit_id: UUID) -> None:
    """The job: reads, matches, cuts and seals, then waits for a person. Safe to run twice."""
    deposit = Deposit.objects.select_related("source", "sent_by").get(pk=deposit_id)
    if deposit.state != DepositState.READING or deposit.source is None:
        return
    _forget_lines(deposit)
    try:
        content = store.read(deposit.source)
        with TemporaryDirectory(prefix="nomade-depot-") as folder, process_pool(1) as pool:
            path = Path(folder) / "source"
            path.write_bytes(content)
            del content
            _fill(deposit, path, pool)
    except BrokenProcessPool:
        _end(deposit, DepositState.FAILED, _("La lecture de ce fichier s’est arrêtée : il est peut-être abîmé."))
    except UnreadablePdf as error:
        _end(deposit, DepositState.FAILED, _("Ce fichier ne peut pas être lu : %(why)s.") % {"why": error})
    except (Refusal, DocumentDamaged, DocumentUnavailable) as error:
        _end(deposit, DepositState.FAILED, error.message)
    else:
        _end(deposit, DepositState.TO_CONFIRM)


def _forget_lines(deposit: Deposit) -> None:
    """What a run that was cut short had made goes, so that nothing is doubled."""
    files = [line.file for line in deposit.lines.select_related("file") if line.file]
    deposit.lines.all().delete()
    for file in files:
        store.delete(file)


def _fill(deposit: Deposit, path: Path, pool: Executor) -> None:
    assert deposit.source is not None
    known = dict(perimeter(deposit.sent_by).values_list("matricule", "pk"))
    pattern = deposit.pattern or DEFAULT_MATRICULE
    seen: set[int] = set()
    if deposit.source.content_type == PDF_TYPE:
        pages, marks = pool.submit(splitting.read_pages, path, pattern).result()
        if len(pages) > splitting.MOST_PAGES:
            raise Refusal(_("Ce fichier a trop de pages : partagez-le en plusieurs lots."))
        pieces = pieces_of(deposit.source.name, pages, marks, known)
        _note_total(deposit, len(pieces))
        for start in range(0, len(pieces), AT_ONCE):
            _keep(deposit, path, pieces[start : start + AT_ONCE], seen, pool)
        return
    files = list(splitting.unpacked(path, path.parent))
    _note_total(deposit, len(files))
    for name, file in files:
        _keep(deposit, file, [_of_one_file(name, file, pattern, known, pool)], seen, pool)
        file.unlink()


def _of_one_file(name: str, file: Path, pattern: str, known: dict[str, int], pool: Executor) -> Piece:
    try:
        pages, _marks = pool.submit(splitting.read_pages, file, pattern).result()
    except UnreadablePdf as error:
        return Piece(name, 0, 1, None, str(error))
    return whole_file(name, pages, known)


@transaction.atomic
def _keep(deposit: Deposit, path: Path, pieces: list[Piece], seen: set[int], pool: Executor) -> None:
    """Cuts, seals and notes some pieces; what is nobody's for certain is told and not kept."""
    wanted = [piece for piece in pieces if piece.owner is not None]
    contents = iter(_cut(path, wanted, pool))
    people = Agent.objects.in_bulk([piece.owner for piece in wanted if piece.owner])
    for piece in pieces:
        agent = people[piece.owner] if piece.owner else None
        content = next(contents) if agent else b""
        problem = piece.problem
        if agent and agent.pk in seen:
            agent, problem = None, _("second document pour le même agent")
        kept = None
        if agent:
            seen.add(agent.pk)
            name = f"{agent.matricule}-{clean_name(deposit.title)[:80]}.pdf"
            kept = store.put(
                content, owner=agent, kind=KIND, name=name, content_type=PDF_TYPE, file_id=_file_id(deposit, piece)
            )
        DepositLine.objects.create(deposit=deposit, name=piece.name, agent=agent, file=kept, problem=problem)
    deposit.done += len(pieces)
    deposit.save(update_fields=["done"])


def _file_id(deposit: Deposit, piece: Piece) -> UUID:
    """The same part of the same file has the same id at each try: what a killed run wrote is replaced."""
    return uuid5(deposit.pk, f"{piece.name} {piece.owner}")


def _cut(path: Path, pieces: list[Piece], pool: Executor) -> Iterator[bytes]:
    if pieces:
        numbers = [list(range(piece.first, piece.first + piece.pages)) for piece in pieces]
        yield from pool.submit(splitting.cut_pieces, path, numbers).result()


def _note_total(deposit: Deposit, total: int) -> None:
    deposit.done, deposit.total = 0, total
    deposit.save(update_fields=["done", "total"])


@transaction.atomic
def _end(deposit: Deposit, state: DepositState, message: str = "") -> None:
    if state == DepositState.FAILED:
        _forget_lines(deposit)
    deposit.state, deposit.message = state, message[:300]
    deposit.save(update_fields=["state", "message"])
    event = "documents.rehearsed" if state == DepositState.TO_CONFIRM else "documents.unreadable"
    audit.record(event, actor=deposit.sent_by_id, subject=None, deposit=str(deposit.pk), pieces=deposit.done)
