"""The languages in which a companion of a report can be: BCP 47 tag, English name, and the language's own."""

OWN = "en-GB"
LANGUAGES = (
    (OWN, "English", "English"),
    ("sq", "Albanian", "Shqip"),
    ("ar", "Arabic", "العربية"),
    ("bn", "Bengali", "বাংলা"),
    ("bg", "Bulgarian", "Български"),
    ("zh-Hans", "Chinese, simplified", "简体中文"),
    ("zh-Hant", "Chinese, traditional", "繁體中文"),
    ("cs", "Czech", "Čeština"),
    ("prs", "Dari", "دری"),
    ("fa", "Farsi", "فارسی"),
    ("fr", "French", "Français"),
    ("gu", "Gujarati", "ગુજરાતી"),
    ("hi", "Hindi", "हिन्दी"),
    ("hu", "Hungarian", "Magyar"),
    ("ckb", "Kurdish, Sorani", "کوردی"),
    ("lv", "Latvian", "Latviešu"),
    ("lt", "Lithuanian", "Lietuvių"),
    ("ps", "Pashto", "پښتو"),
    ("pl", "Polish", "Polski"),
    ("pt", "Portuguese", "Português"),
    ("pa", "Punjabi", "ਪੰਜਾਬੀ"),
    ("ro", "Romanian", "Română"),
    ("sk", "Slovak", "Slovenčina"),
    ("so", "Somali", "Soomaali"),
    ("es", "Spanish", "Español"),
    ("ta", "Tamil", "தமிழ்"),
    ("ti", "Tigrinya", "ትግርኛ"),
    ("tr", "Turkish", "Türkçe"),
    ("uk", "Ukrainian", "Українська"),
    ("ur", "Urdu", "اردو"),
    ("vi", "Vietnamese", "Tiếng Việt"),
    ("cy", "Welsh", "Cymraeg"),
)
NAMES = {code: name for code, name, _own in LANGUAGES}


def choices():
    return [(code, name if name == own else f"{name} ({own})") for code, name, own in LANGUAGES]


def is_same(one, other):
    """Whether two tags name the same language, wherever it is spoken."""
    return one.partition("-")[0].lower() == other.partition("-")[0].lower()
