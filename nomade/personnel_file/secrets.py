"""What is sealed beside the history: the content of requests, the recognition, the NIR."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from nomade.kernel.encryption import seal, unseal
from nomade.personnel_file.models import ChangeRequest

Values = Mapping[str, str]


@dataclass(frozen=True)
class Wanted:
    """What a request says: what was, what is wanted, and the words that came with it."""

    before: dict[str, str]
    after: dict[str, str]
    comment: str


def sealed_request(pk: UUID, owner: int, before: Values, after: Values, comment: str) -> bytes:
    """The content of a request, bound to it and to its owner."""
    plain = json.dumps([dict(before), dict(after), comment]).encode()
    return seal(plain, context=request_context(pk, owner))


def wanted_by(request: ChangeRequest) -> Wanted:
    """What a request says. Raises `DecryptionFailed`."""
    context = request_context(request.pk, request.owner_id)
    return Wanted(*json.loads(unseal(bytes(request.sealed), context=context)))


def sealed_fact(kind: str, owner: int, values: Values) -> bytes:
    """A fact of an agent's, bound to its kind and to its owner."""
    return seal(json.dumps(dict(values)).encode(), context=fact_context(kind, owner))


def fact_of(kind: str, owner: int, sealed: bytes) -> dict[str, str]:
    """Gives back what `sealed_fact` took. Raises `DecryptionFailed`."""
    found: dict[str, str] = json.loads(unseal(bytes(sealed), context=fact_context(kind, owner)))
    return found


def request_context(pk: UUID, owner: int) -> bytes:
    """What a request's content is bound to."""
    return f"file-request:{pk}:{owner}".encode()


def fact_context(kind: str, owner: int) -> bytes:
    """What a fact is bound to."""
    return f"file-{kind}:{owner}".encode()
