"""A city of training: a gardener, her head of team, a training officer, a trainer, a course and rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # models cannot be imported before Django is set up
    from nomade.people.models import Agent
    from nomade.training.models import Course, Room, TrainingSession


@pytest.fixture
def people(db: None) -> dict[str, Agent]:
    from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
    from nomade.people.roles import Role

    agent, head = make_supervised_pair()
    officer = make_agent("Awa", "Diallo", unit=make_unit("DRH"), post="Responsable de formation")
    foreign = make_agent("Paule", "Ailleurs", unit=make_unit("DPE"))
    trainer = make_agent("Omar", "Sy", unit=make_unit("DEVE/J15"), post="Formateur")
    stranger = make_agent("Ali", "Autre", unit=make_unit("DPE"))
    grant(officer, Role.TRAINING_OFFICER)
    grant(foreign, Role.TRAINING_OFFICER, make_unit("DPE"))
    return {
        "agent": agent,
        "head": head,
        "officer": officer,
        "foreign": foreign,
        "trainer": trainer,
        "stranger": stranger,
    }


@pytest.fixture
def room(db: None) -> Room:
    from nomade.training.models import Room

    return Room.objects.create(label="Salle des Tilleuls", address="1 rue des Arbres", seats=30)


@pytest.fixture
def course(db: None) -> Course:
    from nomade.training.factories import make_course

    return make_course()


@pytest.fixture
def session(course: Course, room: Room, people: dict[str, Agent]) -> TrainingSession:
    from nomade.training.factories import make_session

    return make_session(course, room=room, by=people["officer"], trainers=[people["trainer"]])
