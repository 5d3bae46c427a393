"""What a form says beside the dictionary's own labels, in the dictionary's languages."""

from collections.abc import Mapping

Words = Mapping[str, str]

LANGUAGE_NAMES: Words = {"en": "English (en)", "az": "Azərbaycan (az)", "ru": "Русский (ru)"}

LOCAL_ID: Words = {"en": "Number of the record", "az": "Qeydin nömrəsi", "ru": "Номер записи"}
LOCAL_ID_HINT: Words = {
    "en": "The number by which people know it; the same number is the same record.",
    "az": "Onun tanındığı nömrə; eyni nömrə eyni qeyddir.",
    "ru": "Номер, под которым она известна; тот же номер - та же запись.",
}
GEOMETRY: Mapping[str, Words] = {
    "point": {"en": "Place", "az": "Yer", "ru": "Место"},
    "line": {"en": "Line", "az": "Xətt", "ru": "Линия"},
    "polygon": {"en": "Outline", "az": "Kontur", "ru": "Контур"},
}
ANY_PARTS: Words = {
    "en": "{parts}: are there any to enter?", "az": "{parts}: daxil ediləsi varmı?", "ru": "{parts}: есть что внести?",
}  # fmt: skip
GEOMETRY_SHAPE: Words = {"en": "What will you draw?", "az": "Nə çəkəcəksiniz?", "ru": "Что вы нарисуете?"}
YES: Words = {"en": "Yes", "az": "Bəli", "ru": "Да"}
NO: Words = {"en": "No", "az": "Xeyr", "ru": "Нет"}
PARTIAL_DATE: Words = {
    "en": "A year, a month or a day: YYYY, YYYY-MM or YYYY-MM-DD",
    "az": "İl, ay və ya gün: YYYY, YYYY-MM və ya YYYY-MM-DD",
    "ru": "Год, месяц или день: ГГГГ, ГГГГ-ММ или ГГГГ-ММ-ДД",
}
BETWEEN: Words = {"en": "From {low} to {high}", "az": "{low} ilə {high} arasında", "ru": "От {low} до {high}"}
AT_LEAST: Words = {"en": "At least {low}", "az": "Ən azı {low}", "ru": "Не меньше {low}"}
AT_MOST: Words = {"en": "At most {high}", "az": "Ən çoxu {high}", "ru": "Не больше {high}"}
KIND_AND_NUMBER: Words = {
    "en": "Kind and number, such as {example}", "az": "Növ və nömrə, məsələn {example}", "ru": "Вид и номер, например {example}",
}  # fmt: skip


def filled(words: Words, **values: str) -> Words:
    """The words with their braces filled."""
    return {language: text.format(**values) for language, text in words.items()}
