"""Uploads: the bar moves, the bytes arrive, parts go on where they stopped."""

import re
from urllib.parse import parse_qs, urlsplit

import files
from browser import wait_for
from checks import check
from files import KIB, MIB
from service import fetch


def part_numbers(urls):
    """The parts that requests with these URLs uploaded, in order, twice if sent twice."""
    numbers = (parse_qs(urlsplit(url).query).get("partNumber") for url in urls)
    return [int(number[0]) for number in numbers if number]


def assert_same_bytes(place, path, row):
    """Compares what the service's address of a document gives with the file."""
    address = place.service.call("GET", f"/api/documents/{row['id']}/url", place.owner)["url"]
    assert files.digest(fetch(address)) == files.digest(path.read_bytes()), "the bytes differ"


def assert_moved(place, path, least):
    """The bar began at nothing, rose in so many steps or more, and ended full."""
    values = [sample["value"] for sample in place.page.progress(path)]
    rising = [value for value, before in zip(values, [-1, *values]) if float(value) > float(before)]
    assert float(values[0]) == 0 and float(values[-1]) == 1, f"the bar went {values}"
    assert len(rising) >= least, f"the bar rose in {len(rising)} steps, not {least}: {values}"


@check
def small_file(place):
    path = files.text(place.folder, "small.txt", 1 * KIB)
    place.page.choose(path)
    row = place.page.wait_until_uploaded(path)
    assert row["text"].startswith("1 KB"), row
    assert_same_bytes(place, path, row)
    wait_for("the upload's row is gone", lambda: place.page.upload(path) is None)
    assert_moved(place, path, 2)
    assert place.page.kept() == {}, "something is kept of an upload that is over"


@check
def picture_of_5_mib(place):
    path = files.picture(place.folder, "picture.png", 5 * MIB)
    place.browser.throttle(3 * MIB)
    place.page.choose(path)
    row = place.page.wait_until_uploaded(path)
    assert_moved(place, path, 6)
    texts = [sample["text"] for sample in place.page.progress(path)]
    shown = [text for text in texts if re.search(r"\d+% · .* of 5\S* MB · .*/s · \d+ s left", text)]
    assert shown, f"no rate and time left in {texts}"
    place.browser.go_online()
    assert_same_bytes(place, path, row)
    wait_for("the thumbnail is shown", lambda: place.page.documents()[0]["hasThumbnail"], 40)


@check
def several_files_dropped(place):
    # "zoë" in two spellings, which are two names.
    names = ["one.txt", "two words.txt", "zo\u00eb.txt", "zoe\u0308.txt", "a'b\"&<i>.txt", "six.txt"]
    paths = [files.text(place.folder, name, 2 * KIB + number) for number, name in enumerate(names)]
    place.page.drop(*paths)
    for path in paths:
        row = place.page.wait_until_uploaded(path)
        assert_same_bytes(place, path, row)
    assert sorted(place.page.names()) == sorted(names)


@check
def large_file_paused_reloaded_resumed(place):
    path = files.binary(place.folder, "large.bin", 200 * MIB)
    part_count = 25
    place.browser.throttle(40 * MIB)
    place.page.choose(path)
    place.page.wait_for_share(path, 0.3)
    place.page.press_in_upload(path, "pause")
    place.page.wait_for_state(path, "paused")
    values = {sample["value"] for sample in place.page.progress(path)}
    assert len(values) >= 8, f"the bar was seen at {len(values)} values only"
    upload_id = place.page.kept()["large.bin"]["id"]

    # A part whose bytes were all sent may still be on its way into the store.
    uploaded = settled(lambda: place.service.uploaded_parts(upload_id, place.owner))
    assert 3 <= len(uploaded) < part_count, f"the store has the parts {uploaded}"
    place.page.reload()
    row = place.page.wait_for_state(path, "interrupted")
    assert 0.1 < row["share"] < 0.9 and row["buttons"] == ["choose", "cancel"], row
    assert place.service.uploaded_parts(upload_id, place.owner) == uploaded

    place.browser.finished_requests("PUT")
    place.browser.requests.clear()
    place.page.choose(path)
    row = place.page.wait_until_uploaded(path, 120)
    assert row["id"] == upload_id, "it was begun anew"
    sent = part_numbers(place.browser.finished_requests("PUT"))
    assert not uploaded & set(sent), f"sent again: {sorted(uploaded & set(sent))}"
    assert uploaded | set(sent) == set(range(1, part_count + 1)), (uploaded, sent)
    assert len(sent) == len(set(sent)), f"some parts were sent twice: {sorted(sent)}"
    print(f"        {len(uploaded)} parts before the reload, {len(sent)} after it, none twice")
    place.browser.go_online()
    assert_same_bytes(place, path, row)


def settled(read):
    """What something is when it has stopped changing."""
    values = [read()]

    def is_settled():
        values.append(read())
        return len(values) >= 8 and len({str(value) for value in values[-8:]}) == 1

    wait_for("it does not change any more", is_settled)
    return values[-1]


@check
def another_file_of_the_same_name(place):
    path = files.binary(place.folder, "twin.bin", 40 * MIB)
    place.browser.throttle(10 * MIB)
    place.page.choose(path)
    place.page.wait_for_share(path, 0.3)
    place.page.press_in_upload(path, "pause")
    place.page.wait_for_state(path, "paused")
    place.page.reload()
    place.page.wait_for_state(path, "interrupted")
    twin = place.folder / "other"
    twin.mkdir()
    other = files.binary(twin, "twin.bin", 40 * MIB, seed=1)
    # Through the row's own button, it has to be the file itself.
    place.browser.command("Page.setInterceptFileChooserDialog", enabled=True)
    place.page.press_in_upload(path, "choose")
    place.page.choose(other)
    wait_for("it is said", lambda: any("is not the file" in text for text in place.page.toasts()))
    assert place.page.upload(path)["state"] == "interrupted"
    place.page.press_in_upload(path, "choose")
    place.page.choose(path)
    place.browser.command("Page.setInterceptFileChooserDialog", enabled=False)
    place.browser.go_online()
    assert_same_bytes(place, path, place.page.wait_until_uploaded(path))


@check
def requests_that_expire(place):
    path = files.binary(place.folder, "slow.bin", 40 * MIB)
    place.browser.finished_requests("POST")
    place.browser.requests.clear()
    # Three parts take six seconds, which leaves too little for the next.
    place.browser.throttle(4 * MIB)
    place.page.choose(path)
    row = place.page.wait_until_uploaded(path, 120)
    tickets = [url for url in place.browser.finished_requests("POST") if url.endswith("/ticket")]
    assert tickets, "no request expired"
    assert sorted(part_numbers(place.browser.finished_requests("PUT"))) == [1, 2, 3, 4, 5]
    place.browser.go_online()
    assert_same_bytes(place, path, row)


@check
def request_that_the_store_refuses(place):
    path = files.binary(place.folder, "refused.bin", 20 * MIB)
    # As if the store's clock were ahead: the first signature is no longer good.
    place.browser.run("""
      const open = XMLHttpRequest.prototype.open
      let isFirst = true
      XMLHttpRequest.prototype.open = function (method, url) {
        const changed = isFirst ? url.replace(/X-Amz-Signature=./, "X-Amz-Signature=g") : url
        isFirst = false
        return open.call(this, method, changed)
      }""")
    # radosgw refuses without a header for other origins, which looks like a lost connection.
    place.expected_problems += ["status of 403", "blocked by CORS policy", "net::ERR_FAILED"]
    place.page.choose(path)
    assert_same_bytes(place, path, place.page.wait_until_uploaded(path))


@check
def connection_lost_and_back(place):
    path = files.binary(place.folder, "offline.bin", 48 * MIB)
    place.expected_problems += ["net::ERR_INTERNET_DISCONNECTED"]
    place.browser.throttle(12 * MIB)
    place.page.choose(path)
    place.page.wait_for_share(path, 0.4)
    place.browser.go_offline()
    place.page.wait_for_state(path, "reconnecting")
    assert place.page.element("#offline").is_displayed(), "the page does not say that it is offline"
    assert "Offline" in place.page.upload(path)["text"], place.page.upload(path)
    place.shoot("offline")
    place.browser.go_online()
    row = place.page.wait_until_uploaded(path)
    assert not place.page.element("#offline").is_displayed()
    assert_same_bytes(place, path, row)


@check
def upload_that_is_cancelled(place):
    path = files.binary(place.folder, "cancelled.bin", 24 * MIB)
    place.browser.throttle(4 * MIB)
    place.page.choose(path)
    place.page.wait_for_share(path, 0.1)
    upload_id = place.page.kept()["cancelled.bin"]["id"]
    place.page.press_in_upload(path, "cancel")
    wait_for("the row is gone", lambda: place.page.upload(path) is None)
    wait_for("nothing is kept", lambda: place.page.kept() == {})
    gone = place.service.call(
        "POST", f"/api/uploads/{upload_id}/ticket", place.owner, expects=(404, 410))
    assert gone["reason"] in ("notFound", "deleted", "expired"), gone
    assert place.page.names() == []


@check
def ticket_with_a_form(place):
    """The page asks for a form when the service wants one; here the service does not know the size."""
    ticket = place.service.call("POST", "/api/uploads", place.owner,
                                {"fileName": "form.txt", "contentType": "text/plain"})
    assert ticket["method"] == "form", ticket["method"]
    counts = place.browser.run_async("""
      const { sendForm } = await import("/send.js")
      const counts = []
      await sendForm(args[0].form, new File(["by a form"], "form.txt", { type: "text/plain" }),
                     { signal: new AbortController().signal, onProgress: (n) => counts.push(n) })
      return counts""", ticket)
    assert counts and counts[-1] == len("by a form"), counts
    place.service.call("POST", f"/api/uploads/{ticket['id']}/confirm", place.owner)
    address = place.service.call("GET", f"/api/documents/{ticket['id']}/url", place.owner)["url"]
    assert fetch(address) == b"by a form"
