"""Which parts of a text X takes for links, by the rules of twitter-text.

With a scheme, any host with a dot is a link. Without one, the host must end in a top-level domain that X knows:
"example.com" is a link, "e.g.this" and "notes.txt" are not. The list of domains here is all countries and the generic
ones that people write; a rarer one counts as plain text, as it did on X when it was young.
"""

import re
from collections.abc import Iterator

_COUNTRIES = """
    ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bl bm bn bo bq br bs bt bv bw by bz
    ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg eh er es et eu fi fj fk fm fo
    fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it je jm
    jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mf mg mh mk ml mm mn mo mp mq
    mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re
    ro rs ru rw sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr
    tt tv tw tz ua ug uk um us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
_GENERIC = """
    academy aero agency app art arpa asia audio bar best beer bike biz blog boutique business cafe camp capital care
    careers cat center chat church city clinic clothing cloud club coach codes coffee college com community company
    consulting cooking cool coop dance dating day dental design dev diet digital direct directory doctor dog earth
    edu education email energy engineering events exchange expert express family fans farm fashion film finance fish
    fit fitness florist food football foundation fun fund fyi gallery game games garden gift gives global gold golf
    gov green group guide guru health healthcare help hiking host hosting house how info ink institute int
    international jobs kids kitchen land law legal life limited link live llc lol london love ltd management market
    marketing media menu mil mobi moda mom money monster museum name net network new news ngo ninja now nyc one
    online org organic page paris partners parts party photo photography photos pics pictures pizza place plus
    poker post press pro productions properties pub quest radio recipes red rehab rent report rest restaurant
    review reviews rocks run sale salon school science services sexy shoes shop show site ski social software solar
    solutions space sport store stream studio style surf sydney systems tax team tech technology tel tennis theater
    tips today tokyo tools top tours town toys training travel tube university vegas video vip vision vote wales wang
    watch website wedding wien wiki win wine work works world wtf xxx xyz yoga zone
"""
_DOMAINS = "|".join(sorted((_COUNTRIES + _GENERIC).split(), key=len, reverse=True))
_LATIN = "a-z0-9\u00c0-\u024f"
_LETTERS = rf"{_LATIN}\u0400-\u04ff"
_PATH = rf"{_LETTERS}!*';:=+,.$/%#\[\]\u2013_~@|&\-"
_LINK = re.compile(
    rf"""
    (?<![a-z0-9@\uff20$\#\uff03_\u202a-\u202e])
    (?:
        https?://t\.co/[a-z0-9]{{1,40}} (?![a-z0-9])    # X's own links have no more to them
    |
        (?:
            https?://                                   # with a scheme: a host in any script
            (?: [^\W_] (?:[\w-]{{0,61}}[^\W_])? \. )*
            [^\W_] (?: (?:[^\W_]|-){{0,61}} [^\W_] )? \.
            [a-z]{{2,63}}
        |
            (?<![-./])                                  # without: a host as Latin script writes it
            (?: [{_LATIN}] (?:[{_LATIN}_-]{{0,61}}[{_LATIN}])? \. )+
            (?:{_DOMAINS})
        )
        (?![a-z0-9@_+-])
        (?: :[0-9]+ )?
        (?: / (?: (?: [{_PATH}] | \([{_PATH}]*\) )* (?: [{_LETTERS}=_\#/+\-] | \([{_PATH}]*\) ) )? )?
        (?: \? [a-z0-9!?*'@();:&=+$/%\#\[\]\-_.,~|]* [a-z0-9\-_&=\#/] )?
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)


def find_links(text: str) -> Iterator[tuple[int, int]]:
    """Answers where in the text X sees a link, as (start, end) in code points, in order."""
    return (match.span() for match in _LINK.finditer(text))
