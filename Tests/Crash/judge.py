"""What a store must have kept to. Each function returns what is wrong, one text a fault."""

import order

# The kinds of BlobError that an error of the system may become. An interrupted call is made again,
# and so is the rest of a write that was cut short.
KINDS = {
    "EIO": {"unavailable", "outcomeUnknown"},
    "ENOSPC": {"outOfSpace", "outcomeUnknown"},
    "EMFILE": {"unavailable", "outcomeUnknown"},
    "EACCES": {"permissionDenied", "outcomeUnknown"},
    "EINTR": set(),
    "cut": set(),
}


def normal(operation, durability, calls, end, report):
    """An operation that nothing gets in the way of."""
    wrong = finished(end, report) + again(operation, report)
    if report.outcome != "ack":
        wrong.append(f"it failed: {report.outcome}")
    if report.states and report.states[0] != operation["after"]:
        wrong.append(f"it left {report.states[0]}")
    wrong += [f"it left {path}" for path in report.litter]
    if durability == "full":
        wrong += order.unsynced(calls)
    return wrong + synced_once(calls)


def killed(operation, report):
    """What another process finds after a kill."""
    wrong = again(operation, report)
    if report.status != 0:
        wrong.append(f"the next process failed with {report.status}: {report.errors}")
    allowed = [operation["before"], operation["after"], *operation["between"]]
    if report.states and report.states[0] not in allowed:
        wrong.append(f"the kill left {report.states[0]}")
    return wrong


def unreadable_source(run, report):
    """The caller's own file may not be read, which is for the caller to mend."""
    local = "invalidArgument open: invalidArgument: the local file "
    return run.action == "EACCES" and report.outcome.startswith(local)


def failed(operation, run, calls, end, report):
    """An operation one of whose calls failed."""
    wrong = finished(end, report) + again(operation, report)
    state = report.states[0] if report.states else None
    kind = report.outcome.partition(" ")[0]
    if kind == "ack":
        if state not in [operation["after"], *operation["unclean"]]:
            wrong.append(f"it returned, and left {state}")
    else:
        if kind not in KINDS[run.action] and not unreadable_source(run, report):
            wrong.append(f"{run.action} became {report.outcome}")
        allowed = [operation["before"], *operation["between"]]
        if kind == "outcomeUnknown":
            allowed.append(operation["after"])
        if state not in allowed:
            wrong.append(f"it failed with {kind}, and left {state}")
    call = next((call for call in calls if call.index == run.index), None)
    # What an operation that was done can't remove, or none can, stays for the next sweep.
    if kind != "ack" and (call is None or call.name != "unlinkat"):
        wrong += [f"it left {path}" for path in report.litter]
    return wrong + synced_once(calls)


def finished(end, report):
    wrong = []
    if end != "exit 0":
        wrong.append(f"the worker ended with {end}: {report.errors}")
    if report.descriptors:
        wrong.append(f"it left descriptors open: {report.descriptors}")
    return wrong


def again(operation, report):
    """The same operation once more, with nothing in its way."""
    wrong = list(report.problems)
    if len(report.states) < 2:
        return wrong + ["the worker did not come to its end"]
    kind = report.again.partition(" ")[0]
    is_done = report.states[0]["blobs"] == operation["after"]["blobs"]
    if kind != "ack" and not (is_done and kind in operation["errorsOnceMore"]):
        wrong.append(f"once more it failed: {report.again}")
    elif report.states[1] != operation["after"]:
        wrong.append(f"once more it left {report.states[1]}")
    return wrong


def synced_once(calls):
    """A sync that failed is never tried again: the kernel has dropped what it could not write."""
    failed = set()
    wrong = []
    for call in calls:
        if call.name in ("openat", "openat2") and call.result is not None:
            failed.discard(call.result)
        if call.name in ("fsync", "fdatasync"):
            if call.descriptor in failed:
                wrong.append(f"call {call.index} syncs {call.place} again after a failure")
            if call.result is not None and call.result < 0 and call.result != -4:
                failed.add(call.descriptor)
    return wrong
