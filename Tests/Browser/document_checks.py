"""The list: pages, search, addresses, deletion and the way back, owners."""

from selenium.common.exceptions import StaleElementReferenceException

from browser import wait_for
from checks import check
from service import fetch

COUNT = 45
PAGE_SIZE = 20
UNDO = "#toasts [data-do=act]:not([hidden])"


def upload_notes(place):
    """Uploads some pages of files; their names as they are listed, newest first."""
    names = [f"note {number:02}.txt" for number in range(COUNT)]
    for name in names:
        place.service.upload(place.owner, name, "text/plain", name.encode())
    place.page.reload()
    return names[::-1]


@check
def pages_and_search(place):
    newest_first = upload_notes(place)
    page = place.page
    assert page.names() == newest_first[:PAGE_SIZE], page.names()
    previous, following = page.element("#previous"), page.element("#next")
    assert not previous.is_enabled() and following.is_enabled()
    for number, expected in ((2, newest_first[20:40]), (3, newest_first[40:])):
        following.click()
        page.wait_for_names(f"page {number} is shown", lambda shown: shown == expected)
        assert page.element("#page-number").text == f"Page {number}"
    assert not following.is_enabled()
    previous.click()
    page.wait_for_names("page 2 is shown again", lambda shown: shown == newest_first[20:40])
    place.shoot("pages")

    page.search("TE 07")
    page.wait_for_names("the search found it", lambda shown: shown == ["note 07.txt"])
    page.search("no such name <b>")
    page.wait_for_names("the search found nothing", lambda shown: shown == [])
    assert "no such name <b>" in page.element("#nothing").text
    place.shoot("nothing-found")
    page.search("note 1")
    found = [name for name in newest_first if "note 1" in name]
    page.wait_for_names("the search found ten", lambda shown: shown == found)
    page.element("#search").clear()
    # Selenium's clear sends no key: what a user's × in the field does.
    place.browser.run("arguments[0].dispatchEvent(new Event('search'))", page.element("#search"))
    page.wait_for_names("all are shown", lambda shown: shown == newest_first[:PAGE_SIZE])


@check
def pages_turned_in_haste(place):
    """Two clicks turn one page; one that can't be read leaves the other where it is."""
    place.expected_problems += ["ERR_BLOCKED_BY_CLIENT"]
    newest_first = upload_notes(place)
    page = place.page

    def press_twice(name):
        # The second comes before anything can be answered.
        place.browser.run("""
          const control = document.getElementById(arguments[0])
          control.focus()
          control.click()
          control.click()""", name)

    def is_focused(name):
        return place.browser.run("return document.activeElement.id") == name

    press_twice("next")
    page.wait_for_names("page 2 is shown", lambda shown: shown == newest_first[20:40])
    assert page.element("#page-number").text == "Page 2"
    wait_for("the focus is on the title", lambda: is_focused("documents-title"))
    press_twice("previous")
    page.wait_for_names("page 1 is shown", lambda shown: shown == newest_first[:PAGE_SIZE])
    assert page.element("#page-number").text == "Page 1"
    assert not page.element("#previous").is_enabled()

    error = page.element("#list-error")
    place.browser.command("Network.setBlockedURLs", urls=["*/api/documents*"])
    try:
        press_twice("next")
        wait_for("the error is shown", error.is_displayed)
        assert page.names() == newest_first[:PAGE_SIZE]
        assert page.element("#page-number").text == "Page 1"
        assert not page.element("#previous").is_enabled()
        wait_for("the focus is where it was", lambda: is_focused("next"))
    finally:
        place.browser.command("Network.setBlockedURLs", urls=[])
    page.element("#next").click()
    page.wait_for_names("page 2 is shown", lambda shown: shown == newest_first[20:40])
    assert page.element("#page-number").text == "Page 2" and not error.is_displayed()


@check
def address_that_is_copied(place):
    place.browser.command("Browser.grantPermissions", origin=place.service.address, permissions=[
        "clipboardReadWrite", "clipboardSanitizedWrite"])
    document = place.service.upload(place.owner, "copy me.txt", "text/plain", b"copied")
    place.page.reload()
    place.page.press_in_document(document["id"], "copy")
    wait_for("it is said", lambda: any("copied" in text for text in place.page.toasts()))
    address = place.browser.run_async("return navigator.clipboard.readText()")
    assert fetch(address) == b"copied"

    # And where the browser refuses, the address is shown, selected.
    place.browser.run("""Object.defineProperty(navigator, "clipboard", { value: {
      writeText: () => Promise.reject(new DOMException("no", "NotAllowedError")) } })""")
    place.page.press_in_document(document["id"], "copy")
    dialog = place.page.element("#address")
    wait_for("the address is shown", dialog.is_displayed)
    shown = place.browser.run("""
      const field = document.activeElement
      return field.value.slice(field.selectionStart, field.selectionEnd)""")
    assert fetch(shown) == b"copied", "the field that has the focus has not the address selected"
    place.shoot("address")
    place.page.element("#address button").click()
    wait_for("the dialog is closed", lambda: not dialog.is_displayed())


@check
def file_that_is_opened(place):
    # Of a file that is no page, a browser asks the server for an icon.
    place.expected_problems += ["favicon.ico"]
    document = place.service.upload(place.owner, "open me.txt", "text/plain", b"opened")
    place.page.reload()
    driver = place.browser.driver
    first = driver.current_window_handle
    place.page.press_in_document(document["id"], "open")
    wait_for("a tab is opened", lambda: len(driver.window_handles) == 2)
    driver.switch_to.window(next(tab for tab in driver.window_handles if tab != first))
    try:
        wait_for("the file is shown", lambda: place.browser.run(
            "return document.body?.textContent.trim()") == "opened")
        assert place.browser.run("return window.opener") is None
    finally:
        driver.close()
        driver.switch_to.window(first)


@check
def deleted_and_back(place):
    kept = place.service.upload(place.owner, "kept.txt", "text/plain", b"kept")
    gone = place.service.upload(place.owner, "gone.txt", "text/plain", b"gone")
    address = place.service.call("GET", f"/api/documents/{gone['id']}/url", place.owner)["url"]
    place.page.reload()
    place.page.press_in_document(kept["id"], "delete")
    place.page.wait_for_names("it is gone", lambda names: names == ["gone.txt"])
    wait_for("undo is offered", lambda: place.page.elements(UNDO))
    place.shoot("undo")
    place.page.element(UNDO).click()
    place.page.wait_for_names("it is back", lambda names: names == ["gone.txt", "kept.txt"])
    assert [row["id"] for row in place.service.documents(place.owner)] == [gone["id"], kept["id"]]

    place.page.press_in_document(gone["id"], "delete")
    place.page.wait_for_names("it is gone", lambda names: names == ["kept.txt"])
    assert fetch(address) == b"gone", "it is deleted before the time to undo is over"
    undo = wait_for("undo is offered", lambda: place.page.elements(UNDO))[0]
    wait_for("undo is offered no more", lambda: is_gone(undo), 15)
    place.service.call(
        "GET", f"/api/documents/{gone['id']}", place.owner, expects=(404, 410))
    place.page.reload()
    assert place.page.names() == ["kept.txt"]


@check
def undo_without_an_answer(place):
    place.expected_problems += ["ERR_BLOCKED_BY_CLIENT"]
    document = place.service.upload(place.owner, "lost.txt", "text/plain", b"lost")
    place.page.reload()

    def delete_and_undo():
        place.page.press_in_document(document["id"], "delete")
        place.page.wait_for_names("it is gone", lambda names: names == [])
        wait_for("undo is offered", lambda: place.page.elements(UNDO))[0].click()

    place.browser.command("Network.setBlockedURLs", urls=["*/restore"])
    try:
        delete_and_undo()
        wait_for("it is said", lambda: any(
            "can't be reached" in text for text in place.page.toasts()))
    finally:
        place.browser.command("Network.setBlockedURLs", urls=[])
    wait_for("undo is offered again", lambda: place.page.elements(UNDO))[0].click()
    place.page.wait_for_names("it is back", lambda names: names == ["lost.txt"])

    # The service does it, and the page does not hear of it.
    place.browser.run("""
      const send = window.fetch
      window.fetch = async (path, options) => {
        const answer = await send(path, options)
        if (path.endsWith("/restore")) throw new TypeError("the answer is lost")
        return answer
      }""")
    delete_and_undo()
    place.page.wait_for_names("it is back", lambda names: names == ["lost.txt"])


def is_gone(element):
    try:
        return not element.is_displayed()
    except StaleElementReferenceException:
        return True


@check
def owners(place):
    place.service.upload(place.owner, "mine.txt", "text/plain", b"mine")
    place.page.reload()
    assert place.page.names() == ["mine.txt"]
    assert "example" in place.page.element("#sign-in").text
    for owner, expected in ((f"{place.owner} 2", []), (place.owner, ["mine.txt"])):
        field = place.page.element("#owner")
        field.clear()
        field.send_keys(owner)
        place.page.element("#sign-in button").click()
        place.page.wait_for_names(f"the list is {owner}'s", lambda names: names == expected)
        place.page.reload()
        assert place.page.names() == expected
        assert place.page.element("#owner").get_attribute("value") == owner


@check
def markup_in_a_name(place):
    """A name is text, whatever it looks like."""
    name = "<img src=x onerror=alert(1)>.txt"
    document = place.service.upload(place.owner, name, "text/plain", b"x")
    place.page.reload()
    assert place.page.names() == [name]
    place.page.press_in_document(document["id"], "delete")
    wait_for("it is said", lambda: any(name in text for text in place.page.toasts()))
    assert place.browser.run("return document.querySelectorAll('img[src=x]').length") == 0
