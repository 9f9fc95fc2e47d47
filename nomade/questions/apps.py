from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "nomade.questions"
    label = "questions"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from nomade.kernel.registry import register
        from nomade.questions.service import SERVICE
        from nomade.questions.shipped import fill_tables

        register(SERVICE)
        post_migrate.connect(fill_tables, sender=self, dispatch_uid="questions.fill_tables")
