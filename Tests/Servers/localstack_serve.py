"""Runs localstack on loopback, its data in one folder; localstack.sh starts it.

Its web server ignores the address in GATEWAY_LISTEN and binds every interface, and its S3 keeps
data in a folder of /tmp that all instances share. Neither is a setting, so both are changed here.

Usage: localstack_serve.py folder
"""

import runpy
import sys

from twisted.internet import endpoints

initialize = endpoints.TCP4ServerEndpoint.__init__


def initialize_on_loopback(self, reactor, port, backlog=50, interface=""):
    initialize(self, reactor, port, backlog, interface or "127.0.0.1")


endpoints.TCP4ServerEndpoint.__init__ = initialize_on_loopback

from localstack.services.s3 import provider  # noqa: E402

if not hasattr(provider, "DEFAULT_S3_TMP_DIR"):
    sys.exit("this localstack keeps its data somewhere else")
provider.DEFAULT_S3_TMP_DIR = sys.argv[1]
runpy.run_module("localstack.runtime.main", run_name="__main__")
