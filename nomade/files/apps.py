from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "nomade.files"
    label = "files"
