"""What is refused, by the page before anything is sent, and by the service, in plain words."""

import files
from browser import wait_for
from checks import check
from files import KIB, MIB
from service import MAXIMUM_BYTE_COUNT


def reservations(place):
    urls = place.browser.finished_requests("POST")
    return [url for url in urls if url.endswith("/api/uploads")]


@check
def refused_by_the_page(place):
    place.browser.finished_requests("POST")
    place.browser.requests.clear()
    refused = {
        files.text(place.folder, "page.html", 2 * KIB): "Its type, text/html, is not allowed here.",
        files.hollow(place.folder, "huge.bin", MAXIMUM_BYTE_COUNT + MIB): "too large: at most 256 MB",
        files.hollow(place.folder, "empty.txt", 0): "empty",
    }
    place.page.choose(*refused)
    for path, text in refused.items():
        row = place.page.wait_for_state(path, "failed")
        assert text in row["text"] and row["buttons"] == ["dismiss"], row
    place.shoot("refused")
    assert reservations(place) == [], "something was sent"
    for path in refused:
        place.page.press_in_upload(path, "dismiss")
    wait_for("the list of uploads is gone",
             lambda: not place.page.element("#uploads").is_displayed())


@check
def refused_by_the_service(place):
    """The page does not know the limits, since it could not read them."""
    place.expected_problems += ["ERR_BLOCKED_BY_CLIENT", "status of 413", "status of 422"]
    place.browser.command("Network.setBlockedURLs", urls=["*/api/limits*"])
    place.browser.driver.refresh()
    place.page.browser.run("return document.readyState")
    type_, size = (files.text(place.folder, "other.html", 2 * KIB),
                   files.hollow(place.folder, "vast.bin", MAXIMUM_BYTE_COUNT + MIB))
    try:
        place.page.choose(type_, size)
        assert "text/html" in place.page.wait_for_state(type_, "failed")["text"]
        row = place.page.wait_for_state(size, "failed")
        assert str(MAXIMUM_BYTE_COUNT) in row["text"].replace(",", ""), row
        assert row["buttons"] == ["dismiss"], row
    finally:
        place.browser.command("Network.setBlockedURLs", urls=[])
    assert place.page.names() == [] and place.page.kept() == {}


@check
def content_of_another_type(place):
    """A text that is called a picture: found when the service looks at the first bytes."""
    place.expected_problems += ["status of 422"]
    path = files.text(place.folder, "no picture.png", 4 * KIB)
    place.page.choose(path)
    row = place.page.wait_for_state(path, "failed")
    assert "image/png" in row["text"], row
    assert place.page.names() == [] and place.page.kept() == {}
    assert place.service.documents(place.owner) == []


@check
def list_that_can_not_be_read(place):
    place.expected_problems += ["ERR_BLOCKED_BY_CLIENT"]
    place.browser.command("Network.setBlockedURLs", urls=["*/api/documents*"])
    try:
        place.browser.driver.refresh()
        error = place.page.element("#list-error")
        wait_for("the error is shown", error.is_displayed)
        assert "The list can't be read." in error.text, error.text
        place.shoot("list-error")
    finally:
        place.browser.command("Network.setBlockedURLs", urls=[])
    place.page.element("#list-error button").click()
    wait_for("the list is read", lambda: not error.is_displayed())
    wait_for("it says that it is empty", lambda: place.page.element("#nothing").is_displayed())
