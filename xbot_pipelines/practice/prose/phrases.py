"""The templates of the grammar: openings, angles, tones, lists, stories, questions and answers of posts.

Only material. A template is filled with the pieces of a subject: {noun} {act} {act2} {slip} {reason} {myth} {fact}, and
with a capital letter where one begins a sentence: {Noun} {Act} …. The key "" of a table serves whatever has no entry.
"""

from collections.abc import Mapping, Sequence

Templates = Mapping[str, Sequence[str]]

OPENINGS: Templates = {
    "question": (
        "What makes {noun} easier?",
        "Does {noun} feel harder than it should?",
        "How is {noun} going this week?",
        "When did {noun} last feel easy?",
        "Is {noun} still on the list?",
    ),
    "surprising contrast": (
        "{Noun} is not about more effort.",
        "{Noun}: less force, more rhythm.",
        "The surprising part of {noun} is how small it can be.",
        "{Noun} isn't a project, but a handful of minutes.",
        "More plans did less for {noun} than one quiet change.",
    ),
    "number": (
        "Give {noun} 5 minutes today.",
        "{Noun} in 2 minutes.",
        "1 idea about {noun} for the week.",
        "{Noun}, 1 page, 1 thought.",
    ),
    "confession": (
        "Confession: {noun} is still the hardest part of the week.",
        "I admit it: {noun} took me years.",
        "I was wrong about {noun} for a long time.",
        "Confession: I used to overthink {noun}.",
    ),
    "": (
        "{Noun} is worth a few minutes a day.",
        "A word about {noun}.",
        "{Noun} likes small and steady.",
        "Here is a thought on {noun}.",
        "Let's talk about {noun}.",
    ),
}

ANGLE_SENTENCES: Templates = {
    "common mistake": (
        "A common mistake: {slip}. Instead, {act}.",
        "Where it goes wrong: {slip}.",
        "The mistake most people make is {slip}. Better: {act}.",
    ),
    "small experiment": (
        "A small experiment: {act}, and see what changes.",
        "Try this for a week: {act}.",
        "Test it this week: {act}. {Reason}.",
    ),
    "why it matters": (
        "It matters because {reason}.",
        "The reason: {reason}.",
        "It helps to {act}, because {reason}.",
    ),
    "myth and fact": (
        "The myth: {myth}. The fact: {fact}.",
        "You have heard that {myth}. Actually, {fact}.",
        "Myth: {myth}. Fact: {fact}. So {act}.",
    ),
    "personal routine": (
        "My routine: {act}, then {act2}.",
        "What I do: {act}. {Reason}.",
        "I always do the same: {act}, then {act2}.",
    ),
    "how to start": (
        "How to start: {act}.",
        "A first step: {act}. {Reason}.",
        "Begin small: {act}.",
    ),
    "": ("{Reason}.", "It pays to {act}: {reason}.", "{Reason}, so {act}."),
}

TONE_SENTENCES: Templates = {
    "warm": (
        "Be gentle with yourself while it settles.",
        "We all have off days, and that's okay.",
        "You're not alone in this.",
        "Be kind to the version of you that is learning it.",
    ),
    "playful": (
        "Your couch may file a complaint.",
        "Spoiler: it is secretly easy.",
        "No confetti required.",
        "The inner gremlin will survive it.",
    ),
    "direct": ("Simple as that.", "No excuses.", "Do it once today.", "Just do the next one."),
    "": ("", "", "It adds up.", "Small and steady is plenty."),
}

CLAUSES: Templates = {
    "common mistake": (
        "the common mistake with {noun} is {slip}",
        "with {noun}, most people go wrong by {slip}",
        "{slip} is an easy mistake to make with {noun}",
    ),
    "small experiment": (
        "a good experiment with {noun} for this week is to {act}",
        "it is worth a test to {act} for a week, for the sake of {noun}",
        "an experiment worth a week of {noun} is to {act}",
    ),
    "why it matters": (
        "{noun} matters because {reason}",
        "the reason to care about {noun} is that {reason}",
        "for {noun} it helps to {act}, because {reason}",
    ),
    "myth and fact": (
        "it is a myth about {noun} that {myth}; in fact, {fact}",
        "on {noun} you have heard that {myth}, and actually {fact}",
    ),
    "personal routine": (
        "my routine for {noun} is to {act}, then {act2}",
        "what I do for {noun} is to {act}",
        "for {noun} my own rule is to {act}",
    ),
    "how to start": (
        "a first step with {noun} is to {act}",
        "the way to start with {noun} is to {act}",
        "{noun} can begin today if we {act}",
    ),
    "": ("{noun} is easier when {reason}", "for {noun} it pays to {act}"),
}

# One sentence around a clause {clause}; the tone comes before it in a question, behind it elsewhere.
SENTENCES: Templates = {
    "question": (
        "{lead}did you know that {clause}?",
        "{lead}does it surprise anyone that {clause}?",
        "{lead}who else finds that {clause}?",
    ),
    "surprising contrast": (
        "not more effort, but better aim: {clause}{tail}.",
        "surprising, but true: {clause}{tail}.",
        "less force, more rhythm: {clause}{tail}.",
    ),
    "number": (
        "1 small thought for today: {clause}{tail}.",
        "5 minutes are plenty: {clause}{tail}.",
        "lesson 1: {clause}{tail}.",
    ),
    "confession": (
        "confession: {clause}{tail}.",
        "I admit it: {clause}{tail}.",
        "it took me years to see that {clause}{tail}.",
    ),
    "": ("{clause}{tail}.", "worth saying: {clause}{tail}.", "today's reminder: {clause}{tail}."),
}
TONE_LEADS: Templates = {
    "warm": ("a gentle question: ", "kindly asked: "),
    "playful": ("plot twist: ", "spoiler or not, "),
    "direct": ("just one question: ", "just asking: "),
    "": ("",),
}
TONE_TAILS: Templates = {
    "warm": (
        ", so be kind to yourself",
        ", and that's okay",
        ", gently and without hurry",
        ", and we all learn it slowly",
    ),
    "playful": (
        ", plot twist included",
        " (the inner gremlin objects)",
        ", no confetti needed",
        ", which is secretly magic",
    ),
    "direct": (", simple as that", ", no excuses", ", so do it"),
    "": ("",),
}

LIST_TITLES: Templates = {
    "common mistake": ("Common mistakes with {noun}:", "Mistakes people make with {noun}:"),
    "small experiment": ("An experiment with {noun} for this week:", "Test this week, for {noun}:"),
    "why it matters": ("Why {noun} matters:", "Reasons to care about {noun}:"),
    "myth and fact": ("A myth and a fact about {noun}:", "{Noun}, myth and fact:"),
    "personal routine": ("My routine for {noun}:", "What I do for {noun}:"),
    "how to start": ("How to start with {noun}:", "First steps with {noun}:"),
    "": ("Good to know about {noun}:", "Notes on {noun}:"),
}
NUMBERED_LIST_TITLES: Templates = {
    "common mistake": ("{count} common mistakes with {noun}:", "{count} mistakes people make with {noun}:"),
    "small experiment": ("An experiment with {noun} in {count} steps:", "{count} things to test this week for {noun}:"),
    "why it matters": ("{count} reasons why {noun} matters:", "Why {noun} matters, in {count} lines:"),
    "myth and fact": ("1 myth and 1 fact about {noun}:", "{Noun}, {count} lines of myth and fact:"),
    "personal routine": ("My routine for {noun} in {count} steps:", "What I do for {noun}, in {count} lines:"),
    "how to start": ("{count} ways to start with {noun}:", "Start with {noun} in {count} steps:"),
    "": ("{count} notes on {noun}:", "{count} things to know about {noun}:"),
}
BULLETS: Sequence[str] = ("- ", "• ", "→ ", "– ")

STORIES: Sequence[str] = (
    "Last week a colleague kept {slip}. Then she chose to {act}.",
    "A neighbour was {slip} for years. One day he chose to {act}.",
    "Yesterday a cousin noticed she was {slip}. Tonight she will {act}.",
    "Last month somebody I know kept {slip}. He now tries to {act}.",
    "One day my sister had enough of {slip}. Her answer: {act}.",
)
STORY_ENDS: Sequence[str] = (
    "By Friday it felt ordinary.",
    "The days got a little softer.",
    "Nobody clapped; it stayed anyway.",
    "It stuck.",
    "",
)

QUESTIONS: Templates = {
    "common mistake": ("What is the common mistake with {noun}?", "Which mistake spoils {noun}?"),
    "small experiment": ("Which experiment with {noun} fits this week?", "What to test for {noun} this week?"),
    "why it matters": ("Why does {noun} matter?", "What is the reason to care about {noun}?"),
    "myth and fact": ("{Noun}: is it a fact that {myth}?", "Myth or fact about {noun}: {myth}?"),
    "personal routine": ("What does my routine for {noun} look like?", "My routine for {noun}?"),
    "how to start": ("How to start with {noun}?", "Where to begin with {noun}?"),
    "": ("What is good to know about {noun}?", "What does {noun} ask for?"),
}
ANSWERS: Templates = {
    "common mistake": ("Mostly {slip}. Instead, {act}.", "{Slip}. Better: {act}."),
    "small experiment": ("{Act} for a week.", "{Act}, and watch what changes."),
    "why it matters": ("Because {reason}.", "Because {reason}, and {reason2}."),
    "myth and fact": ("A myth. In fact, {fact}.", "Actually, {fact}."),
    "personal routine": ("{Act}, then {act2}.", "{Act}. {Reason}."),
    "how to start": ("{Act}.", "The first step: {act}. {Reason}."),
    "": ("{Reason}.", "{Act}: {reason}."),
}
