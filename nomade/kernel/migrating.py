"""Applying migrations that only add things, without drawing every model again at each step.

At each operation Django draws anew every model that is related to the one at hand, and ours are all related to the
agent: an empty base costs 31,000 drawings of 200 models, most of the first start. What only adds a table, an index, a
constraint or a trigger needs the model at hand alone. A migration that does anything else gets Django's own way.
"""

from __future__ import annotations

from typing import Any

from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger

ADDING = (AddConstraint, AddField, AddIndex, AddTrigger, CreateModel)


class AddingState(ProjectState):
    """A state that, while only things are added, draws again the model at hand and no other."""

    adding = False

    def clone(self) -> AddingState:
        copy = super().clone()
        # Django names its own class in `clone`.
        copy.__class__, copy.adding = AddingState, self.adding  # type: ignore[attr-defined]
        return copy  # type: ignore[return-value]

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:
        if not self.adding:
            super().reload_model(app_label, model_name, delay)
        elif "apps" in self.__dict__:
            self._reload({(app_label, model_name)})  # type: ignore[attr-defined]

    def only_adds(self, migration: Migration) -> None:
        """Says what comes next; what was drawn alone is drawn again whole where that would show."""
        adding = all(isinstance(operation, ADDING) for operation in migration.operations)
        if self.adding and not adding:
            self.forget_drawings()
        self.adding = adding

    def forget_drawings(self) -> None:
        self.__dict__.pop("apps", None)


class Executor(MigrationExecutor):
    """Django's, over such a state."""

    def _create_project_state(self, with_applied_migrations: bool = False) -> AddingState:
        state = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return AddingState(models=state.models, real_apps=state.real_apps)

    def apply_migration(self, state: Any, migration: Migration, *args: Any, **options: Any) -> Any:
        if isinstance(state, AddingState):
            state.only_adds(migration)
        return super().apply_migration(state, migration, *args, **options)

    def migrate(self, *args: Any, **options: Any) -> Any:
        state = super().migrate(*args, **options)
        if isinstance(state, AddingState):
            state.forget_drawings()
        return state
