// Messages that come up for a while, some with a way back.

import { announce, button, byID, fromTemplate } from "/dom.js"

const usualTime = 5_000

/// Shows a message.
///
/// - Parameters:
///   - text: The message.
///   - options: `label` and `act`: a button; `until`: when it goes, by `Date.now()`; `isProblem`.
export function toast(text, options = {}) {
  const { label, act, until = Date.now() + usualTime, isProblem = false } = options
  const element = fromTemplate("toast")
  const control = button(element, "act")
  const duration = Math.max(1000, until - Date.now())
  const remove = () => {
    clearTimeout(timer)
    const hadFocus = element.contains(document.activeElement)
    element.remove()
    if (hadFocus) byID("documents-title").focus({ preventScroll: true })
  }
  const timer = setTimeout(remove, duration)
  element.querySelector("p").textContent = text
  element.classList.toggle("problem", isProblem)
  control.hidden = !act
  if (act) {
    control.textContent = label
    control.addEventListener("click", () => {
      remove()
      act()
    })
    // How much of the time is left; the animation is the style sheet's.
    element.querySelector(".time").style.animationDuration = `${duration}ms`
  } else {
    element.querySelector(".time").hidden = true
  }
  button(element, "close").addEventListener("click", remove)
  byID("toasts").append(element)
  announce(act ? `${text} ${label}: Control Z.` : text)
}

/// Does what the button of the latest message with one does.
///
/// - Returns: Whether there was one.
export function actOnLatestToast() {
  const control = [...byID("toasts").querySelectorAll("[data-do=act]:not([hidden])")].at(-1)
  control?.click()
  return control !== undefined
}
