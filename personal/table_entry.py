"""Decisions over what belongs to an entry, children before what they hang on: the order in which deletion goes."""

from personal.table_entry_film import FILM, PUBLISHED
from personal.table_entry_jury import JURY
from personal.table_entry_written import WRITTEN

ENTRY = (*JURY, *PUBLISHED, *FILM, *WRITTEN)
