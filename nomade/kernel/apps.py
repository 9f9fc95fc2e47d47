from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "nomade.kernel"
    label = "kernel"
