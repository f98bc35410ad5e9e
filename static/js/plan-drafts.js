/**
 * Words typed into a cell of the plan and not saved yet, kept in this browser until they are: a tab
 * that was closed or a connection that was lost takes nothing away. They belong to one person, go when
 * they are saved or thrown away, after a week, when somebody else signs in, and when the person signs out.
 */
const DRAFTS = "plan-draft:";
const DAYS_KEPT = 7;

function keys() {
  return Object.keys(localStorage).filter((key) => key.startsWith(DRAFTS));
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function forgetAllDrafts() {
  keys().forEach((key) => localStorage.removeItem(key));
}

export class Drafts {
  constructor(person, plan) {
    this.own = `${DRAFTS}${person}:${plan}:`;
    this.forgetOthers(`${DRAFTS}${person}:`);
  }

  forgetOthers(prefix) {
    const oldest = Date.now() - DAYS_KEPT * 24 * 60 * 60 * 1000;
    for (const key of keys()) {
      const draft = read(key);
      if (!key.startsWith(prefix) || !draft || draft.at < oldest) {
        localStorage.removeItem(key);
      }
    }
  }

  keep(cell, values) {
    try {
      localStorage.setItem(this.own + cell, JSON.stringify({ at: Date.now(), values }));
    } catch {
      // No room left: what is typed is still on the page.
    }
  }

  /** { at, values } of a cell, or null. */
  of(cell) {
    return read(this.own + cell);
  }

  forget(cell) {
    localStorage.removeItem(this.own + cell);
  }

  /** The ids of the cells in which something was not saved. */
  cells() {
    return keys()
      .filter((key) => key.startsWith(this.own))
      .map((key) => key.slice(this.own.length));
  }
}
