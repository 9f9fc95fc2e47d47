from django.apps import AppConfig


class PayslipsConfig(AppConfig):
    name = "nomade.payslips"
    label = "payslips"
