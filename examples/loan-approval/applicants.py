"""Made-up applicants for a loan: the columns of the German credit data, everyday words, an invented bank.

Nobody in here exists. Shares and effects below are round numbers that we chose; they are no finding
about anyone. An effect is added to the log-odds of a loan going bad.
"""

import numpy as np
import pandas as pd

# column: {value: (share, effect)}
WORDS = {
    "checking_status": {
        "overdrawn": (0.25, 0.9),
        "below 200": (0.25, 0.4),
        "200 or more": (0.1, -0.3),
        "no account": (0.4, -0.8),
    },
    "credit_history": {
        "none taken": (0.05, 0.6),
        "paid duly": (0.55, 0.0),
        "delays in the past": (0.1, 0.5),
        "other credits": (0.3, -0.5),
    },
    "purpose": {
        "car, new": (0.25, 0.3),
        "car, used": (0.1, -0.5),
        "furniture": (0.2, 0.0),
        "radio or tv": (0.25, -0.3),
        "education": (0.08, 0.4),
        "business": (0.12, 0.1),
    },
    "savings": {
        "below 100": (0.6, 0.3),
        "100 to 1000": (0.2, 0.0),
        "1000 or more": (0.05, -0.7),
        "unknown": (0.15, -0.3),
    },
    "employment_since": {
        "unemployed": (0.06, 0.4),
        "below 1 year": (0.18, 0.3),
        "1 to 4 years": (0.34, 0.0),
        "4 years or more": (0.42, -0.3),
    },
    "personal_status_sex": {"female": (0.35, 0.1), "male": (0.65, 0.0)},
    "other_debtors": {"none": (0.9, 0.0), "co-applicant": (0.04, 0.3), "guarantor": (0.06, -0.5)},
    "property": {
        "real estate": (0.28, -0.3),
        "savings contract": (0.24, 0.0),
        "car or other": (0.33, 0.0),
        "none": (0.15, 0.4),
    },
    "other_installment_plans": {"bank": (0.14, 0.4), "stores": (0.05, 0.3), "none": (0.81, 0.0)},
    "housing": {"rent": (0.18, 0.3), "own": (0.71, -0.1), "free": (0.11, 0.1)},
    "job": {"unskilled": (0.22, 0.0), "skilled": (0.63, 0.0), "management": (0.15, 0.1)},
    "telephone": {"no": (0.6, 0.1), "yes": (0.4, -0.1)},
    "foreign_worker": {"yes": (0.96, 0.0), "no": (0.04, -0.5)},
}


def made_up(rows: int, seed: int) -> pd.DataFrame:
    """Applicants with their `class`, 1 (paid back) or 2 (went bad); about three in ten are bad."""
    chance = np.random.default_rng(seed)
    table = {}
    log_odds = np.full(rows, -1.6)
    for column, values in WORDS.items():
        drawn = chance.choice(len(values), rows, p=[share for share, _ in values.values()])
        table[column] = np.array(list(values))[drawn]
        log_odds += np.array([effect for _, effect in values.values()])[drawn]
    months = chance.choice([6, 9, 12, 15, 18, 24, 30, 36, 48, 60], rows)
    amount = np.round(np.exp(chance.normal(7.0, 0.6, rows) + months / 40.0)).clip(250, 20_000)
    age = np.round(19 + chance.gamma(2.2, 7.5, rows)).clip(19, 75)
    rate = chance.integers(1, 5, rows)
    log_odds += 0.03 * (months - 20) + 0.0001 * (amount - 3_000) - 0.02 * (age - 35) + 0.25 * (rate - 3)
    table |= {
        "duration_months": months,
        "credit_amount": amount,
        "installment_rate_pct": rate,
        "residence_since": chance.integers(1, 5, rows),
        "age_years": age,
        "existing_credits": chance.choice([1, 2, 3, 4], rows, p=[0.63, 0.33, 0.03, 0.01]),
        "people_liable": chance.choice([1, 2], rows, p=[0.85, 0.15]),
        "class": np.where(chance.random(rows) < 1 / (1 + np.exp(-log_odds)), 2, 1),
    }
    whole = {column: "int64" for column in table if column not in WORDS}
    return pd.DataFrame(table).astype(whole)[COLUMNS + ["class"]]


# In the order of the German credit file, so that one endpoint serves models made from either.
COLUMNS = [
    "checking_status",
    "duration_months",
    "credit_history",
    "purpose",
    "credit_amount",
    "savings",
    "employment_since",
    "installment_rate_pct",
    "personal_status_sex",
    "other_debtors",
    "residence_since",
    "property",
    "age_years",
    "other_installment_plans",
    "housing",
    "existing_credits",
    "job",
    "people_liable",
    "telephone",
    "foreign_worker",
]
