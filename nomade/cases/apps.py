from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "nomade.cases"
    label = "cases"

    def ready(self) -> None:
        from nomade.cases.drafts import draft_context
        from nomade.cases.models import Draft
        from nomade.kernel.resealing import sealed_column

        sealed_column("Brouillons", Draft, "sealed", lambda row: draft_context(row.agent_id, row.form))
