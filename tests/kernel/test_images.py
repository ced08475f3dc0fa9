"""Of an upload only the pixels go on, few and small; what is no plain photograph is refused by name."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image, ImageFile

from kernel.images import ImageFault, shrink
from tests.kernel import photos

SIZES = [(320, 200, 12_000), (800, 500, 40_000)]


def shrunk(path: Path, content: bytes) -> list[bytes]:
    path.write_bytes(content)
    answer = shrink(str(path), SIZES)
    assert "fault" not in answer, answer
    return [base64.b64decode(text) for text in answer["pictures"]]  # type: ignore[attr-defined]


def fault(path: Path, content: bytes) -> object:
    path.write_bytes(content)
    return shrink(str(path), SIZES).get("fault")


@pytest.mark.parametrize(
    "content",
    [
        photos.photo(),
        photos.photo(3000, 600),
        photos.photo(kind="PNG"),
        photos.photo(400, 300, kind="PNG", mode="RGBA"),
        photos.photo(400, 300, kind="PNG", mode="P"),
        photos.photo(kind="WEBP"),
        photos.photo(mode="CMYK"),
        photos.photo(mode="L"),
    ],
)
def test_a_photo_becomes_two_small_webps_of_one_shape(tmp_path, content):
    pictures = shrunk(tmp_path / "upload", content)

    opened = [Image.open(io.BytesIO(picture)) for picture in pictures]
    assert [(each.format, each.size, each.mode) for each in opened] == [
        ("WEBP", (320, 200), "RGB"),
        ("WEBP", (800, 500), "RGB"),
    ]
    assert [len(picture) <= most for picture, (_w, _h, most) in zip(pictures, SIZES, strict=True)] == [True, True]


def test_place_camera_and_comments_stay_behind_and_the_photo_stands_upright(tmp_path):
    content = photos.with_place_and_camera()
    before = Image.open(io.BytesIO(content))
    assert before.getexif()

    for picture in shrunk(tmp_path / "upload", content):
        after = Image.open(io.BytesIO(picture))
        assert not after.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & after.info.keys()
        assert b"0912345678" not in picture


def test_a_photo_on_its_side_is_turned(tmp_path):
    turned = Image.new("RGB", (1200, 1600), "red")
    turned.paste("blue", (0, 0, 1200, 800))  # what is at the top of the file is at the right of the photo
    exif = Image.Exif()
    exif[0x0112] = 6
    out = io.BytesIO()
    turned.save(out, "JPEG", exif=exif.tobytes())

    small, _large = shrunk(tmp_path / "upload", out.getvalue())

    picture = Image.open(io.BytesIO(small)).convert("RGB")
    left, right = picture.getpixel((40, 100)), picture.getpixel((280, 100))
    assert (left[0] > 200, left[2] < 60) == (True, True)  # type: ignore[index]
    assert (right[2] > 200, right[0] < 60) == (True, True)  # type: ignore[index]


def test_what_is_transparent_becomes_white(tmp_path):
    out = io.BytesIO()
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(out, "PNG")

    small, _large = shrunk(tmp_path / "upload", out.getvalue())

    assert Image.open(io.BytesIO(small)).convert("RGB").getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("kind", photos.HOSTILE)
def test_what_is_no_plain_photo_is_refused_by_name(tmp_path, kind):
    assert fault(tmp_path / "upload", photos.HOSTILE[kind]()) == ImageFault(kind)


@pytest.mark.parametrize("how", photos.ALSO_DISGUISED)
def test_a_file_that_is_something_else_besides_is_disguised(tmp_path, how):
    assert fault(tmp_path / "upload", photos.ALSO_DISGUISED[how]) == ImageFault.DISGUISED


@pytest.mark.parametrize("part", [0, 1, 10, 100, 500, 5000])
def test_a_photo_cut_off_anywhere_is_refused(tmp_path, part):
    assert fault(tmp_path / "upload", photos.photo()[:part]) in {ImageFault.DAMAGED, ImageFault.NO_PHOTO}


def test_a_library_that_bears_cut_off_pictures_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)

    assert fault(tmp_path / "upload", photos.photo()[:5000]) == ImageFault.DAMAGED


def test_every_fault_is_tried():
    assert {ImageFault(kind) for kind in photos.HOSTILE} == set(ImageFault)
