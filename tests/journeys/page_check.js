/**
 * What axe says of the page as it stands, and the looks that it found readable.
 *
 * The contrast of every word takes axe longer than all its other rules, and pages look alike. So it is asked of words
 * whose look (colour, size, and all that lies under them) no page had so far, and of those that may lie over something
 * else than what they stand in.
 */
async ({ options, known, without }) => {
  const grounds = new Map([[null, { words: "", isVeiled: false, isOver: false }]])

  /** What an element stands on and how it comes through, and whether that may be something else of the page. */
  const groundOf = element => {
    if (!grounds.has(element)) {
      const is = getComputedStyle(element), under = groundOf(element.parentElement)
      const veil = [is.opacity, is.filter, is.mixBlendMode, is.backgroundImage].join()
      const isPlain = veil === "1,none,normal,none"
      const isClear = is.backgroundColor === "rgba(0, 0, 0, 0)"
      const hidesRest = isPlain && is.backgroundColor.startsWith("rgb(") && !under.isVeiled
      const isMoved = is.position === "relative" && (parseFloat(is.top) || parseFloat(is.left))
      const mayLieOver = isMoved || /absolute|fixed|sticky/.test(is.position) || is.margin.includes("-")
      grounds.set(element, {
        words: isPlain && isClear ? under.words : [veil, is.backgroundColor, hidesRest ? "" : under.words].join("|"),
        isVeiled: under.isVeiled || !isPlain,
        isOver: under.isOver || mayLieOver || is.transform !== "none",
      })
    }
    return grounds.get(element)
  }

  const lookOf = element => {
    const is = getComputedStyle(element)
    return [is.color, is.textShadow, is.fontSize, is.fontWeight >= 700, groundOf(element).words].join("|")
  }

  const hasWords = element =>
    element.matches("input:not([type=checkbox], [type=file], [type=radio]), select, textarea") ||
    [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim())

  const isSeen = element => {
    const { width, height } = element.getBoundingClientRect()
    return element.checkVisibility() && !(width <= 1 && height <= 1 && getComputedStyle(element).overflow === "hidden")
  }

  const seen = new Set(known)
  const words = [...document.querySelectorAll("body, body *")].filter(each => hasWords(each) && isSeen(each))
  const asked = words.filter(each => groundOf(each).isOver || !seen.has(lookOf(each)))
  const rules = Object.fromEntries(["color-contrast", ...without].map(rule => [rule, { enabled: false }]))
  const { violations } = await axe.run({ ...options, rules })
  if (!asked.length) return { violations, readable: [] }
  const ofContrast = { runOnly: ["color-contrast"], resultTypes: ["violations", "passes"], elementRef: true }
  const contrast = await axe.run({ include: asked }, ofContrast)
  const passed = contrast.passes.flatMap(rule => rule.nodes.map(node => node.element))
  for (const rule of contrast.violations) for (const node of rule.nodes) delete node.element
  return {
    violations: [...violations, ...contrast.violations],
    readable: [...new Set(passed.filter(each => !groundOf(each).isOver).map(lookOf))],
  }
}
