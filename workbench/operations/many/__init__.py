"""Charts of many runs: which runs, which columns, which kind, and the same as a table.

`picture` is all the front ends call. The columns of the whole population are read as
arrays, the runs outside the ranges fall away, and what is left goes to one of the
constructors of figures; every figure's numbers come along as rows.
"""
