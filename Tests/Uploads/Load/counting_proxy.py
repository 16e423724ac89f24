"""A proxy that counts what passes, and looks for a mark in it."""

import socket
import threading

# What is read at a time.
CHUNK = 256 << 10
# Where the test's own clients come from; Linux has all of 127/8 on its loopback.
CLIENT_ADDRESS = "127.0.0.2"


class Tally:
    """What passed on the connections of one kind of peer."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sent = 0
        self.received = 0
        self.marks = 0

    def add(self, is_sent, byte_count, marks):
        with self.lock:
            if is_sent:
                self.sent += byte_count
            else:
                self.received += byte_count
            self.marks += marks

    @property
    def total(self):
        return self.sent + self.received


class CountingProxy:
    """Listens on a port of its own, and passes all on to another.

    `clients` counts the connections that come from CLIENT_ADDRESS, `others` all others; `sent` is what
    whoever connected has sent.
    """

    def __init__(self, target, mark):
        self.target = target
        self.mark = mark
        self.clients = Tally()
        self.others = Tally()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                near, address = self.listener.accept()
            except OSError:
                return
            tally = self.clients if address[0] == CLIENT_ADDRESS else self.others
            try:
                far = socket.create_connection(self.target)
            except OSError:
                near.close()
                continue
            for connection in (near, far):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for source, sink, is_sent in ((near, far, True), (far, near, False)):
                threading.Thread(
                    target=self._pass, args=(source, sink, tally, is_sent), daemon=True
                ).start()

    def _pass(self, source, sink, tally, is_sent):
        buffer = bytearray(CHUNK)
        view = memoryview(buffer)
        # A mark may lie across two reads.
        overlap = len(self.mark) - 1
        tail = b""
        try:
            while count := source.recv_into(buffer):
                # Before it is passed on: whoever has got it may look at the counts.
                seam = tail + bytes(view[:min(count, overlap)])
                marks = bytes(view[:count]).count(self.mark) + seam.count(self.mark)
                tail = (tail + bytes(view[max(0, count - overlap):count]))[-overlap:]
                tally.add(is_sent, count, marks)
                sink.sendall(view[:count])
        except OSError:
            pass
        for end, how in ((sink, socket.SHUT_WR), (source, socket.SHUT_RD)):
            try:
                end.shutdown(how)
            except OSError:
                pass
