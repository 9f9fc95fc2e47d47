"""Pages that say what went wrong."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import escape


def error_page(request: HttpRequest, status: int, message: str) -> HttpResponse:
    """A page with one sentence and the reference that the support can find in the log."""
    reference = getattr(request, "reference", "")
    return HttpResponse(f"<!doctype html><html lang=fr><p role=alert>{escape(message)} ({reference})", status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400, "La demande n’est pas complète.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403, "Cette page ne vous est pas ouverte.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404, "Cette page n’existe pas, ou ne vous est pas ouverte.")


def server_error(request: HttpRequest) -> HttpResponse:
    return error_page(request, 500, "Le portail a rencontré une erreur.")


def csrf_failure(request: HttpRequest, reason: str = "", **_others: Any) -> HttpResponse:
    return error_page(request, 403, "Le formulaire a expiré : rechargez la page.")
