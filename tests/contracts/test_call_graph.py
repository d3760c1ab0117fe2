"""Who calls whom: from a marked function back to a page, the API, a command or the agenda."""

import pytest

from contracts.policy.call_graph import call_graph, door_of

SHOP = {
    "shop.policy.prices": (
        "def price(): ...\ndef tax(): ...\nclass Book:\n    def asked(self): return tax()\n"
    ),
    "shop.actions": "from shop.actions.sell import sell\n",
    "shop.actions.sell": "from shop.policy import prices\ndef sell(): return prices.price()\n",
    "shop.views": (
        "from shop.actions import sell\nclass Buy:\n    def get(self):\n"
        "        '''Return the page.'''\n        return sell()\n"
        "    def post(self, book): return book.asked()\n"
    ),
    "shop.keepers": "from shop.actions.sell import sell as do\ndef _help(): return do()\n",
}


def callers(name):
    return [(each.name, each.door) for each in call_graph(SHOP).callers_of(name)]


def test_a_rule_is_found_through_modules_that_hand_a_name_on():
    assert ("shop.views.Buy.get", "page") in callers("shop.policy.prices.price")


def test_what_a_door_says_comes_along():
    [caller] = call_graph(SHOP).callers_of("shop.actions.sell.sell")
    assert (caller.says, caller.steps) == ("Return the page.", 1)


def test_a_method_of_an_object_counts_by_its_name():
    assert callers("shop.policy.prices.tax") == [("shop.views.Buy.post", "page")]


def test_what_nobody_calls_has_no_callers():
    without = {name: text for name, text in SHOP.items() if name != "shop.views"}
    assert call_graph(without).callers_of("shop.policy.prices.price") == []


def test_who_announces_a_word_uses_those_who_listen():
    details = {
        "shop.views": "from shop.registry import announce\ndef sell(): announce('sold', what=1)\n",
        "shop.listeners": "from shop.registry import listens\n@listens('sold')\ndef its_stock(what): pack()\n"
        "def pack(): ...\n",
    }
    assert [each.name for each in call_graph(details).callers_of("shop.listeners.pack")] == [
        "shop.views.sell"
    ]


def test_self_means_the_class_and_its_bases_not_whoever_has_such_a_method():
    shop = {
        "shop.policy.rules": "def rule(): ...\ndef other(): ...\n",
        "shop.views": (
            "from shop.policy.rules import other\nclass Base:\n    def _page(self): return other()\n"
            "class Buy(Base):\n    def get(self): return self._page()\n"
        ),
        "shop.dead": (
            "from shop.policy.rules import rule\nclass Nobody:\n    def _page(self): return rule()\n"
        ),
    }
    graph = call_graph(shop)
    assert graph.callers_of("shop.policy.rules.rule") == []
    names = [each.name for each in graph.callers_of("shop.policy.rules.other")]
    assert "shop.views.Buy.get" in names
    assert not [name for name in names if name.startswith("shop.dead")]


@pytest.mark.parametrize(
    ("name", "door"),
    [
        ("dpa.views.desk.Desk.get", "page"),
        ("billing.collections.views.late.LateList.get", "page"),
        ("billing.api.views.Quotes.get", "api"),
        ("dpa.keepers.erasures.keep_erase", "agenda"),
        ("billing.management.commands.vat.Command.handle", "command"),
        ("billing.collections.views.late._statement", ""),
        ("billing.collections.policy.late_interest.late_interest", ""),
    ],
)
def test_where_a_door_is(name, door):
    assert door_of(name) == door
