from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "nomade.cases"
    label = "cases"
