"""Words that carry no event, written by hand: without them grammar would join the articles of small batches.

English is long, since most articles are; where a language has no list here, `briefer.text` gives its
commonest function words, and the words that most articles of a batch share weigh little anyway.
"""

from functools import cache

from briefer.text import function_words

_LISTED = {
    "en": (
        "a about above across after again against ago all almost alone along already also although"
        " always am among an and another any anyone anything are aren't around as asked at away back be"
        " became because become been before behind being below between both but by came can can't cannot"
        " come comes could couldn't did didn't do does doesn't doing don't done down during each either"
        " else enough even ever every everyone everything far few first for former found four from full"
        " further gave get gets getting give given go goes going gone got had hadn't has hasn't have"
        " haven't having he he'd he'll he's hence her here hers herself him himself his how however i"
        " i'd i'll i'm i've if in indeed instead into is isn't it it's its itself just keep last later"
        " least less let like likely little ll made make makes making many may maybe me meanwhile might"
        " mine more moreover most mostly much must my myself near nearly neither never nevertheless new"
        " next no nobody none nor not nothing now of off often on once one only onto or other others our"
        " ours ourselves out over own part people per perhaps put quite rather re really said same saw"
        " say saying says second see seem seemed seems seen several shall she she'd she's should"
        " shouldn't show since so some someone something sometimes soon still such take taken taking"
        " tell ten than that that's the their theirs them themselves then there there's therefore these"
        " they they'd they'll they're they've thing things think this those though three through"
        " throughout thus till time to together told too took toward towards twelve two under until up"
        " upon us use used using ve very via want was wasn't way we we'd we'll we're we've well went"
        " were weren't what what's whatever when where whether which while who who's whoever whole whom"
        " whose why will with within without won't would wouldn't year years yes yet you you'd you'll"
        " you're you've your yours yourself"
    ),
    "de": (
        "ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim"
        " bereits bin bis bisher da dabei dafür damit danach dann daran darauf das dass davon dazu dem"
        " den denen denn der deren des dessen die dies diese diesem diesen dieser dieses doch dort drei"
        " durch ein eine einem einen einer eines einige er erst es etwa für gab geben gegen gegenüber"
        " gibt haben habe hat hatte hatten hier hätte ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im"
        " immer in ins ist jahr jahre jahren jedoch jetzt kann kein keine keinen kommen konnte konnten"
        " können laut machen man mehr mehrere mit muss müssen nach nachdem neben neue neuen nicht noch"
        " nun nur ob oder ohne sagte schon sehr sei sein seine seinem seinen seiner seit selbst sich sie"
        " sieht sind so soll sollen sollte sowie sowohl um und uns unter viele vom von vor war waren was"
        " weil weiter weitere weiteren wenn werde werden wie wieder will wir wird wo worden wurde wurden"
        " während würde zu zum zur zwar zwei zwischen über"
    ),
    "fr": (
        "a afin ai ainsi alors après au aucun aussi autre autres aux avaient avait avant avec avoir"
        " avons beaucoup bien c'est car ce cela celle celui ces cet cette ceux chez comme contre d'un"
        " d'une dans de depuis des deux devant doit donc dont du elle elles en encore enfin entre est et"
        " eu eux fait faire fois font il ils je jour jusqu l la le les leur leurs lors lui mais mardi me"
        " moins même n'a n'est ne non nos notre nous nouveau nouvelle on ont ou où par parce pas pendant"
        " peu peut plus plusieurs pour pourrait premier première près puis qu'elle qu'il qu'ils qu'un"
        " qu'une quand que quel quelque quelques qui quoi s'est sa sans se selon sera ses si soit son"
        " sont sous sur tandis te toujours tous tout toute toutes très trois un une vers vont vous y à"
        " également étaient était été être"
    ),
    "es": (
        "a además ahora al algo algunos ante antes aquí así aunque aún años bajo bien cada casi como"
        " con contra cual cuando cuatro de debe del desde después dice dijo donde dos durante e el él"
        " ella ellas ellos en entonces entre era eran es esa ese eso esta estaba estado estas este esto"
        " estos está están fue fueron gran ha haber había habían hace hacer hacia han hasta hay hoy la"
        " las le les lo los luego mayor más me mediante mejor menos mi mientras mismo mucho muy ni no"
        " nos nosotros nueva nuevo o otra otras otro otros para parte pero poco por porque primera"
        " primero puede pueden pues que quien quienes qué se sea según ser será si sido sin sino sobre"
        " solo son su sus sólo tal también tan tanto te tiene tienen toda todas todo todos tras tres tu"
        " un una uno unos usted vez y ya yo"
    ),
}


@cache
def stop_words(language: str) -> frozenset[str]:
    """The words of a language (ISO 639-1, or "") that say nothing of an event, casefolded."""
    code = language[:2].lower()
    listed = _LISTED.get(code)
    return frozenset(listed.split()) if listed else function_words(code)
