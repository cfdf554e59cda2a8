"""Write one table of ten columns as Parquet and as CSV: numbers, texts, moments, nulls."""

import json
import sys
from pathlib import Path

import duckdb

ROWS = """
SELECT i AS id, (hash(i) % 1000000) / 1e3 AS x,
       CASE WHEN hash(i * 7) % 20 = 0 THEN NULL ELSE (hash(i * 3) % 1000)::INT END AS n,
       'city ' || (hash(i * 5) % 500) AS city, TIMESTAMP '2024-01-01' + INTERVAL (i) SECOND AS at,
       hash(i * 11) % 2 = 0 AS flag, (hash(i * 13) % 100000) / 7.0 AS price,
       'user-' || (hash(i * 17) % 3000000) || '@example.org' AS email,
       DATE '2020-01-01' + (i % 2000)::INT AS day, (hash(i * 19) % 1000003) / 1000003.0 AS r
FROM range({rows}) t(i)
"""

folder, rows, lines = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
folder.mkdir(parents=True, exist_ok=True)
connection = duckdb.connect(config={"threads": "2"})
connection.execute(f"COPY ({ROWS.format(rows=rows)}) TO '{folder}/big.parquet' (FORMAT parquet)")
connection.execute(f"COPY ({ROWS.format(rows=lines)}) TO '{folder}/big.csv' (HEADER)")
print(json.dumps({"csv": (folder / "big.csv").stat().st_size}))
