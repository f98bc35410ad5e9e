"""A form on a page, filled in as somebody in a hurry would: the first choice everywhere, a word in each box."""


def filled(form, words="Words"):
    """{name: text} of each control of ``form`` (of lxml) but files and buttons. ``words``: for each empty box."""
    found = {}
    for control in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        found |= answer_to(control, found, words)
    return found


def answer_to(control, so_far, words):
    name, kind = control.get("name"), control.get("type") or control.tag
    if kind in {"file", "submit"} or name in so_far:
        return {}
    if kind == "select":
        return {name: next((value for value in control.xpath(".//option/@value") if value), "")}
    there = control.get("value") or (control.text or "").strip()
    if kind in {"hidden", "radio", "checkbox"} or there:
        return {name: there}
    if not words:
        return {name: ""}
    if name.endswith(("_day", "_month")):
        return {name: "4"}
    if kind == "email":
        return {name: "words@example.org"}
    if kind == "number" or control.get("inputmode") in {"numeric", "decimal"} or name.endswith("_year"):
        return {name: "2027" if name.endswith("_year") else "3"}
    return {name: "https://example.org/x" if kind == "url" else words}
