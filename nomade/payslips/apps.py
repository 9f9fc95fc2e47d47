from django.apps import AppConfig


class PayslipsConfig(AppConfig):
    name = "nomade.payslips"
    label = "payslips"

    def ready(self) -> None:
        from nomade.kernel.registry import register
        from nomade.payslips.known import pay_of
        from nomade.payslips.service import SERVICE
        from nomade.people.ports import fill_pay_lines

        register(SERVICE)
        fill_pay_lines(pay_of)
