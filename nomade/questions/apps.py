from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    name = "nomade.questions"
    label = "questions"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from nomade.cases.desk import declare
        from nomade.kernel.registry import register
        from nomade.questions.service import SERVICE
        from nomade.questions.shipped import fill_tables
        from nomade.questions.to_desks import WAITING

        register(SERVICE)
        declare(waiting=WAITING)
        post_migrate.connect(fill_tables, sender=self, dispatch_uid="questions.fill_tables")
