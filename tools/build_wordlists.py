"""Builds the word lists of `nomade/accounts/passwords/data/` from lists that others publish.

    npm pack @zxcvbn-ts/language-fr@4.1.2 && npm pack an-array-of-french-words@2.0.0     # two archives
    .venv/bin/python tools/build_wordlists.py FOLDER_OF_THE_FIRST FOLDER_OF_THE_SECOND

`words.txt.gz`: what is easy to guess, folded (lower case, no accents): Django's 19,640 common passwords, and the common
words, first names and surnames of the first archive. `passphrase.txt`: plain words for « Proposer 5 mots »: common ones
that the second archive knows as French, without names, plurals, most verb forms, nor what a city would not print.
Sources and licences: docs/licences.md.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import unicodedata
from pathlib import Path

import django.contrib.auth

DATA = Path(__file__).resolve().parent.parent / "nomade/accounts/passwords/data"
SHORTEST, LONGEST = 3, 24
# Endings of plurals and of verb forms, which are hard to tell from one another when read aloud.
INFLECTED = re.compile(
    r"(ai|ais|ait|aient|as|at|a|era|ira|rez|ez|ons|ent|ant|ions|iez|irent|isse|asse|s|x|z|is|it|ut|rai|ront|i)$"
)
# Words, by their beginning, that nobody wants to read on a letter from their employer.
UNWELCOME = """
abatt abus agoni agress amant amput anal anarch apach arabe arsenic assassin assomm asphyx atroc autis autops avort
baffe bagarr baiser baise bais bambou barbar bastion battre beuver bide bise bite bizut blair blesser blessur bombe
bordel bouff bougn bourr branl brutal brute bute burn cadavr cafard canaill cancer carnag catin cercueil chatte chier
chie chiot clodo cloch cochon colon con condamn connard conner connass coran couill crache crad crame crev crevett
cretin crime crimin crot cruel cruch cubain culot cyanur cynique cynism dague daube dealer deuil diable dinde dingo
dingue dope drague dragu drogu duel ecstas embry emmerd enfer enflur engueul entub erot esclav eunuqu excit execut
expir extermin fantasm farce fascin fascis fauss femelle fess flic flingu folle fout foire fric fouett fourb frapp
fumier furie fusill gang garce garrot gaver gifl gigolo gitan gland glandu gogo gonzess gouin grec gueul haine hero hont
hooker idiot imbec immond infect inferi injur insult intim invalid juif juive kidnapp kill lepre lesb liquid louche
maffia mafia maniaqu massacr maudi meurt meurtr merd mesquin misere moch momie monstr morbid mord mort morfl morgue
morne morve mouise mourir mourant mourr musulman nabot naine nain napalm nazi negr nich niqu noyad nul nuisanc
nympho obes obsc odieu orgas orgie otage overdos pause pede pedo peine pendre pendu pipe pipi pisser piss pitoy pognon
poivrot porc porno pouf pouff poufiass precoc prison prostat prostit psychos pubi puant pucea pucel punir puni punais
purg putain pute queue rabbin racail raci raclur rafl rage rat rebel religi revolver ripou rouquin rousseur sabot
sadi saign sale salaud salop sang saoul sapeur sataniq scandal sexe sexi sexu sida sniff sodom soul souffr souill soumis
sperm stupid suc suicid suppli syphil tabass taulard tapett tare tarlouz terrib terrif terreur tort tortur toxiq toxin
traitr trahi trahir trauma truand truie tue tuer tueri tueur tumeur tyran ulcer urin vampir vaurien veng venin vermin
viagra vice vicieu viol vomi voyeur voyou vulg zombi abject acharn affreu alcool allait arnaqu attent avid
bannie bannir barbu bavard baver bavard bedaine biche bouc boud bourd braqu brigand calomn calvair carcass casser
catho chauv chinois cigar clop complot corromp corrup coup coupabl craind craint crise cupid dalton dame decap defunt
degout demon denonc depress deport desast desespoir detenu detest divorc dorm douleur empest ennemi ennui
enterr escroc esquiv estomp ethni exil expuls extas faible faillit famin fatal faut fautif fauteur fiasco
flipp foie foll fraud frayeur froc frouss fugit fumer fume funest fureur fusil futil gaff gaspill geindr geler
gorill grenad guerr guillot hain handic hant horr hostil humil hyst ignor illeg immoral impur inap incap
indign infam infid inhum insan ironi irrit isol ivr jalou juda kamikaz lach laid lament langui larm larv
lynch mal malad malheur malin martyr mauvais mech menac mend meneur mensong ment migrain milic militair
minabl mini miso misog moll moqu mutil mutin nana narco nause noir nuque obus offens oppress orphelin oust
paniqu parasit paress parjur peste phobi picol pillag pillu piller pirat plaie plaint plouc pointu poison polic poubell
poulet pouss pourri querell rancun rapt rater raton ravag regret rejet rembarr remord repress requin riot rompu
ruin rus russ saisi salir scorpion secte sinistr snob sorcier sot spectr strip suspect tache tapage tension
terne tomb torch toutou trafic tragi tremb trich tripot tromp troubl turc turqu vain victim vilain virag vulgair yankee
boche bougnoul chicano islam hitler jihad allah jesus dieu catholi protest hebreu kosher coma asthm arthrit arythm biops
anatom abdomen adulte alarm amende bille boche bran bush chester bristol browning bill bosco brook bunker clive dandy
dove fenton flint flirt girl gun guitar kid lady lord look love man mister miss master money moon mustang
night nick oxford party portland punk paddy penny porto rush saxon shah shogun spider spencer sterling superman tarzan
teddy thon tian tory tram vulcain western whisky open fun full black blond brandy cool cash break baby boom
booster boss band bang bar barmaid barman bluff dead derrick deal drive driv dude fast flash folk gay gin gay
avec afin aucun auquel autre autrui beaucoup chacun chaque chez comme contre dans depuis donc dont duquel elle
encore enfin ensuite entre fallu grosso hors icelle jadis lequel leur lorsque lorsq mien moindre naguere notre nous
parmi pendant plusieurs plupart pour presque puisque quand quel quelle quelque quoi quoique rien sauf selon self
self sien sienne sinon soit sont sous tell tel tien tienne tout tres trop vers voici voila votre vont voire cela celle
ceux dela durant ecstasy foin hein hello jusque leq mais merc near next okay ouah ouais oups pouah pape popotin
"""


def fold(text: str) -> str:
    """Lower case without accents; « œ » is two letters."""
    plain = text.casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))


def common_passwords() -> list[str]:
    path = Path(django.contrib.auth.__file__).with_name("common-passwords.txt.gz")
    return gzip.decompress(path.read_bytes()).decode().split()


def guessable(french: Path) -> list[str]:
    """What is easy to guess: folded, long enough to be worth a match, each once."""
    texts = [*common_passwords()]
    for name in ("commonWords", "firstnames", "lastnames"):
        texts += json.loads((french / f"src/{name}.json").read_text(encoding="utf-8"))
    words = {"".join(sign for sign in fold(text) if sign.isalnum() or sign in "@$!") for text in texts}
    return sorted(word for word in words if SHORTEST <= len(word) <= LONGEST and any(map(str.isalpha, word)))


def for_passphrases(french: Path, dictionary: Path) -> list[str]:
    """Plain words, easy to type on a telephone: 4 to 8 letters, no accent."""
    source = french / "src"
    names = {
        fold(name)
        for kind in ("firstnames", "lastnames")
        for name in json.loads((source / f"{kind}.json").read_text(encoding="utf-8"))
    }
    known = set(json.loads((dictionary / "index.json").read_text(encoding="utf-8")))
    unwelcome = tuple(set(UNWELCOME.split()))
    return sorted(
        word
        for word in json.loads((source / "commonWords.json").read_text(encoding="utf-8"))
        if re.fullmatch(r"[a-z]{4,8}", word)
        and word in known
        and word not in names
        and not INFLECTED.search(word)
        and not word.startswith(unwelcome)
    )


def main() -> int:
    """Writes both files; the same sources give the same bytes."""
    french, dictionary = (Path(argument) for argument in sys.argv[1:3])
    DATA.mkdir(exist_ok=True)
    words = guessable(french)
    (DATA / "words.txt.gz").write_bytes(gzip.compress("\n".join(words).encode(), mtime=0))
    phrase = for_passphrases(french, dictionary)
    (DATA / "passphrase.txt").write_text("\n".join(phrase) + "\n", encoding="utf-8")
    print(f"{len(words)} mots courants, {len(phrase)} mots pour les phrases")
    return 0


if __name__ == "__main__":
    sys.exit(main())
