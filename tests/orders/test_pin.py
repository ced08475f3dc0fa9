"""What people copy from a map is read as one point of the city, or refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.pins import Pin
from orders.pin import NoPin, doubt, read_pin, written
from people.wards import WARDS_2021

HERE = Pin(10.9056, 106.7692)
GOOGLE = "https://www.google.com/maps"
READ = [
    "10.9056, 106.7692",
    "10.9056,106.7692",
    "10.9056 106.7692",
    "10,9056; 106,7692",
    "10,9056, 106,7692",
    "10,9056 106,7692",
    "106.7692, 10.9056",
    "10.9056° N, 106.7692° E",
    "10.9056N 106.7692E",
    "  +10.9056 ,  +106.7692 ",
    f"{GOOGLE}/@10.9056,106.7692,17z",
    f"{GOOGLE}?q=10.9056,106.7692",
    f"{GOOGLE}?q=10.9056%2C106.7692&z=17",
    f"{GOOGLE}/place/Ch%E1%BB%A3/@10.95,106.70,17z/data=!3m1!4b1!4m6!3m5!1s0x0:0x0!8m2!3d10.9056!4d106.7692?entry=ttu",
    f"{GOOGLE}/search/10.9056,+106.7692?entry=tts",
    f"{GOOGLE}/search/?api=1&query=10.9056,106.7692",
    "https://maps.google.com/?q=loc:10.9056,106.7692",
    "maps.google.com/maps?ll=10.9056,106.7692",
    "geo:10.9056,106.7692",
    "geo:10.9056,106.7692;u=35",
    "GEO:10.9056,106.7692?z=17",
    "geo:0,0?q=10.9056,106.7692(Nhà)",
]
REFUSED = [
    ("https://maps.app.goo.gl/AbCdEf123", "short link"),
    ("maps.app.goo.gl/AbCdEf123", "short link"),
    ("https://goo.gl/maps/AbCdEf123", "short link"),
    ("WQ4C+7M Dĩ An", "plus code"),
    ("7P28WQ4C+7M", "plus code"),
    ("12 Lý Thường Kiệt", "cannot read"),
    ("10.9056", "cannot read"),
    ("10.9056, 106.7692, 5", "cannot read"),
    ("https://example.vn/", "cannot read"),
    ("١٠.٩, ١٠٦.٧", "cannot read"),
    ("nan, inf", "cannot read"),
    ("106.7692, 106.7692", "no place on earth"),
    ("10.9, 190", "no place on earth"),
    ("21.0285, 105.8542", "km from the nearest ward"),
    ("geo:0,0", "km from the nearest ward"),
]


@pytest.mark.parametrize("text", READ, ids=range(len(READ)))
def test_what_a_phone_shows_is_read(text):
    assert read_pin(text) == HERE


@pytest.mark.parametrize(("text", "why"), REFUSED, ids=range(len(REFUSED)))
def test_what_names_no_place_of_the_city_is_refused_in_words(text, why):
    with pytest.raises(NoPin, match=why):
        read_pin(text)


@given(st.text(max_size=500))
def test_any_text_is_a_place_of_the_city_or_refused(text):
    try:
        pin = read_pin(text)
    except NoPin:
        return
    assert 10 < pin.lat < 12
    assert 106 < pin.lon < 108


@given(st.floats(10.87, 10.94), st.floats(106.72, 106.80))
def test_what_is_written_is_read_again(lat, lon):
    pin = read_pin(written(Pin(lat, lon)))

    assert (pin.lat, pin.lon) == pytest.approx((lat, lon), abs=1e-6)


def test_a_pin_far_from_the_ward_is_asked_about():
    ward = next(ward for ward in WARDS_2021 if ward.name == "Dĩ An")

    assert doubt(Pin(ward.lat, ward.lon + 0.03), ward) == ""
    assert "5 km from the middle of “Dĩ An”" in doubt(Pin(ward.lat, ward.lon + 0.046), ward)
