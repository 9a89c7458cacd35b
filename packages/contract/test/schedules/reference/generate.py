"""
Writes cases.json and grammar.json: what the schedules of Prefect 2.8.0 (croniter, dateutil, pendulum) answer, for our own
generators to be compared with. Run it with a Python that has `prefect==2.8.0` and its dependencies of February 2023:

    $(npx node packages/testing/src/reference.ts) packages/contract/test/schedules/reference/generate.py packages/contract/test/schedules/reference

Cases whose dates come near a change of their zone's clock are left out: there we are right and differ, see docs/schedules.md.
"""

import asyncio
import datetime
import json
import random
import signal
import sys
import warnings

import pendulum
from prefect.orion.schemas.schedules import CronSchedule, IntervalSchedule, RRuleSchedule

warnings.simplefilter("ignore")
rng = random.Random(20230216)
steady = ["UTC", "Asia/Kolkata", "Asia/Tokyo", "America/Phoenix", None]
changing = ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Pacific/Auckland"]
PATIENCE = 2


class TooSlow(Exception):
    pass


def too_slow(*_):
    raise TooSlow()


signal.signal(signal.SIGALRM, too_slow)


def pick(low, high, most):
    return sorted(rng.sample(range(low, high + 1), rng.randint(1, most)))


def moment(first=2015, last=2030):
    start = pendulum.datetime(first, 1, 1)
    seconds = rng.randrange((last - first) * 365 * 86400)
    micros = rng.choice([0, 0, 0, rng.randrange(1_000_000)])
    return start.add(seconds=seconds).add(microseconds=micros)


def text(date):
    return date.in_tz("UTC").strftime("%Y-%m-%d %H:%M:%S.%f")


def clock_changes_near(first, last, zone):
    """Whether a zone's clock changes between the days around two times."""
    if zone is None:
        return False
    first, last = first.in_tz(zone).subtract(days=2), last.in_tz(zone).add(days=2)
    if (last - first).days > 400:
        return zone in changing
    day = first
    while day < last:
        if day.utcoffset() != first.utcoffset():
            return True
        day = day.add(hours=12)
    return False


def dates_of(schedule, wanted):
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        return asyncio.run(schedule.get_dates(**wanted))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def case(schedule, origin=None, n=None):
    wanted = {"n": n or rng.choice([1, 5, 20, 20]), "start": moment()}
    if rng.random() < 0.2:
        wanted["end"] = wanted["start"].add(days=rng.choice([0, 1, 30, 400]))
    try:
        dates = dates_of(schedule, wanted)
    except (TooSlow, ValueError, IndexError, AttributeError):
        return None
    zone = schedule.timezone
    edges = [wanted["start"]] + ([dates[-1]] if dates else []) + ([origin] if origin else [])
    if clock_changes_near(min(edges), max(edges), zone):
        return None
    return {
        "schedule": json.loads(schedule.json()),
        "start": text(wanted["start"]),
        "end": text(wanted["end"]) if "end" in wanted else None,
        "limit": wanted["n"],
        "dates": [text(date) for date in dates],
    }


def zone():
    return rng.choice(steady + changing)


# --- intervals


def interval():
    length = rng.choice(
        [60, 90, 300, 3600, 5400, 86399, 86400, 129600, 7 * 86400, 0.5, 0.25, 61.75, 100000, 10 * 86400 + 1]
    )
    anchor = moment()
    return case(IntervalSchedule(interval=datetime.timedelta(seconds=length), anchor_date=anchor, timezone=zone()), anchor)


# --- cron


def cron_item(low, high, names=()):
    kind = rng.random()
    if kind < 0.45:
        value = rng.randint(low, high)
        return rng.choice(names)[:3] if names and rng.random() < 0.4 else str(value)
    if kind < 0.7:
        first, last = sorted([rng.randint(low, high), rng.randint(low, high)])
        return f"{first}-{last}" + (f"/{rng.randint(1, 10)}" if rng.random() < 0.5 else "")
    if kind < 0.9:
        return f"*/{rng.randint(1, max(2, high // 2))}"
    return f"{rng.randint(low, high)}/{rng.randint(1, 10)}"


def cron_field(low, high, star, names=()):
    if rng.random() < star:
        return "*"
    return ",".join(cron_item(low, high, names) for _ in range(rng.choice([1, 1, 2, 3])))


MONTHS = ["jan", "feb", "MAR", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "Dec"]
DAYS = ["sun", "mon", "TUE", "wed", "thu", "fri", "Sat"]


def cron():
    days = rng.choice(["*", "*", "1", "15", "1-7", "*/5", "10,20", "28", "L", "1,L"])
    weekday = rng.choice(["*", "*", cron_field(0, 6, 0, DAYS), "fri#2", "1#1,3#3", "L5", "mon-fri", "fri-sun", "7", "0-7"])
    if "#" in weekday or "L" in weekday:
        days = "*"  # croniter forgets the date beside them
    fields = [cron_field(0, 59, 0.3), cron_field(0, 23, 0.4), days, cron_field(1, 12, 0.7, MONTHS), weekday]
    if rng.random() < 0.3 and "7" not in weekday:
        fields.append(cron_field(0, 59, 0.2))
    expression = " ".join(fields)
    if rng.random() < 0.05:
        expression = rng.choice(["@hourly", "@daily", "@weekly", "@monthly", "@yearly", "@annually", "@midnight"])
    try:
        schedule = CronSchedule(cron=expression, timezone=zone(), day_or=rng.random() < 0.7)
    except ValueError:
        return None
    return case(schedule)


# --- recurrence rules

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def joined(values):
    return ",".join(str(value) for value in values)


def rule(freq=None):
    freq = freq or rng.choice(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"])
    parts = [f"FREQ={freq}"]

    def maybe(chance, name, values):
        if rng.random() < chance:
            parts.append(f"{name}={values() if callable(values) else values}")

    maybe(0.4, "INTERVAL", lambda: rng.choice([2, 3, 5, 7, 10, 45]))
    maybe(0.3, "WKST", lambda: rng.choice(WEEKDAYS))
    maybe(0.2, "BYMONTH", lambda: joined(pick(1, 12, 4)))
    maybe(0.2, "BYMONTHDAY", lambda: joined(rng.choice([v, -v]) for v in pick(1, 31, 4)))
    if freq == "YEARLY":
        maybe(0.2, "BYYEARDAY", lambda: joined(rng.choice([v, -v]) for v in pick(1, 366, 5)))
        maybe(0.2, "BYWEEKNO", lambda: joined(pick(2, 52, 4)))
        maybe(0.1, "BYEASTER", lambda: joined([rng.randint(-50, 60)]))
        # dateutil takes "each" and "the nth" together for "both"
    if freq in ("YEARLY", "MONTHLY") and rng.random() < 0.4:
        maybe(1, "BYDAY", lambda: joined(f"{rng.choice([1, 2, -1, -2, 4])}{d}" for d in rng.sample(WEEKDAYS, 2)))
    else:
        maybe(0.3, "BYDAY", lambda: joined(rng.sample(WEEKDAYS, rng.randint(1, 5))))
    maybe(0.3, "BYHOUR", lambda: joined(pick(0, 23, 4)))
    maybe(0.3, "BYMINUTE", lambda: joined(pick(0, 59, 4)))
    maybe(0.3, "BYSECOND", lambda: joined(pick(0, 59, 3)))
    maybe(0.2, "BYSETPOS", lambda: joined(rng.choice([v, -v]) for v in pick(1, 6, 3)))
    ending = rng.random()
    if ending < 0.2:
        parts.append(f"COUNT={rng.choice([1, 10, 100, 1000])}")
    elif ending < 0.4:
        parts.append(f"UNTIL={moment(2019, 2030).strftime('%Y%m%dT%H%M%S')}")
    return ";".join(parts)


def recurrence(freq=None, span=None):
    short = freq in ("HOURLY", "MINUTELY", "SECONDLY")
    begin = moment(2020, 2021) if short else moment(2014, 2022)
    lines = [f"DTSTART:{begin.strftime('%Y%m%dT%H%M%S')}", f"RRULE:{rule(freq)}"]
    if rng.random() < 0.3:
        if rng.random() < 0.4:
            lines.append(f"RRULE:{rule(freq)}")
        if rng.random() < 0.5:
            lines.append(f"EXRULE:{rule(freq)}")
        if rng.random() < 0.5:
            lines.append("RDATE:" + ",".join(moment().strftime("%Y%m%dT%H%M%S") for _ in range(3)))
        if rng.random() < 0.5:
            lines.append("EXDATE:" + ",".join(moment().strftime("%Y%m%dT%H%M%S") for _ in range(2)))
    try:
        schedule = RRuleSchedule(rrule="\n".join(lines), timezone=zone())
    except ValueError:
        return None
    wanted_start = begin.subtract(days=1).add(seconds=rng.randrange(3 * 86400))
    return near(schedule, wanted_start) if short else case(schedule)


def near(schedule, start):
    """A case that starts close to the rule's start: dateutil counts every hour, minute or second from there."""
    wanted = {"n": 20, "start": start}
    try:
        dates = dates_of(schedule, wanted)
    except (TooSlow, ValueError, IndexError, AttributeError):
        return None
    if clock_changes_near(start, dates[-1] if dates else start, schedule.timezone):
        return None
    return {
        "schedule": json.loads(schedule.json()),
        "start": text(start),
        "end": None,
        "limit": 20,
        "dates": [text(date) for date in dates],
    }


def collect(make, count):
    cases = []
    for _ in range(count * 20):
        made = make()
        if made is not None:
            cases.append(made)
        if len(cases) == count:
            break
    return cases



# --- what is accepted at all


def verdict(make):
    try:
        make()
    except Exception as error:  # a 500 of the reference is a refusal, too
        errors = getattr(error, "errors", None)
        return errors()[0]["msg"] if errors else f"{type(error).__name__}"
    return None


CRONS = """* * * * *|* * * * * *|* * * *|* * * * * * *|@hourly|@HOURLY|@reboot|@yearly |60 * * * *|0-60 * * * *|5-1 * * * *
*/0 * * * *|*/x * * * *|1,,2 * * * *|,1 * * * *|1-2-3 * * * *|-1 * * * *|1- * * * *|1.5 * * * *|a * * * *|/5 * * * *
* 24 * * *|* 0-24 * * *|* * 0 * *|* * 0-5 * *|* * 0 * * *|* * 32 * *|* * L * *|* * l-5 * *|* * 5-l * *|* * l/2 * *
* * L-3 * *|* * LW * *|* * 15W * *|* * ? * *|* * * 0 *|* * * 13 *|* * * jan-mar *|* * * jan/2 *|* * * JAN,dec *
* * * january *|* * * 0-3 *|* * * * 7|* * * * 8|* * * * 0-7|* * * * sun-sat|* * * * fri-sun|* * * * sat-mon
* * * * mon#1|* * * * mon#0|* * * * mon#6|* * * * 1#2,3#4|* * * * 1#2,3|* * * * 1#2,1|* * * * *,1#2|* * * * L5|* * * * L
* * * * L8|* * * * L7|* * * * mon-fri#2|* * * * mon#2x|* * * * #2|* * * * 5L|r * * * *|R * * * *|h * * * *|H * * * * *
h/5 * * * *|H(0-5) * * * *|h,5 * * * *|r,5 * * * *|r 61 * * *|* * * * * 60|* * * * * */5|* * * * * L|* * * * * 5/10
0 0 30 2 *|007 * * * *|1-5/2,8 * * * *|* * 1-31 * *|* * */2 * 1|*/70 * * * *|5/100 * * * *|* * * * */3|* * * * 1-7/2
* * * * 5-0|* * * * 0-0|* * * 12/1 *|*  *  *  * *|	* * * * *|* * * * mon/2|*/5,* * * * *|** * * * *|*-5 * * * *||hello"""

RULES = r"""FREQ=DAILY|freq=daily|FREQ=DAILYX|COUNT=3|FREQ=DAILY;|FREQ=DAILY;X=1|FREQ|FREQ=DAILY=2|RRULE:FREQ=DAILY|X:FREQ=DAILY
EXRULE:FREQ=DAILY|rrule:freq=daily;count=2|FREQ=DAILY;COUNT=x|FREQ=DAILY;COUNT=0|FREQ=DAILY;COUNT=-1|FREQ=DAILY;COUNT=1_0
FREQ=DAILY;UNTIL=20230101|FREQ=DAILY;UNTIL=20230101T000000Z|FREQ=DAILY;UNTIL=nope|FREQ=DAILY;UNTIL=2023-01-01
DTSTART:20230101T000000\nRRULE:FREQ=DAILY;UNTIL=20230201T000000Z|DTSTART:20230101T000000Z\nRRULE:FREQ=DAILY;UNTIL=20230201T000000Z
DTSTART:20230101T000000Z\nRRULE:FREQ=DAILY;UNTIL=20230201T000000|DTSTART;TZID=America/New_York:20230101T000000\nRRULE:FREQ=DAILY;UNTIL=20230201T000000Z
DTSTART;TZID=Nowhere:20230101T000000\nRRULE:FREQ=DAILY;UNTIL=20230201T000000|DTSTART;TZID=UTC:20230101T000000Z\nFREQ=DAILY
DTSTART;VALUE=DATE:20230101\nFREQ=DAILY|DTSTART;VALUE=DATE;VALUE=DATE:20230101\nFREQ=DAILY|DTSTART;X=1:20230101\nFREQ=DAILY
DTSTART:20230101,20230102\nFREQ=DAILY|DTSTART:20230230\nFREQ=DAILY|DTSTART:2023-01-01T00:00:00+02:00\nFREQ=DAILY
DTSTART:20230101T0900\nFREQ=DAILY|DTSTART:20230101\nFREQ=DAILY|DTSTART:20230101|RDATE:20230101|RDATE;VALUE=DATE:20230101
RDATE;VALUE=DATE-TIME:20230101T000000|EXDATE:20230101|EXDATE;TZID=UTC:20230101T000000\nFREQ=DAILY|FREQ=DAILY\nFREQ=WEEKLY
RRULE;X=1:FREQ=DAILY|EXRULE;X=1:FREQ=DAILY\nFREQ=DAILY|SUMMARY:x\nFREQ=DAILY|BEGIN:VEVENT|FREQ=DAILY RRULE:FREQ=WEEKLY
FREQ=WEEKLY;BYDAY=MO|FREQ=WEEKLY;BYDAY=XX|FREQ=WEEKLY;BYDAY=|FREQ=MONTHLY;BYDAY=+1MO|FREQ=MONTHLY;BYDAY=MO(+1)|FREQ=MONTHLY;BYDAY=MO(x)
FREQ=MONTHLY;BYDAY=0MO|FREQ=MONTHLY;BYDAY=1|FREQ=MONTHLY;BYDAY=-1MO,TU|FREQ=MONTHLY;BYWEEKDAY=MO|FREQ=WEEKLY;WKST=SU|FREQ=WEEKLY;WKST=X
FREQ=DAILY;BYHOUR=24|FREQ=DAILY;BYMINUTE=60|FREQ=DAILY;BYSECOND=60|FREQ=DAILY;BYHOUR=-1|FREQ=DAILY;BYHOUR=1,x|FREQ=DAILY;BYSETPOS=0
FREQ=DAILY;BYSETPOS=367|FREQ=DAILY;BYSETPOS=-366|FREQ=DAILY;BYMONTH=13|FREQ=DAILY;BYMONTHDAY=0|FREQ=DAILY;BYEASTER=0
DTSTART:20230101T010000\nRRULE:FREQ=HOURLY;INTERVAL=2;BYHOUR=2|DTSTART:20230101T010000\nRRULE:FREQ=HOURLY;INTERVAL=2;BYHOUR=3
DTSTART:20230101T010000\nRRULE:FREQ=MINUTELY;INTERVAL=4;BYMINUTE=3|DTSTART:20230101T010001\nRRULE:FREQ=SECONDLY;INTERVAL=4;BYSECOND=4
FREQ=HOURLY;BYMINUTE=75|FREQ=MINUTELY;BYHOUR=25|FREQ=DAILY;INTERVAL=x|FREQ=DAILY;INTERVAL=+2| |FREQ=DAILY;FREQ=WEEKLY|hello|a:b:c"""


def grammar():
    crons = [entry for line in CRONS.split("\n") for entry in line.split("|")]
    rules = [entry.replace("\\n", "\n") for line in RULES.split("\n") for entry in line.split("|")]
    rules.append("FREQ=DAILY;" + "BYHOUR=" + ",".join(["1"] * 4000))
    rules.append("DTSTART:20230101T000000\nRDATE:" + ",".join(["20230101T000000"] * 400))
    zones = ["UTC", "Europe/Berlin", "US/Eastern", "utc", "Nowhere/City", "+01:00", "", "EST5EDT", "Etc/GMT+5", "Europe/kyiv"]
    return {
        "crons": [[entry, verdict(lambda: CronSchedule(cron=entry))] for entry in crons],
        "rules": [[entry, verdict(lambda: RRuleSchedule(rrule=entry))] for entry in rules],
        "timezones": [[entry, verdict(lambda: CronSchedule(cron="* * * * *", timezone=entry))] for entry in zones],
    }


def write(name, lines):
    with open(f"{sys.argv[1]}/{name}", "w") as file:
        file.write(lines + "\n")


cases = collect(interval, 80) + collect(cron, 250)
for frequency in ["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"]:
    cases += collect(lambda: recurrence(frequency), 40)
write("cases.json", "[\n" + ",\n".join(json.dumps(made) for made in cases) + "\n]")
write("grammar.json", json.dumps(grammar(), indent=1))
print(len(cases), "cases,", sum(len(made["dates"]) for made in cases), "dates")
