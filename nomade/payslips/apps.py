from django.apps import AppConfig


class PayslipsConfig(AppConfig):
    name = "nomade.payslips"
    label = "payslips"

    def ready(self) -> None:
        from django.conf import settings

        from nomade.files.handlers import MEGABYTE, takes_larger
        from nomade.kernel.registry import register
        from nomade.kernel.resealing import reseal_with
        from nomade.payslips.known import pay_of
        from nomade.payslips.resealing import reseal_nets
        from nomade.payslips.service import SERVICE
        from nomade.people.ports import fill_pay_lines

        register(SERVICE)
        fill_pay_lines(pay_of)
        reseal_with("Nets des bulletins", reseal_nets, "payslips_payslip.net_sealed")
        # The form around the files weighs a little too.
        takes_larger("payslips:import-new", lambda: (settings.NOMADE.pay_upload_megabytes + 1) * MEGABYTE)
