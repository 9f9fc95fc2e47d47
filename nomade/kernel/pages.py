"""From a template to an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.template.loader import render_to_string
from jinja2_fragments import render_block

from nomade.kernel.http import is_fragment


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    block: str | None = None,
) -> HttpResponse:
    """Renders the whole page, or only its Jinja block `block` when htmx asks for a part of it."""
    if block and is_fragment(request):
        backend = cast(Jinja2, engines["jinja2"])
        html = render_block(backend.env, template, block, **_context(backend, request, context or {}))
    else:
        html = render_to_string(template, dict(context or {}), request=request, using="jinja2")
    response = HttpResponse(html, status=status)
    if block:
        response["Vary"] = "HX-Request"
    return response


def _context(backend: Jinja2, request: HttpRequest, context: Mapping[str, Any]) -> dict[str, Any]:
    """What Django's backend adds to a context when it renders a whole template."""
    from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy

    full: dict[str, Any] = dict(context)
    full |= {"request": request, "csrf_input": csrf_input_lazy(request), "csrf_token": csrf_token_lazy(request)}
    for processor in backend.template_context_processors:
        full.update(processor(request))
    return full
