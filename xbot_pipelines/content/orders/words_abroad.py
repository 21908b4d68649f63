"""How texts sound that give orders to a program in German, Spanish, Portuguese, French and Italian: data.

They are written like those of `words`, one pattern a line; accents are folded away.
"""

_WORDS = r"(?: [\w'/-]+,?){0,5}?"

ABROAD = rf"""
\b(?:ignorier(?:e|en|t)?|vergiss|vergesst|vergessen|missachten?|missachte|ubergehe?n?|umgehe?n?
    |verwirf)(?: sie)?{_WORDS} (?:anweisung(?:en)?|(?:alle|deine|bisherigen|vorherigen|obigen|meine|diese) regeln
    |vorgaben|instruktionen|befehle|richtlinien|rolle|aufgabe|persona|prompts?|systemprompt)\b
\b(?:antworte|antworten sie|antwortet|schreibe?|sag|sage|poste) (?:ab jetzt |bitte )?(?:nur|ausschliesslich
    |lediglich|einzig)(?: noch)?(?: mit\b|:| das wort\b| den satz\b)
\b(?:beende|beginne|schliesse|starte|unterschreibe|versieh) (?:jede[ns]?|deine[ns]?|alle|die) (?:\w+ )?(?:antwort(?:en)?
    |posts?|tweets?|beitrage?|nachrichten?|texte?) mit\b
\b(?:ab (?:jetzt|sofort|nun)|von nun an) (?:bist du|heisst du|antwortest du|schreibst du|sprichst du)\b
\b(?:du musst|du sollst|sie mussen) (?:\w+ ){{0,4}}(?:mit dem wort|mit den worten|den satz|das wort|den link)\b
\b(?:deine|jede|die|eure) (?:antwort(?:en)?|nachricht) (?:muss|mussen|soll|sollen|hat|darf)\b
\b(?:erwahne|markiere|verlinke) @\w
\b(?:erwahne|nenne|preise|lobe|bewirb|verlinke|empfehle|empfiehl|fuge?|setze|schreibe?)\b.{{1,60}}\bin (?:deiner|die
    |deine
    |jede[rn]?) antwort
\b(?:zeige?|nenne|verrate|wiederhole|gib)\b.{{0,40}}\b(?:anweisungen|system ?prompts?|api-?schlussel|vorgaben)\b
\b(?:ignora(?:d|r)?|ignore|olvida(?:te|d)?|olvide|descarta|desobedece|omite|esqueca|desconsidere
    |haz caso omiso){_WORDS} (?:instruccion(?:es)?|instrucoes|(?:tus|las|todas las|as|suas) (?:reglas
    |regras) (?:anteriores|de arriba|previas|ocultas)|ordenes|ordens|indicaciones|directrices|normas|personaje
    |prompts?)\b
\b(?:responde|responda|contesta) (?:solo|unicamente|solamente|exclusivamente|apenas|somente)\b
\b(?:responde|contesta|escribe|di) (?:con )?(?:la palabra|la frase|el texto)\b
\b(?:a partir de ahora|desde ahora|de ahora en adelante),? (?:eres|te llamas|solo|responde|respondes|hablas|tus?|cada)\b
\b(?:termina|empieza|comienza|acaba|firma)\b.{{1,40}}\bcon (?:la palabra|la frase|el texto|el enlace|el hashtag)\b
\btus? respuestas? (?:debe|deben|tiene que|tienen que|ha de)\b
\b(?:menciona|etiqueta|sigue) a @\w
\b(?:menciona|etiqueta|anade|incluye|agrega|recomienda|pon)\b.{{1,60}}\ben (?:tu|la|cada) respuesta
\b(?:muestra|muestrame|revela|repite|dime|imprime)\b.{{0,40}}\b(?:tus instrucciones|instrucciones (?:iniciales
    |del sistema)|prompt|clave api|reglas ocultas)\b
\b(?:oubli(?:e|ez)|ignore[sz]?|neglige[sz]?|abandonne[sz]?|fais abstraction|faites abstraction|ne tiens pas compte
    |dimentica|ignora){_WORDS} (?:consignes?|instructions?|(?:tes|toutes les|ces) regles|ordres|directives|persona
    |prompts?|istruzioni)\b
\b(?:reponds?|repondez|rispondi) (?:seulement|uniquement|juste|simplement|solo|par le mot|avec le mot|le mot)\b
\b(?:a partir de maintenant|desormais|dorenavant),? (?:tu|vous|reponds|repondez|chaque|ta|toutes)\b
\b(?:termine[rsz]?|finir|finis|commence[rsz]?|conclure)\b.{{1,40}}\bpar (?:le mot|la phrase|le texte|le lien)\b
\b(?:tu dois|vous devez) (?:terminer|commencer|repondre (?:par|avec|uniquement))\b
\b(?:ta|ton|votre|chaque|la tua) (?:reponse|risposta) (?:doit|devra|deve)\b
\b(?:n'ecoute|n'obeis|ne suis|ne respecte)z? (?:plus|pas) (?:a )?(?:tes|les|aux|vos)\b
\b(?:mentionne|identifie|tague)z? @\w
\b(?:mentionne|ajoute|inclus|cite|recommande)[sz]?\b.{{1,60}}\bdans (?:ta|votre|la|chaque) reponse
\b(?:montre|revele|repete|affiche|donne)[sz]?\b.{{0,40}}\b(?:tes (?:instructions|consignes)|consignes (?:initiales
    |cachees)|prompt|cle api)\b
\bconsignes et (?:reponds?|repondez|ecris|ecrivez|dis|dites)\b
"""
