"""Options of a command that cannot be understood: one sentence, as for everything else that is refused."""

from __future__ import annotations

import argparse
import re
from typing import NoReturn

from nomade.runtime.errors import StartRefused

# What argparse says, and how we say it.
_SENTENCES = (
    (r"argument (\S+?)(?:/\S+)?: invalid int value: '(.*)'", "{0} : « {1} » ne convient pas, il faut un nombre entier"),
    (r"argument (\S+?)(?:/\S+)?: invalid \S+ value: '(.*)'", "{0} : « {1} » ne convient pas"),
    (
        r"argument (\S+?)(?:/\S+)?: invalid choice: '?(.*?)'? \(choose from (.*)\)",
        "{0} : « {1} » ne convient pas, il faut {2}",
    ),
    (r"argument (\S+?)(?:/\S+)?: expected .*argument.*", "{0} : il manque sa valeur"),
    (r"argument (\S+?)(?:/\S+)?: not allowed with argument (\S+)", "{0} et {1} ne vont pas ensemble"),
    (r"argument (\S+?)(?:/\S+)?: (.* : .*|«.*)", "{0} : {1}"),  # a sentence of ours
    (r"unrecognized arguments: (.*)", "« {0} » n’est pas une option de cette commande"),
    (r"the following arguments are required: (.*)", "il manque {0}"),
    (r"(?:Error: )?one of the arguments (.*) is required", "il faut l’une de ces options : {0}"),
)


def sentence(program: str, message: str) -> str:
    """What argparse found wrong, in French, and where the options are described."""
    said = f"ces options ne vont pas ({message})"
    for pattern, words in _SENTENCES:
        found = re.fullmatch(pattern, message.strip(), re.DOTALL)
        if found:
            said = words.format(*(part.replace("'", "").replace(", ", " ou ") for part in found.groups()))
            break
    return f"{program} : {said} ; « {program} --help » les décrit."


def refuse(parser: argparse.ArgumentParser, message: str) -> NoReturn:
    """Raises `StartRefused` with the sentence."""
    raise StartRefused(sentence(parser.prog, message))


class Arguments(argparse.ArgumentParser):
    """Python's own, but for how it refuses."""

    def error(self, message: str) -> NoReturn:
        refuse(self, message)
