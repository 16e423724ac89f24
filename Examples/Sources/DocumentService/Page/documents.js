// The list of an owner's files: pages, search, addresses, deletion with a way back.

import { ConnectionError, serviceTime } from "/api.js"
import { arrange, button, byID, fromTemplate, setText } from "/dom.js"
import { badge, clock, fullMoment, kind, moment, size } from "/text.js"
import { toast } from "/toasts.js"

const pageSize = 20
const searchDelay = 250
const addedDelay = 200
// A service that filters while it reads may answer with a page of nothing, and more behind it.
const emptyPagesFollowed = 20
// Thumbnails are made after the upload; the list is read again after so many milliseconds.
const thumbnailWaits = [700, 1_500, 3_000, 6_000, 12_000]

/// What a browser can show by itself, and which can run no script in doing so.
const shownInline =
  /^(image\/(png|jpeg|gif|webp|avif|bmp)|application\/pdf|text\/plain|(audio|video)\/.+)$/

/// Shows one owner's files.
export class DocumentsView {
  #api
  #rows = new Map()
  // The ways to the page that is shown and to those before it; that of the first page is none.
  #cursors = [undefined]
  // The same of the page that is read: another list while the page is turned.
  #target = this.#cursors
  #next
  // The button that was pressed to turn the page.
  #pressed
  #search = ""
  #reading
  #typing
  #hidden = new Set()
  #highlighted = new Set()
  #adding
  #thumbnailTimer
  #thumbnailTry = 0

  constructor(api) {
    this.#api = api
    byID("next").addEventListener("click", ({ currentTarget }) =>
      this.#turn(currentTarget, [...this.#cursors, this.#next]))
    byID("previous").addEventListener("click", ({ currentTarget }) =>
      this.#turn(currentTarget, this.#cursors.slice(0, -1)))
    byID("search").addEventListener("input", () => {
      clearTimeout(this.#typing)
      this.#typing = setTimeout(() => this.#find(), searchDelay)
    })
    byID("search").addEventListener("search", () => this.#find())
    button(byID("list-error"), "again")?.addEventListener("click", () => this.read())
    this.read()
  }

  /// Shows another owner's files.
  show(api) {
    this.#api = api
    this.#toFirstPage()
    this.#search = byID("search").value = ""
    this.#hidden.clear()
    // Nothing of the other owner's may stay, whatever happens now.
    this.#draw({ documents: [] })
    byID("nothing").hidden = true
    this.read()
  }

  /// There is a new one: shows it, if this is the page where it is.
  added(document) {
    this.#thumbnailTry = 0
    if (document) this.#highlighted.add(document.id)
    // Many small files come one upon the other.
    this.#adding ??= setTimeout(() => {
      this.#adding = undefined
      this.read()
    }, addedDelay)
  }

  #find() {
    clearTimeout(this.#typing)
    const text = byID("search").value.trim()
    if (text === this.#search) return
    this.#search = text
    this.#toFirstPage()
    this.read()
  }

  #toFirstPage() {
    this.#cursors = this.#target = [undefined]
    this.#next = undefined
    this.#drawButtons()
  }

  /// Turns to another page, which takes the place of this one once it is read.
  #turn(pressed, cursors) {
    if (cursors.length === 0) return
    this.#pressed = pressed
    this.#target = cursors
    this.#drawButtons()
    this.read()
  }

  /// Has the keyboard go on where it makes sense: a button that is disabled loses the focus.
  #giveFocusBack(isTurned) {
    const pressed = this.#pressed
    this.#pressed = undefined
    if (!pressed || ![pressed, document.body].includes(document.activeElement)) return
    if (!isTurned) return pressed.focus({ preventScroll: true })
    byID("documents-title").focus({ preventScroll: true })
    byID("documents-title").scrollIntoView({ block: "nearest" })
  }

  /// Reads the page again, or the one that is turned to.
  async read() {
    this.#reading?.abort()
    const reading = new AbortController()
    this.#reading = reading
    const cursors = this.#target
    clearTimeout(this.#thumbnailTimer)
    byID("document-list").setAttribute("aria-busy", "true")
    try {
      const page = await this.#page(cursors.at(-1), reading.signal)
      // It may have come all the same.
      reading.signal.throwIfAborted()
      byID("list-error").hidden = true
      this.#cursors = cursors
      this.#draw(page)
      this.#giveFocusBack(true)
    } catch (error) {
      if (reading.signal.aborted) return
      this.#target = this.#cursors
      this.#drawButtons()
      this.#drawError(error)
      this.#giveFocusBack(false)
    }
    byID("document-list").setAttribute("aria-busy", "false")
  }

  async #page(cursor, signal) {
    for (let count = 0; ; count += 1) {
      const query = { limit: pageSize, cursor, search: this.#search }
      const page = await this.#api.documents(query, signal)
      if (page.documents.length > 0 || !page.cursor || count === emptyPagesFollowed) return page
      cursor = page.cursor
    }
  }

  #draw({ documents, cursor }) {
    this.#next = cursor || undefined
    const shown = documents.filter(({ id }) => !this.#hidden.has(id))
    const rows = shown.map((document) => this.#row(document))
    const ids = new Set(shown.map(({ id }) => id))
    for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id)
    arrange(byID("document-list"), rows)
    for (const id of this.#highlighted) this.#rows.get(id)?.classList.add("new")
    this.#highlighted.clear()
    const isFirst = this.#cursors.length === 1
    byID("pages").hidden = isFirst && !this.#next
    this.#drawButtons()
    setText(byID("page-number"), `Page ${this.#cursors.length}`)
    this.#drawNothing(rows.length === 0)
    this.#waitForThumbnails(shown)
  }

  /// One can turn the page, but not while another one is read.
  #drawButtons() {
    const isTurning = this.#target !== this.#cursors
    byID("previous").disabled = isTurning || this.#cursors.length === 1
    byID("next").disabled = isTurning || !this.#next
  }

  #drawNothing(isEmpty) {
    const text = this.#search
      ? `No file has “${this.#search}” in its name.`
      : this.#cursors.length > 1 ? "There is nothing on this page any more."
        : "No files yet. What you upload is listed here."
    byID("nothing").hidden = !isEmpty
    setText(byID("nothing"), isEmpty ? text : "")
  }

  #drawError(error) {
    byID("list-error").hidden = false
    setText(byID("list-error").querySelector("p"), `The list can't be read. ${error.message}`)
  }

  // --- rows

  #row(document) {
    let row = this.#rows.get(document.id)
    if (!row) {
      row = this.#newRow(document)
      this.#rows.set(document.id, row)
    }
    this.#drawThumbnail(row, document)
    return row
  }

  #newRow(document) {
    const row = fromTemplate("document-row")
    const name = document.fileName || "(no name)"
    const date = new Date(document.uploaded ?? document.created)
    row.dataset.id = document.id
    const mark = row.querySelector(".badge")
    mark.textContent = badge(name, document.contentType)
    mark.dataset.kind = kind(document.contentType ?? "")
    const open = button(row, "open")
    open.textContent = name
    open.title = name
    const state = row.querySelector(".state")
    state.textContent = `${size(document.byteCount ?? 0)} · ${moment(date)}`
    state.title = `${document.contentType ?? "unknown type"}, ${fullMoment(date)}`
    const actions = {
      open: () => this.#open(document),
      copy: () => this.#copy(document),
      delete: () => this.#delete(document, row),
    }
    for (const [action, act] of Object.entries(actions)) {
      const control = button(row, action)
      const label = action === "open" ? "Open" : control.textContent
      control.setAttribute("aria-label", `${label} ${name}`)
      control.addEventListener("click", () => act().catch((error) => tell(name, error)))
    }
    return row
  }

  #drawThumbnail(row, { thumbnailURL }) {
    const mark = row.querySelector(".badge")
    if (!thumbnailURL || mark.querySelector("img")) return
    const image = new Image()
    image.alt = ""
    image.addEventListener("load", () => mark.replaceChildren(image), { once: true })
    image.src = thumbnailURL
  }

  /// Reads the page again while an image that came lately has no thumbnail.
  #waitForThumbnails(documents) {
    const isNew = ({ uploaded }) => Date.now() - Date.parse(uploaded) < 60_000
    const isWaiting = documents.some((document) =>
      !document.thumbnailURL && document.contentType?.startsWith("image/") && isNew(document))
    const wait = thumbnailWaits[this.#thumbnailTry]
    if (!isWaiting || wait === undefined) return
    this.#thumbnailTry += 1
    this.#thumbnailTimer = setTimeout(() => this.read(), wait)
  }

  // --- what can be done

  async #open({ id, contentType }) {
    // At once, since only a click may open one.
    const tab = window.open("", "_blank")
    try {
      const { url } = await this.#api.address(id, disposition(contentType))
      if (!tab) return showAddress(url, "The browser refused to open it by itself.")
      tab.opener = null
      tab.location.replace(new URL(url, location.href))
    } catch (error) {
      tab?.close()
      throw error
    }
  }

  async #copy({ id, fileName, contentType }) {
    const { url, expiresAt } = await this.#api.address(id, disposition(contentType))
    const address = new URL(url, location.href).href
    const until = expiresAt ? `It is good until ${clock(new Date(expiresAt))}.` : ""
    try {
      await navigator.clipboard.writeText(address)
      toast(`The address of “${fileName}” is copied. ${until}`)
    } catch {
      showAddress(address, `The browser refused to copy it by itself. ${until}`)
    }
  }

  async #delete({ id, fileName }, row) {
    const api = this.#api
    const { undoUntil } = await api.delete(id) ?? {}
    this.#hidden.add(id)
    const next = row.nextElementSibling ?? row.previousElementSibling
    row.remove()
    this.#rows.delete(id)
    const target = next ? button(next, "delete") : byID("documents-title")
    target.focus({ preventScroll: true })
    if (this.#rows.size === 0) this.read()
    const name = fileName || "the file"
    if (!undoUntil) return toast(`“${name}” is deleted.`)
    const undo = {
      label: "Undo", until: localTime(undoUntil), act: () => this.#restore(api, id, name, undo),
    }
    toast(`“${name}” is deleted.`, undo)
  }

  async #restore(api, id, name, undo) {
    try {
      await api.restore(id)
      this.#highlighted.add(id)
      toast(`“${name}” is back.`)
    } catch (error) {
      const mayHeal = error instanceof ConnectionError || error.status >= 500
      tell(name, error, mayHeal && Date.now() < undo.until ? undo : {})
    }
    // It may be back although the answer was lost: the list tells.
    this.#hidden.delete(id)
    if (api === this.#api) await this.read()
  }
}

function disposition(contentType) {
  const type = (contentType ?? "").toLowerCase().split(";")[0].trim()
  return shownInline.test(type) ? "inline" : "attachment"
}

/// A time of the service's by this computer's clock.
const localTime = (text) => Date.parse(text) - serviceTime() + Date.now()

function tell(name, error, options = {}) {
  toast(`“${name}”: ${error.message}`, { ...options, isProblem: true })
}

/// Shows an address to be copied by hand.
function showAddress(address, note) {
  byID("address-note").textContent = note
  byID("address-text").value = address
  byID("address").showModal()
  byID("address-text").select()
}
