"""Words that people of the cast are made of: names, trades, interests, places. Lists only."""

# fmt: off
FIRST_NAMES = (
    "Ada", "Amara", "Anouk", "Asha", "Ben", "Bruno", "Carla", "Chidi", "Clara", "Dario", "Dilan",
    "Elif", "Elena", "Emeka", "Esra", "Farid", "Femi", "Freya", "Gita", "Hana", "Hugo", "Imani", "Ines",
    "Ivo", "Jana", "Jonas", "Kaya", "Kofi", "Lea", "Leon", "Lior", "Lucia", "Mads", "Maya", "Mina",
    "Nadia", "Nils", "Noor", "Olga", "Omar", "Paula", "Pavel", "Priya", "Quinn", "Rafa", "Rosa", "Sami",
    "Selma", "Sven", "Tala", "Theo", "Tomas", "Uma", "Vera", "Viktor", "Wanda", "Xenia", "Yara",
    "Yusuf", "Zoe",
)
LAST_NAMES = (
    "Abel", "Adler", "Amadi", "Aydin", "Baker", "Bauer", "Bell", "Berg", "Bianchi", "Brandt", "Castro",
    "Chen", "Cole", "Costa", "Demir", "Diaz", "Duarte", "Ekman", "Falk", "Ferrari", "Frost", "Garcia",
    "Grant", "Haas", "Hahn", "Hart", "Holm", "Ibrahim", "Ivanov", "Jansen", "Kaya", "Keller", "Khan",
    "Klein", "Kovac", "Lang", "Larsen", "Lopez", "Maier", "Marsh", "Mendes", "Meyer", "Moreau", "Nagy",
    "Nair", "Novak", "Okafor", "Olsen", "Park", "Petrov", "Quist", "Rao", "Reed", "Rossi", "Roth",
    "Sato", "Silva", "Singh", "Stone", "Tanaka", "Vogt", "Weber", "Wolf", "Young",
)
TRADES = (
    "nurse", "teacher", "runner", "dietitian", "physio", "coder", "parent of two", "night-shift worker",
    "gardener", "coach", "student", "cook", "cyclist", "yoga beginner", "hiker", "librarian",
    "designer", "carpenter", "nutrition nerd", "editor",
)
INTERESTS = (
    "sleep", "long walks", "strength training", "good food", "calm mornings", "sunlight",
    "less screen time", "stretching", "tea", "slow habits", "cold water", "breathing", "mountain air",
    "books", "sea swimming",
)
# Not everybody says where they live.
PLACES = (
    "Lisbon", "Leeds", "Austin", "Utrecht", "Nairobi", "Toronto", "Oslo", "Bern", "Lagos", "Izmir",
    "Pune", "Graz", "", "", "",
)
# fmt: on
