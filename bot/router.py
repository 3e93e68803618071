"""Which handler takes what: commands, buttons, intents and answers to questions asked back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from bot.payloads import BadPayload, Payload

if TYPE_CHECKING:
    from bot.turn import Turn

Handler = Callable[["Turn"], None]
Answer = Callable[["Turn"], bool]
"""Takes an answer to a question asked back; False when the words were no answer and mean something of their own."""
P = TypeVar("P", bound=Payload)


@dataclass(slots=True)
class Router:
    """Handlers of one topic register here; the application joins all routers into one."""

    commands: dict[str, Handler] = field(default_factory=dict)
    buttons: dict[str, tuple[type[Payload], Callable[[Turn, Any], None]]] = field(default_factory=dict)
    intents: dict[str, Handler] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    kinds: dict[str, Handler] = field(default_factory=dict)
    things: dict[str, Answer] = field(default_factory=dict)
    """Who takes a picture, document or position as the answer to a question asked back, by its name."""
    more: Callable[[], Iterable[Router]] | None = None
    """Topics that few talks need: loaded once nothing else answers, so that nobody pays for them before."""
    replies: list[Answer] = field(default_factory=list)
    """Tried on words that were written in reply to a message of the bot, before any other reading of them."""
    before_words: list[Answer] = field(default_factory=list)
    """Tried on any words but a cry for help, before the question that is open and what they mean: codes."""
    after_words: list[Handler] = field(default_factory=list)
    """Run once any message in words is answered."""

    def command(self, *names: str) -> Callable[[Handler], Handler]:
        return self._register(self.commands, names)

    def intent(self, *names: str) -> Callable[[Handler], Handler]:
        return self._register(self.intents, names)

    def kind(self, *names: str) -> Callable[[Handler], Handler]:
        return self._register(self.kinds, names)

    def answer(self, name: str) -> Callable[[Answer], Answer]:
        return self._register(self.answers, (name,))

    def thing(self, name: str) -> Callable[[Answer], Answer]:
        return self._register(self.things, (name,))

    def button(self, payload: type[P]) -> Callable[[Callable[[Turn, P], None]], Callable[[Turn, P], None]]:
        def register(handler: Callable[[Turn, P], None]) -> Callable[[Turn, P], None]:
            self._register(self.buttons, (payload.prefix,))((payload, handler))
            return handler

        return register

    def reply(self, answer: Answer) -> Answer:
        self.replies.append(answer)
        return answer

    def first(self, answer: Answer) -> Answer:
        self.before_words.append(answer)
        return answer

    def afterwards(self, handler: Handler) -> Handler:
        self.after_words.append(handler)
        return handler

    @staticmethod
    def _register(table: dict[str, Any], names: Iterable[str]) -> Callable[[Any], Any]:
        def register(handler: Any) -> Any:
            for name in names:
                if name in table:
                    raise ValueError(f"two handlers for {name}")
                table[name] = handler
            return handler

        return register

    def include(self, other: Router) -> None:
        for mine, theirs in (
            (self.commands, other.commands),
            (self.buttons, other.buttons),
            (self.intents, other.intents),
            (self.answers, other.answers),
            (self.kinds, other.kinds),
            (self.things, other.things),
        ):
            for name, handler in theirs.items():
                self._register(mine, (name,))(handler)

        self.replies.extend(other.replies)
        self.before_words.extend(other.before_words)
        self.after_words.extend(other.after_words)

    def load_more(self) -> bool:
        """Whether there are more handlers now than before."""
        if self.more is None:
            return False
        topics = list(self.more())  # one that cannot be loaded fails this message, and is tried again with the next
        self.more = None
        for topic in topics:
            self.include(topic)
        return True

    def command_for(self, name: str) -> Handler:
        """The handler of a command, help for one that there is not."""
        return self._find(self.commands, name) or self.commands["help"]

    def intent_for(self, name: str) -> Handler:
        handler: Handler | None = self._find(self.intents, name)
        if handler is None:
            raise KeyError(name)
        return handler

    def answer_for(self, name: str) -> Answer | None:
        """Who takes the answer to the question of this name; None for one that another version asked."""
        answer: Answer | None = self._find(self.answers, name)
        return answer

    def thing_answer_for(self, name: str) -> Answer | None:
        answer: Answer | None = self._find(self.things, name)
        return answer

    def _find(self, table: dict[str, Any], name: str) -> Any:
        if name not in table:
            self.load_more()
        return table.get(name)

    def press(self, turn: Turn, packed: str) -> bool:
        """Handles a tap; False when no button of ours carries this payload (an old or a forged one)."""
        known = self._find(self.buttons, packed.split(":", 1)[0])
        if known is None:
            return False
        payload_type, handler = known
        try:
            payload = payload_type.unpack(packed)
        except BadPayload:
            return False
        handler(turn, payload)
        return True
