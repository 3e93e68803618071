"""One message in, its answers out, all in one transaction; many conversations share a commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot import lanes
from bot.knowledge import Knowledge
from bot.memory import FOR_OTHERS, FORM, MEMORY, REMEMBER_FOR, WRITING, Memory
from bot.messages import FORMATTING, INCOMING, OUTGOING, File, Incoming, Kind, Outgoing, Reply
from bot.router import Router
from bot.texts import LANGUAGES, texts
from bot.turn import NeedsFile, NeedsGeocoding, Reach, Turn
from knowledge.frame import Place
from storage import forms, inbox, outbox, people, statistics
from storage.locks import Contended, Postponed, attempt
from storage.people import Person, Remembered

FLOOD_MESSAGES = 20
FLOOD_WINDOW = timedelta(minutes=1)
LATE = timedelta(minutes=30)
"""An answer later than this comes with a word of apology."""
INLINE_LIFE = timedelta(seconds=30)
"""Nobody looks at the list under what they typed any more, and the platform refuses it."""
TALKING = (Kind.TEXT, Kind.POSITION, Kind.BUTTON, Kind.UNSUPPORTED)
"""What belongs to a talk that is remembered; an inline question stands alone."""
MAX_TEXT = 4096
"""Longer texts are cut: nobody asks a question that long."""

Geocoded = Mapping[str, Sequence[Place]]
Fetched = Mapping[str, bytes | None]
NOTHING: Mapping[int, Fetched] = {}
NOBODY = Reach()


class TurnFailed(Exception):
    """Handling one message raised; the whole batch is rolled back. The cause is attached."""

    def __init__(self, message: inbox.Message) -> None:
        super().__init__(f"message {message.id} could not be handled")
        self.message = message


@dataclass(slots=True)
class Batch:
    """What one transaction did."""

    done: list[int] = field(default_factory=list)
    """Numbers of the messages handled."""
    to_geocode: dict[int, str] = field(default_factory=dict)
    """Words of addresses to look up before these messages can be handled, by message number."""
    to_fetch: dict[int, tuple[str, File]] = field(default_factory=dict)
    """Likewise, what was sent with these messages and is wanted: the platform it is on, and what."""
    next_due: datetime | None = None
    """When the oldest message that still waits may be handled, None when none waits."""
    more: bool = False
    """Something was handled and something else can be at once."""
    intents: Counter[str] = field(default_factory=Counter)
    turns: list[Turn] = field(default_factory=list)


@dataclass(slots=True)
class _Effects:
    """Written together at the end of a batch: one statement each, however many conversations took part."""

    replies: list[outbox.NewRow] = field(default_factory=list)
    memories: dict[str, Remembered] = field(default_factory=dict)
    seen: list[int] = field(default_factory=list)
    languages: dict[int, str] = field(default_factory=dict)
    """What people spoke last, by person, where it changed."""
    chats: dict[int, str] = field(default_factory=dict)
    """Where accounts talk in private, by account, where that is new."""
    searches: Counter[tuple[str, str]] = field(default_factory=Counter)

    def forget(self, person: Person) -> None:
        """Nothing of theirs is written, in whatever chat they said it."""
        self.memories = {key: kept for key, kept in self.memories.items() if kept.person_id != person.id}
        self.seen = [person_id for person_id in self.seen if person_id != person.id]
        self.languages.pop(person.id, None)
        self.chats.pop(person.account, None)

    def write(self, connection: Connection, now: datetime) -> None:
        people.remember(connection, self.memories)
        people.seen(connection, self.seen, now.date())
        people.spoke(connection, self.languages)
        people.found_at(connection, self.chats)
        statistics.count(connection, now.date(), self.searches)
        outbox.add(connection, self.replies, now)


class Conversation:
    """Handles messages. Holds nothing of any talk: all state is in the database."""

    def __init__(
        self,
        router: Router,
        knowledge: Knowledge,
        default_language: str,
        zone: ZoneInfo,
        admins: Collection[tuple[str, str]] = (),
        public_url: str = "",
        reach: Reach = NOBODY,
    ) -> None:
        self.reach = reach
        self._admins = frozenset(admins)
        self._public_url = public_url
        self.bot_name: Callable[[], str] = lambda: ""
        """The bot's name on Telegram, once that has told it."""
        self._router = router
        self.knowledge = knowledge
        self._default_language = default_language
        self._zone = zone

    def run_batch(
        self,
        connection: Connection,
        now: datetime,
        limit: int,
        geocoded: Mapping[int, Geocoded],
        elsewhere: Collection[int],
        fetched: Mapping[int, Fetched] = NOTHING,
    ) -> Batch:
        """Claims and handles the oldest waiting messages of up to `limit` lanes. Raises TurnFailed, and Contended when what
        one of them needs is another process's for the moment."""
        batch = Batch()
        messages = inbox.claim(connection, now, limit, elsewhere, behind=limit > 1)
        if messages:
            self.handle(connection, now, messages, geocoded, batch, fetched)
        moved = bool(batch.done or batch.to_geocode or batch.to_fetch)
        if moved and len({message.lane for message in messages}) >= limit:
            batch.more = True  # when the next is due takes longer to find out the more wait
            return batch
        batch.next_due = inbox.next_due(connection)
        batch.more = moved and batch.next_due is not None and batch.next_due <= now
        return batch

    def handle(
        self,
        connection: Connection,
        now: datetime,
        messages: Sequence[inbox.Message],
        geocoded: Mapping[int, Geocoded],
        batch: Batch,
        fetched: Mapping[int, Fetched] = NOTHING,
    ) -> None:
        incoming = {message.id: _incoming(message) for message in messages}
        known = self._people(connection, incoming.values(), now)
        states = people.memories(connection, list({one.conversation for one in incoming.values()}), now)
        remembered = {key: _memory(state) for key, state in states.items()}
        forgotten = [
            one.conversation
            for one in incoming.values()
            if one.private and (one.kind is Kind.TEXT or one.file is not None)
        ]
        for key in forms.half_filled(connection, [key for key in forgotten if key not in remembered]):
            remembered[key] = Memory(asking=FORM)
        lanes.reopen(connection, incoming.values())
        effects = _Effects()
        held: set[str] = set()
        for message in messages:
            if message.lane in held:
                continue
            one = incoming[message.id]
            if one.kind is Kind.MIGRATED and batch.done:
                break  # it renames what is remembered: what this batch adds must be written before
            try:
                person = known[one.platform, one.person]
                turn = self._turn(connection, now, one, person, remembered, geocoded.get(message.id, {}))
                if one.file is not None:
                    turn.fetched = fetched.get(message.id, {})
                with attempt(connection):
                    self._dispatch(turn)
                self._collect(turn, person.language, effects, now)
            except NeedsGeocoding as needs:
                batch.to_geocode[message.id] = needs.words
                held.add(message.lane)
                continue
            except NeedsFile as needs:
                batch.to_fetch[message.id] = (one.platform, needs.file)
                held.add(message.lane)
                continue
            except Postponed:
                held.add(message.lane)
                continue
            except Contended:
                raise
            except Exception as error:
                raise TurnFailed(message) from error
            known[person.key] = turn.person
            remembered[one.conversation] = turn.memory
            batch.turns.append(turn)
            batch.done.append(message.id)
            batch.intents[turn.frame.intent if turn.frame else one.kind.value] += 1
            if turn.erased or one.kind is Kind.MIGRATED:
                break  # what was read for those behind is no longer so
        effects.write(connection, now)
        inbox.done(connection, batch.done)

    def _people(
        self, connection: Connection, incoming: Collection[Incoming], now: datetime
    ) -> dict[tuple[str, str], Person]:
        """Everybody who sent something. Whoever talks is made known; an inline question or a block makes nobody known."""
        senders = {(one.platform, one.person): one for one in incoming}
        talking = {(one.platform, one.person): one for one in incoming if one.kind in TALKING}
        known = people.people(connection, list(senders))
        newcomers = {key: self._language_of(one) for key, one in talking.items() if key not in known}
        passers_by = {
            key: Person(0, *key, self._language_of(one), False, True, now, now.date()) for key, one in senders.items()
        }
        return passers_by | known | people.welcome(connection, newcomers, now)

    def _language_of(self, incoming: Incoming) -> str:
        return incoming.language if incoming.language in LANGUAGES else self._default_language

    def _turn(
        self,
        connection: Connection,
        now: datetime,
        incoming: Incoming,
        person: Person,
        remembered: Mapping[str, Memory],
        geocoded: Geocoded,
    ) -> Turn:
        if incoming.marked:
            incoming = replace(incoming, marked=_clean(incoming.marked))
        turn = Turn(
            connection=connection,
            now=now,
            incoming=incoming if (text := _clean(incoming.text)) == incoming.text else replace(incoming, text=text),
            person=person,
            memory=remembered.get(incoming.conversation, Memory()),
            texts=texts(person.language, self._zone),
            knowledge=self.knowledge,
            geocoded=geocoded,
            admins=self._admins,
            public_url=self._public_url,
            reach=self.reach,
            bot_name=self.bot_name(),
        )
        if incoming.kind in (Kind.TEXT, Kind.INLINE) and not turn.incoming.text.startswith("/"):
            self._understand(turn)
        return turn

    def _understand(self, turn: Turn) -> None:
        frame = turn.knowledge.understanding.understand(turn.incoming.text, turn.now, hint=turn.person.language)
        turn.frame = frame
        if frame.language_certain and frame.language in LANGUAGES and frame.language != turn.texts.language:
            if turn.person.language_chosen or turn.memory.asking in FOR_OTHERS:
                return  # `account.offer` asks whether to change
            turn.speak(frame.language)
            turn.person = replace(turn.person, language=frame.language)

    def _dispatch(self, turn: Turn) -> None:
        flooding = self._flood(turn)
        dangerous = turn.frame is not None and turn.frame.intent == "emergency" and turn.incoming.kind is Kind.TEXT
        if flooding and not dangerous:
            if not turn.memory.flooding:
                turn.remember(flooding=True)
                turn.say(turn.texts.t("That is a lot of messages at once. I will read on in a minute."))
            return
        self._route(turn)
        if turn.replies and turn.now - turn.incoming.sent_at > LATE and turn.incoming.kind is not Kind.INLINE:
            apology = turn.texts.t("Sorry for the late answer: I was out of service for a while.")
            first = turn.replies[0]
            turn.replies[0] = replace(first, text=f"{apology}\n\n{first.text}" if first.text else apology)

    def _route(self, turn: Turn) -> None:
        incoming, router = turn.incoming, self._router
        if incoming.kind is Kind.BUTTON:
            if not router.press(turn, incoming.text):
                turn.say(
                    turn.texts.t("This button no longer works. Ask me again in a few words: “shower gare du nord”.")
                )
            return
        if turn.memory.asking == FORM and (incoming.file is not None or incoming.kind is Kind.POSITION):
            answer = router.thing_answer_for(FORM)
            if answer is not None and answer(turn):
                return
        if incoming.kind is not Kind.TEXT:
            router.kinds[incoming.kind](turn)
            return
        if incoming.text.startswith("/"):
            name = incoming.text[1:].split(maxsplit=1)[0].lower() if len(incoming.text) > 1 else ""
            router.command_for(name)(turn)
            return
        for_others = turn.memory.asking in FOR_OTHERS
        self._answer_words(turn)
        for handler in () if for_others else router.after_words:
            handler(turn)

    def _answer_words(self, turn: Turn) -> None:
        assert turn.frame is not None
        asking = turn.memory.asking
        if turn.frame.intent != "emergency":
            if self._is_reply(turn) or any(answer(turn) for answer in self._router.before_words):
                return
            answer = self._router.answer_for(asking) if asking else None
            if answer is not None and answer(turn):
                return
        self._router.intent_for(turn.frame.intent)(turn)
        if turn.frame.intent == "emergency" and self._is_reply(turn):
            return
        if turn.frame.intent == "emergency" and asking == FORM:
            answer = self._router.answer_for(WRITING)
            if answer is not None:
                answer(turn)

    def _is_reply(self, turn: Turn) -> bool:
        """Whether it was written in reply to a message that is for somebody else to answer, and went there."""
        return bool(turn.incoming.answers) and any(reply(turn) for reply in self._router.replies)

    def _flood(self, turn: Turn) -> int:
        """0, or how many messages this person sent within the window when that is too many. Buttons and typing ahead of
        an inline query do not count."""
        if turn.incoming.kind not in (Kind.TEXT, Kind.POSITION, Kind.UNSUPPORTED):
            return 0
        sent = int(turn.incoming.sent_at.timestamp())
        oldest = sent - FLOOD_WINDOW.total_seconds()
        recent = (*(stamp for stamp in turn.memory.recent if stamp > oldest), sent)
        calm = len(recent) <= FLOOD_MESSAGES // 2
        turn.remember(recent=recent[-FLOOD_MESSAGES - 2 :], flooding=turn.memory.flooding and not calm)
        return len(recent) if len(recent) > FLOOD_MESSAGES else 0

    def _collect(self, turn: Turn, spoken: str, effects: _Effects, now: datetime) -> None:
        incoming = turn.incoming
        for reply in turn.replies:
            effects.replies.append(_outgoing_row(incoming, reply))
        effects.replies.extend(_row(outgoing) for outgoing in turn.elsewhere)
        if turn.erased:
            effects.forget(turn.person)
        elif incoming.kind in TALKING:
            state = MEMORY.dump_json(turn.memory).decode()
            effects.memories[incoming.conversation] = Remembered(turn.person.id, state, now + REMEMBER_FOR)
            if turn.person.language != spoken:
                effects.languages[turn.person.id] = turn.person.language
            if turn.person.seen_on != now.date():
                effects.seen.append(turn.person.id)
                turn.person = replace(turn.person, seen_on=now.date())
            if incoming.private and incoming.chat != turn.person.chat:
                effects.chats[turn.person.account] = incoming.chat
                turn.person = replace(turn.person, chat=incoming.chat)
        effects.searches.update(turn.searches)

    def apologise(self, connection: Connection, message: inbox.Message, now: datetime) -> None:
        """Tells a person that their message could not be handled, after the last attempt."""
        try:
            incoming = INCOMING.validate_json(message.body)
        except ValueError:
            return
        if incoming.kind not in (Kind.TEXT, Kind.POSITION, Kind.BUTTON):
            return
        text = texts(self._language_of(incoming), self._zone).t(
            "Sorry, I could not handle your last message. Please try other words. In danger call 112; for shelter tonight 115."
        )
        outbox.add(connection, [_outgoing_row(incoming, Reply(text))], now)


def _incoming(message: inbox.Message) -> Incoming:
    try:
        return INCOMING.validate_json(message.body)
    except ValueError as error:
        raise TurnFailed(message) from error


def _memory(state: str) -> Memory:
    """What another version of the bot remembered, and this one cannot read, is forgotten."""
    try:
        return MEMORY.validate_json(state)
    except ValueError:
        return Memory()


def _outgoing_row(incoming: Incoming, reply: Reply) -> outbox.NewRow:
    outgoing = Outgoing(
        platform=incoming.platform,
        chat=incoming.chat,
        reply=reply,
        thread=incoming.thread,
        private=incoming.private,
        reply_to="" if incoming.private else incoming.message_id,
        token=incoming.token if reply.articles or incoming.kind is Kind.INLINE else "",
    )
    return _row(outgoing, incoming.sent_at + INLINE_LIFE if incoming.kind is Kind.INLINE else None)


def _row(outgoing: Outgoing, expires_at: datetime | None = None) -> outbox.NewRow:
    body = OUTGOING.dump_json(outgoing).decode()
    return outbox.NewRow(outgoing.platform, outgoing.lane, body, expires_at=expires_at)


_UNPRINTABLE = {**dict.fromkeys(map(ord, FORMATTING)), 0: None}


def _clean(text: str) -> str:
    """Without the marks the bot uses itself, and without NUL, which PostgreSQL cannot keep."""
    return text[:MAX_TEXT].translate(_UNPRINTABLE).strip()
