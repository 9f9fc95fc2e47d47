"""Changes of the types of absence by HR: dated, with history; past requests keep the type they were made with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.leave.models import LeaveType
from nomade.people.models import Agent


@transaction.atomic
def change_type(
    leave_type: LeaveType, values: Mapping[str, Any], *, valid_from: date, by: Agent, http: HttpRequest | None = None
) -> LeaveType:
    """Closes a type the day before and opens it again with other values. Raises Refusal for a day already past."""
    leave_type = LeaveType.objects.select_for_update().get(pk=leave_type.pk)
    if valid_from < today() or valid_from < leave_type.valid_from:
        raise Refusal(_("Un changement prend effet aujourd’hui ou plus tard."), field="valid_from")
    if leave_type.valid_until is not None:
        raise Refusal(_("Ce type a déjà été remplacé : rechargez la page."))
    before = model_to_dict(leave_type)
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        raise Refusal(_("Rien n’a changé."))
    if valid_from == leave_type.valid_from:
        for name, value in changed.items():
            setattr(leave_type, name, value)
        leave_type.save(update_fields=list(changed))
        made = leave_type
    else:
        leave_type.valid_until = valid_from - timedelta(days=1)
        leave_type.save(update_fields=["valid_until"])
        kept = {name: value for name, value in before.items() if name not in ("id", "valid_from", "valid_until")}
        made = LeaveType.objects.create(**(kept | changed), valid_from=valid_from)
    audit.record(
        "leave.type_changed",
        actor=by.pk,
        subject=None,
        request=http,
        type=leave_type.code,
        valid_from=valid_from.isoformat(),
        before={name: str(before[name]) for name in changed},
        after={name: str(value) for name, value in changed.items()},
    )
    return made
