"""The organisation's electronic seal on a PDF that leaves the portal: PAdES, by pyHanko, added after the last byte.

What was stored stays as it was, with its fingerprint: the seal is an incremental update, whose first bytes are the
document's own. Nothing here is imported from pyHanko before a first seal is asked for (docs/adr/0065).
"""

from __future__ import annotations

import logging
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings

from nomade.files import store
from nomade.files.models import StoredFile
from nomade.files.p12 import Seal, SealUnusable, read_p12
from nomade.kernel.clock import now

log = logging.getLogger(__name__)

PDF_TYPE = "application/pdf"
FIELD = "Cachet"
# What a signature weighs beside its certificates, in bytes.
ROOM = 4096


def holder_on(kind: str) -> str:
    """Whose seal a PDF of that kind will bear; empty when it bears none."""
    if not _wanted(kind):
        return ""
    try:
        return usable().holder
    except SealUnusable:
        return ""


def put_on(pdf: bytes, kind: str) -> bytes:
    """The PDF with the seal, where one is set for that kind; as it is where there is none.

    A seal that cannot be put never keeps somebody's paper from them: it goes out without, and the operator is told.
    """
    if not _wanted(kind):
        return pdf
    try:
        return _sealed(pdf, usable())
    except SealUnusable as refusal:
        log.critical("a document leaves without the seal: %s", refusal)
    except Exception:
        # A payroll or an officer gave a PDF that no seal can be added to: damaged tables, or locked by its own seal.
        log.exception("a document leaves without the seal: it cannot bear one")
    return pdf


def read_out(stored: StoredFile, kind: str) -> bytes:
    """The content of a stored document as it leaves. Raises as `store.read` does."""
    content = store.read(stored)
    return put_on(content, kind) if stored.content_type == PDF_TYPE else content


def usable() -> Seal:
    """The seal of this installation. Raises `SealUnusable`."""
    path = Path(settings.NOMADE.cachet_p12)
    seal = _read(path, _stamp(path), settings.NOMADE.cachet_password)
    if seal.until <= now():
        raise SealUnusable(f"{path} a expiré le {seal.until:%d/%m/%Y} : demandez un nouveau certificat")
    return seal


def _wanted(kind: str) -> bool:
    return bool(settings.NOMADE.cachet_p12) and kind in settings.NOMADE.cachet_on


def _stamp(path: Path) -> int:
    """Changes when the file is replaced: the next document bears the new seal."""
    try:
        return path.stat().st_mtime_ns
    except OSError as error:
        raise SealUnusable(f"{path} ne se lit pas : {error.strerror}") from error


@lru_cache(maxsize=2)
def _read(path: Path, _stamp: int, password: str) -> Seal:
    return read_p12(path, password)


@lru_cache(maxsize=2)
def _signer(path: Path, _stamp: int, password: str) -> Any:
    from pyhanko.sign.signers import SimpleSigner

    return SimpleSigner.load_pkcs12_data(path.read_bytes(), [], password.encode() or None)


def _sealed(pdf: bytes, seal: Seal) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    if writer.prev.embedded_signatures:
        return pdf  # signed by somebody already: nothing is put over a signature
    path = Path(settings.NOMADE.cachet_p12)
    own = _signer(path, _stamp(path), settings.NOMADE.cachet_password)
    signer = PdfSigner(
        PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES),
        signer=own,
        # No box: nothing is drawn over the page.
        new_field_spec=SigFieldSpec(FIELD, readable_field_name=f"Cachet électronique : {seal.holder}"),
    )
    out = BytesIO()
    # Told how much room it takes (in hexadecimal digits), pyHanko need not sign twice: half the cost.
    weight = sum(len(certificate.dump()) for certificate in {own.signing_cert, *own.cert_registry})
    signer.sign_pdf(writer, output=out, bytes_reserved=2 * (weight + ROOM))
    return out.getvalue()
