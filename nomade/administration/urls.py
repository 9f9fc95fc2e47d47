from django.urls import URLPattern, path

from nomade.administration.views import journal, office, roles, security, setup

app_name = "administration"
urlpatterns: list[URLPattern] = [
    path("", office.index, name="index"),
    path("agents/", office.agents, name="agents"),
    path("agents/modele/", office.model_file, name="agents-model"),
    path("agents/<uuid:import_id>/", office.confirm, name="import"),
    path("politique/", security.policy, name="policy"),
    path("roles/", roles.index, name="roles"),
    path("roles/donner/", roles.give, name="give-role"),
    path("roles/<int:grant_id>/fin/", roles.end, name="end-role"),
    path("journal/", journal.search, name="journal"),
    path("journal/export/", journal.export, name="journal-export"),
    path("installation/", setup.code, name="installation"),
    path("installation/collectivite/", setup.organisation, name="installation-organisation"),
    path("installation/adresses/", setup.hosts, name="installation-hosts"),
    path("installation/administrateur/", setup.administrator, name="installation-administrator"),
    path("installation/agents/", office.agents, {"guided": True}, name="installation-agents"),
    path("installation/agents/<uuid:import_id>/", office.confirm, {"guided": True}, name="installation-import"),
    path("installation/fin/", setup.done, name="installation-done"),
]
