"""What befalls people: the words around a count that tell what it counts. English; data only, casefolded."""

from briefer.check.figures import wordset


def _fated(groups: str) -> dict[str, str]:
    """Read "dead: died lost_their_lives; hurt: hurt" as {"died": "dead", "lost their lives": "dead", …}."""
    pairs = (group.split(":") for group in groups.split(";"))
    return {word.replace("_", " "): fate.strip() for fate, words in pairs for word in words.split()}


#: Behind what is counted: "62 people were killed", "62 dead".
AFTER = _fated(
    "dead: dead killed died dies die slain perished deaths fatalities lost_their_lives;"
    "critical: in_critical_condition in_a_critical_condition critically_injured critically_ill;"
    "hurt: injured hurt wounded injuries;"
    "missing: missing unaccounted_for; abducted: abducted kidnapped;"
    "hospital: hospitalised hospitalized taken_to_hospital taken_to_hospitals taken_to_the_hospital"
    " rushed_to_hospital rushed_to_hospitals rushed_to_the_hospital;"
    "arrested: arrested detained arrests; trapped: trapped stranded; rescued: rescued;"
    "freed: freed released; displaced: evacuated displaced homeless"
)
#: A verb before the count: "killing 62 people".
BEFORE = _fated(
    "dead: kills killed killing; hurt: injures injured injuring wounds wounded wounding;"
    "abducted: abducted abducting kidnapped kidnapping; arrested: arrested arresting detained detaining;"
    "trapped: trapped trapping; rescued: rescued rescuing; freed: freed freeing;"
    "displaced: evacuated evacuating displaced displacing"
)
#: By their weight in the news.
FATES = tuple(dict.fromkeys(AFTER.values()))
#: No name of what is counted goes on with one of these; the longest of `AFTER` has so many words.
OPENERS = frozenset(words.split()[0] for words in AFTER)
LONGEST = max(len(words.split()) for words in AFTER)
#: Of the words behind, those that may be verbs with an object too: "two gunmen killed the guard".
ACTIVE = frozenset(AFTER.keys() & BEFORE.keys())
#: After these what follows is no object.
ONWARD = wordset(
    "in when after and as during on at while near with following since or over across from outside inside"
    " so before but last early late"
)
#: Nouns that count everybody; any other counts its own kind.
PEOPLE = frozenset({"people", "persons"})
#: Behind a count these tell that it is of a part.
PARTS = wordset("of from")
#: Beside a count these tell that it is of those not told yet: in news all of the hurt, but some of the dead.
REST = wordset("more others other another further additional remaining")
#: What may stand between what is counted and what befell it.
BETWEEN = wordset(
    "was were have has had been are is being be confirmed reported reportedly left found now also so far lay"
    " initially originally earlier first"
)
#: How badly it fared or for how long, so that a part is counted.
DEGREES = wordset("seriously severely badly gravely slightly lightly mildly fatally still remain remained")
#: With one of these before the verb nothing is said to have happened.
DOUBTS = wordset("could would might may should if not never no to will")
#: ", including ten children," parts what is counted from what befell it.
ASIDE = wordset("including among most many some mostly")
