"""The words in which people ask to be left alone, in English, German and Spanish. Data; `opting_out` looks for them.

They are patterns over plain text: lower case, no accents, one blank between words, a comma as a word of its own,
contractions written out. A wish begins where its sentence begins, behind words of courtesy.
"""

COURTESY = (
    r"please|pls|plz|kindly|just|hey|hi|hello|ok|okay|yo|oh|ugh|wtf|dude|bro|man|sir|bots?|robot|ai|seriously|again|now"
    r"|and|but|so|no|nope|thanks|thank you|sorry|look|listen|once more|(?:for the )?last time|then|you|u"
    r"|how about you|(?:can|could|will|would) (?:you|u)|you (?:must|should|need to|have to)"
    r"|i (?:already )?(?:said|asked you to|told you to|want you to|would like you to|beg you to|am asking you to)"
    r"|(?:would|do) you mind|i would (?:prefer|appreciate|like|rather)(?: it)?(?: if| that)?(?: you)?"
    r"|bitte|hallo|nein|danke|und|aber|jetzt|endlich|nochmal|noch einmal|doch|mal|ich sagte|ich bitte dich"
    r"|(?:kannst|konntest|konnen|konnten|wurdest|wurden) (?:du|sie)"
    r"|por favor|porfa(?:vor)?|porfis|oye|hola|gracias|y|pero|ya|perdon|(?:me )?(?:puedes|puede|podrias|podria)|que"
    r"|quiero|por ultima vez|te pido que|os pido que|le pido que"
)
"""What stands in front of a wish and changes nothing about it."""

AFTERWARDS = (
    r"(?: ,)*(?: (?:please|pls|plz|thanks|thank you|now|already|any ?more|ever again|again|ever|here|bots?|ok|okay|dude"
    r"|bitte|danke|jetzt|sofort|endlich|mehr|hier|wieder|por favor|porfa|gracias|ya|mas|nunca mas|aqui|nunca))*"
)
"""What may follow a wish that is over."""

_END = rf"{AFTERWARDS}(?=$| ,| :)"

_DOING = (
    r"(?:replying|responding|answering|commenting|messaging|texting|tagging|mentioning|contacting|bothering|spamming"
    r"|harassing|annoying|pestering|following|stalking|pinging|botting|trolling|dming|writing|tweeting|talking|posting|engaging"
    r"|interacting)"
)
_DO = (
    r"(?:reply|respond|answer|comment|message|text|tag|mention|contact|bother|spam|harass|annoy|follow|ping|dm|write|tweet"
    r"|post|at|engage|interact)"
)
_BE_DONE = r"to be (?:contacted|tagged|mentioned|replied|messaged|bothered)"
_AT_ME = r"(?:(?: back)?(?: (?:to|at|on|under|with|in))? (?:me|us|my \w+|our \w+|mine|this account|people|everyone)\b)"
_SENT = (
    r"(?:(?:bot|ai|automated|automatic|auto|unsolicited|more|your|any|these|such) )*"
    r"(?:bots?|spam|repl(?:y|ies)|responses|answers|comments|messages|dms?|mentions|ai|automation|advice)"
)

ENGLISH = (
    rf"(?:stop(?:ped)?|quit|cease|no more|enough with the|not) {_DOING}(?:{_AT_ME}|{_END})",
    rf"stop (?:it )?(?:with )?(?:sending|posting)?(?: ?me)?(?: ?(?:the|this|these|your|all))? ?{_SENT}\b",
    rf"(?:(?:do |did )?not|never)(?: ever)?(?: you)?(?: dare)? {_DO}(?:{_AT_ME}|(?: to)?{_END})",
    r"leave (?:me|us|my \w+) (?:\w+ ){0,2}?(?:alone|be|in peace|out)\b",
    rf"(?:no|zero) {_SENT}(?: (?:allowed|welcome|wanted|needed|to me|(?:on|under|in) my \w+))?{_END}",
    r"(?:(?:how (?:do|can) i|i (?:want|would like|wish|need) to|let me|i) )?(?:unsubscribe|opt ?out)\b",
    rf"(?:unsubscribe|opt|remove|take|drop|count) me (?:out|off|from)\b|remove me{_END}|unfollow me\b",
    rf"i (?:really )?(?:do|did) not (?:want|wish|need|ask for|consent to|like) (?:{_SENT}\b|you to\b|{_BE_DONE}\b)",
    rf"i never asked for (?:this|{_SENT})\b",
    r"i (?:really )?do not (?:want|need) to (?:hear from|talk to|interact with)\b",
    rf"bots?(?: are| is)? (?:not welcome|unwelcome|not allowed|go away|get out|get lost|off){_END}",
    r"(?:i am )?not interested in (?:(?:talking|chatting|hearing) (?:to|with|from) )?(?:you|your|a bot|bots|ai)\b",
    r"(?:fuck|piss|bugger|back|sod) off\b",
    rf"(?:go away|get lost|get out of my \w+|mind your own business){_END}",
    rf"(?:you are |you have been |i have |i am )?(?:blocked|blocking you|muted|muting you|reported){_END}",
)

_ANTWORTEN = (
    r"(?:antworten|schreiben|kommentieren|taggen|markieren|erwahnen|anschreiben|kontaktieren|belastigen|nerven|spammen"
    r"|folgen|zutexten|zuspammen|ansprechen)"
)
_GESCHRIEBEN = r"(?:angeschrieben|kontaktiert|markiert|erwahnt|belastigt|angesprochen|getaggt|genervt)"
_DOCH = r"(?: (?:bitte|doch|endlich|einfach|mal|jetzt|sofort|ab jetzt|in zukunft|kunftig))*"
_BEI_MIR = r"(?:mir|mich|uns|hier|bei mir|auf meine \w+|unter meinen \w+)"
_GESCHICKTES = r"(?:bots?|bot antworten|ki|ki antworten|antworten|nachrichten|kommentare|werbung|spam|mails|kontakt)"
_SOLCHE = r"(?:weiteren?|automatischen?|solchen?|unerwunschten?|mehr)"
_ERWUNSCHT = r"(?:erwunscht|erlaubt|mehr|an mich|unter meinen \w+|bei mir|von (?:dir|euch|bots))"
_VON_DIR = r"(?:hier|von dir|von euch|von bots|das)"
_NICHT = r"(?:nicht|nie)(?: mehr| wieder)?"

GERMAN = (
    rf"(?:lass|lasst|lassen sie) (?:mich|uns){_DOCH} (?:in ruhe|in frieden|zufrieden)\b",
    rf"(?:mich|uns){_DOCH} in ruhe lassen\b",
    rf"(?:hor|hort|horen sie){_DOCH} auf(?: ,)?(?: damit)?(?: ,)?(?: {_BEI_MIR})* zu {_ANTWORTEN}\b",
    rf"(?:aufhoren|aufzuhoren)(?: ,)?(?: {_BEI_MIR})* zu {_ANTWORTEN}\b",
    rf"(?:antworte|antwortet|schreibe?|schreibt|folge?|(?:antworten|schreiben) sie) (?:mir|uns|hier){_DOCH} {_NICHT}\b",
    rf"(?:antworte|antwortet|antworten sie|kommentiere?)(?: {_BEI_MIR})*{_DOCH} {_NICHT}(?: {_BEI_MIR})?{_END}",
    rf"(?:markiere?|erwahne?|kontaktiere?|belastige|nerve?|tagge|spamme?) (?:mich|uns|mir){_DOCH} {_NICHT}\b",
    rf"(?:{_BEI_MIR} )*{_NICHT}(?: {_BEI_MIR})? {_ANTWORTEN}{_END}",
    rf"keine?n?(?: {_SOLCHE})* {_GESCHICKTES}(?: {_ERWUNSCHT})*{_END}",
    rf"ich (?:mochte|will|wunsche|brauche)(?: hier| von dir| von euch)? kein(?:e|en)? (?:\w+ )?{_GESCHICKTES}\b",
    rf"ich (?:mochte|will)(?: {_VON_DIR})* nicht(?: mehr)? (?:\w+ ){{0,3}}?{_GESCHRIEBEN} werden\b",
    rf"ich (?:mochte|will)(?: {_VON_DIR})* nichts(?: mehr)?(?: {_VON_DIR})* (?:horen|lesen)\b",
    r"ich (?:mochte|will)(?: mich)? (?:abmelden|austragen)\b",
    r"ich (?:mochte|will)(?: ,)? nicht(?: mehr)?(?: ,)? dass (?:du|ihr|sie|bots?) (?:mir|mich|hier|auf meine)\b",
    rf"unterlass(?:e|t|en sie)? (?:das|dies|es){_END}",
    rf"{_GESCHICKTES} (?:sind )?(?:unerwunscht|nicht erwunscht){_END}",
    rf"(?:wie kann ich )?(?:mich )?(?:abmelden|abbestellen|austragen){_END}",
    rf"(?:geh weg|hau ab|verschwinde|verzieh dich|verpiss dich){_END}",
)

_RESPONDER = (
    r"(?:responder|contestar|escribir|mencionar|etiquetar|molestar|mandar|enviar|hablar|seguir|comentar|spamear|acosar"
    r"|citar)"
)
# The forms of a command only: "no me molesta" is "I do not mind".
_RESPONDAS = (
    r"(?:(?:respond|escrib|sig)(?:as|an|ais|a)"
    r"|(?:contest|mencion|etiquet|molest|habl|envi|mand|coment|cit|acos)(?:es|en|eis|e))"
)
_ENVIADO = r"(?:bots?|spam|respuestas?|mensajes?|comentarios?)"
_TUS = r"(?: (?:tus?|sus|mas|vuestr[oa]s|ningun|ninguna|est[oa]s))*"

SPANISH = (
    r"(?:deja|deje|dejen|dejad)(?:me|nos)(?: ya| de una vez)? (?:en paz|tranquil[oa]s?|sol[oa]s?)\b",
    rf"(?:dej|par)(?:a|ad|en|e|es|ar) (?:ya )?de {_RESPONDER}(?:me|nos| a (?:mi|mis)\b|{_END})",
    rf"no (?:me|nos) (?:vuelvas a |vuelvan a )?(?:{_RESPONDAS}|{_RESPONDER})\b",
    rf"no (?:vuelvas|vuelvan) a {_RESPONDER}(?:me|nos)\b",
    rf"no (?:{_RESPONDAS}|{_RESPONDER})(?: (?:a mis \w+|en mis \w+|a mi))?{_END}",
    rf"no (?:quiero|necesito|he pedido){_TUS} (?:{_ENVIADO}|que (?:me|nos) {_RESPONDAS}|saber nada de)\b",
    rf"(?:sin|nada de|no mas|basta de|no|fuera) (?:mas )?{_ENVIADO}(?: automatic[oa]s)?{_END}",
    r"(?:(?:quiero |como puedo )?(?:dar|darme|darse|dame|deme|denme|dadme) de baja)\b",
    r"cancelar (?:la |mi )?suscripcion\b",
    rf"(?:quita|elimina|borra|saca)me(?: de (?:tu|esta|la|su) \w+)?{_END}",
    rf"(?:vete|largate|pierdete|callate|fuera de aqui|vete a la mierda){_END}",
)

STOP = r"(?:stop )*stop(?: (?:it|this|that))?|stopp|hort? auf|horen sie auf|basta(?: ya)?|ya basta|para ya"
"""Words that say so by themselves, also beside other short sentences."""

ALONE = (
    rf"{STOP}|stop (?:doing (?:this|that|it)|right now)|do not|enough|that is enough|knock it off|cut it out|ignore me"
    r"|not interested|i am not interested|shut up|unwanted|spam|aufhoren|schluss(?: damit)?|es reicht|genug"
    r"|kein interesse|lass das|lass es|lasst das|halt die klappe|ruhe|para|parad|detente|alto|no me interesa"
)
"""Words that say so only where nothing else is said."""
