"""The Matrix adapter."""

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.login import Account
from bot.adapters.matrix.rooms import Policy

__all__ = ["Account", "MatrixAdapter", "Policy"]
