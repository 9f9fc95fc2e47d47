"""What a form of the page of a conversation does: parse, act, answer, whatever the service.

A service loads the case by its own `access`, then leaves the rest to its `Window`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from nomade.cases.conversing import Desk
from nomade.cases.dialogues import Changed, Dialogue, DialogueStatus
from nomade.cases.drafts import discard_draft
from nomade.cases.forms import TokenForm
from nomade.cases.idempotency import once
from nomade.cases.messages import file_of
from nomade.cases.recalling import Followed, is_offered
from nomade.cases.written import Written, written_about
from nomade.files import store
from nomade.files.http import attachment
from nomade.kernel.errors import Refusal
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

D = TypeVar("D", bound=Dialogue)


@dataclass(frozen=True)
class Window(Generic[D]):
    """Where a kind of conversation is held."""

    desk: Desk[D]
    # How its forms are named: « questions » makes « questions.reply-… ».
    prefix: str
    # `page(request, case, handles=…, form=…, notice=…, status=…)` shows it.
    page: Callable[..., HttpResponse]
    address: Callable[[D], str]
    # The case as it is now, for who handles it.
    reload: Callable[[Agent, uuid.UUID], D]

    def draft_key(self, case: D) -> str:
        """The name of the draft of a message."""
        return f"{self.prefix}.reply-{case.pk}"

    def answer(self, request: AgentRequest, case: D, form: TokenForm) -> HttpResponse | None:
        """Writes to the agent, or keeps a note; None when it is done, else the page that says why not."""
        if not form.is_valid():
            return self.page(request, case, handles=True, form=form, status=422)
        try:
            self._once(request, form, "answer", lambda: self._answered(request, case, form.cleaned_data))
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            case = self.reload(request.agent, case.pk)
            return self.page(request, case, handles=True, form=form, status=_status_of(refusal))
        noted = form.cleaned_data["internal"]
        messages.success(request, _("Note gardée.") if noted else _("Votre réponse est envoyée."))
        return None

    def _answered(self, request: AgentRequest, case: D, data: dict[str, Any]) -> str:
        act: dict[str, Any] = {
            "by": request.agent, "text": data["text"], "files": data["pieces"], "http": request
        }  # fmt: skip
        if data["internal"]:
            self.desk.write_note(case, **act)
        else:
            self.desk.answer(case, then=DialogueStatus(data["then"]), version=data["version"], **act)
        discard_draft(request.agent, self.draft_key(case))
        return str(case.pk)

    def reply(self, request: AgentRequest, case: D, form: TokenForm) -> HttpResponse:
        """The agent writes."""
        if not form.is_valid():
            return self.page(request, case, handles=False, form=form, status=422)
        data = form.cleaned_data

        def send() -> str:
            self.desk.reply(case, by=request.agent, text=data["text"], files=data["pieces"], http=request)
            discard_draft(request.agent, self.draft_key(case))
            return str(case.pk)

        try:
            self._once(request, form, "reply", send)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return self.page(request, case, handles=False, form=form, status=_status_of(refusal))
        return self.done(request, case, _("Votre message est envoyé."))

    def _once(self, request: AgentRequest, form: TokenForm, what: str, act: Callable[[], str]) -> None:
        token = form.cleaned_data["form_token"]
        once(request.agent, token=token, form=f"{self.prefix}.{what}", content=form.content, action=act)

    def assign(self, request: AgentRequest, case: D, form: forms.Form) -> HttpResponse:
        """Takes it, or gives it to the colleague chosen."""
        chosen = "assignee" in request.POST
        if chosen and not form.is_valid():
            notice = _("Choisissez une personne de la liste.")
            return self.page(request, case, handles=True, status=422, notice=notice)
        to = form.cleaned_data["assignee"] if chosen else request.agent
        try:
            self.desk.assign(case, to=to, by=request.agent, http=request)
        except Refusal as refusal:
            return self.page(request, case, handles=True, status=422, notice=refusal.message)
        said = _("%(reference)s est confiée à %(name)s.")
        return self.done(request, case, said % {"reference": case, "name": to.full_name})

    def close(self, request: AgentRequest, case: D) -> HttpResponse:
        """« C’est réglé »: the agent ends it."""
        self.desk.close(case, by=request.agent, http=request)
        return self.done(request, case, _("Votre %(thing)s est close. Merci.") % {"thing": self.desk.thing})

    def written(self, request: AgentRequest, case: D, *, handles: bool) -> Written:
        """What was said, what happened, what this reader was typing."""
        key = self.draft_key(case)
        return written_about(self.desk.kind, case.pk, reader=request.agent, form=key, notes=handles)

    def followed(
        self, case: D, desk: str, titles: Mapping[str, str], written: Written, *, handles: bool, recall: str
    ) -> Followed:
        """Who follows it and what happened; `recall` is where its agent reminds, once it is time."""
        steps = written.steps(titles)
        offered = not handles and is_offered(steps, late=self.desk.is_late(case))
        return Followed(desk, steps, recall if offered else "")

    def recall(self, request: AgentRequest, case: D) -> HttpResponse:
        """« Relancer »: the agent reminds who should have answered."""
        try:
            self.desk.recall(case, by=request.agent, http=request)
        except Refusal as refusal:
            return self.page(request, case, handles=False, notice=refusal.message, status=422)
        return self.done(request, case, _("Un rappel est parti : vous serez prévenu de la réponse."))

    def rate(self, request: AgentRequest, case: D, form: forms.Form) -> HttpResponse:
        """What the agent thinks of the answer: one tap, then maybe a word."""
        if not form.is_valid():
            sentence = " ".join(str(one) for errors in form.errors.values() for one in errors)
            return self.page(request, case, handles=False, notice=sentence, status=422)
        try:
            self.desk.rate(case, by=request.agent, http=request, **form.cleaned_data)
        except Refusal as refusal:
            return self.page(request, case, handles=False, notice=refusal.message, status=422)
        return self.done(request, case, _("Merci de votre avis."), part="#avis")

    def download(self, case: D, file_id: uuid.UUID, *, handles: bool) -> HttpResponse:
        """A file of a message, for who may read the message."""
        stored = file_of(self.desk.kind, case.pk, file_id, with_internal=handles)
        return attachment(store.read(stored), name=stored.name, content_type=stored.content_type)

    def done(self, request: AgentRequest, case: D, said: str, *, part: str = "") -> HttpResponse:
        """Back to the page, which says what was done."""
        messages.success(request, said)
        return self.back(case, part=part)

    def back(self, case: D, *, part: str = "") -> HttpResponse:
        """Back to the page."""
        return HttpResponseRedirect(self.address(case) + part, status=303)


def _status_of(refusal: Refusal) -> int:
    return 409 if isinstance(refusal, Changed) else 422
