"""Runs localstack on loopback alone; localstack.sh starts it.

Its web server ignores the address in GATEWAY_LISTEN and binds every interface, so the default of
the endpoint that it makes is changed first.
"""

import runpy

from twisted.internet import endpoints

initialize = endpoints.TCP4ServerEndpoint.__init__


def initialize_on_loopback(self, reactor, port, backlog=50, interface=""):
    initialize(self, reactor, port, backlog, interface or "127.0.0.1")


endpoints.TCP4ServerEndpoint.__init__ = initialize_on_loopback
runpy.run_module("localstack.runtime.main", run_name="__main__")
