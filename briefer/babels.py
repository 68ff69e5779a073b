"""What Briefer uses of babel, imported without the search for this machine's own time zone.

babel looks for that zone as it is imported; with pytz beside it (dateparser's) it tries all 597 zones, 84 of
98 ms on every run. All that is formatted here names its zone, so the zone may as well be UTC.
"""

from briefer.environment import variable

with variable("TZ", "UTC"):
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date, format_skeleton, format_time, get_timezone_name
    from babel.lists import format_list

__all__ = [
    "Locale",
    "UnknownLocaleError",
    "format_date",
    "format_list",
    "format_skeleton",
    "format_time",
    "get_timezone_name",
]
