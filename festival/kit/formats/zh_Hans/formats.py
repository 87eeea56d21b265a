"""Chinese dates without leading zeros, 24 hours; digits in groups of three."""

DATE_FORMAT = "Y年n月j日"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y年n月j日H:i"
MONTH_DAY_FORMAT = "n月j日"
YEAR_MONTH_FORMAT = "Y年n月"
SHORT_DATE_FORMAT = "Y年n月j日"
SHORT_DATETIME_FORMAT = "Y年n月j日H:i"

# Django's own are for groups of four digits, parted by nothing: sums are written 100,000, as banks do.
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3
