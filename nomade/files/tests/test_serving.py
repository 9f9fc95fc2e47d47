"""Headers of a served document."""

from __future__ import annotations

from nomade.files.http import attachment


def test_a_document_is_given_to_keep_and_never_to_run() -> None:
    response = attachment(b"x", name="Relevé d’été.pdf", content_type="application/pdf")
    disposition = response["Content-Disposition"]
    assert disposition == (
        "attachment; filename=\"Releve d-ete.pdf\"; filename*=UTF-8''Relev%C3%A9%20d%E2%80%99%C3%A9t%C3%A9.pdf"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_name_cannot_break_the_header_or_leave_its_folder() -> None:
    disposition = attachment(b"x", name='../a"b\r\nSet-Cookie: x.pdf')["Content-Disposition"]
    assert "\r" not in disposition
    assert "\n" not in disposition
    assert "/" not in disposition.replace("UTF-8''", "")
    assert disposition.count('"') == 2
