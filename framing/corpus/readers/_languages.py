"""Names of languages, as the databases print them in the language of their own interface."""

CODE_OF_LANGUAGE = {
    name: code
    for code, names in {
        "ar": "arabic arabisch arabe árabe arabo арабский arabski 阿拉伯语 アラビア語 아랍어",
        "bg": "bulgarian bulgarisch bulgare búlgaro bulgaro bulgaars болгарский bułgarski",
        "ca": "catalan katalanisch catalán catalano catalão catalaans каталанский",
        "cs": "czech tschechisch tchèque checo ceco tcheco tsjechisch чешский czeski",
        "da": "danish dänisch danois danés danese dinamarquês deens датский duński",
        "de": "german deutsch allemand alemán tedesco alemão duits немецкий niemiecki 德语 德文 "
        "德語 ドイツ語 독일어",
        "en": "english englisch anglais inglés inglese inglês engels английский angielski 英语 "
        "英文 英語 영어",
        "es": "spanish castilian spanisch espagnol español castellano spagnolo espanhol spaans "
        "испанский hiszpański 西班牙语 西班牙文 西班牙語 スペイン語 스페인어",
        "fi": "finnish finnisch finnois finés finlandese finlandês fins финский fiński",
        "fr": "french französisch français francés francese francês frans французский francuski "
        "法语 法文 法語 フランス語 프랑스어",
        "hu": "hungarian ungarisch hongrois húngaro ungherese hongaars венгерский węgierski",
        "id": "indonesian indonesisch indonésien indonesio indonesiano indonésio индонезийский",
        "it": "italian italienisch italien italiano italiaans итальянский włoski 意大利语 意大利文 "
        "義大利文 イタリア語 이탈리아어",
        "ja": "japanese japanisch japonais japonés giapponese japonês japans японский japoński "
        "日语 日文 日語 日本語 일본어",
        "ko": "korean koreanisch coréen coreano koreaans корейский koreański 韩语 韓文 "
        "韓国語 한국어",
        "ms": "malay malaiisch malais malayo malese malaio maleis малайский",
        "nl": "dutch niederländisch néerlandais neerlandés holandés olandese holandês neerlandês "
        "nederlands голландский нидерландский holenderski niderlandzki",
        "no": "norwegian norwegisch norvégien noruego norvegese norueguês noors норвежский "
        "norweski",
        "pl": "polish polnisch polonais polaco polacco polonês pools польский polski 波兰语",
        "pt": "portuguese portugiesisch portugais portugués portoghese português portugees "
        "португальский portugalski 葡萄牙语 葡萄牙文 ポルトガル語 포르투갈어",
        "ro": "romanian rumänisch roumain rumano rumeno romeno roemeens румынский rumuński",
        "ru": "russian russisch russe ruso russo русский rosyjski 俄语 俄文 俄語 ロシア語 러시아어",
        "sk": "slovak slowakisch slovaque eslovaco slovacco slowaaks словацкий słowacki",
        "sv": "swedish schwedisch suédois sueco svedese zweeds шведский szwedzki",
        "tr": "turkish türkisch turc turco turks турецкий turecki",
        "uk": "ukrainian ukrainisch ukrainien ucraniano ucraino oekraïens украинский ukraiński",
        "zh": "chinese chinesisch chinois chino cinese chinês chinees китайский chiński 中文 汉语 "
        "漢語 简体中文 繁体中文 繁體中文 中国語 중국어",
    }.items()
    for name in names.split()
}


def language_code(printed: str) -> str:
    """Give a language its code of two letters; one that is not known stays as printed.

    Examples
    --------
    >>> language_code("Englisch"), language_code("Chinese - Simplified"), language_code("Quechua")
    ('en', 'zh', 'Quechua')
    """
    return code_of(printed) or printed.strip()


def code_of(printed: str) -> str:
    """Give a language its code of two letters, or nothing.

    Examples
    --------
    >>> code_of("Français"), code_of("(c) 2031 Herald")
    ('fr', '')
    """
    name, _, variant = printed.strip().casefold().partition(" ")
    is_variant = not variant or variant.startswith(("-", "("))
    return CODE_OF_LANGUAGE.get(name, "") if is_variant else ""
