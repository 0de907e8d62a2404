"""What the service logs is what Filebeat expects: JSON lines, a time it can read, its folder."""

from __future__ import annotations

import json
import logging.config
import re
from pathlib import Path
from typing import Any

import pytest
import structlog
import yaml

from utils.logging import logging_config

ROOT = Path(__file__).resolve().parents[2]
ELK = ROOT / "elk" / "local"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.local.yml").read_text())


def load(name: str) -> dict[str, Any]:
    """One of the configurations."""
    found: dict[str, Any] = yaml.safe_load((ELK / name).read_text())
    return found


@pytest.fixture
def lines(tmp_path: Path) -> list[dict[str, Any]]:
    """What the file holds after one line of ours and one of a library."""
    path = tmp_path / "logs" / "django.log"
    before = structlog.get_config()
    config = logging_config(
        level="INFO", file_path=str(path), file_max_bytes=1_000_000, file_backups=1
    )
    # Only the file, on a logger of its own: pytest's handlers stay as they are.
    config["handlers"] = {"file": config["handlers"]["file"]}
    config.pop("root")
    config["loggers"] = {"shipped": {"handlers": ["file"], "level": "INFO", "propagate": False}}
    logging.config.dictConfig(config)
    try:
        structlog.get_logger("shipped").info("task_finished", task=7)
        logging.getLogger("shipped").warning("a library says %s", "so")
    finally:
        for handler in logging.getLogger("shipped").handlers:
            handler.close()
        structlog.configure(**before)
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_every_line_is_an_object_with_time_level_and_event(lines: list[dict[str, Any]]) -> None:
    assert [line["event"] for line in lines] == ["task_finished", "a library says so"]
    assert [line["level"] for line in lines] == ["info", "warning"]
    assert lines[0]["task"] == 7


def test_filebeat_can_read_the_time(lines: list[dict[str, Any]]) -> None:
    processor = next(it["timestamp"] for it in load("filebeat/filebeat.yml")["processors"])
    assert processor["field"] == "app.timestamp"
    # Go's reference time, as a pattern.
    patterns = [
        re.sub(r"\d", r"\\d", layout.replace(".999999", "")).replace("Z", r"(\.\d+)?Z")
        for layout in processor["layouts"]
    ]
    for line in lines:
        assert any(re.fullmatch(pattern, line["timestamp"]) for pattern in patterns)


def test_filebeat_reads_where_every_service_writes() -> None:
    (source,) = load("filebeat/filebeat.yml")["filebeat.inputs"]
    assert source["type"] == "filestream"
    assert any("ndjson" in parser for parser in source["parsers"])
    written = {
        re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", it["environment"]["LOG_FILE_PATH"])
        for it in COMPOSE["services"].values()
        if "LOG_FILE_PATH" in it.get("environment", {})
    }
    assert len(written) >= 5
    for path in written:
        assert any(Path(path).match(pattern) for pattern in source["paths"])
    mounts = COMPOSE["services"]["filebeat"]["volumes"]
    assert "./logs:/var/log/django:ro" in mounts


@pytest.mark.parametrize(
    ("name", "key"),
    [("filebeat/filebeat.yml", "output.elasticsearch"), ("kibana/kibana.yml", None)],
)
def test_both_find_elasticsearch(name: str, key: str | None) -> None:
    config = load(name)
    hosts = config[key]["hosts"] if key else config["elasticsearch.hosts"]
    assert hosts == ["http://elasticsearch:9200"]
    assert "elasticsearch" in COMPOSE["services"]


def test_log_lines_are_deleted_after_seven_days() -> None:
    config = load("filebeat/filebeat.yml")
    assert config["setup.ilm.enabled"] is True
    path = Path(config["setup.ilm.policy_file"])
    mount = f"./elk/local/filebeat/{path.name}:{path}:ro"
    assert mount in COMPOSE["services"]["filebeat"]["volumes"]
    phases = load(f"filebeat/{path.name}")["policy"]["phases"]
    # The age counts from the day on which the index was closed.
    closed = days(phases["hot"]["actions"]["rollover"]["max_age"])
    assert closed + days(phases["delete"]["min_age"]) == 7
    assert "delete" in phases["delete"]["actions"]
    # With a life cycle Filebeat ignores these, so they would only mislead.
    assert "index" not in config["output.elasticsearch"]
    assert not [name for name in config if re.match(r"setup\.template\.(name|pattern)", name)]


def days(age: str) -> int:
    """A number of days as Elasticsearch writes it."""
    return int(age.removesuffix("d"))


def test_elasticsearch_leaves_room_on_the_disk() -> None:
    config = load("elasticsearch/elasticsearch.yml")
    prefix = "cluster.routing.allocation.disk."
    assert config[f"{prefix}threshold_enabled"] is True
    low, high, flood = (
        int(config[f"{prefix}watermark.{name}"].removesuffix("gb"))
        for name in ("low", "high", "flood_stage")
    )
    assert low > high > flood > 0


def test_elasticsearch_without_passwords_is_one_node() -> None:
    config = load("elasticsearch/elasticsearch.yml")
    assert config["xpack.security.enabled"] is False
    assert config["discovery.type"] == "single-node"
