"""Filters as a person sets them, written as a script that a server runs, and read back from our own script only.

The script carries what it was made from in comments, with a fingerprint: what somebody changed by hand is noticed, and
nothing is guessed from a text that we did not write. Every text is quoted by one function.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from mailkit.mime import addresses

Field = Literal["from", "to", "subject", "list", "any"]
Test = Literal["contains", "is", "not_contains"]

_HEADERS: dict[str, tuple[str, ...]] = {
    "from": ("from", "sender"),
    "to": ("to", "cc"),
    "subject": ("subject",),
    "list": ("list-id",),
    "any": ("from", "to", "cc", "subject"),
}
_MARK = "# nomade:1 "
_FACTS = "# faits: "
_LINE = 900
MOST_RULES = 50
MOST_CONDITIONS = 10


class Unsupported(Exception):
    """The server lacks what a filter needs; `extension` names it."""

    def __init__(self, extension: str) -> None:
        super().__init__(extension)
        self.extension = extension


@dataclass(frozen=True)
class Condition:
    """What is looked at in a message."""

    field: str
    test: str
    value: str


@dataclass(frozen=True)
class Rule:
    """What happens to the messages that meet the conditions, all of them or one."""

    name: str
    conditions: tuple[Condition, ...]
    every: bool = True
    folder: str = ""
    seen: bool = False
    star: bool = False
    forward: str = ""
    keep: bool = True
    stop: bool = True
    active: bool = True


@dataclass(frozen=True)
class Vacation:
    """An automatic answer, between two days when they are set."""

    active: bool = False
    subject: str = ""
    text: str = ""
    first: str = ""
    last: str = ""
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filters:
    """All that our script does. `changed_elsewhere`: somebody wrote in it by hand."""

    rules: tuple[Rule, ...] = ()
    vacation: Vacation = field(default_factory=Vacation)
    changed_elsewhere: bool = False


def quoted(text: str) -> str:
    """A quoted string (RFC 5228 § 2.4.2): backslash and quotation mark escaped, nothing else has a meaning."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\r\n") + '"'


def write(filters: Filters, extensions: Iterable[str]) -> str:
    """The script. Raises Unsupported when the server cannot do something that it needs."""
    needed: set[str] = set()
    blocks = [_vacation(filters.vacation, needed)] if filters.vacation.active else []
    blocks += [_rule(rule, needed) for rule in filters.rules if rule.active]
    known = {extension.lower() for extension in extensions}
    for extension in sorted(needed):
        if extension not in known:
            raise Unsupported(extension)
    head = f"require [{', '.join(quoted(name) for name in sorted(needed))}];\n" if needed else ""
    body = _facts(filters) + head + "".join(blocks)
    return f"{_MARK}{_fingerprint(body)}\n{body}"


def read(script: str) -> Filters | None:
    """What our script was made from; None when it is not ours, or too damaged to say."""
    text = script.replace("\r\n", "\n")
    first, _, body = text.partition("\n")
    if not first.startswith(_MARK):
        return None
    packed = "".join(line.removeprefix(_FACTS) for line in body.split("\n") if line.startswith(_FACTS))
    try:
        facts = json.loads(base64.b64decode(packed, validate=True))
        found = _filters(facts)
    except (binascii.Error, ValueError, TypeError, KeyError, AttributeError):
        return None
    # Servers and programs may add line ends at the end, which changes nothing.
    changed = _fingerprint(body) != first.removeprefix(_MARK).strip()
    return Filters(found.rules, found.vacation, changed)


def _fingerprint(body: str) -> str:
    return hashlib.sha256(body.replace("\r\n", "\n").rstrip("\n").encode()).hexdigest()


def _facts(filters: Filters) -> str:
    plain = {"rules": [asdict(rule) for rule in filters.rules], "vacation": asdict(filters.vacation)}
    packed = base64.b64encode(json.dumps(plain).encode()).decode()
    return "".join(f"{_FACTS}{packed[at : at + _LINE]}\n" for at in range(0, len(packed), _LINE))


def _filters(facts: dict[str, Any]) -> Filters:
    rules = []
    for raw in facts["rules"][:MOST_RULES]:
        conditions = tuple(Condition(**one) for one in raw.pop("conditions"))
        rules.append(Rule(conditions=conditions, **raw))
    vacation = dict(facts["vacation"])
    vacation["addresses"] = tuple(vacation.get("addresses", ()))
    return Filters(tuple(rules), Vacation(**vacation))


def _rule(rule: Rule, needed: set[str]) -> str:
    tests = [_test(condition) for condition in rule.conditions[:MOST_CONDITIONS]]
    joined = f"{'allof' if rule.every else 'anyof'} ({', '.join(tests)})" if tests else "true"
    acts: list[str] = []
    flags = [flag for flag, wanted in (("\\Seen", rule.seen), ("\\Flagged", rule.star)) if wanted]
    if flags:
        needed.add("imap4flags")
        acts.append(f"addflag [{', '.join(quoted(flag) for flag in flags)}];")
    if rule.forward:
        if not addresses.is_valid(rule.forward):
            raise ValueError("not an address")
        acts.append(_forward(rule, needed))
    if rule.folder:
        needed.add("fileinto")
        acts.append(f"fileinto {quoted(rule.folder)};")
    elif not rule.keep and not rule.forward:
        acts.append("discard;")
    if rule.stop:
        if flags and not rule.folder and rule.keep:
            acts.append("keep;")
        acts.append("stop;")
    return f"# {_comment(rule.name)}\nif {joined} {{\n" + "".join(f"    {act}\n" for act in acts) + "}\n"


def _forward(rule: Rule, needed: set[str]) -> str:
    if not rule.keep and not rule.folder:
        return f"redirect {quoted(rule.forward)};"
    needed.add("copy")
    return f"redirect :copy {quoted(rule.forward)};"


def _test(condition: Condition) -> str:
    names = ", ".join(quoted(name) for name in _HEADERS[condition.field])
    kind = ":is" if condition.test == "is" else ":contains"
    value = quoted(" ".join(condition.value.split()))
    if condition.field in ("from", "to") and condition.test == "is":
        found = f"address :all :is [{names}] {value}"
    else:
        found = f"header {kind} [{names}] {value}"
    return f"not {found}" if condition.test == "not_contains" else found


def _vacation(vacation: Vacation, needed: set[str]) -> str:
    needed.add("vacation")
    tests = []
    for day, relation in ((vacation.first, "ge"), (vacation.last, "le")):
        if day:
            needed.update(("date", "relational"))
            tests.append(f'currentdate :value "{relation}" "date" "{date.fromisoformat(day).isoformat()}"')
    listed = ", ".join(quoted(one) for one in vacation.addresses if addresses.is_valid(one))
    options = ":days 1" + (f" :addresses [{listed}]" if listed else "")
    subject = f" :subject {quoted(' '.join(vacation.subject.split()))}" if vacation.subject.strip() else ""
    act = f"vacation {options}{subject} {quoted(vacation.text)};"
    return f"# Absence\nif allof ({', '.join(tests)}) {{\n    {act}\n}}\n" if tests else f"# Absence\n{act}\n"


def _comment(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f\u2028\u2029]", " ", text)[:100]
