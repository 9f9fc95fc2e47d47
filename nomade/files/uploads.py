"""Files that people send: what is taken, what is refused and why, and how it is kept.

A service calls `check_all` (or uses `nomade.files.forms.UploadsField`, which does) while it validates its form, then
`keep_all` in its action. Security § 3: a list of kinds, sizes, the content agrees with the name, pictures drawn anew,
PDF and office files that run nothing, parsed in a process with little memory and time.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.files import store
from nomade.files.antivirus import Verdict, scan
from nomade.files.models import StoredFile
from nomade.kernel.errors import Refusal
from nomade.people.models import Agent

log = logging.getLogger(__name__)

# Security § 3, « Uploads ».
LARGEST_FILE = 10 * 1024 * 1024
MOST_FILES = 20
QUOTA = 200 * 1024 * 1024
LONGEST_NAME = 120
PATIENCE_SECONDS = 30
MEGABYTE = 1024 * 1024
# What the kind of a stored file starts with when an agent sent it.
SENT = "upload."

_INSPECTION = Path(__file__).with_name("inspection.py")
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Kind:
    """A kind of file: how its name ends, how its content starts, how it is served."""

    name: str
    label: str
    extensions: tuple[str, ...]
    starts: bytes
    content_type: str


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = Kind("pdf", "PDF", ("pdf",), b"%PDF-", "application/pdf")
JPG = Kind("jpg", "JPG", ("jpg", "jpeg"), b"\xff\xd8\xff", "image/jpeg")
PNG = Kind("png", "PNG", ("png",), b"\x89PNG\r\n\x1a\n", "image/png")
DOCX = Kind("docx", "Word (docx)", ("docx",), _ZIP, f"{_OFFICE}wordprocessingml.document")
XLSX = Kind("xlsx", "Excel (xlsx)", ("xlsx",), _ZIP, f"{_OFFICE}spreadsheetml.sheet")
ODT = Kind("odt", "LibreOffice (odt)", ("odt",), _ZIP, "application/vnd.oasis.opendocument.text")

# What a field may accept. Office files are for tickets only.
DOCUMENTS: tuple[Kind, ...] = (PDF, JPG, PNG)
PICTURES: tuple[Kind, ...] = (JPG, PNG)
TICKET_FILES: tuple[Kind, ...] = (*DOCUMENTS, DOCX, XLSX, ODT)

_REASONS = {
    "too-many-pixels": gettext_lazy("cette image est trop grande. Réduisez-la, puis recommencez."),
    "unreadable": gettext_lazy("ce fichier est abîmé ou n’est pas ce que son nom annonce."),
    "encrypted": gettext_lazy("ce fichier est protégé par un mot de passe. Enlevez la protection, puis recommencez."),
    "active": gettext_lazy(
        "ce fichier contient un programme, un formulaire actif ou un autre fichier. Imprimez-le en PDF, puis envoyez "
        "ce PDF."
    ),
    "too-packed": gettext_lazy("ce fichier est compressé au-delà de ce qui est accepté."),
    "unsafe-names": gettext_lazy("ce fichier n’est pas un document ordinaire."),
    "macros": gettext_lazy("ce document contient des macros. Enregistrez-le sans macros, puis recommencez."),
    "infected": gettext_lazy("l’antivirus refuse ce fichier. Il n’a pas été gardé ; prévenez l’assistance."),
    "other-content": gettext_lazy("ce fichier n’est pas ce que son nom annonce."),
}


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept: its content is the one to keep, which is not always the one that was sent."""

    name: str
    kind: Kind
    content: bytes
    # The antivirus did not answer: the file is kept, and served to nobody until it does.
    awaiting_scan: bool = False


def accept_attribute(kinds: Iterable[Kind]) -> str:
    """The `accept` attribute of a file control."""
    return ",".join(f".{extension}" for kind in kinds for extension in kind.extensions)


def in_words(kinds: Iterable[Kind]) -> str:
    """« PDF, JPG, PNG »."""
    return ", ".join(kind.label for kind in kinds)


def check_all(
    files: Sequence[UploadedFile], *, kinds: Sequence[Kind] = DOCUMENTS, most: int = MOST_FILES, field: str = ""
) -> list[CheckedFile]:
    """Every file of one form. Raises Refusal, whose sentence names the first file that is not taken."""
    if len(files) > most:
        raise Refusal(_("Vous pouvez joindre %(most)s fichiers au plus.") % {"most": most}, field=field)
    return [check(file, kinds=kinds, field=field) for file in files]


def check(file: UploadedFile, *, kinds: Sequence[Kind] = DOCUMENTS, field: str = "") -> CheckedFile:
    """One file. Raises Refusal with the reason in words."""
    name = clean_name(file.name or "")
    kind = _kind_of(file.name or "", kinds)
    if kind is None:
        message = _("%(file)s : seuls ces fichiers sont acceptés : %(kinds)s.")
        raise Refusal(message % {"file": name, "kinds": in_words(kinds)}, field=field)
    if not file.size:
        raise Refusal(_("%(file)s : ce fichier est vide.") % {"file": name}, field=field)
    if file.size > LARGEST_FILE:
        message = _("%(file)s : ce fichier est trop lourd (%(most)s Mo au plus).")
        raise Refusal(message % {"file": name, "most": LARGEST_FILE // MEGABYTE}, field=field)
    file.seek(0)
    content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE or not content.startswith(kind.starts):
        raise _refusal(name, "other-content", field)
    kept = _inspected(name, kind, content, field)
    verdict = scan(kept)
    if verdict is Verdict.INFECTED:
        raise _refusal(name, "infected", field)
    return CheckedFile(name, kind, kept, awaiting_scan=verdict is Verdict.UNSURE)


def keep_all(files: Iterable[CheckedFile], *, owner: Agent, kind: str) -> list[StoredFile]:
    """Keeps checked files, sealed, in the name of an agent, as `upload.<kind>`.

    Raises Refusal beyond the agent's share of the storage, in which official documents do not count.
    """
    files = list(files)
    if not files:
        return []
    mine = StoredFile.objects.filter(owner=owner, kind__startswith=SENT)
    used = mine.aggregate(sum=Sum("size"))["sum"] or 0
    if used + sum(len(file.content) for file in files) > QUOTA:
        message = _("Vos fichiers dépassent %(most)s Mo en tout : écrivez à l’assistance pour en retirer d’anciens.")
        raise Refusal(message % {"most": QUOTA // MEGABYTE})
    return [
        store.put(
            file.content,
            owner=owner,
            kind=f"{SENT}{kind}",
            name=file.name,
            content_type=file.kind.content_type,
            awaiting_scan=file.awaiting_scan,
        )
        for file in files
    ]


def clean_name(name: str) -> str:
    """A name that one may show and serve: no folder, no control or direction sign, not too long."""
    base = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    plain = "".join(sign for sign in base if sign.isprintable() and sign not in '/\\"<>|:*?').strip(" .")
    if len(plain) <= LONGEST_NAME:
        return plain or "document"
    stem, dot, extension = plain.rpartition(".")
    return stem[: LONGEST_NAME - len(extension) - 1] + dot + extension if dot else plain[:LONGEST_NAME]


def _kind_of(name: str, kinds: Sequence[Kind]) -> Kind | None:
    if "\x00" in name:
        return None
    extension = clean_name(name).rpartition(".")[2].lower()
    return next((kind for kind in kinds if extension in kind.extensions), None)


def _refusal(name: str, reason: str, field: str) -> Refusal:
    return Refusal(f"{name} : {_REASONS[reason]}", rule="", field=field)


def square(file: CheckedFile, *, zoom: int, left: int, top: int, field: str = "") -> CheckedFile:
    """A square portrait out of a picture, drawn anew as JPEG. Raises Refusal as `check` does."""
    content = _inspected(file.name, file.kind, file.content, field, frame=(zoom, left, top))
    return CheckedFile("portrait.jpg", JPG, content, awaiting_scan=file.awaiting_scan)


def _inspected(name: str, kind: Kind, content: bytes, field: str, frame: tuple[int, ...] = ()) -> bytes:
    """What the inspection gives back. A file that makes it fall, hang or eat too much is refused, the log told."""
    command = [sys.executable, "-I", str(_INSPECTION), kind.name, *(str(number) for number in frame)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=PATIENCE_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        log.warning("upload kind=%s size=%s: inspection took too long", kind.name, len(content))
        raise _refusal(name, "unreadable", field) from None
    head, _newline, kept = done.stdout.partition(b"\n")
    if done.returncode != 0 or not head:
        log.warning(
            "upload kind=%s size=%s: inspection ended with %s: %s",
            kind.name,
            len(content),
            done.returncode,
            done.stderr.decode(errors="replace")[-500:],
        )
        raise _refusal(name, "unreadable", field)
    answer = json.loads(head)
    if "refused" in answer:
        raise _refusal(name, answer["refused"], field)
    return kept if answer["changed"] else content
