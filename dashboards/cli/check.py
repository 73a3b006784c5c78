"""`parapet check`: test settings, registers, rules and connections; each fault with a cure. Exit 1 where there is one.

Beside the flow, for whoever installs or changes something. One visible list of checks; none stops the next.
"""

from collections.abc import Callable
from contextlib import closing
from importlib.util import find_spec

import click

from dashboards.cli.answers import Answered
from dashboards.cli.bootstrap import open_log, open_store
from dashboards.cli.places import registers_folder, utc_now
from dashboards.cli.rules_check import check_rule_use, check_rules, check_suppressions
from dashboards.cli.serving import address_of
from dashboards.cli.settings_help import SETTINGS_EPILOG, settings_lines
from dashboards.cli.trial import tell_trial
from dashboards.console.accounts import Accounts
from dashboards.console.build import BUILT
from dashboards.console.database import FILE as CONSOLE_FILE
from dashboards.console.permissions import ConsoleRole
from dashboards.console.serve import check_listen
from dashboards.console.style import council_colour
from pipeline.images.reader import why_not
from pipeline.log.interface import LogUnavailable
from pipeline.registers.confidential import topic_notes
from pipeline.registers.load import RegisterError, load_registers
from pipeline.settings import TABLE, SettingError, Settings, load
from pipeline.sources.signature import keys_of
from pipeline.store.interface import Query, StoreUnavailable
from pipeline.topics import ALERTS
from processors.notify.mail import MailSender
from processors.notify.outcome import Answer
from processors.reading.common_terms import lines_of, too_common
from processors.reading.terms import ordinary_talk
from processors.retention import ScheduleError, load_schedule


@click.command(name="check", epilog=SETTINGS_EPILOG)
@click.option("--send-test", is_flag=True, help="Also send a test alert to every recipient.")
@click.option("--settings", "listing", is_flag=True, help="Only list every setting with its value; secrets are hidden.")
def command(*, send_test: bool, listing: bool) -> None:
    """Test settings, registers, rules and connections; each fault with a cure."""
    settings = load()
    if listing:
        click.echo("\n".join(settings_lines(settings)))
        return
    faults = sum(say(name, check, settings) for name, check in CHECKS)
    if send_test and not tell_trial(load_registers(registers_folder(settings)), settings):
        faults += 1
    click.echo("All is well." if not faults else f"{faults} {'fault' if faults == 1 else 'faults'}.")
    raise SystemExit(1 if faults else 0)


def say(name: str, check: Callable[[Settings], Answered], settings: Settings) -> int:
    """Run one check, print what it says, and return how many faults it found."""
    try:
        answered = check(settings)
    except (SettingError, LogUnavailable, StoreUnavailable) as error:
        answered = Answered("", (str(error),))
    for fault in answered.faults:
        click.echo(f"FAULT  {name}: {fault}")
    if not answered.faults:
        click.echo(f"ok     {name}: {answered.words}")
    for note in answered.notes:
        click.echo(f"note   {name}: {note}")
    return len(answered.faults)


def check_settings(settings: Settings) -> Answered:
    """Every setting can be read as what it is."""
    faults: list[str] = []
    for row in TABLE:
        try:
            if row.kind is int:
                settings.number(row.name)
            elif row.kind is bool:
                settings.flag(row.name)
        except SettingError as error:
            faults.append(str(error))
    return Answered(f"{len(TABLE)} known, home is {settings.home}", tuple(faults))


def check_listening(settings: Settings) -> Answered:
    """Nobody signs in over an open network without TLS."""
    check_listen(settings)
    return Answered(f"console on {address_of(settings)}")


def check_webhook(settings: Settings) -> Answered:
    """The webhook's secrets can be used."""
    if not settings.text("webhook_secrets"):
        return Answered("not used: PARAPET_WEBHOOK_SECRETS is empty")
    keys = keys_of(settings.text("webhook_secrets"))
    return Answered(f"{settings.text('webhook_host')}:{settings.number('webhook_port')}, {len(keys)} secrets")


def check_colour(settings: Settings) -> Answered:
    """The council's colour is one."""
    return Answered("#{:02x}{:02x}{:02x}".format(*council_colour(settings)))


def check_registers(settings: Settings) -> Answered:
    """The registers hold together, and the roles that every alert reaches have an address."""
    try:
        loaded = load_registers(registers_folder(settings))
    except RegisterError as error:
        return Answered("", tuple(error.problems))
    told = {recipient.role.value for recipient in loaded.recipients}
    missing = [role for role in ("communications_team", "monitoring_officer") if role not in told]
    notes = [f"recipients.json: nobody for {role}: no alert can reach them; add one" for role in missing]
    notes += topic_notes(loaded, utc_now().date())
    notes += too_common(loaded.topics, lines_of(ordinary_talk()), "lines of ordinary talk")
    counts = f"{len(loaded.councillors)} councillors, {len(loaded.accounts)} accounts, {len(loaded.topics)} topics"
    return Answered(f"{loaded.council.name}: {counts}, version {loaded.version}", notes=tuple(notes))


def check_retention(settings: Settings) -> Answered:
    """The retention schedule can be used."""
    try:
        schedule = load_schedule(settings.home)
    except ScheduleError as error:
        return Answered("", (str(error),))
    return Answered(f"schedule {schedule.version}, {schedule.shortest} months at least")


def check_log(settings: Settings) -> Answered:
    """The log can be opened and read."""
    log = open_log(settings)
    try:
        partitions = log.partitions(ALERTS.name)
    finally:
        log.close()
    return Answered(f"{settings.text('kafka') or settings.home / 'log.db'}, {partitions} partitions")


def check_store(settings: Settings) -> Answered:
    """The store can be opened and searched."""
    store = open_store(settings)
    try:
        found = store.search(Query(limit=1)).total
    finally:
        store.close()
    return Answered(f"{settings.text('elasticsearch') or settings.home / 'store.db'}, {found} incidents")


def check_mail(settings: Settings) -> Answered:
    """The mail server answers."""
    if not settings.text("smtp_host"):
        return Answered("none set", notes=("alerts wait in the outbox until PARAPET_SMTP_HOST is set",))
    sender = MailSender(settings)
    try:
        outcome = sender.check()
    finally:
        sender.close()
    where = f"{settings.text('smtp_host')}:{settings.number('smtp_port')}"
    if outcome.answer is Answer.SENT:
        return Answered(f"{where} answers")
    return Answered("", (f"{where}: {outcome.reason}: correct PARAPET_SMTP_HOST, _PORT, _USER and _PASSWORD",))


def check_console(settings: Settings) -> Answered:
    """The front end was built, and somebody can sign in."""
    faults = []
    if not BUILT.is_dir() or not any(BUILT.iterdir()):
        faults.append("its style sheet is not built: python -m dashboards.console.build")
    with closing(Accounts(settings.home / CONSOLE_FILE)) as accounts:
        admins = [one for one in accounts.list() if ConsoleRole.ADMIN in one.roles and not one.disabled]
    if not admins:
        faults.append("no admin can sign in: parapet users add NAME --name '...' --role admin")
    return Answered(f"style sheet built, {len(admins)} {'admin' if len(admins) == 1 else 'admins'}", tuple(faults))


def check_images(settings: Settings) -> Answered:
    """Pictures can be read for text and logos; where they cannot, that is no fault."""
    hindrance = why_not(settings)
    seconds = settings.number("image_seconds")
    words = f"read for {seconds} seconds a post at most" if seconds else "not read: PARAPET_IMAGE_SECONDS is 0"
    return Answered("not all that is in them is read" if hindrance else words, notes=(hindrance,) if hindrance else ())


def check_services(settings: Settings) -> Answered:
    """What the services need is installed where they are named."""
    named = [name for name in ("kafka", "elasticsearch") if settings.text(name)]
    if not named:
        return Answered("not used: everything runs in one process")
    absent = [package for package in ("kafka", "faust", "elasticsearch") if find_spec(package) is None]
    faults = tuple(f"{package} is not installed: pip install 'parapet[services]'" for package in absent)
    return Answered(f"{' and '.join(named)} named, clients installed", faults)


CHECKS: tuple[tuple[str, Callable[[Settings], Answered]], ...] = (
    ("settings", check_settings),
    ("listening", check_listening),
    ("webhook", check_webhook),
    ("colour", check_colour),
    ("registers", check_registers),
    ("rules", check_rules),
    ("suppressions", check_suppressions),
    ("images", check_images),
    ("services", check_services),
    ("retention", check_retention),
    ("log", check_log),
    ("rule use", check_rule_use),
    ("store", check_store),
    ("mail", check_mail),
    ("console", check_console),
)
"""Every check and its name, in the order in which one needs the other."""
