"""Month names as returns write them, beside the numbers 1 to 12."""

_NAMES = (
    ("january", "jan", "yanvar", "январь", "янв", "enero", "janvier", "ocak"),
    ("february", "feb", "fevral", "февраль", "фев", "febrero", "février", "şubat"),
    ("march", "mar", "mart", "март", "мар", "marzo", "mars"),
    ("april", "apr", "aprel", "апрель", "апр", "abril", "avril", "nisan"),
    ("may", "май", "mayo", "mai", "mayıs"),
    ("june", "jun", "iyun", "июнь", "июн", "junio", "juin", "haziran"),
    ("july", "jul", "iyul", "июль", "июл", "julio", "juillet", "temmuz"),
    ("august", "aug", "avqust", "август", "авг", "agosto", "août", "ağustos"),
    ("september", "sep", "sentyabr", "сентябрь", "сен", "septiembre", "septembre", "eylül"),
    ("october", "oct", "oktyabr", "октябрь", "окт", "octubre", "octobre", "ekim"),
    ("november", "nov", "noyabr", "ноябрь", "ноя", "noviembre", "novembre", "kasım"),
    ("december", "dec", "dekabr", "декабрь", "дек", "diciembre", "décembre", "aralık"),
)
_NUMBERS = {name: number for number, names in enumerate(_NAMES, 1) for name in names}


def month_number(text: str) -> int:
    """1 to 12 from a number or a month's name. Raises ValueError for what is neither."""
    if text.isdecimal():
        number = int(text)
        if 1 <= number <= 12:
            return number
        raise ValueError("the month is not between 1 and 12")
    number = _NUMBERS.get(text.casefold().rstrip("."), 0)
    if not number:
        raise ValueError("the month is not known")
    return number
