"""Reads an archive's predictions with pandas and prints a line for each, in the order of their ids."""

import sys

import pandas

frame = pandas.read_parquet(sys.argv[1]).sort_values("id")
for row in frame.itertuples():
    print(row.id, row.input_amount, row.output_double, row.confidence, str(row.received.tz), row.endpoint, sep="|")
