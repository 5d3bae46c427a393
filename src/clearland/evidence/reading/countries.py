"""States and territories as publications print them in titles: only to tell a country title from other short lines."""

import re
from collections import Counter

_NAMES = """
Abkhazia|Afghanistan|Albania|Algeria|Andorra|Angola|Antigua and Barbuda|Argentina|Armenia|Australia|Austria|
Azerbaijan|Bahamas|Bahrain|Bangladesh|Barbados|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia and Herzegovina|
Bosnia & Herzegovina|Botswana|Brazil|Brunei|Brunei Darussalam|Bulgaria|Burkina Faso|Burma|Burundi|Cabo Verde|
Cambodia|Cameroon|Canada|Cape Verde|Central African Republic|Chad|Chechnya|Chile|China|Colombia|Comoros|Congo|
Cook Islands|Costa Rica|Côte d’Ivoire|Côte d'Ivoire|Cote d'Ivoire|Ivory Coast|Croatia|Cuba|Cyprus|Czech Republic|
Czechia|Democratic Republic of the Congo|Democratic Republic of Congo|DR Congo|Denmark|Djibouti|Dominica|
Dominican Republic|East Timor|Ecuador|Egypt|El Salvador|Equatorial Guinea|Eritrea|Estonia|Eswatini|Ethiopia|
Falkland Islands|Fiji|Finland|France|Gabon|Gambia|Georgia|Germany|Ghana|Greece|Grenada|Guatemala|Guinea-Bissau|
Guinea|Guyana|Haiti|Holy See|Honduras|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|Jamaica|Japan|
Jordan|Kazakhstan|Kenya|Kiribati|Kosovo|Kuwait|Kyrgyzstan|Lao PDR|Laos|Latvia|Lebanon|Lesotho|Liberia|Libya|
Liechtenstein|Lithuania|Luxembourg|Macedonia|Madagascar|Malawi|Malaysia|Maldives|Mali|Malta|Marshall Islands|
Mauritania|Mauritius|Mexico|Micronesia|Moldova|Monaco|Mongolia|Montenegro|Morocco|Mozambique|Myanmar|
Nagorno-Karabakh|Nagorny-Karabakh|Namibia|Nauru|Nepal|Netherlands|New Zealand|Nicaragua|Nigeria|Niger|Niue|
North Korea|North Macedonia|Norway|Oman|Pakistan|Palau|Palestine|Panama|Papua New Guinea|Paraguay|Peru|Philippines|
Poland|Portugal|Qatar|Republic of Korea|Romania|Russian Federation|Russia|Rwanda|Saint Kitts and Nevis|Saint Lucia|
Saint Vincent and the Grenadines|Samoa|San Marino|Sao Tome and Principe|São Tomé and Príncipe|Saudi Arabia|Senegal|
Serbia and Montenegro|Serbia|Seychelles|Sierra Leone|Singapore|Slovakia|Slovenia|Solomon Islands|Somaliland|Somalia|
South Africa|South Korea|South Ossetia|South Sudan|Spain|Sri Lanka|Sudan|Suriname|Swaziland|Sweden|Switzerland|
Syria|Syrian Arab Republic|Taiwan|Tajikistan|Tanzania|Thailand|Timor-Leste|Togo|Tonga|Trinidad and Tobago|Tunisia|
Türkiye|Turkey|Turkmenistan|Tuvalu|Uganda|Ukraine|United Arab Emirates|United Kingdom|United States of America|
United States|Uruguay|Uzbekistan|Vanuatu|Venezuela|Viet Nam|Vietnam|Western Sahara|Yemen|Yugoslavia|Zambia|Zimbabwe
"""
NAMES = tuple(name for name in _NAMES.replace("\n", "").split("|") if name)
_FOLDED = {name.casefold(): name for name in NAMES}
_ANY = re.compile(r"\b(" + "|".join(re.escape(name) for name in sorted(NAMES, key=len, reverse=True)) + r")\b", re.IGNORECASE)
_FORMAL = re.compile(
    r"^(?:the )?(?:(?:islamic|federal|democratic|people['’]s|arab|united|socialist|bolivarian|plurinational"
    r"|oriental|kyrgyz|"
    r"federative)\s+)*(?:republic|kingdom|state|sultanate|federation|commonwealth|union"
    r"|principality)\s+of\s+(?:the\s+)?",
    re.IGNORECASE,
)


def named_by(line: str) -> str | None:
    """The country a line is the name of, formal names included ("Republic of X"), else None."""
    words = line.strip(" .:*")
    return _FOLDED.get(words.casefold()) or _FOLDED.get(_FORMAL.sub("", words).casefold())


def opening(line: str) -> str | None:
    """The country a title begins with, when punctuation ends the name there: "GEORGIA, Landmine Monitor Report
    2001".
    """
    match = _ANY.match(line)
    if match and re.match(r"\s*(?:$|[,:;|(\[–—-])", line[match.end() :]):
        return _FOLDED[match.group(1).casefold()]
    return None


def inside(line: str) -> str | None:
    """The last country named anywhere in a line, else None ("Permanent Mission of the Republic of X")."""
    found = _ANY.findall(line)
    return _FOLDED[found[-1].casefold()] if found else None


def mostly_about(text: str) -> str | None:
    """The country that at least every second mention of any country names, else None."""
    counts = Counter(_FOLDED[name.casefold()] for name in _ANY.findall(text))
    if not counts:
        return None
    (name, number), total = counts.most_common(1)[0], sum(counts.values())
    return name if number * 2 >= total and number >= 2 else None
