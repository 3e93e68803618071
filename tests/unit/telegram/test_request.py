"""HTTP: what came back, and when it did not, whether anything left this machine."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from telegram import Bot, InputFile
from telegram.error import NetworkError, TelegramError

from bot.adapters.telegram.request import AiohttpRequest, CutOffError, NoAnswerError, NotSentError
from tests.unit.telegram.server import TOKEN, Answer, BotApi, failure


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with make(api.url) as running:
        yield running


def make(url: str, **timeouts: float) -> Bot:
    return Bot(
        TOKEN,
        base_url=f"{url}/bot",
        request=AiohttpRequest(2, **timeouts),
        get_updates_request=AiohttpRequest(1, **timeouts),
    )


async def test_parameters_arrive_as_written(api: BotApi, bot: Bot) -> None:
    await bot.send_message(7, "à & b = c + 1 % 😀\n")
    [sent] = api.made("sendMessage")
    assert (sent["chat_id"], sent["text"]) == ("7", "à & b = c + 1 % 😀\n")


async def test_files_are_uploaded(api: BotApi, bot: Bot) -> None:
    await bot.send_document(7, InputFile(b"x", filename="a.csv"), caption="à lire")
    [sent] = api.made("sendDocument")
    assert (sent["document"], sent["caption"]) == ("file:a.csv", "à lire")


async def test_a_cut_connection_may_have_carried_the_message(api: BotApi, bot: Bot) -> None:
    api.plan("sendMessage", lambda _: None)
    with pytest.raises(CutOffError):
        await bot.send_message(7, "x")
    assert len(api.made("sendMessage")) == 1, "never sent again behind the outbox's back"


async def test_nobody_listens(unused_tcp_port: int) -> None:
    bot = make(f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(NotSentError):
        await bot.initialize()
    await bot.shutdown()


async def test_after_shutdown_nothing_is_sent(api: BotApi, bot: Bot) -> None:
    await bot.shutdown()
    with pytest.raises(NotSentError):
        await bot.send_message(7, "x")
    assert api.made("sendMessage") == []


async def test_a_full_pool_sends_nothing_and_a_slow_server_leaves_doubt() -> None:
    """One connection, held by a server that does not answer: the first request was written, the second never."""
    release = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await release.wait()
        return web.Response()

    app = web.Application()
    app.router.add_post("/", hang)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = "http://{}:{}/".format(*runner.addresses[0][:2])
    request = AiohttpRequest(1, read_timeout=0.5, connect_timeout=0.05, pool_timeout=0.05)
    await request.initialize()
    slow = asyncio.create_task(request.post(url))
    await asyncio.sleep(0.01)
    with pytest.raises(NotSentError):
        await request.post(url)
    with pytest.raises(NoAnswerError):
        await slow
    release.set()
    await request.shutdown()
    await runner.cleanup()


@pytest.mark.parametrize("body", ["<html>sorry</html>", "[]", '{"ok": true'])
async def test_an_unreadable_answer_is_an_error_that_keeps_it_to_itself(
    api: BotApi, bot: Bot, body: str, caplog: pytest.LogCaptureFixture
) -> None:
    api.plan("sendMessage", lambda _: web.Response(text=body))
    with pytest.raises(TelegramError) as caught:
        await bot.send_message(7, "x")
    assert not isinstance(caught.value, NetworkError)
    assert body not in caplog.text


@pytest.mark.parametrize(
    "answer", [lambda _: None, lambda _: failure(500, "Internal Server Error"), lambda _: web.Response(text="?")]
)
async def test_no_error_tells_the_token(api: BotApi, answer: Answer) -> None:
    bot = make(api.url)
    api.plan("getMe", answer)
    with pytest.raises(TelegramError) as caught:
        await bot.initialize()
    await bot.shutdown()
    assert_secret(caught.value)


async def test_nor_do_errors_of_connections(unused_tcp_port: int) -> None:
    bot = make(f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(NotSentError) as caught:
        await bot.initialize()
    await bot.shutdown()
    assert_secret(caught.value)


def assert_secret(error: BaseException) -> None:
    secret = TOKEN.split(":")[1]
    assert secret not in "".join(traceback.format_exception(error, chain=True))
    assert secret not in repr(error.__context__)
