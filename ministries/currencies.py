"""Currencies by their code in ISO 4217: the active ones of countries and of currency unions."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

DEFAULT = "KRW"
#: Those in which Korean bodies mostly contribute: first in a list to choose from.
USUAL = ("KRW", "USD", "EUR", "JPY", "GBP", "CHF", "CNY")

CODES = frozenset(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY
    COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS
    INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP
    MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
    SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST
    XAF XCD XOF XPF YER ZAR ZMW ZWG
    """.split()  # noqa: SIM905 - read as the table it is
)


def validate_currency(code: str) -> None:
    """Raise ``ValidationError`` unless ``code`` is a currency's."""
    if code not in CODES:
        raise ValidationError(_("“%(code)s” is no currency of ISO 4217, such as KRW or USD.") % {"code": code})
