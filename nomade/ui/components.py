"""What the macros of `ui/components.html` cannot do themselves: check their options, wire a field, draw an icon."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Textarea
from django.forms.widgets import FileInput, PasswordInput, Widget
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

ICONS = frozenset(json.loads(Path(__file__).with_name("icons.json").read_text()))
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9:.-]*")

NBSP = "\N{NO-BREAK SPACE}"


class ComponentError(ValueError):
    """A component was given an option that it does not have: a mistake of the template that calls it."""


def one_of(value: str, allowed: tuple[str, ...], what: str) -> str:
    """`value`, checked. Raises ComponentError with the options that exist."""
    if value not in allowed:
        raise ComponentError(f"{what} cannot be {value!r}; it is one of {', '.join(allowed)}")
    return value


def icon_svg(name: str, label: str | None = None, css: str = "") -> SafeString:
    """An icon of the sprite: decorative, or with a text for those who do not see it. Raises ComponentError."""
    return _drawn(name, str(label) if label else "", css)


@lru_cache(maxsize=1024)
def _drawn(name: str, label: str, css: str) -> SafeString:
    if name not in ICONS:
        raise ComponentError(f"icon {name!r} is not in nomade/ui/icons.json")
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    classes = f"icon {css}".strip()
    return format_html(
        '<svg class="{}" width="20" height="20" {}><use href="{}#{}"/></svg>',
        classes,
        spoken,
        static("build/icons.svg"),
        name,
    )


def html_attributes(attributes: Mapping[str, Any] | None) -> SafeString:
    """` name="value"` for each attribute; True gives a bare one, None and False nothing.

    Raises ComponentError for what the Content-Security-Policy would refuse anyway (`style`, `on…`).
    """
    parts = []
    for name, value in (attributes or {}).items():
        if not _ATTRIBUTE.fullmatch(name) or name == "style" or name.startswith(("on", "hx-on")):
            raise ComponentError(f"attribute {name!r} is not allowed")
        if value is True:
            parts.append(f" {name}")
        elif value is not None and value is not False:
            parts.append(f' {name}="{escape(value)}"')
    return mark_safe("".join(parts))  # noqa: S308  # each value is escaped above, each name is checked


def anchor(text: str) -> str:
    """An id made of a title."""
    return slugify(text) or "section"


@dataclass(frozen=True)
class FieldParts:
    """A form field, ready to be laid out: label above, hint, error, control with its aria wiring."""

    kind: str
    id: str
    focus_id: str
    label: str
    required: bool
    hint: str
    errors: list[str]
    control: SafeString


def _kind(widget: Widget) -> str:
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "group"
    if isinstance(widget, CheckboxInput):
        return "check"
    if isinstance(widget, PasswordInput):
        return "password"
    return "line"


def _classes(widget: Widget) -> str:
    if isinstance(widget, Select):
        return "input input--select"
    if isinstance(widget, Textarea):
        return "input input--text"
    if isinstance(widget, FileInput):
        return "input input--file"
    return "input"


def focus_id(bound: BoundField) -> str:
    """The id of the control that an error message leads to."""
    return f"{bound.auto_id}_0" if _kind(bound.field.widget) == "group" else str(bound.id_for_label or bound.auto_id)


def field_parts(bound: BoundField, hint: str | None = None, attrs: Mapping[str, Any] | None = None) -> FieldParts:
    """Lays out a bound field; `hint` replaces the field's own help text."""
    if not isinstance(bound, BoundField):
        raise ComponentError("field() needs a field of a form: field(form['name'])")
    widget = bound.field.widget
    kind = _kind(widget)
    text = str(hint if hint is not None else bound.help_text or "")
    errors = [str(error) for error in bound.errors]
    described = " ".join(
        filter(None, [f"{bound.auto_id}_hint" if text else "", f"{bound.auto_id}_error" if errors else ""])
    )
    wiring: dict[str, Any] = dict(attrs or {})
    if kind != "group":
        wiring["aria-describedby"] = described or None
        if errors:
            wiring["aria-invalid"] = "true"
    if kind in ("line", "password"):
        wiring["class"] = f"{_classes(widget)} {widget.attrs.get('class', '')}".strip()
    control = bound.as_widget(attrs={name: value for name, value in wiring.items() if value is not None})
    return FieldParts(
        kind, str(bound.auto_id), focus_id(bound), str(bound.label), bound.field.required, text, errors, control
    )


def form_errors(form: Any) -> list[tuple[str, str]]:
    """(id of the control, « label : message ») for each error of a form that was sent; the whole form first."""
    if not form.is_bound:
        return []
    found = [("", str(error)) for error in form.non_field_errors()]
    for bound in form:
        found += [(focus_id(bound), f"{bound.label}{NBSP}: {error}") for error in bound.errors]
    return found
