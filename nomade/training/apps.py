from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "nomade.training"
    label = "training"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from nomade.cases.desk import declare
        from nomade.kernel.registry import register
        from nomade.people.ports import declare_commitments
        from nomade.training.commitments import commitments_of
        from nomade.training.service import SERVICE
        from nomade.training.shipped import fill_tables
        from nomade.training.to_desks import EXPIRY, WAITING

        register(SERVICE)
        declare(expiry=EXPIRY)
        for source in WAITING:
            declare(waiting=source)
        declare_commitments(commitments_of)
        post_migrate.connect(fill_tables, sender=self, dispatch_uid="training.fill_tables")
