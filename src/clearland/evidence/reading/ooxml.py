"""The little of the WordprocessingML vocabulary (ISO/IEC 29500) that reading needs."""

from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def name_of(element: Element) -> str:
    """The local name of an element; strict and transitional documents differ in their namespaces only."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def value_of(element: Element) -> str:
    """The `val` attribute, whatever its namespace."""
    return next((value for name, value in element.attrib.items() if name.rsplit("}", 1)[-1] == "val"), "")
