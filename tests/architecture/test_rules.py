"""The rules of the code, held against the code."""

from statistics import median, quantiles

import pytest

from kernel.settings import ROOT
from tests.architecture.code import modules
from tests.architecture.exceptions import EXCEPTIONS
from tests.architecture.pages import faults_of_pages
from tests.architecture.rules import RULES, length

CODE = modules(ROOT)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps(rule):
    offences = [
        str(offence) for module in CODE for offence in rule(module) if (rule.__name__, offence.path) not in EXCEPTIONS
    ]

    assert not offences, "\n".join(offences)


def test_pages_keep_the_policy_and_mark_their_words():
    faults = [str(fault) for fault in faults_of_pages(ROOT) if (fault.rule, fault.path) not in EXCEPTIONS]

    assert not faults, "\n".join(faults)


def test_no_exception_outlives_its_reason():
    in_code = {(rule.__name__, offence.path) for rule in RULES for module in CODE for offence in rule(module)}
    in_pages = {(fault.rule, fault.path) for fault in faults_of_pages(ROOT)}

    assert EXCEPTIONS.keys() - in_code - in_pages == set()


def test_functions_are_small_nine_times_in_ten_and_tiny_half_the_time():
    lengths = [length(function) for module in CODE for function in module.functions()]

    assert quantiles(lengths, n=10)[8] <= 20
    assert median(lengths) <= 8
