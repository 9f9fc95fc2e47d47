from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "nomade.accounts"
    label = "accounts"

    def ready(self) -> None:
        from nomade.accounts.sessions import absolute_end
        from nomade.ui import shell

        shell.fill(session_end=absolute_end)
