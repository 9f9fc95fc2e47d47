"""What the pay office does, as tests do it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nomade.kernel.testing import run_jobs
from nomade.payslips.models import ImportState, PayImport, PayslipBatch


def send(client: Client, path: Path, **fields: str) -> Any:
    upload = SimpleUploadedFile(path.name, path.read_bytes(), content_type="application/pdf")
    return client.post(
        reverse("payslips:import-new"), {"upload": upload, "period": "2026-10", "type": "ordinary", **fields}
    )


def stored(client: Client, path: Path) -> PayslipBatch:
    send(client, path)
    sent = PayImport.objects.latest("created_at")
    run_jobs()
    client.post(reverse("payslips:import-accept", args=[sent.pk]), {"set_aside": "on"})
    run_jobs()
    sent.refresh_from_db()
    assert sent.state == ImportState.STORED, sent.message
    assert sent.batch is not None
    return sent.batch
