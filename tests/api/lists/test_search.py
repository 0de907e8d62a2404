"""Search: the words that find an image, and the searches that are refused."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from tests.api.lists.list_requests import IMAGES, RESULTS, list_ids
from tests.api.problems import refused
from tests.builders import many

WORDS_OF_NAMES = {
    "IMG_2024-holiday.jpg": [
        *("img", "2024", "holi", "HOLIDAY", "jpg", "2024 img", "img_2024-hol"),
        *("oliday", "day", "024 mg", "pg oli", "y"),
    ],
    "Café à la crème.png": ["cafe", "CAFÉ", "café la", "creme", "cafe\u0301"],
    "сад 🌅.jpg": ["сад", "СА", "сад.jpg"],
    "日本の庭.png": ["日本", "日本の庭", "本の", "庭"],
    "東京旅行写真.png": ["写真", "旅行", "京旅行写", "東京旅行写真", "写真 東京", "真"],
    "DSC0001.png": ["0001", "dsc", "SC00", "c0001.png"],
    "ﾀﾞﾑ㍍①.png": ["ダム", "ダムメートル1", "メートル", "ﾀﾞ"],
    "한국여행사진.png": ["사진", "여행", "한국"],
    "3f786850e387550fdab836ed7e6dc881de23001b.png": [
        *("3f786850e387550fdab836ed7e6dc881de23001b", "550fdab836ed7e6", "23001b", "3f786850e3875"),
    ],
    "straße.jpg": ["straße", "stra"],
    "a" * 200 + ".jpg": ["a" * 200, "a" * 65, "a" * 64],
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name in WORDS_OF_NAMES for text in WORDS_OF_NAMES[name]]
)
def test_a_part_of_a_name_finds_the_image(
    client: APIClient, user: Any, both_strategies: None, name: str, text: str
) -> None:
    rows = [many.image(user, each).pk for each in WORDS_OF_NAMES if each != name]
    wanted = many.image(user, name)
    rows.append(many.image(user, "other.gif").pk)
    found = list_ids(client, IMAGES, search=text)
    assert wanted.pk in found
    if text not in ("jpg",):
        assert found == [wanted.pk]


@pytest.mark.parametrize(
    "text",
    [
        *("holiday beach", "holidays", "2024img", "beach", "img & beach"),
        *("2024holiday", "oliday beach", "holidayjpg", "shore x y", "oliday holidax"),
        *("holidayholiday", "IMG 2023", "hol%x", "hol_x", "photographers2025"),
    ],
)
def test_other_words_do_not_find_the_image(
    client: APIClient, user: Any, both_strategies: None, text: str
) -> None:
    many.image(user, "other.gif")
    many.image(user, "IMG_2024-holiday.jpg")
    many.image(user, "x", description="On the shore", tags=["photographers2024"])
    assert list_ids(client, IMAGES, search=text) == []


def test_the_words_of_a_search_may_be_in_name_description_and_tags(
    client: APIClient, user: Any, both_strategies: None
) -> None:
    wanted = many.image(user, "tower.jpg", description='Line\n"one"', tags=["night sky", "o'c"])
    many.image(user, "tower.jpg")
    for text in ("tower line night", "sky", "o'c one", '"one" \\ tower', "sky:* | !tower"):
        assert list_ids(client, IMAGES, search=text) == [wanted.pk], text


def test_a_change_is_found_at_once(client: APIClient, user: Any) -> None:
    image = many.image(user, "old.jpg", tags=["before"])
    client.patch(f"{IMAGES}{image.pk}/", {"file_name": "new.jpg", "tags": ["after"]})
    assert list_ids(client, IMAGES, search="new after") == [image.pk]
    assert list_ids(client, IMAGES, tag="after") == [image.pk]
    assert list_ids(client, IMAGES, search="old") == list_ids(client, IMAGES, tag="before") == []


def test_images_of_other_users_are_not_found(
    client: APIClient, make_user: Any, both_strategies: None
) -> None:
    other = make_user()
    many.image(other, "garden.jpg", tags=["garden"])
    many.result(many.image(other, "x"), "garden.png")
    assert list_ids(client, IMAGES, search="garden") == list_ids(client, IMAGES, tag="garden") == []
    assert list_ids(client, RESULTS, search="garden") == []


@pytest.mark.parametrize(
    "text",
    ["'", "\\", "a'b\\c:*", "a | b", "!a", "<->", "%", "a:*A", "((", "é" * 200, "\u202e", "x\ty",
     "\U0010ffff", "\ud7ff", "a&amp;b", "/", "1/a", "#", "\u0130"],
)  # fmt: skip
def test_any_text_can_be_searched(
    client: APIClient, user: Any, both_strategies: None, text: str
) -> None:
    """An image is found by its whole name if the name has a letter or a digit."""
    image = many.image(user, text)
    many.image(user, "zzz", description="q")
    answer = client.get(IMAGES, {"search": text})
    if answer.status_code == 400:
        assert "letter" in refused(answer, 400, "invalid_input", "/search")["detail"]
        assert not any(each.isalnum() for each in text)
    else:
        assert [row["id"] for row in answer.json()["results"]] == [image.pk]


def test_invalid_searches_are_refused(client: APIClient) -> None:
    for text, said in {
        "...": "'...'",
        "": "''",
        "\0": "Null",
        "x" * 201: "200",
        " ".join("abcdefghijk"): "10",
    }.items():
        body = refused(client.get(IMAGES, {"search": text}), 400, "invalid_input", "/search")
        assert said in body["detail"], body
