/** What is wrong with the page as it stands, which axe doesn't ask: [kind, of what]. */
({ asksFocus }) => {
  const found = []
  const MOST = 6
  const told = new Map()
  const tell = (kind, what) => {
    told.set(kind, (told.get(kind) || 0) + 1)
    if (told.get(kind) <= MOST) found.push([kind, what])
  }
  const wordsOf = element => element.textContent.trim().replace(/\s+/g, " ").slice(0, 60)
  const nameOf = element => {
    const own = [element.localName, ...element.classList].join(".")
    return `${own}${element.id ? "#" + element.id : ""} “${wordsOf(element)}”`
  }
  const isHidden = element => {
    const { width, height } = element.getBoundingClientRect()
    return !element.checkVisibility({ visibilityProperty: true }) || width <= 1 || height <= 1 ||
      Boolean(element.closest(".govuk-visually-hidden"))
  }
  const mayScroll = element => {
    for (let each = element; each && each !== document.body; each = each.parentElement)
      if (/auto|scroll/.test(getComputedStyle(each).overflowX)) return true
    return false
  }

  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth > width) {
    const beyond = [...document.querySelectorAll("body *")]
      .filter(each => !isHidden(each) && !mayScroll(each) && each.getBoundingClientRect().right > width + 1)
    tell("wider than the screen", `${document.documentElement.scrollWidth} of ${width}: ${beyond.map(nameOf).at(-1)}`)
  }
  for (const element of document.querySelectorAll("main *, header *, footer *")) {
    const is = getComputedStyle(element)
    const hasOwnWords = [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())
    if (!hasOwnWords || isHidden(element) || element.closest("svg") || is.display === "inline") continue
    if (element.scrollWidth > element.clientWidth + 1 && !mayScroll(element) && element.clientWidth)
      tell(is.overflowX === "visible" ? "words beyond their box" : "words cut off", nameOf(element))
    if (/hidden|clip/.test(is.overflowY) && element.scrollHeight > element.clientHeight + 2)
      tell("words cut off", nameOf(element))
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const ODD = [
    ["a value of the program", /\bundefined\b|\{[{%]|\bNaN\b|datetime\.|<Query|\[object/],
    ["a date for machines", /\b20\d\d-\d\d-\d\d\b|\b\d{1,2}\/\d{1,2}\/20\d\d\b/],
    ["odd punctuation", /\w\s+[,;](?=\s)|[^.]\.\.(?=\s|$)|,\s*\.|\(\s*\)|,,/],
    ["a count of one with many", /(^|\s)1 (days|people|places|actions|answers|organisations|questions|courses|returns|comments|risks|plans|deliverables|pieces|times|results|hours|rows|recommendations|cases|replies|documents|mails|months|years|weeks)\b/],
  ]
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement
    if (!node.data.trim() || parent.closest("script, style, pre, code, textarea, template, option") || isHidden(parent)) continue
    for (const [kind, pattern] of ODD) if (pattern.test(node.data)) tell(kind, node.data.trim().slice(0, 90))
  }
  for (const each of document.querySelectorAll("main h2, main h3, main td, main th, main button, main legend, main summary"))
    if (!isHidden(each) && !/td|th/.test(each.localName) && !wordsOf(each) && !each.getAttribute("aria-label"))
      tell("nothing in it", nameOf(each))
  const main = document.querySelector("main")
  if (main) {
    const filled = [...main.querySelectorAll(".govuk-button")].filter(each =>
      !isHidden(each) && !/secondary|warning|inverse/.test(each.className) && !each.closest("tr, li, details"))
    if (filled.length > 1) tell("more than one next step", filled.map(wordsOf).join(" | "))
  }

  if (asksFocus) {
    const LOOKS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor", "borderColor",
      "borderWidth", "textDecoration", "color"]
    const lookOf = (element, part) => { const is = getComputedStyle(element, part); return LOOKS.map(look => is[look]).join() }
    const sightOf = element => [[element], [element.parentElement], ...[...(element.labels || [])].flatMap(label =>
      [[label], [label, "::before"]])].map(each => lookOf(...each)).join("|")
    const FOCUSABLE = "a[href], button:not([disabled]), input:not([type=hidden], [disabled]), select, textarea, summary, [tabindex='0']"
    const style = document.createElement("style")
    for (const element of [...document.querySelectorAll(FOCUSABLE)].slice(0, 400)) {
      if (!element.checkVisibility({ visibilityProperty: true }) || element.disabled) continue
      document.activeElement?.blur?.()
      const before = sightOf(element)
      element.focus({ focusVisible: true, preventScroll: true })
      if (document.activeElement === element && sightOf(element) === before) tell("focus not seen", nameOf(element))
    }
    document.activeElement?.blur?.()
  }
  for (const [kind, count] of told) if (count > MOST) found.push([kind, `and ${count - MOST} more`])
  return found
}
