from django.apps import AppConfig


class PayslipsConfig(AppConfig):
    name = "nomade.payslips"
    label = "payslips"

    def ready(self) -> None:
        from nomade.kernel.registry import register
        from nomade.payslips.service import SERVICE

        register(SERVICE)
