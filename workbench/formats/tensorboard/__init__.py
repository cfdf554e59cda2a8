"""Event files of TensorBoard, whoever wrote them, read by hand.

The frames around each record (`frames`) with their checksums (`crc32c`) hold
events (`events`); scalars come by the million, so whole blocks of alike ones
are taken at once (`blocks`). Nothing of TensorBoard itself is imported.
"""
