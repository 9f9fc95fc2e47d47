"""What a newcomer does between the activation letter and the portal: an ordered list of steps that others add to.

A step is a page. Until none is left, an account opens nothing but the pages of its steps (`middleware`). A step may not
apply to a request: no second factor is asked on the professional networks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from nomade.accounts.models import Account

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class FirstStep:
    """One page of the first sign-in.

    `view` names it (`accounts:first-sign-in`); `applies` says whether this request must go through it; `done`, whether
    the account has been through it.
    """

    key: str
    label: Any
    view: str
    order: int
    done: Callable[[Account], bool]
    applies: Callable[[HttpRequest, Account], bool] = lambda _request, _account: True


_steps: list[FirstStep] = []


def add_step(step: FirstStep) -> None:
    """Makes a step known; called once, from `AccountsConfig.ready`. Raises ValueError when its key is taken."""
    if any(known.key == step.key for known in _steps):
        raise ValueError(f"first step {step.key!r} is added twice")
    _steps.append(step)
    _steps.sort(key=lambda known: known.order)


def steps(request: HttpRequest, account: Account) -> list[FirstStep]:
    """The steps of this newcomer, in order, done or not."""
    return [step for step in _steps if step.applies(request, account)]


def current(request: HttpRequest, account: Account) -> FirstStep | None:
    """The step to do now, or None when nothing is left (or the account is no newcomer)."""
    if not (account.first_steps_pending or account.password_is_provisional):
        return None
    return next((step for step in steps(request, account) if not step.done(account)), None)


def address(request: HttpRequest, account: Account) -> str:
    """Where a newcomer goes now: the step to do, else the home page."""
    step = current(request, account)
    return reverse(step.view) if step else "/"


def progress(request: HttpRequest, account: Account) -> dict[str, Any]:
    """What the `stepper` component shows: the labels, and the number of the present one (from 1)."""
    shown = steps(request, account)
    here = current(request, account)
    return {
        "steps": [str(step.label) for step in shown],
        "step": shown.index(here) + 1 if here else len(shown) + 1,
    }


def provisional_password_allowed(view: View) -> View:
    """Marks a view that a newcomer may open whatever the step (« Rester connecté »)."""
    view.provisional_password_allowed = True  # type: ignore[attr-defined]
    return view


def first_step(key: str) -> Callable[[View], View]:
    """Marks a page of the step `key`: open while that is the present step; otherwise it leads where to go."""

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            account = cast(Account, request.user)
            here = current(request, account)
            if here is None or here.key != key:
                return HttpResponseRedirect(address(request, account))
            return view(request, *args, **kwargs)

        return cast(View, provisional_password_allowed(guarded))

    return mark
