"""No form falls back on the words of WTForms, which know no Vietnamese of ours."""

from collections.abc import Iterator

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField
from wtforms.fields.core import UnboundField

BUILT_IN = {
    "IntegerField",
    "DecimalField",
    "FloatField",
    "DateField",
    "TimeField",
    "DateTimeField",
    "DateTimeLocalField",
}
"""Fields that complain of what they cannot read in words of their own."""


def forms(above: type[FlaskForm] = FlaskForm) -> Iterator[type[FlaskForm]]:
    for form in above.__subclasses__():
        if not form.__module__.startswith(("tests.", "flask_wtf.")):
            yield form
        yield from forms(form)


def fields() -> Iterator[tuple[str, type[Field], list[object]]]:
    """Each field that people fill in: its name, its class, its validators."""
    for form in forms():
        for name, made in vars(form).items():
            if isinstance(made, UnboundField) and not issubclass(made.field_class, HiddenField):
                yield f"{form.__name__}.{name}", made.field_class, list(made.kwargs.get("validators", ()))


def test_every_validator_and_field_has_words_of_ours(app):
    unseen = {"MarkForm.version", "AnswerForm.order"}  # sent by hidden inputs, and refused as a whole
    wordless = [
        f"{name}: {type(each).__name__}"
        for name, _kind, validators in fields()
        for each in validators
        if getattr(each, "message", "") is None and name not in unseen
    ]
    foreign = [name for name, kind, _v in fields() if kind.__name__ in BUILT_IN and name not in unseen]

    assert [*wordless, *foreign] == []
    assert len({name.split(".")[0] for name, *_ in fields()}) > 5
