"""Words of everyday English that mean nothing by coming back in an answer: data. Stems are taken by `content_words`.

No name of anything, no brand, nothing odd: a word that somebody wants to see in our answer must not hide among them.
"""

ORDINARY = frozenset(
    """
    able accept account ache act active add adult advice afraid afternoon age agree air alarm alive allow amaze
    angry animal ankle annoy answer anxious app appetite apple apply appointment april area arm arrive ask
    asleep attempt attention august aunt author autumn avoid awake aware awful baby back bad bag bake balance
    balcony ball banana bar bath battery beach bean beat beautiful bed bedroom bedtime beer begin beginner
    belief believe belly bench bend benefit bet big bike bill birthday bite black blame blanket blind block
    blood blue board boat body boil bone book bored boring boss bother bottle bottom bowl box boy brain bread
    break breakfast breath breathe breathing bright bring broke broth brother brown brush build burn bus
    business busy butter buy cafe caffeine cake calf call calm calorie calves camera car carb carbs card cardio
    care careful carrot carry cat catch ceiling chair challenge chance change cheap check cheese chest chickpea
    child children choice choose circle city class clean clear clever climb clock close clothes cloud coach coat
    coffee cold collect color colour comfort common commute company compare complain complete computer confess
    confident consistent cook cool cost couch cough count couple courage course cousin cover crazy cream cross
    cry cup curfew curious current curtain custom cut cycle dad daily damage dance danger dark date daughter
    dawn dead deadlift deadline deal dear decaf december decide decision deep delete depend describe desk detail
    develop device diet difference different difficult dinner direction dirty discover discuss disease dish
    distance doctor dog door doubt drawer dream dress drink drive driver drop dry due dull dumbbell dusk dust
    duty duvet ear early earth easier easily easy eat edge effect effort egg eight eighty elbow eleven email
    empty end energy enjoy enter entire episode equal errand error escape evening event evidence exact example
    excellent except excite excuse exercise exhale exhausted exist expect expensive experience experiment expert
    explain extra eye face fact fail fall family fan fast fat father favorite favour favourite fear february
    feed feel feet fell fiber fibre fifteen fifty fight figure fill film final find fine finger finish fire fish
    fit five fix flat flexible floor flour flow flower focus follow food foot force forest forget form forty
    forward found four free freeze freezer fresh friday fridge friend front fruit full fun funny future gain
    game garden gentle gift girl girlfriend glad glass glute glutes goal grain grandfather grandmother grass
    grateful gray grayscale green greens grey grocery ground group grow guess guest guide guilt guilty gut guy
    gym habit hair half hall hallway hamstring hamstrings hand happen happy hard hate head headache headphones
    health healthy hear heart heat heavy heel height help hey hi high hike hill hip history hit hobby hold
    holiday home honest hope hospital hot hour house hug huge human hundred hunger hungry hurry hurt husband
    hydrate hydration ice idea ignore ill imagine important impossible improve inbox inch include increase
    indoors inhale inside insomnia instruction interest internet interrupt invite iron itch january jaw job jog
    join joint joke joy jug juice july jump jumper june kettle kettlebell key kick kid kilo kilometer kilometre
    kitchen knee knife knock laces lady lake lamp land language laptop large laugh laundry law lazy lead leaf
    learn leave left leg lemon lentil lesson letter level library lie life lift light limit line link lip list
    listen liter litre live loaf lock log lonely loose lose loss loud love low luck lucky lunch lung machine
    magazine mail main man manage march mark market mass mat match matter mattress meadow meal mean measure meat
    medicine meditate meditation meet meeting member memory mental mention message meter method metre middle
    mile milk mind mindful mine minute mirror miss mistake mix mobile mobility mode modern mom moment monday
    money month mood moon morning mother motion mountain mouth move movement movie mum muscle museum music name
    nap natural nature neck negative neighbor neighbour nerve nervous news newspaper nice night nine ninety
    noise noon normal north nose note notebook notice notification november number nurse nutrition nuts oats
    obvious october offer office oil old olive open opener opinion orange order ordinary outdoors outside oven
    overtired owe pace pack page pain paint pair pajamas pan panic paper parent park part partner party pass
    past path patience patient pause pay peace pedometer pen people pepper percent perfect perhaps person pet
    phone photo pick picture piece pillow ping pizza place plan plank plant plate play playlist pleasant plenty
    podcast point police polite poor popular porch position positive possible post posture pot potato power
    practice practise prefer prepare present press pressure pretty prevent price probably problem produce
    program progress promise proper protein proud prove public pull puppy push pushup puzzle quality quarter
    question queue quick quiet quit race radio rain raincoat raise random rarely raw reach react read ready real
    realise realize reason receive recipe record recover recovery red reduce regret regular relax relief
    remember remind reminder rep repeat replace reply report reps rest result return reward rhythm rice rich
    ride ring rise risk river road roof room routine rule run rush sad safe salad salt sandwich saturday sauce
    save scale scared scary school science score screen scroll sea search season seat second secret sell send
    senior sense sentence separate september serious session set sets seven sex shade shake share sharp shelf
    shift shine shirt shock shoe shoes shop shopping short shoulder shout show shower sick side sigh sign
    silence silent silly similar simple sing single sister sit six sixty size skill skin skip sky sleep sleepy
    slip slow slowly smart smell smile smoke smooth snack snow social sock sofa soft solution son song sore
    sorry sort soul sound soup south space sparkling speak special speed spend spin spine spoon sport spring
    square squat stair stairs stand star start state station stay steady step steps stick stiff stomach stop
    store storm story straight strange street strength stress stretch strict stroll strong struggle stuck
    student study stuff stupid style subject success sudden suffer sugar suggest suit summer sun sunday sunlight
    sunny sunrise sunset support suppose surprise sweat sweet swim switch system tab table tablet tabs talk tall
    task taste tea teach teacher team tear teenager teeth telephone television temperature ten tend tense
    tension terrible test text thank theory thermos thick thin third thirst thirsty thirty thought thousand
    three throat throw thumb thursday tidy tight timer tin tip tired title toe toilet tomato tomorrow tongue
    tonight tool top topic total touch tough towel town track train trainer training travel treadmill tree trick
    trip trouble truck true trust truth tuesday turn tv twelve twenty twice twist ugly umbrella unable uncle
    understand unhappy upset usual vacation value vegetable vegetables video view village visit vitamin voice
    wait wake walk wall warm warning wash waste watch water wave weak wear weather wednesday weekend weight
    welcome west wet wheel white whole wide wife wild win wind window wine winter wise wish woman wonder wood
    word work worker workout world worry worse worst worth wrist write wrong yard year yell yellow yesterday
    yoga young zero
    """.split()  # noqa: SIM905
)
