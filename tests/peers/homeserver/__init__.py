"""A homeserver that fails as it is told, for one account: the bot's."""

from tests.peers.homeserver.faults import Fault, Trouble
from tests.peers.homeserver.server import PASSWORD, TOKEN, USER, FakeHomeserver

__all__ = ["PASSWORD", "TOKEN", "USER", "FakeHomeserver", "Fault", "Trouble"]
