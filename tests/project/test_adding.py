"""Every example of docs/adding.md works as printed."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.test import override_settings
from django.urls import include, path
from PIL import Image
from pydantic import ValidationError
from rest_framework.test import APIClient

from api.http.invalid_input import InvalidInput
from image_processing_service.env import Environment
from image_processor.engine import Limits, Pipeline, inspect, render
from image_processor.engine.errors import InvalidImage
from image_processor.engine.frame import Frame
from image_processor.engine.reading.input_formats import INPUT_FORMATS
from image_processor.jobs import fair_order, registry, runner
from image_processor.jobs.model import Status
from image_processor.jobs.queues import QUEUES
from image_processor.models import Preset, TransformationTask
from outbox import events
from scripts.configuration_table import parse_variables
from tests.project.documents import marked_code


@pytest.fixture
def example(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The example that the test's mark names, as a module called `example`."""
    module = ModuleType("example")
    monkeypatch.setitem(sys.modules, "example", module)
    exec(marked_code("docs/adding.md", request.param), module.__dict__)  # noqa: S102
    return module


def of(name: str) -> Any:
    return pytest.mark.parametrize("example", [name], indirect=True, ids=[name])


@of("operation")
def test_an_operation_takes_its_own_example_and_its_defaults(example: Any) -> None:
    threshold = example.Threshold
    assert threshold.model_validate(threshold.example).canonical() == {"level": 100}
    assert threshold.model_validate({}).canonical() == {"level": 128}
    level = threshold.model_json_schema()["properties"]["level"]
    assert (level["minimum"], level["maximum"], level["default"]) == (1, 255, 128)
    assert level["description"] == "Darkest value that becomes 255."


@of("operation")
@pytest.mark.parametrize("params", [{"level": 0}, {"level": 256}, {"level": 2.5}, {"levels": 4}])
def test_an_operation_refuses_what_it_did_not_declare(example: Any, params: Any) -> None:
    with pytest.raises(ValidationError):
        example.Threshold.model_validate(params)


@of("operation")
@pytest.mark.parametrize("mode", ["L", "LA", "RGB", "RGBA"])
def test_an_operation_gives_the_planned_frame(example: Any, mode: str) -> None:
    step = example.Threshold.model_validate({"level": 77})
    image = Image.linear_gradient("L").resize((16, 8)).convert(mode)
    result = step.apply(image)
    assert Frame.of(result) == step.plan(Frame.of(image))
    assert set(result.getchannel(0).get_flattened_data()) == {0, 255}


@of("body-parameter")
def test_a_body_parameter_is_checked_and_documented(example: Any) -> None:
    body = example.RatedImageChangeRequest
    assert body.parse({"rating": 3}).given() == {"rating": 3}
    assert body.parse({}).given() == {}
    for rating in (0, 6, "3", None):
        with pytest.raises(InvalidInput) as refused:
            body.parse({"rating": rating})
        assert refused.value.errors[0].pointer == "/rating"
    documented = body.openapi()["properties"]["rating"]
    assert (documented["minimum"], documented["description"]) == (1, "Stars.")


@of("query-parameter")
def test_a_query_parameter_restricts_a_list(example: Any, user: Any) -> None:
    rows = TransformationTask.objects.filter(owner=user)

    def listing(value: str) -> Any:
        query = {"finished_after": value}
        return example.FinishedTaskListFilterSet(query, rows, owner_id=user.pk).listing()

    assert "finished_at" in str(listing("2026-01-01T00:00:00Z").lookup.query)
    with pytest.raises(Exception, match="finished_after"):
        listing("yesterday")


@of("route")
def test_a_route_shows_the_rows_of_its_caller(example: Any, make_user: Any) -> None:
    ann, bob = make_user(), make_user()
    for owner, description in ((ann, "shop"), (ann, ""), (bob, "blog")):
        Preset.objects.create(
            owner=owner, name=description or "x", description=description, transformations=[]
        )
    example.urlpatterns = [path("api/v1/", include(example.router.urls))]
    client = APIClient()
    with override_settings(ROOT_URLCONF="example"):
        assert client.get("/api/v1/described-presets/").status_code == 401
        client.force_authenticate(ann)
        answer = client.get("/api/v1/described-presets/")
    assert [preset["name"] for preset in answer.json()["results"]] == ["shop"]


@pytest.fixture
def _registries() -> Iterator[None]:
    """Restore what a new model and a new job type are registered in."""
    job_types, queues = dict(registry._by_queue), dict(QUEUES)
    yield
    for registered, before in ((registry._by_queue, job_types), (QUEUES, queues)):
        for name in registered.keys() - before.keys():
            del registered[name]  # type: ignore[attr-defined]
    del apps.all_models["image_processor"]["greeting"]
    apps.clear_cache()


@of("job-type")
@pytest.mark.usefixtures("_registries")
def test_a_job_of_a_new_type_is_claimed_and_run(example: Any, user: Any) -> None:
    registry.register(example.GreetingJobType())
    with connection.schema_editor() as editor:
        editor.create_model(example.Greeting)
    with transaction.atomic():
        position = fair_order.place("greeting", user.pk, 1)
        greeting = example.Greeting.objects.create(owner=user, queue="greeting", position=position)
    assert runner.run_next("greeting")
    assert not runner.run_next("greeting")
    greeting.refresh_from_db()
    assert (greeting.status, greeting.text, greeting.attempts) == (Status.SUCCESS, "Hello", 1)


@of("event")
def test_an_event_reaches_its_handler(
    example: Any, user: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    preset = Preset(owner=user, name="shop", transformations=[])
    with override_settings(EVENT_HANDLERS=example.EVENT_HANDLERS):
        example.save_preset(preset)
        assert events.drain() == 1
    assert capsys.readouterr().out == f"{user.pk} has made preset {preset.pk}\n"


@of("input-format")
def test_an_input_format_is_recognised_checked_and_rendered(
    example: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((20, 10)).save(file, "QOI")
    monkeypatch.setitem(INPUT_FORMATS, "QOI", example.QOI)
    facts = inspect(file.getvalue(), Limits())
    assert (facts.format, facts.width, facts.height) == ("QOI", 20, 10)
    pipeline = Pipeline.parse([{"operation": "flip"}])
    assert render(file.getvalue(), facts, pipeline, Limits()).format == "PNG"
    with pytest.raises(InvalidImage, match="end marker"):
        inspect(file.getvalue()[:-1], Limits())


def test_a_setting_is_read_and_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    code = marked_code("docs/adding.md", "setting")
    settings: dict[str, Any] = {"env": Environment()}
    monkeypatch.setattr(Environment, "names", set())
    exec(code, settings)  # noqa: S102
    assert settings["MAX_GREETINGS"] == 3
    monkeypatch.setenv("MAX_GREETINGS", "101")
    with pytest.raises(ImproperlyConfigured, match="MAX_GREETINGS is 101; it must be 1 to 100"):
        exec(code, settings)  # noqa: S102


def test_a_setting_is_described() -> None:
    [variable] = parse_variables(marked_code("docs/adding.md", "setting-description"))
    assert (variable.name, variable.default) == ("MAX_GREETINGS", "3")
    assert variable.description == "Greetings that one user may send in a day."
