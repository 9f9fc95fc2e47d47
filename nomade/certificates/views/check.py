"""`/verifier/`: whoever holds a paper reads what it must say. No sign-in; a wrong code shows no name."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from nomade.certificates import actions
from nomade.certificates.access import content_of
from nomade.certificates.forms import CheckForm
from nomade.certificates.models import Certificate
from nomade.certificates.rules import grouped, typed_code
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.http import PortalRequest, public
from nomade.kernel.pages import render


@public
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: PortalRequest) -> HttpResponse:
    """A code from the paper's picture fills the form; only a press on the button is a check, told to the owner."""
    if request.method != "POST":
        code = typed_code(request.GET.get("code", ""))
        return _answer(request, CheckForm(initial={"code": grouped(code)}))
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _answer(request, form, status=422)
    try:
        found = actions.check(form.cleaned_data["code"], address=request.client_address, request=request)
    except actions.TooManyWrongCodes as refusal:
        form.add_error(None, refusal.message)
        return _answer(request, form, status=429)
    except Refusal as refusal:
        form.add_error(refusal.field or None, refusal.message)
        return _answer(request, form, status=422)
    return _answer(request, CheckForm(), found=found)


def _answer(
    request: PortalRequest, form: CheckForm, *, found: Certificate | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, object] = {"form": form, "found": found}
    if found is not None:
        content = content_of(found)
        valid = found.is_valid_on(today())
        context |= {
            "content": content,
            "valid": valid,
            "rows": content.rows if valid and (found.shows_salary or not content.private) else [],
            "hidden": valid and content.private and not found.shows_salary,
        }
    response = render(request, "certificates/check.html", context, status=status)
    # The code of a flashed picture is in the address: « same-origin », set for every page, sends it nowhere else.
    # « no-referrer » would make browsers post a null origin, which the check of forms refuses.
    response["Cache-Control"] = "no-store"
    return response
