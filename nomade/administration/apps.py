from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "nomade.administration"
    label = "administration"
