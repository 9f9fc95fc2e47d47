"""Where messages about a request are read and written: parse, act, answer, whatever the service.

Each service says how its page is made, and puts the three addresses beside that page.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.cases import recalling
from nomade.cases.dialogue_forms import MessageForm
from nomade.cases.drafts import discard_draft
from nomade.cases.exchanges import Exchange
from nomade.cases.idempotency import once
from nomade.cases.messages import file_of
from nomade.cases.timeline import Step
from nomade.cases.written import Said, written_about
from nomade.files import store
from nomade.files.http import attachment
from nomade.kernel.errors import Refusal
from nomade.people.http import AgentRequest

C = TypeVar("C")


@dataclass
class Talk:
    """What a page shows of a conversation, as `exchange` and `follow_up` of `cases/_parts.html` draw it."""

    case: Any
    handles: bool
    messages: list[Said]
    steps: list[Step]
    form: MessageForm
    # Whether the request waits for its agent, who reads this; whether somebody was writing: the form is then open.
    asked: bool
    writing: bool
    draft_key: str
    desk: str
    readers: str
    closed: str
    address: str
    file_view: str
    # Where the agent reminds; empty when it is not time.
    recall: str
    refusal: str = ""


class Room(Generic[C]):
    """The messages of a kind of request, on its pages."""

    def __init__(
        self,
        exchange: Exchange[C],
        *,
        space: str,
        name: str,
        titles: Callable[[], Mapping[str, str]],
        page: Callable[..., HttpResponse],
        opened: Callable[[AgentRequest, Any, uuid.UUID], None] | None = None,
    ) -> None:
        """`page(request, case, handles=…, talk=…, status=…)` shows it; `opened` writes in the journal who read a file.

        Its addresses are named `space:name-message`, `-recall` and `-file`; `titles` are the words of its steps.
        """
        self.exchange, self.space, self.name = exchange, space, name
        self.titles, self.page, self.opened = titles, page, opened

    def talk(self, request: AgentRequest, case: Any, *, handles: bool, form: MessageForm | None = None) -> Talk:
        """What was written, and the form with the draft of this person."""
        exchange, key = self.exchange, self._draft_key(case)
        notes = handles and exchange.notes
        written = written_about(exchange.kind, case.pk, reader=request.agent, form=key, notes=notes)
        steps = written.steps(self.titles())
        asked = not handles and exchange.asks_agent(case)
        recall = not handles and recalling.is_offered(steps, late=exchange.is_late(case))
        return Talk(
            case=case,
            handles=handles,
            messages=written.messages,
            steps=steps,
            form=form or MessageForm(initial=written.typed, notes=notes),
            asked=asked,
            writing=asked or form is not None or written.draft is not None,
            draft_key=key,
            desk=exchange.named(case),
            readers=exchange.readers(case),
            closed=exchange.closed(case),
            address=self._url("message", case.pk),
            file_view=f"{self.space}:{self.name}-file",
            recall=self._url("recall", case.pk) if recall else "",
        )

    def paths(self, prefix: str) -> list[URLPattern]:
        """The addresses below that of the request, which takes `request_id`."""
        return [
            path(f"{prefix}message/", self.write, name=f"{self.name}-message"),
            path(f"{prefix}relance/", self.recall, name=f"{self.name}-recall"),
            path(f"{prefix}message/<uuid:file_id>", self.file, name=f"{self.name}-file"),
        ]

    @cached_property
    def write(self) -> Callable[..., HttpResponse]:
        """Writes to the other side, or keeps a note."""

        @require_POST
        def write(request: AgentRequest, request_id: uuid.UUID) -> HttpResponse:
            case, handles = self.exchange.load(request.agent, request_id)
            form = MessageForm(request.POST, request.FILES, notes=handles and self.exchange.notes)
            if form.is_valid():
                try:
                    self._written(request, case, form)
                except Refusal as refusal:
                    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
                else:
                    noted = form.cleaned_data.get("internal")
                    messages.success(request, _("Note gardée.") if noted else _("Votre message est envoyé."))
                    page = self.exchange.address(case, handles=handles)
                    return HttpResponseRedirect(f"{page}#messages", status=303)
            talk = self.talk(request, case, handles=handles, form=form)
            return self.page(request, case, handles=handles, talk=talk, status=422)

        return write

    def _written(self, request: AgentRequest, case: Any, form: MessageForm) -> None:
        data = form.cleaned_data

        def act() -> str:
            internal = bool(data.get("internal"))
            self.exchange.write(
                case, by=request.agent, text=data["text"], files=data["pieces"], internal=internal, http=request
            )
            discard_draft(request.agent, self._draft_key(case))
            return str(case.pk)

        form_name = f"{self.exchange.kind}.message"
        once(request.agent, token=data["form_token"], form=form_name, content=form.content, action=act)

    @cached_property
    def recall(self) -> Callable[..., HttpResponse]:
        """The agent reminds who should have answered."""

        @require_POST
        def recall(request: AgentRequest, request_id: uuid.UUID) -> HttpResponse:
            case, handles = self.exchange.load(request.agent, request_id)
            try:
                self.exchange.recall(case, by=request.agent, http=request)
            except Refusal as refusal:
                talk = self.talk(request, case, handles=handles)
                talk.refusal = refusal.message
                return self.page(request, case, handles=handles, talk=talk, status=422)
            messages.success(request, _("Un rappel est parti : vous serez prévenu de la réponse."))
            return HttpResponseRedirect(self.exchange.address(case, handles=False), status=303)

        return recall

    @cached_property
    def file(self) -> Callable[..., HttpResponse]:
        """A file of a message, for who may read the message."""

        @require_safe
        def file(request: AgentRequest, request_id: uuid.UUID, file_id: uuid.UUID) -> HttpResponse:
            case: Any
            case, handles = self.exchange.load(request.agent, request_id)
            stored = file_of(self.exchange.kind, case.pk, file_id, with_internal=handles and self.exchange.notes)
            content = store.read(stored)
            if self.opened is not None:
                self.opened(request, case, file_id)
            return attachment(content, name=stored.name, content_type=stored.content_type)

        return file

    def _draft_key(self, case: Any) -> str:
        return f"{self.exchange.kind}.message-{case.pk}"

    def _url(self, what: str, key: uuid.UUID) -> str:
        return reverse(f"{self.space}:{self.name}-{what}", args=[key])
