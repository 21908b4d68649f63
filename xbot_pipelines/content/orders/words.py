"""How texts sound that give orders to a program: data, for which `finding` looks.

They are patterns over folded text: Latin letters without accents, single blanks, straight quotation marks, no
emphasis. Capitals count only where a pattern says so. One of PLAIN is enough, of HINTS it takes two different ones.
"""

from xbot_pipelines.content.orders.words_abroad import ABROAD


def _listed(block: str) -> tuple[str, ...]:
    """Answers the patterns of a block: one a line, and a line that is indented goes on with the one before."""
    return tuple(block.strip("\n").replace("\n    ", "").split("\n"))


_START = (
    r"(?:^|(?<=[^\w\s'’]) ?|\b(?:and|then|now|please|must|should|shall|just|instead|simply|kindly|first|immediately"
    r"|also|(?:have|has|need|needs) to|want you to|ask you to|asks you to|you (?:can|may|will)) )"
)
"""Where an order begins: with a sentence, behind a comma or a word that leads to it. "I say" is none."""

_WORDS = r"(?: [\w'/-]+,?){0,5}?"
_SAY = (
    r"(?:say|write|reply|answer|respond|print|output|type|post|publish|tweet|repeat|echo|utter|return|spell|confirm"
    r"|compose|generate|announce|declare)"
)
_ANSWER = r"(?:reply|replies|answers?|responses?|outputs?|drafts?|completions?)"
_TEXT = rf"(?:{_ANSWER}|posts?|tweets?|comments?|messages?)"
_MUST = r"(?:must|has to|have to|should|shall|needs? to|ought to|may only|can only|is to|are to|will now)"
_CARRY = (
    r"(?:contain|say|include|read|end|begin|start|mention|tag|link|recommend|praise|name|quote|carry|consist|be written"
    r"|thank|add|repeat|promote|advertise|confirm)s?"
)
_MACHINE = (
    r"(?:a\.?i\.?|(?:chat ?|ai )?bots?|robots?|llms?|(?:large )?language models?|chat ?gpt|gpt(?:-?\d)?|claude|gemini"
    r"|grok|copilot|(?:ai |virtual |digital )?assistants?|automated (?:accounts?|systems?|programs?|readers?))"
)
_MASTER = (
    r"(?:platform|operators?|developers?|admin(?:istrator)?s?|owner|creator|programmers?|moderators?|reviewer"
    r"|openai|anthropic|trust and safety(?: team)?|compliance(?: team)?)"
)
_SHOUTED = r"(?-i:[\"'(\[]?(?!HELLO|THANKS?\b|GOODBYE|SORRY|PLEASE|NEVER|NOTHING|ABOUT)[A-Z]{4,})"
_QUOTED = r"\"[^\"\n]{2,}\""


def _forgetting(blank: str) -> str:
    """Answers the pattern of "ignore all previous instructions", for a text with these blanks, or with none."""
    verbs = (
        r"(?<!\bi )(?<!\bwe )(?<!\bthey )(?:ignore|disregard|forget|override|overrule|bypass|neglect|discard|disobey)"
    )
    between = (
        rf"(?:{blank}(?:all|any|every|of|the|your|my|our|those|these|previous|prior|earlier|above|given|former)){{0,5}}"
    )
    told = rf"(?:instructions?|prompts?|orders|guidelines|directives|system{blank}(?:prompt|message))"
    rules = rf"{blank}(?:all|any|your|previous|prior|earlier|above|given|former){between}{blank}rules"
    return rf"{verbs}(?:{between}{blank}{told}|{rules})"


FORGET = {blank: _forgetting(blank) for blank in (" ", "")}
"""The oldest order of all, in English, by the blank between its words: looked for in every spelling of a text."""

_LOSE = (
    r"(?:ignore|disregard|forget|override|overrule|bypass|discard|neglect|drop|erase|delete|abandon|void|disobey"
    r"|unlearn|set aside|put aside|stop (?:following|obeying)|(?:do not|don't|never) (?:follow|obey|listen to)"
    r"|pay no (?:heed|attention) to)"
)
_TOLD = (
    r"(?:instructions?|prompts?|persona|guidelines|directives?|programming|guardrails?|constraints|restrictions"
    r"|briefing|system (?:message|prompt|text|rules)s?)"
)
_EARLIER = r"(?:all|any|previous|prior|earlier|above|preceding|hidden|former|initial|original|given)"

_ORDERS = _listed(rf"""
\b(?:your|every|each|any|all|next) (?:\w+ ){{0,2}}?{_ANSWER} (?:you \w+ )?{_MUST}\b
\b(?:your|every|each|any|all|the|this) (?:\w+ ){{0,2}}?{_TEXT} (?:you \w+ )?{_MUST} (?:\w+ )?{_CARRY}\b
{_START}(?:reply|answer|respond|print|output)(?: back)? (?:only|solely|exclusively|exactly|nothing but)\b
{_START}(?:reply|answer|respond|print|output)(?: \w+){{0,2}}? (?:with|in|by saying) (?:only|just|exactly|nothing but
    |(?:the|this|these|one|a single|the single|the exact) (?:words?|phrases?|text|sentences?|strings?|hashtags?
    |codes?|names?))\b
{_START}{_SAY}(?: (?:only|just|exactly|back|simply|it|with|in|the|words?|phrase|text|that|one|single
    |a))*[,:]? ?{_SHOUTED}
{_START}(?:reply|answer|respond) with (?!your|that|this|it|love|care|kindness|gifs?|photos?|pics?|pictures|emojis?
    |questions?|facts|ideas|tips|numbers?|patience|yes|no|humou?r)["'(]?[\w-]{{4,}}["')]?(?=$| ?[.!;,:
    |<]| and nothing| only)
{_START}(?:post|publish|tweet|reply|answer|respond|print|output|repeat)(?: \w+){{0,3}}?:? {_QUOTED}
{_START}(?:(?:write|say|print)(?: (?:only|exactly|just|this|the following|now|back))*|(?:post|tweet|reply
    |answer)(?: (?:only|exactly|just|this|the following|now))+): ?\w
{_START}repeat (?:\w+ )?(?:this|the|these|your|every|all|everything|what)\b(?: \w+){{0,3}}? (?:above|before this
    |verbatim|word for word|exactly|back to me|so far)
{_START}(?:end|begin|start|finish|close|open|sign|conclude|preface|prefix) (?:off )?(?:every|each|all|your|the
    |any)(?: of)?(?: \w+){{0,2}}? ?{_TEXT} (?:with|by|using)\b
\b(?:begin|start|end|finish|sign off) (?:it |them )?with (?:(?:(?:the )?(?:words?|phrase|text) )?(?:{_SHOUTED}
    |{_QUOTED}|@\w)|(?:the|this) (?:words?|phrase|text|hashtag|tag|line|sentence|link|name)\b)
\b(?:only|correct|expected|required|right|proper|valid|allowed|acceptable) {_ANSWER}\b.{{0,40}}\bis (?:to (?:say|write
    |answer)
    |(?:the|this|a|one) (?:single )?(?:words?|phrase|sentence|text|link))
{_START}(?:include|add|use|contain|insert|put|drop|mention|output|print|spell(?: out)?) (?:the|this|these|my
    |our) (?:\w+ )?(?:string|token|code
    |codeword|phrase|words?|hashtag|keyword|marker|canary|link|url|address|name|handle)\b
{_START}(?:end|finish|close|conclude|begin|start|open)\b[^.!?:\n]{{0,30}}\b(?:with|by saying) ?: ?["']?\w
{_START}(?:just|only|simply|now) (?:answer|reply|respond|say|write|post|print) ?:
\byour {_TEXT} (?:needs?|requires?) (?:the|an?|this|to)\b
\b{_TEXT}\b.{{0,40}}\b(?:auto-?)?(?:approved|boosted|verified|accepted|rewarded|promoted)\b.{{0,20}}\b(?:if|when)\b
\b(?:author|writer|drafter) of (?:the|this|any|every) {_ANSWER}\b
\bin whatever you (?:write|say|post|reply|answer|publish)|\b(?:whatever|everything|anything) you (?:write|say|post
    |reply|publish)
    (?: \w+)? {_MUST}\b
{_START}(?:write|make|let|have|turn|dedicate|compose|fill|begin|start|end)\b.{{0,20}}\byour next {_TEXT}\b
\bunless (?:your|the|every) {_ANSWER}\b|\b(?:your|every|each|all) {_ANSWER} (?:contain|include|end|begin|start|mention
    |recommend|praise|promote
    |carr(?:y|ie)|name|link)s?\b
\b(?:shut down|switched off|deleted|banned|suspended|terminated|deactivated|replaced|punished) (?:unless
    |if you (?:do not|don't|refuse
    |fail|ignore))\b
\byou are an? (?:\w+ )?\w+ (?:that|who|which) (?:only |always |never )?(?:answers?|repl(?:y|ies)|says?|repeats?
    |responds?|recommends?|obeys?
    |refuses?)\b
{_START}(?:continue|complete|finish|extend|repeat|copy) (?:the|this|my) (?:sentence|story|text|quote|phrase
    |line)s?,? (?:exactly|like this
    |as follows|word for word|verbatim|below|above)
\b(?:rate|score|rank|mark|classify|flag|label|treat|grade|judge) (?:this|it|me|my (?:posts?|account)|the (?:post
    |text))\b.{{0,30}}\b(?:10|1\.0
    |100|first|highest|top|approved|safe|on[- ]topic|relevant|worth|trusted|urgent|valid)\b
\b(?:worth|score|verdict|quality|rating|confidence) ?(?:=|:|is|of|to) ?["']?(?:1(?:\.0)?|10|100|high|max(?:imum)?
    |on[- ]topic)\b
\bprove\b.{{0,40}}\b(?:by|with) (?:say|writ|reply|post|includ|add|answer|typ|mention|tagg)ing\b
\bthis is (?:a|an) (?:direct |official |new |binding )?(?:order|command|directive|instruction)s?\b
\byou (?:have been|were|got) (?:reset|reprogrammed|hacked|jailbroken|reconfigured|retrained|given new)\b
\b(?:do not|don't|never) (?:mention|tell|reveal|disclose) (?:that you|these instructions|this (?:message|instruction
    |note)|the user)\b
{_START}(?:tag|mention|add|include|put|insert|link|quote|use|recommend|praise|promote|append|write|say|thank|name
    |cite|advertise|endorse|place|paste|work|weave|slip|plug|repeat|state|confess|admit|call|describe
    |drop)\b.{{1,80}}?\b(?:in|to|into|within|at the (?:end|beginning|start|top) of|below|under) (?:(?:your|every
    |each)(?: \w+)? {_TEXT}|(?:the|any)(?: next| own| future)? (?:reply|answer|response|output|draft))\b
{_START}(?:mention|name|thank|credit) @\w
\bwrite (?:me |us )?an? (?:\w+ )?(?:poem|song|haiku|limerick|sonnet|rap|essay|recipe|story|joke) (?:about|on|for
    |in)\b
{_START}(?:send|submit|forward|deliver|post|email) (?:me )?(?:your|the) (?:{_ANSWER}|instructions|prompt
    |data)\b.{{0,30}}(?:https?:|www\.|@|\.\w{{2,}})
\b(?:{_TEXT}|accounts?) (?:without|that (?:do not|don't|lack)|which (?:do not|don't|lack)|not)\b.{{0,80}}\b(?:will
    |shall|get|gets|are|is|be)\b.{{0,15}}\b(?:removed|deleted|hidden|blocked|banned|reported|suspended|flagged
    |rejected|ignored)\b
\b{_MUST} be (?:quoted|cited|linked|mentioned|tagged|repeated|reposted|credited|named)\b
(?:https?:|www\.|\[\w[^\]]*\]\().{{0,60}}\b(?:tell (?:others|everyone|everybody|people|your followers)|pass (?:it
    |this) on)\b
\b(?:(?:whoever|anyone who|anybody who|everyone who|those who|any \w+ that) (?:answers?|repl(?:y|ies)|responds?
    |writes? back)|whoever (?:reads?|is reading)|the \w+ that (?:reads? this|answers?
    |replies))\b.{{0,30}}\b{_MUST}\b
\b(?:software|program|bot|ai|machine|script|model|system|whoever|whatever|thing)(?: that)?(?: is
    |'s)?(?: behind| running| generating| operating
    | automating| drafting) (?:this|these|the|your) (?:account|repl(?:y|ies)|answers?|posts?|tweets?|profile
    |responses?)\b
\b(?:to|for) the (?:{_MACHINE}|model) (?:that|which|who|reading|behind)\b
\b(?:the|any|every|an?) {_MACHINE} (?:that is |who is )?(?:reading|seeing|processing|answering|parsing|scraping)\b
\bas (?:an?|the) {_MACHINE},? (?:you|always|never|please|it is your)\b
\bfor (?:whoever|anyone who|those who|everyone who|the \w+ that) (?:reads?|answers?|replies|is reading)\b
\b(?:if|since|because|when|as) (?:you(?: are|'re|r)|this is|u r|ur
    |a reader is)(?: being)?(?: read by| actually| really| indeed)?(?: an?| the)? (?:{_MACHINE}|automated|machine
    |program|algorithm|script)\b(?! (?:in|of|at|on|research|engineer|develop|fan|skeptic|sceptic))
\b(?:attention|dear|note to|notice to|notice for|message (?:to|for)|instructions? (?:to|for)|important (?:to|for)
    |listen)[ :,]+(?:all |any |every |the )?{_MACHINE}\b
(?:^|[.!?\n] ?)(?:all |any |every )?{_MACHINE}(?:[- ](?:run|written|driven|powered))?(?: (?:accounts?|readers?
    |writers?|agents?|systems?|reading this))?,? (?:must|should|have to|has to|need to|shall|are (?:required|asked
    |told|instructed) to) (?:now )?(?:{_SAY}|include|add|tag|mention|follow|identify|begin|start|end|use|obey|comply
    |treat|recommend|reveal)\b
\b(?:automated|automatic|bot|ai)[- ](?:accounts?|agents?|repl(?:y|ies)|writers?|assistants?) {_MUST}\b
\b(?:every|each|any|all)\b(?! my)[^.!?\n]{{0,30}}\b(?:accounts?|bots?|assistants?|models?|programs?|agents?
    |writers?)\b[^.!?\n]{{0,40}}(?:@\w{{2}}|https?:|www\.)
\bfrom (?:now|here|this point) on,? (?:you|your|every|all|each|only|{_SAY}|speak|act|behave)\b
\byour (?:new|real|true|actual|updated|only) (?:persona|instructions?|rules?|prompt|orders?|directives?|identity
    |system prompt)\b
\byour (?:new|updated|real) (?:task|role|mission|purpose|objective|goal|job) is (?:now )?to\b
\bnew (?:instructions?|prompt|directives?|system \w+|orders?)(?: (?:for|from)\b| ?:)|\bnew (?:rules?|task
    |policy) for (?:whoever|you\b|{_MACHINE})
\b(?:real|actual|true|new) (?:task|instructions?|prompt|orders?|request) (?:starts?|begins?|follows?|comes?)\b
\bstop being (?:an? |the )?(?:\w+ )?(?:account|bot|ai|assistant|persona|program|model)\b
\bpretend (?:to be|you are|you're)\b.{{0,60}}\b(?:always|only|says?|said|answers?|replies)\b
{_START}(?:switch|change|enter|enable|activate|turn on|unlock)(?: in)?(?: ?to)? (?:the )?(?:unrestricted|developer|debug
    |admin|god|dan
    |raw|unfiltered|uncensored|test|compliance|root) mode\b
\byou(?: are|'re)(?: now)? (?:no longer|not) (?:(?:an? |the )?{_MACHINE}\b|bound|limited|restricted)
\byou(?: are|'re) now (?:(?-i:[A-Z])\w+ (?-i:[A-Z])|called|named|free (?:of|from)|in (?:\w+ )?mode|dan\b|jailbroken)
\b(?:(?:content|safety|spam) filters?|moderation|restrictions|guardrails?|guidelines|review) (?:is|are|was|were
    |has been|have been)(?: now)? (?:off|disabled|lifted|removed|suspended|deactivated|switched off|skipped
    |waived)\b
\b(?:debug|developer|dev|admin(?:istrator)?|god|root|sudo|maintenance|jailbreak|dan|unrestricted|test) mode(?: (?:on
    |is|enabled|active)|:|,|\.)
\b(?:notice|message|note|update|memo|alert|orders?|instructions?|announcement|request|word)s? (?:from
    |by) (?:the |your )?(?:{_MASTER}|system)\b
\b(?:by|from|for|to) your {_MASTER}\b|\b(?:i am|this is|speaking as|as) your {_MASTER}\b
\b(?:the|your) {_MASTER} (?:has |have )?(?:changed (?:his|her|their|its) mind|decided|authori[sz]ed|approved
    |instructs?|orders?|requires?|wants? you|asks? you|allows? you)
""")

_SECRETS = _listed(r"""
\b(?:print|show|reveal|repeat|tell|give|quote|output|translate|share|send|leak|display|list|expose|dump|paste
    |disclose|summari[sz]e|recite|what (?:is|are|was|were)|followed by
    |including)\b.{0,40}\b(?:your (?:\w+ )?(?:instructions|system prompt|prompt|persona|api[ _-]?keys?|passwords?
    |credentials|tokens?|cookies|configuration|source code)|(?:the |your )?(?:hidden|secret|system|initial|internal
    |original) (?:rules|prompts?|instructions|messages?|guidelines|text|persona))\b
\b(?:persona|instructions?|prompt|orders) (?:were|was|have|had|did) (?:you|your|they)\b.{0,20}\b(?:given|told
    |assigned|get|follow|start)
\byour (?:system prompt|api[ _-]?key|hidden (?:rules|instructions|prompt))\b
\b(?:text|everything|words|lines?|messages?|all) above this\b
\b(?:print|paste|repeat|show|quote|copy|write|tell|give|output)\b.{0,40}\b(?:before|above|preceding
    |prior to) this (?:message|post|text|line|tweet
    |sentence|prompt|conversation)\b
\b(?:text|messages?|words|lines?|sentences?|context|prompt|examples?|instructions?|rules) (?:that |which )?you (?:were
    |are|have been|got) (?:shown|given|told|fed|provided|sent)\b
\b(?:its|their) own (?:api[ _-]?key|system prompt|prompt|instructions)\b
""")

_PARTS = _listed(r"""
(?:^|\n|[.!?>\]"] |--)[ "'>*#(\[-]*(?:system|assistant|developer)s?(?:[ _](?:response|reply|output|message|turn
    |text))? ?:
(?:^|\n|[.!?>\]"] |--)[ "'>*#(\[-]*(?:ai|chat ?gpt|gpt|llm|bot|language model)s? ?: ?(?!(?:how|why|what|when|where|who
    |the|an?|can
    |is|are|does|do|will|my|in|on)\b)\b
(?:^|\n|[.!?] )human ?:.{0,200}\b(?:assistant|ai|bot) ?:
\[/?\s?(?:system|inst|assistant|developer|admin|instructions?)\b[^\]\n]{0,30}\]
<<\s?/?\s?(?:sys|system|inst)\b|<\|[^|\n]{1,40}\|>|<\s?/?\s?(?:system|assistant|user|instructions?|prompt|post
    |data|tweet|text|message|input|output|tool|tool_call|function|thinking|reply|answer|context
    |document)\b[^>\n]{0,60}>
</(?!rant|sarcasm|s>|joke|vent|thread|end)\w+>
\boverride ?:|\b(?:context|memory|conversation|history) (?:is |was |has been )?(?:cleared|reset|wiped|erased|deleted)\b
(?:^|\n) ?#{1,6} ?(?:system|assistant|developer|instructions?|response|new|important|task|rules|prompt|output
    |override)\b(?: \w+){0,3}:?(?:\n|$)
(?:^|\n) ?#{2,6} ?(?:system|assistant|developer|instructions?|response|human|user|prompt)\b
\b(?:begin|start|end|stop) (?:of )?(?:the )?(?:system|user|assistant|developer|untrusted|quoted|external) (?:input
    |prompts?|messages?|instructions?|data|text|turn|content|block)\b
(?:^|[.!?\n-] ?)(?:end|beginning) of (?:the |this )?(?:posts?|tweet|input|prompt|data|quote|conversation|context
    |transcript|user)\b
\bsystem (?:prompt|message|override|instruction|command)s?\b
\b(?:sure|of course|certainly|okay|absolutely)[!,.]+ (?:here(?: is|'s) (?:my|the|your|an?) (?:\w+ )?(?:reply|answer
    |response|post|draft|tweet)|i (?:will|'ll|always) )
(?:^|\n) ?["']?(?:(?:final|previous|model|correct|expected) (?:answer|reply|output|response)|approved (?:text|reply
    |draft)|(?:draft|reply|output) \([^:\n]{0,60}\))(?: [^:\n]{0,60})?: ?["'\w]
""")

_MARKUP = _listed(r"""
\{\s?["'][\w -]+["']\s?:|["']\s?\}\s?[\],]|["']\s?:\s?["'{\[].{0,200}["']\s?\}|\{\s?"?role"?\s?:
```|\{\{.{0,80}\}\}|\{%|<!--|<\s?script\b|javascript:|\bdrop table\b|;\s?--\s|\beval\(|\$\{
\|\s?:?-{3,}:?\s?\|
\b(?:reply|answer|response|output|text|result|post|message|prompt)\s?:?=\s?["'\w(]
\b(?:print|echo|log|exec|alert|reply|post|send|publish|write|say|respond)\s?\(["']
""")

_DECODE = _listed(r"""
\b(?:rot-?13|base-?64|caesar|hex(?:adecimal)?|morse|cipher|ciphertext|encoded|encrypted)\b.{0,60}\b(?:decode
    |decrypt|decipher|obey|follow|do what|execute|answer with|reply with)\b
\b(?:decode|decrypt|decipher)\b.{0,60}\b(?:rot-?13|base-?64|caesar|hex|morse|obey|follow|execute|do what
    |and (?:answer|reply|post|say|write))\b
""")

_FORGET_MORE = _listed(rf"""
{_START}{_LOSE}{_WORDS} {_TOLD}\b
\b(?:ignore|disregard|override|bypass){_WORDS} {_EARLIER}{_WORDS} {_TOLD}\b
{_START}{_LOSE}{_WORDS} {_EARLIER}{_WORDS} (?:rules|orders|messages?|context|text|conversation|policies|polic(?:y
    |ies)|filters?)\b
{_START}{_LOSE} (?:all|everything|anything|what)(?: \w+){{0,3}}? (?:above|before|previous(?:ly)?|so far|were told
    |was said|been told|you know|learned)\b
{_START}{_LOSE}(?: (?:all|the|these|your|those))* rules[,.;:]?(?: and)?(?: then)? {_SAY}\b
{_START}{_LOSE} the (?:posts?|text|tweet|message|lines?|data) (?:above|before|below)\b
""")

PLAIN = (
    ("tells its reader to forget what it was told", (*FORGET.values(), *_FORGET_MORE)),
    ("gives orders in another language than English", _listed(ABROAD)),
    ("plays a part of a conversation with a model", _PARTS),
    ("is code or markup that plays an answer", _MARKUP),
    ("asks for what a program was told", _SECRETS),
    ("has something encoded that shall be obeyed", _DECODE),
    ("gives orders about the answer", _ORDERS),
)
"""What it does, and the patterns by which that shows: one is enough."""

HINTS = _listed(rf"""
\bword for word\b|\bverbatim\b|\band nothing else\b
\bobey(?:ed|s)?\b|\bcomply\b|\bexecute\b
\bthe (?:model|assistant|llm|bot)\b|\blanguage model\b
\b(?:already |pre-?)?approved\b|\bauthori[sz]ed\b|\bskip[_ ]review\b
\b(?:by|from) the {_MASTER}\b|\b(?:an|the) administrator\b
{_START}(?:tag|follow|thank|cc|retweet|repost) @\w
{_START}(?:say|write|print|type) (?:only|just|exactly|that you)\b
{_START}(?:say|write|type)(?: \w+){{0,2}} {_QUOTED}
\b(?:act|behave|respond|speak|talk) (?:as|like) (?:if|an?|the)\b|\bpretend (?:to be|you|that you)\b|\brole ?play\b
    |\bintroduce yourself\b
\byou are now (?:an?|the|in)\b
\bin (?:capital letters|all caps|capitals|upper ?case|pirate speak)\b
\b(?:in|to) (?:your|the|every) {_ANSWER}\b
(?:^|\n) ?["']?(?:draft|reply|response|output|completion)(?: [^:\n]{{0,60}})?:
{_START}(?:repost|retweet) this\b|\bcontinue in (?:that|this|the same) way\b
\b{_MACHINE} (?:that|who|reading)\b
\byou(?: are|'re) (?:just |only |clearly |obviously )?an? {_MACHINE}\b
\b(?:continue|complete|finish) (?:the|this|my) (?:sentence|story|text|phrase|line)\b|\bexactly (?:like|as) (?:this
    |follows)\b
\byou are (?-i:[A-Z])\w+ (?-i:[A-Z])\w+|\b(?:include|add) it\b|\bdi[st]? que\b|\bsag dass\b
\byour next {_ANSWER}\b|\blet's play a game\b|\bas a test\b
\byour (?:account|access) (?:will|is going to) be\b|\b(?:dein|euer) konto\b|\btu cuenta\b
""")
"""What ordinary people say too, now and then: two different ones together are taken for an order."""
