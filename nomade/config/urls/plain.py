"""Answers of the content host when something is wrong: a sentence, no page, no cookie."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse


def _sentence(status: int, text: str) -> HttpResponse:
    return HttpResponse(text + "\n", status=status, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _sentence(400, "Cette adresse n’est pas complète.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _sentence(403, "Ce contenu ne vous est pas ouvert.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _sentence(404, "Ce contenu n’existe pas, ou son adresse a expiré. Rouvrez le message.")


def server_error(request: HttpRequest) -> HttpResponse:
    return _sentence(500, f"Ce contenu ne peut pas être montré ({getattr(request, 'reference', '')}).")
