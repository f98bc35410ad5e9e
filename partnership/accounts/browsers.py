"""How a browser names itself, in words that its owner knows it by."""

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
DEVICES = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "a Mac"),
    ("Linux", "Linux"),
)


def browser_in_words(name):
    """ "Firefox on Windows" from how a browser names itself; what nobody knows is shown as it is."""
    browser = next((word for sign, word in BROWSERS if sign in name), "")
    device = next((word for sign, word in DEVICES if sign in name), "")
    return f"{browser} on {device}" if browser and device else browser or name[:60] or "A browser that gives no name"
