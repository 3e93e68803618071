"""Telegram calls the bot: who may, what is refused, and several processes behind one address."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.knowledge import Knowledge
from storage.errors import DatabaseError
from tests.crash.process import BotProcess, free_port, write_config
from tests.peers.bot_api import FakeBotApi, User
from tests.postgresql_server import PostgresqlServer
from tests.telegram.running import Running, running, until
from tests.telegram.test_bad_input import message

SECRET = "a-long-random-word"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def address() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
async def bot(api: FakeBotApi, sqlite_url: str, knowledge: Knowledge, address: str) -> AsyncIterator[Running]:
    webhook = {
        "mode": "webhook", "webhook_url": f"http://{address}/hook", "webhook_listen": address, "webhook_secret": SECRET,
    }  # fmt: skip
    async with running(api, sqlite_url, knowledge, **webhook) as bot:
        await until(lambda: api.webhook.target is not None)
        yield bot


async def post(address: str, body: bytes, secret: str | None = SECRET, path: str = "/hook") -> int:
    headers = {} if secret is None else {HEADER: secret}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://{address}{path}", data=body, headers=headers) as response,
    ):
        return response.status


async def test_a_question_is_answered(bot: Running, api: FakeBotApi, ada: User) -> None:
    ada.says("douche bastille")
    await ada.hears("Bastille")
    ada.presses("Plus")
    await ada.hears("D’autres")
    assert "getupdates" not in api.calls
    assert not api.violations


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], SECRET.upper(), "é"])
async def test_without_the_secret_nothing_is_taken(
    bot: Running, api: FakeBotApi, ada: User, address: str, secret: str | None
) -> None:
    assert await post(address, message("douche nation").replace(b"UPDATE_ID", b"7"), secret) == 401
    ada.says("douche bastille")
    await ada.hears("Bastille")
    assert len(ada.screen) == 1


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}", b'{"update_id": "7"}', b"[" * 200_000]
)
async def test_what_is_no_update_is_refused(bot: Running, address: str, body: bytes) -> None:
    assert await post(address, body) == 400


async def test_what_is_too_large_is_refused(bot: Running, address: str) -> None:
    assert await post(address, b" " * (2 << 20)) in (400, 413)


async def test_elsewhere_there_is_nothing(bot: Running, address: str) -> None:
    assert await post(address, b"{}", path="/") == 404


async def test_an_inbox_that_fails_has_telegram_try_again(
    bot: Running, api: FakeBotApi, ada: User, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = bot.database.backend.write
    failures = 0

    async def fail_three_times(function):
        nonlocal failures
        if function.__qualname__.startswith("Inbox.receive") and failures < 3:
            failures += 1
            raise DatabaseError("the disk is full")
        return await write(function)

    monkeypatch.setattr(bot.database.backend, "write", fail_three_times)
    assert await post(address, message("douche nation").replace(b"UPDATE_ID", b"7")) == 500
    ada.says("douche bastille")
    await ada.hears("Bastille")
    assert failures == 3
    assert len(ada.screen) == 1


async def test_the_same_update_posted_many_times_is_answered_once(
    bot: Running, api: FakeBotApi, ada: User, address: str
) -> None:
    ada.says("merci")
    await ada.hears()
    body = message("douche bastille").replace(b"UPDATE_ID", b"900001")
    assert await asyncio.gather(*(post(address, body) for _ in range(10))) == [200] * 10
    await ada.hears("Bastille")
    ada.says("merci")
    await ada.hears("Avec plaisir")
    assert len(ada.screen) == 3


@contextlib.asynccontextmanager
async def behind_one_address(ports: list[int]) -> AsyncIterator[int]:
    """A load balancer: connections in turn to each of the ports; one that is closed is passed over."""
    turn = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal turn
        for _ in ports:
            turn += 1
            with contextlib.suppress(OSError):
                up_reader, up_writer = await asyncio.open_connection("127.0.0.1", ports[turn % len(ports)])
                break
        else:
            writer.close()
            return

        async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
            with contextlib.suppress(OSError):
                while data := await source.read(65536):
                    target.write(data)
                    await target.drain()
            target.close()

        await asyncio.gather(pump(reader, up_writer), pump(up_reader, writer))

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def test_two_replicas_on_postgresql_answer_each_question_once(
    api: FakeBotApi, postgresql_server: PostgresqlServer, tmp_path: Path
) -> None:
    url = await asyncio.to_thread(postgresql_server.create_database)  # bare: both migrate and fill it at once
    ports = [free_port(), free_port()]
    async with behind_one_address(ports) as front:
        replicas = []
        for port in ports:
            folder = tmp_path / str(port)
            folder.mkdir()
            config = write_config(folder, api, url, "webhook")
            text = config.read_text()
            own = next(line for line in text.splitlines() if line.startswith("webhook_listen"))
            public = next(line for line in text.splitlines() if line.startswith("webhook_url"))
            config.write_text(
                text.replace(own, f'webhook_listen = "127.0.0.1:{port}"').replace(
                    public, f'webhook_url = "http://127.0.0.1:{front}/hook"'
                )
            )
            replicas.append(BotProcess.of(config))
        try:
            await asyncio.gather(*(replica.start() for replica in replicas))
            people = [api.user(number) for number in range(2001, 2031)]
            for place in ("Bastille", "Nation"):
                for person in people:
                    person.says(f"douche {place}")
            for person in people:
                await person.hears("Bastille", within=20)
                await person.hears("Nation", within=20)
            assert {len(person.screen) for person in people} == {2}
            await replicas[0].kill()
            for person in people[:5]:
                person.says("douche gare du nord")
            for person in people[:5]:
                await person.hears("Gare du Nord", within=20)
        finally:
            for replica in replicas:
                await replica.end()
    assert not api.violations, json.dumps(api.violations)
