#!/usr/bin/env python3
"""Writes past.csv.gz: half a year of made-up applicants, with what came of their loans.

    python past.py

For fourteen weeks nothing changes. Then a kitchen shop begins to send its customers, who want more money for
furniture. Four weeks later the town's factory closes, and people who have not been in work for long pay back less
often than they used to, though nothing in the form says so.
"""

import gzip
import io
from pathlib import Path

import numpy as np
import pandas as pd

import applicants

SEED = 7
BEGIN = pd.Timestamp("2026-01-05")
WEEKS, A_WEEK = 26, 210
SHOP, FACTORY = 14, 18


def past() -> pd.DataFrame:
    chance = np.random.default_rng(SEED)
    everybody = applicants.made_up(20_000, SEED)
    shop = everybody[(everybody["purpose"] == "furniture") & (everybody["credit_amount"] > 3_000)].index
    weeks = np.repeat(np.arange(WEEKS), A_WEEK)
    who = chance.integers(0, len(everybody), len(weeks))
    sent = (weeks >= SHOP) & (chance.random(len(weeks)) < 0.35)
    who[sent] = chance.choice(shop, sent.sum())
    table = everybody.iloc[who].reset_index(drop=True)
    new_in_work = table["employment_since"].isin(["unemployed", "below 1 year", "1 to 4 years"])
    hit = (weeks >= FACTORY) & new_in_work & (chance.random(len(weeks)) < 0.4)
    bad = (table.pop("class") == 2) | hit
    minutes = weeks * 7 * 24 * 60 + np.tile(np.arange(A_WEEK) * 7 * 24 * 60 // A_WEEK, WEEKS)
    table.insert(0, "at", (BEGIN + pd.to_timedelta(minutes, unit="min")).strftime("%Y-%m-%dT%H:%MZ"))
    table.insert(1, "applicant", [f"p-{number:05}" for number in range(len(table))])
    table["risk"] = np.where(bad, "bad", "good")
    return table


if __name__ == "__main__":
    text = io.StringIO()
    past().to_csv(text, index=False)
    to = Path(__file__).parent / "past.csv.gz"
    to.write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    print(f"{to}: {WEEKS * A_WEEK} rows, {to.stat().st_size // 1000} kB")
