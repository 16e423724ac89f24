// What the parts of the page share: elements by id, rows from templates, a voice.

export const byID = (id) => document.getElementById(id)

/// A new element as the template of that name has it.
export const fromTemplate = (id) => byID(id).content.firstElementChild.cloneNode(true)

/// The button in an element that does something.
export const button = (element, name) => element.querySelector(`[data-do="${name}"]`)

/// Sets a text if it is another one, so that nothing is read out or drawn twice.
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/// Puts rows in order, touching only those in the wrong place: the focus stays where it is.
export function arrange(list, rows) {
  const wanted = new Set(rows)
  for (const row of [...list.children]) if (!wanted.has(row)) row.remove()
  rows.forEach((row, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null)
  })
}

let silence

/// Has a screen reader say something. What comes within a moment is said together.
export function announce(text) {
  const announcer = byID("announcer")
  const isSpeaking = silence !== undefined
  clearTimeout(silence)
  announcer.textContent = isSpeaking ? `${announcer.textContent} ${text}` : text
  silence = setTimeout(() => {
    silence = undefined
    announcer.textContent = ""
  }, 3000)
}
