"""Names of the months as newspapers and databases print them, language by language."""

import unicodedata

# January to December; spellings of one month divided by "|", the form used in dates first.
NAMES = {
    "English": "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug "
    "september|sept|sep october|oct november|nov december|dec",
    "French": "janvier|janv|jan février|févr|fév mars|mar avril|avr mai juin|jun juillet|juil|jul "
    "août|aou septembre|sept|sep octobre|oct novembre|nov décembre|déc",
    "German": "januar|jan|jänner|jän|jaen|jaenner februar|feb|febr|feber märz|mär|mrz|maerz "
    "april|apr mai juni|jun juli|jul august|aug september|sept|sep oktober|okt "
    "november|nov dezember|dez",
    "Spanish": "enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago "
    "septiembre|setiembre|sept|sep|set octubre|oct noviembre|nov diciembre|dic",
    "Italian": "gennaio|gen|genn febbraio|feb|febbr marzo|mar aprile|apr maggio|mag|magg "
    "giugno|giu luglio|lug agosto|ago settembre|set|sett ottobre|ott novembre|nov dicembre|dic",
    "Portuguese": "janeiro|jan fevereiro|fev março|mar abril|abr maio|mai junho|jun julho|jul "
    "agosto|ago setembro|set outubro|out novembro|nov dezembro|dez",
    "Dutch": "januari|jan februari|feb|febr maart|mrt|maa april|apr mei juni|jun juli|jul "
    "augustus|aug september|sept|sep oktober|okt november|nov december|dec",
    "Polish": "stycznia|styczeń|sty lutego|luty|lut marca|marzec|mar kwietnia|kwiecień|kwi "
    "maja|maj czerwca|czerwiec|cze lipca|lipiec|lip sierpnia|sierpień|sie września|wrzesień|wrz "
    "października|październik|paź listopada|listopad|lis grudnia|grudzień|gru",
    "Russian": "января|январь|янв февраля|февраль|фев|февр марта|март|мар апреля|апрель|апр "
    "мая|май июня|июнь|июн июля|июль|июл августа|август|авг сентября|сентябрь|сен|сент "
    "октября|октябрь|окт ноября|ноябрь|ноя|нояб декабря|декабрь|дек",
}
DAY_AND_MONTH_NAME = "mar"  # also mardi, martes and martedì cut short


def fold(text: str) -> str:
    """Write full-width digits as digits, letters small and without their accents.

    Examples
    --------
    >>> fold("１er Août ２０１７"), fold("2017년 11월")
    ('1er aout 2017', '2017년 11월')
    """
    parts = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(letter for letter in parts if unicodedata.category(letter) != "Mn")
    return unicodedata.normalize("NFKC", bare)


def _number_of_each() -> dict[str, int]:
    months = [names.split() for names in NAMES.values()]
    return {
        fold(name): number
        for year in months
        for number, names in enumerate(year, start=1)
        for name in names.split("|")
    }


MONTH_NUMBER = _number_of_each()
