"""General English word lists the checks lean on: none is fitted to any article."""

from itertools import chain


def listed(text: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(text.split())


#: Words that carry no content of their own, speech verbs included (who says it is the quotations' check).
FUNCTION = listed("""a an the and or but nor so yet if then than as at by for from in into of off on onto
    out over to up with
    within without about above across after again against ago all almost along already also although always
    am among amid amidst around any anyone anything are aren't away back be became because become becomes
    been before being below besides between both can can't cannot come comes could couldn't despite did
    didn't do does doesn't doing don't done down due during each either else enough even ever every everyone
    everything few further get gets getting go goes going gone got had hadn't has hasn't have haven't having
    he he'd he'll he's hence her here hers herself him himself his how however i i'd i'll i'm i've including
    indeed instead is isn't it it's its itself just least less like made make makes making many may maybe me
    meanwhile might more most much must mustn't my myself near neither never no nobody none not nothing now
    often once one only other others otherwise ought our ours ourselves own per perhaps quite rather really
    s said same say saying says several shall shan't she she'd she'll she's should shouldn't since some
    someone something somewhat soon still such t that that's their theirs them themselves there there's
    therefore these they they'd they'll they're they've this those though through thus till together too
    toward towards under until unless upon us use used using very via was wasn't we we'd we'll we're we've
    well went were weren't what whatever when where whereas whether which while who who's whoever whom whose
    why will won't would wouldn't you you'd you'll you're you've your yours yourself according told tell
    tells added ll re ve mr mrs ms miss dr sir""")


def _pairs(text: str) -> dict[str, str]:
    """{"won": "win", …} from "win won, …": the first of each group stands for the others."""
    groups = (group.split() for group in text.split(","))
    return dict(chain.from_iterable([(word, group[0]) for word in group[1:]] for group in groups))


#: Irregular forms, by the base form they are compared as.
IRREGULAR = _pairs(
    """win won, lose lost loss, buy bought, sell sold sale sales, rise rose risen, fall fell fallen, take took
    taken, give gave given, begin began begun, run ran, kill killing, shoot shot shooting, hold held, keep
    kept, leave left, find found, meet met, pay paid, send sent, spend spent, build built, lead led, hit
    hits, break broke broken, speak spoke spoken speech, write wrote written, drive drove driven, choose
    chose chosen choice, know knew known knowledge, grow grew grown growth, show shown, see saw seen, fight
    fought, bring brought, think thought, catch caught, teach taught, seek sought, feel felt, strike
    struck, steal stole stolen theft, fly flew flown flight, throw threw thrown, draw drew drawn, wear wore
    worn, bear bore borne, swear swore sworn, tear tore torn, freeze froze frozen, arise arose arisen, stand
    stood, understand understood, withdraw withdrew withdrawn, undergo underwent undergone, forget forgot
    forgotten, forgive forgave, shake shook shaken, wake woke woken, hide hid hidden, ride rode ridden, sing
    sang sung, sink sank sunk, swim swam swum, drink drank drunk, ring rang rung, spring sprang sprung,
    mean meant, deal dealt, lend lent, bind bound, feed fed, flee fled, man men, woman women, child children,
    person people, foot feet, tooth teeth, life lives, wife wives, die died dying death dead, arrive
    arrival, deny denied denial, believe belief, prove proof proven, marry married marriage, day days,
    decide decision, defend defence defense, succeed success, able ability, long length, strong strength,
    high height, poor poverty, free freedom, police policeman policemen officer""".replace("\n", " ")
)

#: Ordinary words that open English sentences or stand in headlines, as stems are compared: a capital on
#: one of them tells nothing.
COMMON = listed("""ability able abuse access accident account act action activist actor actress ad
    addition address adult
    advance advice aerial age agency agent aid aide aim air airline airport album allegation ally alert
    alone amateur ambulance amount analysis analyst anger angry animal announce anniversary annual another
    answer anti appeal appear apparent application approach approval april area argument arm army arrest art
    article artist ask assault asset athlete attack attempt attorney audience aunt author authority autumn
    average award baby bad bail ball ban band bank bar base battle beach bear beat beauty bed behind belief
    benefit best better bid big bill billion bird birth birthday bishop black blame blast blood blow blue
    board boat body bomb bond bonus book boost border born boss boy brain brand brave break breakfast bride
    bridge brief bright bring brother brown budget build bus business buy cabinet call camera camp campaign
    cancer candidate captain car card care career case cash cat celebrity center central centre century
    ceremony chair chairman champion chance change channel charge charity charge cheap check chef chief
    child choice church cinema city claim class clean clear client climate close club coach coalition coast
    code coffee cold collapse colleague college column comic comedian comment commission committee commander
    common commuter community company compare competition complaint concern condition conference conflict
    congress consumer contact content contest contract control controversy convict cool cop copy corner
    correspondent corruption cost council counsel country county couple course court cousin cover crash
    crazy creator credit crew crime criminal crisis critic crowd cup current customer cut cyber dad daily
    damage dance danger dark data date daughter dead deal dear death debate debt decade decision deep defeat
    defence defender defense deficit delay demand democracy department deputy designer desperate detail
    detective development device director disaster disease dispute district division doctor document dog
    dollar domestic donor door double doubt dozen dramatic dream dress drink driver driving drone drop drug
    early earlier earn earth earthquake east eastern easy economy economist editor education effect effort
    eight eighteen eighty elder election electric eleven email emergency emotion empire employee employer
    end enemy energy engine engineer england entire environment equal error escape essential estate ethnic
    event eventual evidence exact example excellent exclusive executive exercise expect expensive experience
    expert explosion extra extreme eye face fact factory failure fair faith false fame family famous fan
    fantastic far farm farmer fashion fast fat father favorite favourite fear feature federal feel fellow
    female festival fewer fiance field fifteen fifth fifty fight figure film final finance financial fire
    firefighter firm first fish fisherman fitness five fix flag flight flood flow food football footage
    force foreign foreigner forest form former fortunately fortune forty forward foster found four fourteen
    fourth fraud free fresh friend front frustration fuel full fun fund funeral future game gang garden gas
    gay general generation gene giant girl girlfriend global goal god gold golf good government governor
    grand grandfather grandmother grandson great green ground group growth guard guest guidance guide gun
    gunman guy hair half hand happy hard harsh head health hear heart heat heavy height hello help hero high
    highlight hill historic history hit holder hole holiday home homeless homicide hope horse hospital
    hostage hot hotel hour house household huge human hundred hunter hurricane husband ice idea illegal
    image immediate immigrant immigration impact import improvement incident income incumbent individual
    industry infant inflation information initial injury inmate innocent inquiry inside insider inspector
    institution insurance intelligence interest international internet interview investigator investment
    investor islam island issue jail job joint joke journalist journey judge jury justice key kid king
    kitchen labor labour lack lady land landlord language large last late later latter law lawmaker lawsuit
    lawyer leader leading league learn leave left legal legend legislation legislator lesson let letter
    level liberal life light likewise limit line list literal little live living loan local long look loss
    lot love lovely low lower lucky lunch machine magazine main major majority male man manager mankind
    manufacturer march mark market marriage mass master match material matter mayor meal measure media
    medical medicine meeting member memorial memory message metal method middle midfielder midnight migrant
    mile military million mind minister minor minority minute miss missing mission mistake mobile model
    modern moment money month moral morning mortgage mother motion motor motorist mountain movie mum mom
    murder museum music musician mystery name nation national native natural nature navy nearby nearly
    neighbor neighbour network new news newspaper next nice night nine nineteen ninety nominee normal north
    northern note number nurse nutrition object obvious office officer official oil old older olympic
    opening open operation operator opinion opponent opposition option order ordinary organisation
    organization organizer organiser origin original outrage outside overall overnight owner page pain
    painting panel paper parent park parliament part particular partner party passenger past pastor patient
    pattern pay peace pedestrian pension people percent performance period person pet phone photo photograph
    photographer physical pick picture piece pilot pirate pitch place plaintiff plan plane plant play player
    please plus point police policy politic politician poll pool poor pope popular population possible post
    potential poverty power practice praise pre precise pregnant premier present president press pressure
    pretty previous price pride priest prime prince princess principal prior prison prisoner private pro
    probable problem process producer product production profile profit program programme progress project
    promoter proof property proposal prosecutor protein protest protester proud provider public publisher
    pupil push quarter queen question quick quiet race racing radio rail rain ranger rapid rare rate raw
    reader ready real reality reason recent recession record recovery red referee reform refugee regardless
    region regular regulator related relation relative religion religious remark remember removal rent
    repeat report reporter representative republic request rescue rescuer research researcher resident
    response rest restaurant result retail retailer retirement return revenue review rich right rise rising
    risk river road robber rock role roman romance room rough round royal ruler rule run rumor rumour sad
    safe safety salary sale satellite saudi save scandal scene scheme school science scientist score scout
    sea search season seat second secret secretary section sector security senator senior sense separate
    sergeant series serious server service session set setting seven seventeen seventy sex sexual share
    shareholder shark ship shock shop shopper short shot show sibling side sign silence similar simple
    simultaneous single sister site situation six sixteen sixty size skin sky small smart smoke snow social
    society soldier solid solution somebody sometime somewhere son song source south southern space speaker
    special specialist specific speed spending spirit spokesman spokesperson spokeswoman sport spouse spring
    squad stadium staff stage standard star start starting state statement station status stay step stock
    stop store storm story straight strange stranger street strike striker strong student study stunning
    style subject subsequent suburb sudden suicide suit summer sun supplier supply support supporter supreme
    sure surgeon surgery surprise surrounding survey surveillance survivor suspect sweet system table tablet
    talent talk tall tap target task tax taxpayer teacher team tech technique technology teen teenager
    television ten tenant term terrible terror terrorism terrorist test text thank theater theatre theory
    therapist thief thing third thirteen thirty thousand threat three thrill throughout ticket tie tiger
    tight time tiny tip title today tomorrow tonight tool top total tough tour tourism tourist town toy
    track trade trader tradition traffic tragedy trailer train trainer training transfer transport trap
    traveler traveller treasure treatment treaty tree trial tribute trick trip troop trouble truck true
    trust truth try turn tv twelve twenty twice twin two type ultimate uncle undercover understand
    unemployment unfortunate union unique unit universe university unknown unlike update upper urban user
    usual vaccine value variety various vehicle version veteran veterinarian vice victim victory video view
    village villager violence violent virtual visa visit visitor vital voice voter volunteer vote voting
    wage wait wall war warm warning waste watch watchdog water wave way wealth weapon weather web website
    wedding week weekend weight welcome welfare west western wet whale wheel white widow wife wild wind
    winner winter wish witness wolf woman wonderful wood word work worker working workplace world worry
    worse worst worth writer writing wrong yeah year yes yesterday young youngster youth zoo additional
    advocate aftermath ahead alleged alternative ambassador anybody anyway artificial apart aside assistant
    bacteria barely basic broadcast certain chemical civil civilian compensation complete consequent
    considerable creative critical cultural cutting daring debut defendant definite democrat detain
    developer digital direct easily eager elsewhere enormous entrepreneur equally essential exactly
    experimental fiscal follow forensic formal fossil frequent fundamental genuine glamour graphic hate
    hidden homeowner honest hostile ideal identical identity immense incredible independent infection
    infrastructure initiative insurgent intense interior intimate investigation iron jewel joined judicial
    juvenile knife lawful lone loyal luxury massive mental mere militant missile mixed molecular multiple
    mutual narrow negative neutral nuclear numerous obese objective offender offensive online opposite
    organic outgoing outspoken paramedic parole partial patrol permanent personal petrol pharmaceutical
    plastic polar polling positive powerful preliminary primary productive professional prominent
    prospective psychologist racial radical reckless regarding regional reign rental repeat reserve
    respective retired revolution rival robot rural scared secular sensitive severe sheer silent skilled
    solar sole solo spare spectacular stable stark statistic strategic strategy structural stunt substantial
    sufficient superb superior supposed surrender suspicion sustained swift talks temporary tender tension
    theft thick thin thorough tired tobacco toddler toll tornado toxic tragic tropical turmoil typical ultra
    unable unanimous underground unemployed unrest upcoming upset vacant vast verdict virus visual
    vulnerable wealthy wide widespread wildlife witty yellow anyone's both's nobody everybody someone
    somebody's whatever whichever wherever whenever prompt facing joining leaving featuring inspired based
    named known dubbed led set born backed armed dressed asked given amazing awesome bomber burglar cab café
    cafe castle cave chicken chocolate cocaine crackdown crop cruise dairy dental diabetes diet dinner
    drought egyptology elephant expat expedition fraudster gambling gasoline gender geologist glacier
    graduate grandparent graffiti guilty gym habit harassment heroin hiker hormone ill illness intruder
    jihadist lab landslide lifeguard loyalty mafia malaria malware mammal marijuana marine meat
    meteorologist milk miner mob monkey mosque motorcyclist narrator nightclub nominee novel novelist nun
    obesity opera oxygen panda peer pensioner petition philosophy pig planet playwright plot poet poison
    pollution pornography poster pregnancy professor prostitute psychiatrist puppy quake rapper rebel recipe
    rhino rider riot rower sailor salmon sanction sculptor seal senate sheriff shooter shooting singer skier
    slavery smuggler sniper snake soccer socialite songwriter spy squirrel stalker stamp startup statue
    streaming supermarket supermodel surfer swimmer syndrome taxi tennis thug tiger tortoise tram treasury
    truce tsunami tumor tumour tycoon undergraduate vandal vegan vegetarian victim vigilante volcano waiter
    waitress walker warden whistleblower wine wrestler yacht""")

#: Ordinary verbs and adjectives, which headlines give a capital too.
COMMON |= listed(
    """accept accuse achieve acquire adapt adopt advise affect agree allege allow amend approve argue arrive
    assume attend avoid bake batter beg bind bite bizarre blend blink boast boil bounce bubble burn bury
    carry cast catch celebrate chase choose clash climb cling collide commerce commit complete conceal
    conclude condemn confess confirm consider contain continue cook cost crack create cry cure deal decide
    declare defend defy delight deliver deny depart describe deserve destroy dialogue die dig dine discover
    discuss dive divide doubt draft drag drain dub dumb eat elect embrace emerge enjoy enter erupt evacuate
    evolve examine exceed exclude exist expand explain explode explore expose extend fade fail feed find
    finish fit flake flaw flee float flood fold forget form freeze fuel fulfil gather give grab grant greet
    grill grip grow halt hang happen hate haul hide hike hire hit honour honor hunt hurt identify ignite
    ignore imagine imply impose include increase indict infect inflict inform injure insist install intend
    invade invest invite join jump keep kick kill kiss knock lash launch lead leak lean lend lie lift link
    listen loom lose lure mainstay maintain manage marry melt mend merge mix mourn move mull mystery name
    need nominate nuke obtain occur offer oppose oust outline overtake owe own pack pardon pause peak
    perform permit persuade pick plead pledge plow plunge pose pour predict prefer prepare preserve prevent
    probe proceed produce promise propose protect prove pull punish purchase push quit raise rally reach
    react realise realize rebuke recall receive recover reduce refuse reject release rely remain remove
    rename replace reply rescue resign resist resolve respond restore retain retire retreat return reveal
    ride ring roll rout rule rush sack scare scrap scream seal seize sell send set settle shake shape
    shatter shed shoot shout shut sing sink sit skip slam slap slash sleep slide slip slow slump smash smile
    soar solve sorry spark speak spell spend spill spin split spot spread spur squeeze stab stay steal stick
    sting stir storm strip struggle stun submit succeed sue suffer suggest suit surface surge survive
    suspend swap swear sweep swing tackle tear tease tempt terrify threaten throw thwart tick topple toss
    touch trace trail trap travel treat trick trigger trim tumble turn tweet unite unveil urge vanish vary
    vet visit vow wake walk wander warn wash weigh win wipe withdraw woo wound wrap wreck write yell yield
    secretive shattered mishap nightmare lookalike weird quirky hilarious gorgeous cute epic viral rogue
    lavish eerie grim bleak brutal deadly fatal furious stranded doomed booming soaring ailing embattled
    beleaguered"""
)

#: Titles and roles that are written with a capital before a name, in any of the languages read.
TITLES = listed("""mr mrs ms mx miss dr prof professor sir dame lord lady baron baroness king queen
    prince princess duke
    duchess pope saint st rev reverend father sister brother rabbi imam sheikh president vice-president vice
    prime minister chancellor secretary senator sen rep representative congressman congresswoman governor
    gov mayor councillor councilor judge justice chief officer executive chairman chairwoman chair director
    general gen colonel col major maj captain capt lieutenant lt sergeant sgt corporal admiral commander
    inspector detective constable sheriff deputy attorney ambassador king's queen's ceo cfo coo cto jr sr
    phd mp mps qc md herr frau hr fr monsieur madame mme mlle señor señora sr sra don doña signor signora
    government cabinet court parliament council committee ministry state army navy""")

#: What a capital is always given: the calendar (the dates' check looks after it) and the first person.
CALENDAR = listed("""i i'm i've i'd i'll january february march april may june july august september
    october november
    december jan feb mar apr jun jul aug sep sept oct nov dec monday tuesday wednesday thursday friday
    saturday sunday mon tue tues wed thu thur thurs fri sat sun mondays tuesdays wednesdays thursdays
    fridays saturdays sundays christmas easter ramadan gmt bst est edt pst pdt cet utc am pm ad bc ce bce tv
    ok tvs internet web bible christian god earth""")

#: Places with the words for what and who is of them; any word of a group stands for the others.
PLACES = """america american americans usa united states; britain british britons briton uk united kingdom gb
    england english scotland scottish scots wales welsh; russia russian russians kremlin moscow; france
    french frenchman frenchmen frenchwoman paris parisian; germany german germans; spain spanish spaniard
    spaniards; netherlands dutch holland dutchman; china chinese beijing; greece greek greeks; turkey
    turkish turks turk türkiye; switzerland swiss; denmark danish danes dane; sweden swedish swedes swede;
    poland polish poles pole; finland finnish finns finn; norway norwegian norwegians; ireland irish
    irishman; portugal portuguese; belgium belgian; czechia czech czechs; hungary hungarian; israel israeli
    israelis; palestine palestinian palestinians; iraq iraqi iraqis; iran iranian iranians tehran; pakistan
    pakistani pakistanis; afghanistan afghan afghans; bangladesh bangladeshi; yemen yemeni yemenis; saudi
    saudis; lebanon lebanese; syria syrian syrians; egypt egyptian egyptians; japan japanese; korea korean
    koreans; vietnam vietnamese; thailand thai thais; philippines filipino filipinos philippine; myanmar
    burma burmese; kenya kenyan kenyans; nigeria nigerian nigerians; somalia somali somalis; ivory ivorian;
    wales welsh; argentina argentine argentinian argentinians; brazil brazilian; peru peruvian; cyprus
    cypriot; iceland icelandic; europe european europeans eu; catalonia catalan; kurdistan kurdish kurds
    kurd; islam islamic muslim muslims; slovakia slovak; ukraine ukrainian ukrainians; monaco monegasque;
    new-zealand kiwi kiwis; barcelona barça barca; manchester mancunian; liverpool liverpudlian; congo
    congolese; malta maltese; nepal nepalese nepali; taiwan taiwanese; arab arabs arabia arabian; democrat
    democrats democratic; republican republicans gop; conservative conservatives tory tories; jew jews
    jewish judaism; congress congressional; senate senator; parliament parliamentary; christian christians
    christianity; catholic catholics vatican; twitter tweet tweets tweeted; facebook fb; football soccer;
    olympic olympics olympian; scotland scottish; crimea crimean; isis isil daesh"""
FAMILIES: dict[str, frozenset[str]] = {}
for _line in PLACES.split(";"):
    _family = frozenset(_line.split())
    for _word in _family:
        FAMILIES[_word] = FAMILIES.get(_word, frozenset()) | _family
