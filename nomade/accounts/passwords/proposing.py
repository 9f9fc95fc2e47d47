"""What every page where a password is chosen does besides keeping it: five words on request, help as one types."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from nomade.accounts.models import Account
from nomade.accounts.passwords.checking import help_for
from nomade.accounts.passwords.forms import ChoosePasswordForm
from nomade.kernel.http import is_fragment
from nomade.kernel.pages import render

CHOICE = "choice"


def show(request: HttpRequest, template: str, form: ChoosePasswordForm, context: dict[str, Any]) -> HttpResponse:
    """The page; what was typed is never sent back, so the help starts again from nothing.

    `help_at` in the context: where the help is asked of somebody who is not signed in.
    """
    shown = {"help_at": "", **context, "form": form, "proposal": "", "help": help_for("", form.account)}
    return render(request, template, shown, status=422 if form.errors else 200)


def propose(request: HttpRequest, template: str, form: ChoosePasswordForm, context: dict[str, Any]) -> HttpResponse:
    """Five words drawn here, shown once, already written in both fields."""
    shown = {
        "help_at": "",
        **context,
        "form": form,
        "proposal": form.proposal,
        "help": help_for(form.proposal, form.account),
    }
    shown["replaces"] = is_fragment(request)  # what was said of the former words goes with them
    return render(request, template, shown, block=CHOICE)


def help_as_one_types(request: HttpRequest, account: Account) -> HttpResponse:
    """Says what is missing from what is being typed; keeps nothing and gives nothing of it back."""
    found = help_for(request.POST.get("password", ""), account)
    return render(request, "accounts/_password_help.html", {"help": found, "said": True})
