"""Paths that are remembered are those of `reverse`, on each host."""

from __future__ import annotations

import uuid

import pytest
from django.urls import NoReverseMatch, clear_script_prefix, reverse, set_script_prefix, set_urlconf

from nomade.kernel.addresses import path_to
from nomade.kernel.hosts import URLCONFS

SLIP = uuid.UUID("3b0d1c1e-8d5a-4a44-9d3b-0f2f3d1c9a11")


def test_a_path_is_the_one_of_reverse() -> None:
    for name, args in (("home:index", ()), ("leave:request", (SLIP,)), ("leave:request", (uuid.UUID(int=7),))):
        assert path_to(name, *args) == path_to(name, *args) == reverse(name, args=args)


def test_another_kind_of_argument_is_left_to_django() -> None:
    with pytest.raises(NoReverseMatch):
        path_to("leave:request", "not-a-uuid")


def test_a_host_that_does_not_know_the_view_still_says_so() -> None:
    path_to("leave:index")
    set_urlconf(URLCONFS["support"])
    try:
        with pytest.raises(NoReverseMatch):
            path_to("leave:index")
    finally:
        set_urlconf(None)


def test_a_prefix_is_not_forgotten() -> None:
    path_to("leave:request", SLIP)
    set_script_prefix("/portail/")
    try:
        assert path_to("leave:request", SLIP).startswith("/portail/conges/")
    finally:
        clear_script_prefix()
