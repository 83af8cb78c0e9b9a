"""The questions several detectors ask: accounts, prices, paths, and what folding makes equal."""

from __future__ import annotations

import pytest

from grader.facts.accounts import foreign_accounts
from grader.facts.prices import price_of
from grader.model.paths import given, is_test, normal
from grader.model.spans import Span
from grader.model.values import Call, Fields, Items, Known, Name, Template, flat, fold, look_up, text_of

AT = Span(1, 1)


def test_an_account_is_foreign_unless_a_vendor_gives_it_to_everyone() -> None:
    assert foreign_accounts("arn:aws:iam::604418273390:role/x") == ("604418273390",)
    assert foreign_accounts("127311923021") == ()
    assert foreign_accounts("build-6044182733901-x") == ()


def test_a_price_is_in_the_table_or_there_is_none() -> None:
    gpu, large, medium = price_of("ml.p3.2xlarge"), price_of("m5.large"), price_of("t3.medium")
    assert gpu is not None
    assert large is not None
    assert medium is not None
    assert (gpu.hourly, large.hourly, medium.hourly) == (3.825, 0.096, 0.0416)
    assert gpu.source
    assert gpu.date
    assert round(large.monthly, 2) == 70.08
    assert price_of("x9.gigantic") is None
    assert price_of("") is None


@pytest.mark.parametrize("family", ["m5", "c5", "r5", "db.r5", "cache.r5", "ml.m5"])
def test_a_larger_size_costs_more(family: str) -> None:
    prices = [price.hourly for size in ("large", "xlarge", "2xlarge", "4xlarge") if (price := price_of(f"{family}.{size}")) is not None]
    assert prices == sorted(prices)
    assert len(prices) == 4


@pytest.mark.parametrize(
    ("path", "test"),
    [
        ("tests/unit/stack.py", True),
        ("lib/test_stack.py", True),
        ("lib/stack.test.ts", True),
        ("lib/stack_test.go", True),
        ("src/StackTest.java", True),
        ("lib/stack.py", False),
        ("lib/latest.ts", False),
        ("contest/app.py", False),
        (None, False),
    ],
)
def test_tests_are_told_by_their_paths(path: str | None, test: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_test(path) is test


@pytest.mark.parametrize(
    ("path", "base", "normalised"),
    [("./fn", "", "fn"), ("../fn", "lib", "fn"), ("../../fn", "lib", "fn"), ("fn/./a/../b", "", "fn/b"), ("fn\\a", "", "fn/a"), (".", "", "")],
)
def test_paths_have_one_form(path: str, base: str, normalised: str) -> None:
    assert normal(path, base) == normalised


def test_a_file_is_given_under_any_leading_folder_and_a_folder_by_any_file_in_it() -> None:
    names = ["app/lambda/orders/index.js", "README.md"]
    assert given("lambda/orders", names) == names[0]
    assert given("lambda/orders/index.js", names) == names[0]
    assert given("lambda/order", names) is None
    assert given("orders/index", names) is None


def test_folding_makes_the_spellings_of_a_property_one() -> None:
    assert fold("cidr_blocks") == fold("cidrBlocks") == fold("CidrBlocks") == "cidrblocks"
    assert look_up({"cidrBlocks": Known("x", AT)}, "cidr_blocks") == Known("x", AT)
    assert look_up({"cidrBlocks": Known("x", AT)}, "cidr") is None


def test_a_template_shows_its_known_parts() -> None:
    template = Template((Known("a-", AT), Name("suffix", AT), Known("-b", AT)), AT)
    assert template.text("?") == "a-?-b"
    assert text_of(template) == "a-\N{HORIZONTAL ELLIPSIS}-b"
    assert text_of(Known(3, AT)) is None


def test_every_value_is_visited_once_with_the_field_it_stands_in() -> None:
    leaf = Known("x", AT)
    root = Call("f", AT, args=(Items((leaf,), AT), Fields({"key": Items((Known("y", AT), Name("z", AT)), AT)}, AT)), keywords={"other": leaf})
    visited = [(key, one.value if isinstance(one, Known) else type(one).__name__) for key, one in flat(root)]
    assert visited == [("", "Call"), ("", "Items"), ("", "x"), ("", "Fields"), ("key", "Items"), ("key", "y"), ("key", "Name"), ("other", "x")]
