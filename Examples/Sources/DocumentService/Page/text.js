// How sizes, times and types read.

// A number is never parted from its unit.
const space = "\u00a0"
const units = ["bytes", "KB", "MB", "GB", "TB"]
const wholeNumber = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 })
const shortNumber = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 })
const percentNumber = new Intl.NumberFormat(undefined, { style: "percent" })
const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" })
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" })

/// Such as "5.2 MB", with 1 MB = 1,048,576 bytes as file managers count.
export function size(byteCount) {
  let unit = 0
  let value = byteCount
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  const format = unit > 0 && value < 100 ? shortNumber : wholeNumber
  return `${format.format(value)}${space}${byteCount === 1 ? "byte" : units[unit]}`
}

/// Such as "34%", and "100%" only when all is there.
export const percent = (share) => percentNumber.format(Math.floor(share * 100) / 100)

/// Such as "5 s", of a number of milliseconds.
export const seconds = (time) => `${Math.max(0, Math.ceil(time / 1000))}${space}s`

/// Such as "2 min 5 s left", of a number of seconds.
export function timeLeft(time) {
  const whole = Math.max(1, Math.ceil(time))
  const minutes = Math.floor(whole / 60)
  const text = whole < 60 ? `${whole} s left`
    : minutes < 60 ? `${minutes} min ${whole % 60} s left`
      : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`
  return text.replaceAll(" ", space)
}

/// Such as "today, 14:03".
export function moment(date) {
  const text = isToday(date) ? "today" : day.format(date)
  return `${text}, ${time.format(date)}`
}

export const clock = (date) => time.format(date)

export const fullMoment = (date) => full.format(date)

function isToday(date) {
  return date.toDateString() === new Date().toDateString()
}

export const plural = (count, one, many) =>
  `${wholeNumber.format(count)} ${count === 1 ? one : many}`

const kinds = [
  ["image", /^image\//],
  ["video", /^video\//],
  ["audio", /^audio\//],
  ["text", /^text\/|\/(json|xml|pdf)$|document|spreadsheet|presentation/],
  ["archive", /zip|tar|compressed|7z/],
]

/// One of a few kinds, which the colours of the badges tell apart.
export const kind = (contentType) =>
  kinds.find(([, pattern]) => pattern.test(contentType))?.[0] ?? "other"

/// At most four letters for a badge: the file's extension, or what is after the slash of its type.
export function badge(fileName, contentType) {
  const short = /^([A-Za-z0-9]{1,4})$/
  const extension = short.exec(fileName.split(".").slice(1).pop())?.[1]
  const letters = extension ?? short.exec(contentType?.split("/")[1])?.[1] ?? "file"
  return letters.toUpperCase()
}

const typeNames = {
  "*/*": "anything",
  "application/octet-stream": "other binary files",
  "text/plain": "plain text",
}

/// Such as "PNG" for "image/png", "any image" for "image/*".
export function typeName(pattern) {
  if (typeNames[pattern]) return typeNames[pattern]
  const [group, name] = pattern.split("/")
  if (name === "*") return `any ${group}`
  const last = name.replace(/^x-|\+xml$/g, "").split(".").pop()
  return last.length <= 5 ? last.toUpperCase() : pattern
}

/// Whether a type is one of the patterns, such as "image/*"; without patterns, any is.
export function isAllowed(contentType, patterns) {
  if (!patterns?.length) return true
  const type = contentType.toLowerCase().split(";")[0].trim()
  return patterns.some((pattern) => pattern === "*/*" || pattern === type ||
    (pattern.endsWith("/*") && type.startsWith(pattern.slice(0, -1))))
}
