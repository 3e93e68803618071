"""A strict fake of the Telegram Bot API: see api.py."""

from tests.peers.bot_api.answering import Query
from tests.peers.bot_api.api import TOKEN, FakeBotApi
from tests.peers.bot_api.chats import Sent, State
from tests.peers.bot_api.errors import ApiError
from tests.peers.bot_api.faults import Fault, Trouble
from tests.peers.bot_api.people import Group, User
from tests.peers.bot_api.rates import Limits

__all__ = ["TOKEN", "ApiError", "FakeBotApi", "Fault", "Group", "Limits", "Query", "Sent", "State", "Trouble", "User"]
