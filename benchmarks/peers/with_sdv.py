"""SDV's gaussian copula on a table, and SDMetrics on what two generators made of it.

    python with_sdv.py TABLE.csv OURS.csv THEIRS.csv

Writes the rows that SDV makes to THEIRS.csv, and prints one JSON document: seconds of CPU of fitting and of sampling, and the
mean column shape and pair trend of both. Categories are those that JSON on standard input names.
"""

import json
import sys
import time
import warnings

import pandas as pd
from sdmetrics.reports.single_table import QualityReport
from sdv.metadata import Metadata
from sdv.single_table import GaussianCopulaSynthesizer


def scores(real, made, metadata):
    """Mean column shape and mean pair trend, from 0 to 1."""
    report = QualityReport()
    report.generate(real, made, metadata, verbose=False)
    found = report.get_properties().set_index("Property")["Score"]
    return {"shapes": float(found["Column Shapes"]), "trends": float(found["Column Pair Trends"])}


def main(table, ours, theirs):
    """Fits, samples, compares."""
    warnings.filterwarnings("ignore")
    categories = set(json.load(sys.stdin))
    types = {name: str for name in categories}
    real = pd.read_csv(table, dtype=types, keep_default_na=False, na_values=[""])
    kind = {name: {"sdtype": "categorical" if name in categories else "numerical"} for name in real.columns}
    metadata = Metadata.load_from_dict({"tables": {"table": {"columns": kind}}})
    synthesizer = GaussianCopulaSynthesizer(metadata)
    start = time.process_time()
    synthesizer.fit({"table": real})
    fitted = time.process_time()
    made = synthesizer.sample(num_rows=len(real))
    made = made["table"] if isinstance(made, dict) else made
    sampled = time.process_time()
    made.to_csv(theirs, index=False)
    own = pd.read_csv(ours, dtype=types, keep_default_na=False, na_values=[""])
    print(
        json.dumps(
            {
                "fit": fitted - start,
                "sample": sampled - fitted,
                "sdv": scores(real, made, {"columns": kind}),
                "genloss": scores(real, own, {"columns": kind}),
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
