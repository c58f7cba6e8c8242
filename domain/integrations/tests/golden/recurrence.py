"""Writes ../recurrence.json: calendars with rules, and when they are busy by recurring-ical-events.

    pip install icalendar==7.3.0 recurring-ical-events==3.8.2 python-dateutil==2.9.0.post0 tzdata==2026.6
    python recurrence.py

It expands rules by dateutil, which was written by others from the same RFC 5545. Where the two are known to read it
otherwise, the calendar is written so that both have to agree, and the reason stands beside it.
"""

import datetime as dt
import json
import pathlib
import random
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

UTC, STAMP = dt.timezone.utc, "%Y%m%dT%H%M%S"
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
# Northern, southern, without a change, half an hour of one, and one whose changes lie at midnight.
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kolkata",
    "Africa/Cairo",
    "UTC",
]
# Days on which, or near which, some of them change their clocks.
CHANGES = [(2026, 3, 29), (2026, 10, 25), (2026, 3, 8), (2026, 11, 1), (2026, 4, 5), (2026, 9, 6), (2026, 4, 24)]
random.seed(20)


def some(items, most):
    return ",".join(str(item) for item in sorted(random.sample(items, random.randint(1, most))))


def rule(start):
    """A rule; most of them have `start` as one of their dates."""
    day = DAYS[start.weekday()]
    other = random.choice(DAYS)
    days = day if other == day else f"{day},{other}"
    number = (start.day - 1) // 7 + 1
    interval = random.choice(["", "", f";INTERVAL={random.randint(2, 5)}"])
    kind = random.choice(range(20))
    hours, minutes = some(range(24), 4), some(range(0, 60, 5), 3)
    week = start.isocalendar().week
    return {
        0: f"FREQ=HOURLY{interval}",
        1: f"FREQ=HOURLY{interval};BYDAY={days}",
        2: f"FREQ=HOURLY;BYHOUR={hours};BYMINUTE={minutes}",
        3: f"FREQ=HOURLY;BYMINUTE={minutes};BYSETPOS=-1",
        4: f"FREQ=DAILY{interval}",
        5: f"FREQ=DAILY{interval};BYHOUR={hours}",
        6: f"FREQ=DAILY;BYHOUR={hours};BYMINUTE={minutes}",
        7: f"FREQ=DAILY;BYHOUR={hours};BYMINUTE={minutes};BYSETPOS=1,-1",
        8: f"FREQ=DAILY{interval};BYMONTH={start.month},10;BYMONTHDAY=1,15,-1",
        9: f"FREQ=WEEKLY{interval}",
        10: f"FREQ=WEEKLY;INTERVAL=2;BYDAY={days};WKST={random.choice(['MO', 'SU'])}",
        11: f"FREQ=WEEKLY{interval};BYDAY={days};BYHOUR={hours}",
        12: f"FREQ=MONTHLY;BYDAY={number if number < 5 else -1}{day}",
        13: f"FREQ=MONTHLY{interval};BYMONTHDAY={start.day},-2",
        14: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1,2",
        15: f"FREQ=MONTHLY;BYDAY={days};BYHOUR={hours};BYSETPOS=1,-2",
        # Without a day, dateutil takes all seven of a week; by the RFC, what a rule does not say, its beginning does.
        16: f"FREQ=YEARLY;BYWEEKNO={week},{some(range(10, 50), 8)};BYDAY={days}",
        17: f"FREQ=YEARLY;BYWEEKNO=1,-1,{some(range(-50, -1), 8)};BYDAY={days};WKST={random.choice(['MO', 'SU'])}",
        18: f"FREQ=YEARLY;BYYEARDAY={some(range(1, 366), 40)},-{some(range(1, 366), 1)}",
        19: f"FREQ=YEARLY;BYMONTH={some(range(1, 13), 6)};BYDAY={random.choice(['', '1', '2', '-1'])}{day}",
    }[kind]


def merged(intervals, begin, end):
    found = []
    for start, stop in sorted((a, b) for a, b in intervals if a < end and begin < b):
        if found and start <= found[-1][1]:
            found[-1][1] = max(found[-1][1], stop)
        else:
            found.append([start, stop])
    return found


def changes(uid, zone, occurrences, minutes):
    """What has become of single dates: moved, called off, or changed from there on."""
    left = [at for at in occurrences if at.tzinfo.utcoffset(at) == at.tzinfo.utcoffset(at + dt.timedelta(hours=3))]
    if len(left) < 3 or random.random() < 0.3:
        return []
    chosen = sorted(random.sample(left, 2))
    kind = random.choice(["moved", "off", "onward"])
    at = chosen[0].replace(tzinfo=None)
    tz = f";TZID={zone}"
    if kind == "off":
        return [("event", [f"EXDATE{tz}:{at.strftime(STAMP)}"])]
    moved = at + dt.timedelta(minutes=random.choice([-90, 35, 120, 24 * 60]))
    onward = ";RANGE=THISANDFUTURE" if kind == "onward" else ""
    length = minutes if kind == "onward" else random.choice([10, 25])
    lines = [
        f"UID:{uid}",
        f"RECURRENCE-ID{onward}{tz}:{at.strftime(STAMP)}",
        f"DTSTART{tz}:{moved.strftime(STAMP)}",
        f"DURATION:PT{length}M",
    ]
    return [("other", lines)]


def case(number):
    zone = random.choice(ZONES)
    tz = ZoneInfo(zone)
    start = dt.datetime(random.randint(2015, 2026), 1, 1) + dt.timedelta(
        days=random.randint(0, 60), minutes=5 * random.randint(0, 12 * 24 - 1)
    )
    minutes = random.choice([15, 30, 45])
    text = rule(start)
    end = random.choice(["", "", "", "count", "until"])
    year, month, day = random.choice(CHANGES)
    near = dt.datetime(year, month, day)
    if end == "count" and "HOURLY" not in text:
        text += f";COUNT={random.randint(2, 3000 if 'DAILY' in text else 300)}"
    if end == "until":
        text += f";UNTIL={(near + dt.timedelta(days=2, hours=10)).strftime(STAMP)}Z"
    begin = (near - dt.timedelta(days=random.randint(0, 3))).replace(tzinfo=UTC)
    days = 40 if "YEARLY" in text or "MONTHLY" in text else 8
    stop = begin + dt.timedelta(days=days)
    event = [
        f"UID:{number}",
        f"DTSTART;TZID={zone}:{start.strftime(STAMP)}",
        f"DURATION:PT{minutes}M",
        f"RRULE:{text}",
    ]

    def expand(blocks):
        body = "".join("BEGIN:VEVENT\r\n" + "\r\n".join(block) + "\r\nEND:VEVENT\r\n" for block in blocks)
        ics = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:oO\r\n{body}END:VCALENDAR\r\n"
        events = recurring_ical_events.of(icalendar.Calendar.from_ical(ics)).between(
            begin - dt.timedelta(days=2), stop + dt.timedelta(days=2)
        )
        return body, [event.start for event in events], [event.end - event.start for event in events]

    _, occurrences, _ = expand([event])
    blocks = [event]
    # By recurring-ical-events, a date stands for its hour on the wall and for the same one in UTC: of a row with several
    # times a day, one exception would take two or three.
    single = [] if "HOUR" in text else [at for at in occurrences if begin <= at < stop]
    for kind, lines in changes(number, zone, single, minutes):
        if kind == "event":
            event += lines
        else:
            blocks.append(lines)
    body, starts, lengths = expand(blocks)
    # A length is time that elapses, as for an event that takes place once; there, it is the difference on the wall.
    busy = merged(
        [(at.astimezone(UTC), at.astimezone(UTC) + length) for at, length in zip(starts, lengths)], begin, stop
    )
    # By the RFC, the first date is one of a row, whatever the rule says. For dateutil it is not.
    first = start.replace(tzinfo=tz).astimezone(UTC)
    if begin - dt.timedelta(days=1) <= first < stop:
        return None
    return {
        "from": begin.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "days": days,
        "events": body.replace("\r\n", "\n"),
        "busy": " ".join(f"{a.strftime('%m%dT%H%M')}-{b.strftime('%m%dT%H%M')}" for a, b in busy),
    }


cases = []
number = 0
while len(cases) < 240:
    number += 1
    found = case(number)
    # Some calendars are empty at that time, as real ones are; most are not.
    if found and (found["busy"] or number % 10 == 0) and len(found["busy"]) < 2500:
        cases.append(found)
path = pathlib.Path(__file__).parent.parent / "recurrence.json"
path.write_text("[\n" + ",\n".join(json.dumps(found) for found in cases) + "\n]\n")
print(len(cases), "calendars,", sum(not found["busy"] for found in cases), "of them empty")
