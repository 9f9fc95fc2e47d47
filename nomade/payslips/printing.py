"""One PDF of many slips for the printer, the pages of each as the payroll made them."""

from __future__ import annotations

import io
from collections.abc import Iterable

import pikepdf

from nomade.payslips.access import content_of
from nomade.payslips.models import Payslip

# What one file for the printer holds: some megabytes, a few seconds.
SLIPS_A_FILE = 200


def parts(count: int) -> int:
    """How many files a month makes."""
    return -(-count // SLIPS_A_FILE)


def merged(slips: Iterable[Payslip]) -> bytes:
    """Their pages, one slip after the other, each with a bookmark. Raises `DocumentDamaged`, `DocumentUnavailable`."""
    out = io.BytesIO()
    with pikepdf.new() as whole:
        marks = []
        for slip in slips:
            marks.append((slip.matricule, len(whole.pages)))
            with pikepdf.open(io.BytesIO(content_of(slip))) as one:
                whole.pages.extend(one.pages)
        with whole.open_outline() as outline:
            outline.root.extend(pikepdf.OutlineItem(matricule, page) for matricule, page in marks)
        whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()
