#!/usr/bin/env python3
"""Trains quick models on any table and writes them as ONNX for Davy, with what scikit-learn says of 50 rows.

    python train_tabular.py --csv FILE --target COLUMN [--drop A,B] [--name NAME] --out OUT
    python train_tabular.py --sets DIR --out OUT [NAME ...]     the public sets named in SETS, from DIR/NAME/

For each table OUT/NAME/ gets rows.csv and rows.json (50 rows the models never saw, as a caller sends them) and
linear/ and boosted/ with model.onnx, model.yaml and expected.json. The ONNX file has one input of shape [N,1]
per column, named like the column. Types come from the cells:

    whole numbers, none missing    int64      standardised, or split on by trees
    other numbers                  float32    likewise; missing ("", NA, NaN, ?) is NaN in ONNX and null in JSON:
                                              linear puts in the median, boosted learnt which way missing goes
    true and false, none missing   bool       0 and 1
    anything else                  string     one-hot; "" (missing) and ? are values like others, one never seen is none
"""

import argparse
import json
import os
import re
import sys
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import BooleanTensorType, FloatTensorType, Int64TensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

SEED = 0
TRAINED_ON = 5_000  # rows at most: these models are to be quick, not good
SHOWN = 50

# name: file, target, columns left out (ids, and what is known only afterwards)
SETS = {
    "adult-income": ("adult-train.csv.gz", "income", ""),
    "ai4i2020": ("ai4i2020.csv", "Machine_failure", "UDI,Product ID,TWF,HDF,PWF,OSF,RNF"),
    "ames-housing": ("ames.csv.gz", "price", "Order,PID"),
    "bike-sharing": ("bike_sharing_hourly.csv.gz", "count", ""),
    "breast-cancer-wisconsin": ("breast-cancer-wisconsin.csv", "class", "sample_id"),
    "elec2": ("elec.csv.gz", "class", ""),
    "german-credit": ("german.csv", "class", ""),
    "hmda-boston": ("hmda.csv", "deny", ""),
    "hotel-bookings-monitored": ("test_set.csv.gz", "is_canceled", "customer_id,y_pred,y_pred_proba,timestamp"),
    "noaa-weather-bellevue": ("weather.csv", "target", ""),
    "nyc-flights-2013": ("nycflights_sample.csv.gz", "arr_delay", "year,tailnum,flight,dep_time,arr_time,air_time"),
    "online-shoppers": ("online_shoppers_intention.csv.gz", "Revenue", ""),
    "pima-diabetes": ("pima-indians-diabetes.csv", "class", ""),
    "texas-housing": ("txhousing.csv", "median", "volume,date"),
}

MISSING = {"", "NA", "NaN", "?"}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
WHOLE = re.compile(r"[+-]?\d{1,15}")
MANY = 20  # a whole-number target with more values than this is a quantity, not a class


def typed(cells: pd.Series) -> pd.Series:
    """The column as int64, float32 (missing is NaN), bool or object (text), whichever holds all its cells."""
    present = cells[~cells.isin(MISSING)]
    if len(present) and all(NUMBER.fullmatch(cell) for cell in present):
        if len(present) == len(cells) and all(WHOLE.fullmatch(cell) for cell in present):
            return cells.astype("int64")
        return cells.where(~cells.isin(MISSING), "nan").astype("float32")
    if set(cells.str.lower()) == {"true", "false"}:
        return cells.str.lower() == "true"
    return cells.astype(object)


def kind(column: pd.Series) -> str:
    """One of integer, number, boolean, category: Davy's column types."""
    return {"i": "integer", "f": "number", "b": "boolean"}.get(column.dtype.kind, "category")


TENSOR = {
    "integer": Int64TensorType,
    "number": FloatTensorType,
    "boolean": BooleanTensorType,
    "category": StringTensorType,
}
ARRAY = {"integer": np.int64, "number": np.float32, "boolean": np.bool_, "category": np.str_}


def tensor(column: str) -> str:
    """What the converter makes of a column's name; the descriptor says `to:` where that is another one."""
    return re.sub(r"\W", "_", column, flags=re.ASCII)


def models(data: pd.DataFrame, classify: bool) -> dict:
    of_kind = {k: [c for c in data.columns if kind(data[c]) == k] for k in TENSOR}

    def prepared(**how):
        how |= {"category": OneHotEncoder(handle_unknown="ignore", sparse_output=False), "boolean": "passthrough"}
        return ColumnTransformer([(k, how[k], of_kind[k]) for k in TENSOR if of_kind[k]])

    filled = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    trees = dict(max_iter=40, max_leaf_nodes=15, random_state=SEED)
    return {
        "linear": make_pipeline(
            prepared(integer=StandardScaler(), number=filled),
            LogisticRegression(max_iter=2000) if classify else Ridge(),
        ),
        "boosted": make_pipeline(
            prepared(integer="passthrough", number="passthrough"),
            HistGradientBoostingClassifier(**trees) if classify else HistGradientBoostingRegressor(**trees),
        ),
    }


def answers_of(onnx: bytes, rows: pd.DataFrame, classes: list) -> np.ndarray:
    """What ONNX Runtime answers: probabilities [rows, classes], or numbers [rows]."""
    session = onnxruntime.InferenceSession(onnx, providers=["CPUExecutionProvider"])
    answers = session.run(None, {tensor(c): rows[[c]].to_numpy().astype(ARRAY[kind(rows[c])]) for c in rows.columns})
    return np.array([[row[k] for k in classes] for row in answers[1]]) if classes else answers[0].ravel()


def descriptor(data: pd.DataFrame, about: str, target: str, classes: list) -> str:
    def column(c):
        fields = [f"type: {kind(data[c])}"]
        fields += [f"to: {tensor(c)}"] if tensor(c) != c else []
        fields += ["required: false"] if (data[c].isna() | (data[c] == "")).any() else []
        return ", ".join(fields)

    if classes:
        names = [str(c) for c in classes]
        output = f"type: category, classes: {json.dumps(names)}, label: output_label, scores: output_probability"
    else:
        output = "type: number"
    return "\n".join(
        ["kind: Model", "file: model.onnx", f"about: {about}", "input:"]
        + [f"  {json.dumps(c)}: {{{column(c)}}}" for c in data.columns]
        + ["output:", f"  {json.dumps(target)}: {{{output}}}", ""]
    )


def cell(value):
    """A value as JSON has it. The shortest digits that give this float32 back: what a caller would have typed."""
    if isinstance(value, (np.floating, float)):
        return None if np.isnan(value) else float(str(np.float32(value)))
    return value.item() if isinstance(value, np.generic) else value


def train(name: str, table: pd.DataFrame, target: str, drop: list[str], out: Path) -> bool:
    """Writes all of one table; False where ONNX and scikit-learn disagree."""
    table = table[~table[target].isin(MISSING)].drop(columns=drop)
    words = table.pop(target)
    data = pd.DataFrame({c: typed(table[c]) for c in table.columns})
    truth = typed(words)
    classify = kind(truth) in ("category", "boolean") or kind(truth) == "integer" and truth.nunique() <= MANY
    if classify and kind(truth) != "integer":
        truth = words
    seen, unseen, seen_truth, _ = train_test_split(
        data,
        truth,
        train_size=min(TRAINED_ON, len(data) * 7 // 10),
        stratify=truth if classify else None,
        random_state=SEED,
    )
    holed = unseen.isna().any(axis=1)
    shown = pd.concat([unseen[holed].head(SHOWN // 5), unseen[~holed]]).head(SHOWN)
    if len(shown) < SHOWN:
        shown = unseen.head(SHOWN)

    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    rows = [{c: cell(v) for c, v in zip(shown.columns, row)} for row in shown.itertuples(index=False, name=None)]
    (folder / "rows.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    as_text = pd.DataFrame(
        [{c: v if v is None or isinstance(v, str) else json.dumps(v) for c, v in r.items()} for r in rows]
    )
    as_text.to_csv(folder / "rows.csv", index=False)

    same = True
    for which, model in models(data, classify).items():
        model.fit(seen, seen_truth)
        classes = list(model.classes_) if classify else []
        inputs = [(c, TENSOR[kind(data[c])]([None, 1])) for c in data.columns]
        renamed = {} if classify else {"final_types": [(target, FloatTensorType([None, 1]))]}
        onnx = to_onnx(
            model, initial_types=inputs, target_opset={"": 18, "ai.onnx.ml": 3}, **renamed
        ).SerializeToString()
        said = model.predict_proba(unseen) if classify else model.predict(unseen)
        got = answers_of(onnx, unseen, classes)
        difference = (np.abs(got - said) / np.maximum(1, np.abs(said))).max()
        same &= bool(difference < 1e-4)
        print(
            f"{name:26} {which:8} {data.shape[1]:3} columns {len(onnx):9,} bytes   ONNX differs by {difference:.1e} at most"
        )

        (folder / which).mkdir(exist_ok=True)
        (folder / which / "model.onnx").write_bytes(onnx)
        (folder / which / "model.yaml").write_text(
            descriptor(data, f"{which} model of {target}, {name}", target, classes)
        )
        if classify:
            expected = [
                {target: str(label), "scores": {str(c): round(float(p), 7) for c, p in zip(classes, row)}}
                for label, row in zip(model.predict(shown), model.predict_proba(shown))
            ]
        else:
            expected = [{target: round(float(y), 6)} for y in model.predict(shown)]
        (folder / which / "expected.json").write_text("[\n" + ",\n".join(json.dumps(e) for e in expected) + "\n]\n")
    return same


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("names", nargs="*", help="some of SETS; none: all that are there")
    ask.add_argument("--sets", type=Path)
    ask.add_argument("--csv", type=Path, help="plain or .gz, with a header row")
    ask.add_argument("--target")
    ask.add_argument("--drop", default="")
    ask.add_argument("--name")
    ask.add_argument("--out", type=Path, required=True)
    told = ask.parse_args()
    if bool(told.csv) == bool(told.sets) or told.csv and not told.target:
        ask.error("give either --csv with --target, or --sets")
    unknown = [n for n in told.names if n not in SETS]
    if unknown:
        ask.error(f"{', '.join(unknown)}: not one of {', '.join(SETS)}")
    if told.csv:
        todo = [(told.name or told.csv.name.split(".")[0], told.csv, told.target, told.drop)]
    else:
        todo = [
            (n, told.sets / n / SETS[n][0], *SETS[n][1:])
            for n in told.names or SETS
            if (told.sets / n / SETS[n][0]).exists()
        ]
    same = True
    for name, file, target, drop in todo:
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
        same &= train(name, table, target, [c for c in drop.split(",") if c], told.out)
    return 0 if same and todo else 1


if __name__ == "__main__":
    if (
        os.environ.get("PYTHONHASHSEED") != "0"
    ):  # the converter orders by hash: same answers, but each time another digest
        os.execve(sys.executable, [sys.executable, *sys.argv], os.environ | {"PYTHONHASHSEED": "0"})
    warnings.filterwarnings("ignore", category=UserWarning)  # a value only in the unseen rows: meant, see OneHotEncoder
    sys.exit(main())
