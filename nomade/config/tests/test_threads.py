"""What is remembered of a request, by thread."""

from __future__ import annotations

import subprocess
import sys
import threading
from types import ModuleType

import pytest
from asgiref.local import Local
from django.urls import get_script_prefix, get_urlconf, set_script_prefix, set_urlconf
from django.utils import translation

from nomade.config.threads import PLACES, remember_by_thread


@pytest.fixture
def by_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in PLACES:
        monkeypatch.setattr(module, name, getattr(module, name))  # puts Django's own back at the end
    remember_by_thread()


@pytest.mark.parametrize(("module", "name"), PLACES)
def test_django_still_keeps_it_there(module: ModuleType, name: str) -> None:
    assert type(getattr(module, name)) is type(Local())


@pytest.mark.usefixtures("by_thread")
def test_a_thread_does_not_see_what_another_one_was_told() -> None:
    seen: list[tuple[str | None, str | None, str]] = []

    def look() -> None:
        seen.append((translation.get_language(), get_urlconf(), get_script_prefix()))

    with translation.override("en"):
        set_urlconf("nomade.config.urls.content")
        set_script_prefix("/ailleurs/")
        look()
        other = threading.Thread(target=look)
        other.start()
        other.join()
    assert seen == [("en", "nomade.config.urls.content", "/ailleurs/"), ("fr", None, "/")]


def test_the_web_process_does_so() -> None:
    code = "import nomade.config.wsgi; from django.utils.translation import trans_real; print(type(trans_real._active))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "<class '_thread._local'>"
