"""A photograph that shows how something was: whole, upright, small, made in little memory; else refused in words."""

import io

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from kernel.photos import PROOF, PROOF_MEMORY_MB, PictureFault, proof
from kernel.sandbox import TooMuchMemory, run_limited
from tests.kernel import photos
from tests.kernel import sandbox_guests as guests

BAD = {
    "a png of 169 megapixels": (lambda: photos.huge_png(13_000, 13_000), "too many pixels"),
    "a png of 50 megapixels": (lambda: photos.huge_png(10_000, 5_000), "too many pixels"),
    "an archive behind": (photos.zip_behind, "Something else is hidden"),
    "a page behind": (lambda: photos.ALSO_DISGUISED["a page behind"], "Something else is hidden"),
    "a drawing": (photos.HOSTILE["drawing"], "SVG drawings are not taken"),
    "heic": (photos.HOSTILE["heic"], "HEIC"),
    "cut off": (photos.HOSTILE["damaged"], "damaged or not complete"),
    "no photo": (photos.HOSTILE["no photo"], "no photo"),
    "small": (photos.HOSTILE["too small"], "too small"),
}


def upload(content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename="photo.jpg")


@pytest.mark.parametrize("pixels", [(4000, 3000), (8000, 6000)], ids=["12 megapixels", "48 megapixels"])
def test_a_phones_photo_is_taken_whole_and_small(session, pixels):
    picture = proof(upload(photos.photo(*pixels)))

    opened = Image.open(io.BytesIO(picture))
    assert (opened.format, opened.size) == ("WEBP", (1280, 960))
    assert len(picture) <= PROOF[1]


def test_a_photo_on_its_side_stands_upright_uncropped_and_tells_nothing_else(session):
    picture = proof(upload(photos.with_place_and_camera()))

    opened = Image.open(io.BytesIO(picture))
    assert opened.size == (1280, 960)
    assert not opened.getexif()
    assert b"0912345678" not in picture


def test_a_small_photo_is_not_made_larger(session):
    assert Image.open(io.BytesIO(proof(upload(photos.photo(200, 640))))).size == (200, 640)


@pytest.mark.parametrize("kind", BAD)
def test_what_is_not_taken_is_refused_in_words(session, kind):
    made, said = BAD[kind]

    with pytest.raises(PictureFault, match=said) as refusal:
        proof(upload(made()))

    assert refusal.value.status == 422


@pytest.mark.parametrize(("content", "said"), [(b"", "empty"), (b"\xff\xd8" * 12_000_000, "larger than 12 MB")])
def test_nothing_and_too_much_are_refused(session, content, said):
    with pytest.raises(PictureFault, match=said):
        proof(upload(content))


@pytest.mark.parametrize("kind", [*BAD, "the largest png", "48 megapixels"])
def test_no_file_makes_the_child_take_300_megabytes(tmp_path, kind):
    good = {
        "the largest png": lambda: photos.photo(5656, 4242, kind="PNG", mode="RGBA", compress_level=1),
        "48 megapixels": lambda: photos.photo(8000, 6000),
    }
    made = BAD[kind][0] if kind in BAD else good[kind]
    path = tmp_path / "upload"
    path.write_bytes(made())

    fault, peak = run_limited(guests.peak_of_a_proof, str(path), *PROOF, memory_mb=PROOF_MEMORY_MB, cpu_seconds=12)

    assert bool(fault) == (kind in BAD)
    assert peak < 300


def test_what_takes_more_memory_than_that_is_refused_as_too_many_pixels(session):
    """A WebP is unpacked several times over."""
    content = photos.photo(5656, 4242, kind="WEBP", quality=30, method=0)

    with pytest.raises(PictureFault, match="too many pixels") as refusal:
        proof(upload(content))

    assert isinstance(refusal.value.__cause__, TooMuchMemory)
