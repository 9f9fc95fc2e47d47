"""The Jinja2 environment of every page."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from nomade.kernel.addresses import path_to
from nomade.kernel.clock import today
from nomade.kernel.hosts import absolute_url, origin
from nomade.ui import components
from nomade.ui.appearance import theme_of
from nomade.ui.filters import FILTERS, plural
from nomade.ui.shell import shell_of

EXTENSIONS = ["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]


@lru_cache(maxsize=8192)
def _translated(language: str | None, message: str) -> str:
    """A page says forty sentences, always the same: looking one up here costs a tenth of Django's way."""
    return translation.gettext(message)


def _gettext(message: str, **values: Any) -> str:
    """Translates; `_("… %(name)s", name=…)` and `_("… %(name)s") % {…}` both work, and a lone « % » stays itself."""
    text = _translated(translation.get_language(), message)
    return text % values if values else text


def _ngettext(singular: str, several: str, count: int, **values: Any) -> str:
    """Translates by number; `%(num)s` is the number when it is not given."""
    text = translation.ngettext(singular, several, plural(count))
    return text % {"num": count, **values} if values or "%(num)s" in text else text


@lru_cache(maxsize=4096)
def _drawn(_language: str | None, macro: Macro, arguments: tuple[Any, ...]) -> str:
    return str(macro(*arguments))


def drawn(macro: Macro, *arguments: Any) -> Markup:
    """What a macro draws of values that many pages show (a day off, somebody present), drawn once.

    The arguments are hashable and say everything; nothing of one person only is given, since it would be kept.
    """
    return Markup(_drawn(translation.get_language(), macro, arguments))  # noqa: S704  # an autoescaped macro made it


@pass_context
def _csp_nonce(context: Context) -> str:
    """The nonce of this answer."""
    return str(getattr(context["request"], "csp_nonce", ""))


@lru_cache(maxsize=1024)
def _static(path: str) -> str:
    """Where a static file is: it does not change while the process lives."""
    return static(path)


def _url(name: str, *args: Any, **kwargs: Any) -> str:
    """The path of a view on the host of this request."""
    return reverse(name, kwargs=kwargs) if kwargs else path_to(name, *args)


def environment(**options: Any) -> Environment:
    """An environment where an unknown variable is an error, and everything is escaped."""
    options |= {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "extensions": EXTENSIONS}
    options.pop("autoescape", None)
    env = Environment(autoescape=True, **options)
    env.install_gettext_callables(_gettext, _ngettext, newstyle=False)  # type: ignore[attr-defined]
    env.filters.update(FILTERS)
    env.filters["attrs"] = components.html_attributes
    env.filters["anchor"] = components.anchor
    env.globals.update(
        url=_url,
        static=_static,
        drawn=drawn,
        absolute_url=absolute_url,
        origin=origin,
        settings=settings.NOMADE,
        language=translation.get_language,
        today=today,
        csp_nonce=_csp_nonce,
        shell_of=shell_of,
        theme_of=theme_of,
        flash=get_messages,
        one_of=components.one_of,
        icon_svg=components.icon_svg,
        field_parts=components.field_parts,
        form_errors=components.form_errors,
    )
    return env
