"""`nomade import-units FILE.csv`: the tree of units alone, all or nothing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from nomade.administration.management.commands.import_agents import PeopleImport, source


class Command(PeopleImport):
    help = "Crée, déplace, renomme et ferme des unités (code;libelle;parent;type;responsable)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER")
        super().add_arguments(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        self.run(None, source(options["file"]), options)
