"""The command `solidarity-bot`. Exit codes: 0 good, 1 failed, 2 bad usage or configuration."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, BinaryIO, NoReturn, TypeVar

import typer

from bot.config import Settings, SettingsError, load_settings
from bot.logs import set_up_logs, where
from bot.messages import Position
from bot.texts import LANGUAGES

T = TypeVar("T")

BAD_USAGE = 2
FAILED = 1

app = typer.Typer(
    name="solidarity-bot",
    help="The nearest service that is open when you get there.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
directory_app = typer.Typer(help="The directory of services.", no_args_is_help=True)
app.add_typer(directory_app, name="directory")
staff_app = typer.Typer(help="Who is of the team.", no_args_is_help=True)
app.add_typer(staff_app, name="staff")
journal_app = typer.Typer(help="What the team did.", no_args_is_help=True)
app.add_typer(journal_app, name="journal")
activities_app = typer.Typer(help="Trainings, missions and the rest.", no_args_is_help=True)
app.add_typer(activities_app, name="activities")

ConfigOption = Annotated[
    Path | None, typer.Option("--config", help="Settings file; without it ./config.toml when there is one.")
]


class Stop(Exception):
    """Ends the command with one clear line on standard error."""

    def __init__(self, message: str, code: int = FAILED) -> None:
        super().__init__(message)
        self.code = code


def main() -> None:
    """Runs the command; errors are one line, never a traceback."""
    from storage.errors import DatabaseError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an answer with emoji in a terminal without is still an answer
    try:
        sys.exit(app(standalone_mode=False))
    except Stop as error:
        _end(str(error), error.code)
    except DatabaseError as error:
        _end(str(error), FAILED)
    except typer.TyperException as error:
        _end(error.format_message(), BAD_USAGE)
    except Exception as error:
        _end(f"this is a bug, please report it: {where(error)}", FAILED)


def _end(message: str, code: int) -> NoReturn:
    print(message if "\n" in message else f"solidarity-bot: {message}", file=sys.stderr)  # help has many lines
    sys.exit(code)


def _settings(path: Path | None) -> Settings:
    if path is None and Path("config.toml").exists():
        path = Path("config.toml")
    try:
        return load_settings(path)
    except SettingsError as error:
        raise Stop(str(error), BAD_USAGE) from None


def _run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def _position(text: str | None) -> Position | None:
    """LAT,LON in degrees."""
    if text is None:
        return None
    try:
        latitude, longitude = (float(part) for part in text.split(","))
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            raise ValueError
    except ValueError:
        raise Stop(
            f'--near {text}: write latitude,longitude in degrees, for example "48.8809,2.3553"', BAD_USAGE
        ) from None
    return Position(latitude, longitude)


def _language(code: str | None, settings: Settings) -> str:
    if code is not None and code not in LANGUAGES:
        raise Stop(f"--lang {code}: one of {', '.join(LANGUAGES)}", BAD_USAGE)
    return code or settings.bot.default_language


@app.command()
def run(config: ConfigOption = None) -> None:
    """Serves every platform that has a token, until it is told to stop."""
    settings = _settings(config)
    set_up_logs()
    from bot.adapters.adapter import Fatal
    from bot.serve import NothingToServe, serve

    try:
        _run(serve(settings))
    except (NothingToServe, Fatal) as error:
        raise Stop(str(error), BAD_USAGE) from None


@app.command()
def chat(
    lang: Annotated[str | None, typer.Option(help="Language of the phone.")] = None,
    near: Annotated[str | None, typer.Option(help="Where you are: LAT,LON.")] = None,
    name: Annotated[str, typer.Option("--as", help="Whom to be: each name is another person.")] = "you",
    config: ConfigOption = None,
) -> None:
    """Talks in the terminal, with no token and no network needed."""
    settings = _settings(config)
    set_up_logs(quiet=True)
    from bot.adapters.console import Console
    from bot.app import Application
    from bot.chat import Chat

    language, position = _language(lang, settings), _position(near)

    async def talk() -> None:
        application = await Application.open(settings)
        try:
            await Chat(application, Console(name, language), position, sys.stdin).run()
        finally:
            await application.close()

    _run(talk())


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="The question.")],
    near: Annotated[str | None, typer.Option(help="Where you are: LAT,LON.")] = None,
    at: Annotated[str | None, typer.Option(help="When it is asked: ISO 8601; without an offset, local time.")] = None,
    lang: Annotated[str | None, typer.Option(help="Language of the phone.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Frame, results and text as JSON.")] = False,
    config: ConfigOption = None,
) -> None:
    """One question, one answer."""
    settings = _settings(config)
    set_up_logs(quiet=True)
    moment = _moment(at, settings)
    position = _position(near)
    language = _language(lang, settings)
    from bot.ask import ask as answer

    answered = _run(answer(settings, text, position, moment, language))
    print(json.dumps(answered.as_dict(), ensure_ascii=False) if as_json else answered.text)


def _moment(at: str | None, settings: Settings) -> datetime:
    from bot.frames import read_moment

    try:
        return read_moment(at, settings.bot.zone)
    except ValueError:
        raise Stop(f"--at {at}: write an ISO 8601 moment, for example 2026-03-29T14:30", BAD_USAGE) from None


@app.command()
def understand(
    file: Annotated[Path | None, typer.Argument(help="JSON Lines {id, text, at?}; standard input without it.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Which words led to what.")] = False,
    config: ConfigOption = None,
) -> None:
    """Sentences in, frames out, one JSON object a line."""
    settings = _settings(config)
    from bot.frames import frames

    with contextlib.nullcontext(sys.stdin.buffer) if file is None else _opened(file) as lines:
        bad = 0
        for line in frames(lines, settings.bot.zone, settings.bot.default_language, explain=explain):
            if line.error:
                bad += 1
                print(f"solidarity-bot: line {line.number}: {line.error}", file=sys.stderr)
            else:
                print(json.dumps(line.frame, ensure_ascii=False), flush=True)
    if bad:
        raise Stop(f"{bad} lines could not be read")


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise Stop(f"{file}: cannot be read: {error.strerror}", BAD_USAGE) from None


@app.command()
def migrate(config: ConfigOption = None) -> None:
    """Brings the database up to date."""
    settings = _settings(config)
    from storage.database import Database
    from storage.migrate import migrate as bring_up_to_date

    async def work() -> bool:
        database = Database.open(settings.storage.url)
        try:
            return await bring_up_to_date(database)
        finally:
            await database.close()

    print("migrated" if _run(work()) else "already up to date")


@app.command()
def backup(file: Annotated[Path, typer.Argument(help="Where to write it.")], config: ConfigOption = None) -> None:
    """A copy of the database, taken while the bot runs."""
    settings = _settings(config)
    if file.is_dir():
        raise Stop(f"{file}: is a folder; give the name of a file in it, for example {file / 'backup.db'}", BAD_USAGE)
    from storage.backup import backup as copy
    from storage.database import Database

    async def work() -> None:
        database = Database.open(settings.storage.url)
        try:
            await copy(database, file)
        finally:
            await database.close()

    _run(work())
    print(f"written to {file}")


@app.command()
def doctor(config: ConfigOption = None) -> None:
    """Checks settings, tokens, clock, database and geocoder, and says what to mend."""
    settings = _settings(config)
    set_up_logs(quiet=True)
    from bot.doctor import examine

    findings = _run(examine(settings))
    for finding in findings:
        print(f"{'✔' if finding.good else '✘'} {finding.what}: {finding.says}")
    if not all(finding.good for finding in findings):
        raise Stop("something needs mending, see above")


@directory_app.command("check")
def directory_check(
    file: Annotated[Path | None, typer.Argument(help="A directory file; the bundled one without it.")] = None,
) -> None:
    """Reads a directory file and says what is wrong with each bad row."""
    from bot.directory_files import check

    good, rejected = _reading(file, lambda: check(file))
    for line in rejected:
        print(line)
    print(f"{good} services good, {len(rejected)} rows rejected")
    if rejected:
        raise Stop("the rows above need mending")


def _reading(file: Path | None, work: Callable[[], T]) -> T:
    """`work`, which reads `file`, with what is wrong with the file as one line."""
    from knowledge.directory import UnreadableDirectoryError

    try:
        return work()
    except UnreadableDirectoryError as error:
        raise Stop(f"{file}: {error}") from None
    except OSError as error:
        raise Stop(f"{file}: cannot be read: {error.strerror}", BAD_USAGE) from None


@directory_app.command("import")
def directory_import(
    file: Annotated[Path, typer.Argument(help="The file to read.")],
    form: Annotated[str, typer.Option("--format", help="csv: the columns of knowledge/data/services.csv.")] = "csv",
    config: ConfigOption = None,
) -> None:
    """Brings a file into the directory. A bad row never stops the rest; the same file twice changes nothing."""
    if form != "csv":
        raise Stop(f"--format {form}: only csv can be imported yet", BAD_USAGE)
    settings = _settings(config)
    from bot.directory_files import import_file

    counts, rejected = _reading(file, lambda: _run(import_file(settings, file)))
    for line in rejected:
        print(line)
    print(
        f"read {counts.read}, added {counts.added}, changed {counts.changed}, unchanged {counts.unchanged}, "
        f"rejected {len(rejected)}"
    )


@directory_app.command("export")
def directory_export(
    form: Annotated[str, typer.Option("--format", help="csv or geojson.")] = "csv",
    output: Annotated[Path | None, typer.Option("-o", help="Folder to write into; standard output without it.")] = None,
    config: ConfigOption = None,
) -> None:
    """Writes the directory out, with sources and licence; confidential addresses stay out of it."""
    if form not in ("csv", "geojson"):
        raise Stop(f"--format {form}: csv or geojson", BAD_USAGE)
    settings = _settings(config)
    from bot.directory_files import export

    text = _run(export(settings, form))
    if output is None:
        print(text, end="")
        return
    output.mkdir(parents=True, exist_ok=True)
    target = output / f"services.{form}"
    target.write_text(text, encoding="utf-8")
    print(f"written to {target}")


def _platform_id(text: str) -> tuple[str, str]:
    platform, colon, user = text.partition(":")
    if not colon or not user or platform not in ("telegram", "matrix", "console"):
        raise Stop(f'{text}: write it as platform:id, for example "telegram:123456"', BAD_USAGE)
    return platform, user


@staff_app.command("add")
def staff_add(
    who: Annotated[str, typer.Argument(help="platform:id, for example telegram:123456.")],
    role: Annotated[str, typer.Option(help="partner, staff or admin.")] = "staff",
    organisation: Annotated[str, typer.Option(help="Of partners: their association.")] = "",
    config: ConfigOption = None,
) -> None:
    """Gives somebody a role, also another one than before."""
    settings = _settings(config)
    platform, user = _platform_id(who)
    if role not in ("partner", "staff", "admin"):
        raise Stop(f"--role {role}: partner, staff or admin", BAD_USAGE)
    if role == "partner" and not organisation:
        raise Stop("--organisation: needed for a partner: the name of their association", BAD_USAGE)
    from bot.staff_roles import add

    _run(add(settings, platform, user, role, organisation, datetime.now(settings.bot.zone)))
    print(f"{who} is {role}")


@staff_app.command("remove")
def staff_remove(
    who: Annotated[str, typer.Argument(help="platform:id.")],
    config: ConfigOption = None,
) -> None:
    """Takes somebody's role away."""
    settings = _settings(config)
    platform, user = _platform_id(who)
    from bot.staff_roles import remove

    _run(remove(settings, platform, user, datetime.now(settings.bot.zone)))
    print(f"{who} has no role")


@staff_app.command("list")
def staff_list(config: ConfigOption = None) -> None:
    """Everybody with a role, administrators of the settings first."""
    settings = _settings(config)
    from bot.staff_roles import everybody

    for one in _run(everybody(settings)):
        print("\t".join(part for part in (f"{one.platform}:{one.user_id}", one.role, one.organisation) if part))


@journal_app.command("export")
def journal_export(
    output: Annotated[Path | None, typer.Option("-o", help="File to write; standard output without it.")] = None,
    config: ConfigOption = None,
) -> None:
    """Writes what the team did as CSV, a line an act, oldest first."""
    settings = _settings(config)
    from bot.journal_files import export

    content = _run(export(settings))
    if output is None:
        print(content.decode("utf-8-sig"), end="")
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise Stop(f"{output}: cannot be written: {error.strerror}", BAD_USAGE) from None
    print(f"written to {output}")


@activities_app.command("import")
def activities_import(
    file: Annotated[Path, typer.Argument(help="A spreadsheet: CSV or XLSX.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    publish: Annotated[bool, typer.Option("--publish", help="Publish at once, not as drafts.")] = False,
    config: ConfigOption = None,
) -> None:
    """Brings activities in. A bad row never stops the rest; the same file twice changes nothing."""
    settings = _settings(config)
    from bot.activity_files import UnreadableFileError, import_file

    now = datetime.now(settings.bot.zone)
    try:
        done = _run(import_file(settings, file, now, dry_run=dry_run, publish=publish))
    except UnreadableFileError as error:
        raise Stop(f"{file}: {error}") from None
    except OSError as error:
        raise Stop(f"{file}: cannot be read: {error.strerror}", BAD_USAGE) from None
    for line in (*done.rejected, *done.unplaced):
        print(line)
    would = "would add" if dry_run else "added"
    print(f"read {done.read}, {would} {done.added}, already there {done.known}, rejected {len(done.rejected)}")
    if done.rejected:
        raise Stop("the rows above need mending")


@activities_app.command("certificates")
def activities_certificates(
    code: Annotated[str, typer.Argument(help="The code to type on arrival, as /equipe shows it.")],
    output: Annotated[Path, typer.Option("-o", help="Folder to write into.")],
    config: ConfigOption = None,
) -> None:
    """The certificates of everybody who was at a training, as PDF, each in the person's language."""
    settings = _settings(config)
    from bot.papers import NoSuchCodeError, certificates

    try:
        made = _run(certificates(settings, code))
        output.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            (output / name).write_bytes(content)
    except NoSuchCodeError as error:
        raise Stop(str(error), BAD_USAGE) from None
    except OSError as error:
        raise Stop(f"{output}: cannot be written: {error.strerror}", BAD_USAGE) from None
    print(f"{len(made)} certificates written to {output}")


@activities_app.command("qr")
def activities_qr(
    code: Annotated[str, typer.Argument(help="The code to type on arrival, as /equipe shows it.")],
    file: Annotated[Path, typer.Argument(help="The picture to write, for example code.png.")],
    bot: Annotated[str, typer.Option(help="The bot's name on Telegram: scanned, the code opens it.")] = "",
    config: ConfigOption = None,
) -> None:
    """The code of a session as a picture to print and hang on the wall."""
    settings = _settings(config)
    if bot and not re.fullmatch(r"@?\w{4,32}", bot, re.ASCII):
        raise Stop(f"--bot {bot}: write its name on Telegram, for example SolidariteParisBot", BAD_USAGE)
    from bot.papers import NoSuchCodeError, code_picture

    try:
        says, picture = _run(code_picture(settings, code, bot.removeprefix("@")))
        file.write_bytes(picture)
    except NoSuchCodeError as error:
        raise Stop(str(error), BAD_USAGE) from None
    except OSError as error:
        raise Stop(f"{file}: cannot be written: {error.strerror}", BAD_USAGE) from None
    print(f"{says} written to {file}")
