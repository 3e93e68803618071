"""How the bot is doing: /healthz, /readyz and /metrics. Counts only, never a person or a text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.adapters.adapter import Fatal

LATENCIES_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The figures of one process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = Counter(
            "solidarity_received", "Messages kept in the inbox", ["platform"], registry=self.registry
        )
        self.handled = Counter("solidarity_handled", "Messages handled, by intent", ["intent"], registry=self.registry)
        self.failed = Counter("solidarity_failed", "Failed attempts to handle a message", registry=self.registry)
        self.parked = Counter("solidarity_parked", "Messages given up after five attempts", registry=self.registry)
        self.sent = Counter(
            "solidarity_sent", "Outbox rows ended, by how", ["platform", "outcome"], registry=self.registry
        )
        self.retries = Counter("solidarity_retries", "Sends tried again", registry=self.registry)
        self.answer_seconds = Histogram(
            "solidarity_answer_seconds",
            "From a reply's commit to its delivery",
            buckets=LATENCIES_S,
            registry=self.registry,
        )
        self.inbox_waiting = Gauge("solidarity_inbox_waiting", "Messages not handled yet", registry=self.registry)
        self.inbox_parked = Gauge("solidarity_inbox_parked", "Messages given up and kept", registry=self.registry)
        self.outbox_waiting = Gauge("solidarity_outbox_waiting", "Replies not sent yet", registry=self.registry)
        self.announcements = Gauge(
            "solidarity_announcements_sending", "Announcements that go out now", registry=self.registry
        )
        self.recipients_waiting = Gauge(
            "solidarity_recipients_waiting", "People who have still to get what goes out now", registry=self.registry
        )
        self.recipients = Counter(
            "solidarity_recipients",
            "Who an announcement that ended was for, by what became of it",
            ["outcome"],
            registry=self.registry,
        )
        self.services = Gauge("solidarity_services", "Services in the directory", registry=self.registry)


class HealthServer:
    """The HTTP endpoint at host:port, "" for none; `not_ready` gives the reasons why the bot cannot do its work now, `more`
    adds what else is answered there."""

    def __init__(
        self,
        listen: str,
        metrics: Metrics,
        not_ready: Callable[[], Awaitable[list[str]]],
        more: Callable[[web.Application], None] = lambda _application: None,
    ) -> None:
        self._more = more
        self._listen = listen
        self._metrics = metrics
        self._not_ready = not_ready
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Harmless a second time. Raises Fatal when the address is taken or is none."""
        if not self._listen or self._runner is not None:
            return
        application = web.Application()
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/readyz", self._readyz)
        application.router.add_get("/metrics", self._metrics_page)
        self._more(application)
        host, _, port = self._listen.rpartition(":")
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        except OSError as error:
            await runner.cleanup()
            raise Fatal(f"health.listen: cannot listen on {self._listen}: {error.strerror}") from None
        self._runner = runner

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _readyz(self, _request: web.Request) -> web.Response:
        reasons = await self._not_ready()
        return web.Response(text="\n".join(reasons or ["ready"]) + "\n", status=503 if reasons else 200)

    async def _metrics_page(self, _request: web.Request) -> web.Response:
        return web.Response(
            body=generate_latest(self._metrics.registry), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4}
        )
