"""Channels: where their addresses come from, and that none of them can harm a night or tell."""

from __future__ import annotations

import time

import pytest

from orchestration.config import ConfigurationError
from orchestration.notify import (
    Channel,
    Message,
    Problem,
    beat,
    channels_of,
    heartbeat_of,
    look_at_channels,
    send,
)
from orchestration.sources import _NOT_CONTENT, _without_notify

MESSAGE = Message("A title", "Two lines:\n- *one* of <them>", "failure")


def test_a_message_arrives_as_it_is_written(registry, service):
    channels, problems = channels_of(registry())
    assert problems == []
    assert send(channels, MESSAGE, timeout=5) == []
    (message,) = service.messages
    assert (message["title"], message["message"]) == ("A title", "Two lines:\n- *one* of <them>")
    assert message["type"] == "failure"


def test_addresses_come_from_the_environment_and_from_files(
    registry, service, tmp_path, monkeypatch
):
    secret = tmp_path / "urls.txt"
    secret.write_text(f"# mail and chat\n{service.url}\n\n{service.url}\n", encoding="utf-8")
    secret.chmod(0o600)
    monkeypatch.setenv("CRLM_ALERTS", service.url)
    channels, problems = channels_of(registry(to=[{"env": "CRLM_ALERTS"}, {"file": "urls.txt"}]))
    assert problems == []
    assert [channel.name for channel in channels] == [
        "json (entry 1 of notify.to)",
        "json (entry 2 of notify.to, URL 1)",
        "json (entry 2 of notify.to, URL 2)",
    ]
    assert send(channels, MESSAGE, timeout=5) == []
    assert len(service.messages) == 3


def test_one_address_needs_no_list(registry, monkeypatch):
    monkeypatch.setenv("CRLM_ALERTS", "json://127.0.0.1/a")
    channels, problems = channels_of(registry(to={"env": "CRLM_ALERTS"}))
    assert (len(channels), problems) == (1, [])


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ({"env": "CRLM_NOT_SET"}, "the environment variable CRLM_NOT_SET is not set"),
        ({"file": "none.txt"}, "the file cannot be read (No such file or directory)"),
        ({"file": "open.txt"}, "others than its owner can read it; chmod 600 it"),
        ({"file": "blank.txt"}, "it names no URL"),
    ],
)
def test_an_address_that_is_not_there_is_said(registry, tmp_path, address, said):
    for name, mode in (("open.txt", 0o644), ("blank.txt", 0o600)):
        (tmp_path / name).write_text("# nothing\n", encoding="utf-8")
        (tmp_path / name).chmod(mode)
    channels, (problem,) = channels_of(registry(to=[address]))
    assert channels == []
    assert problem.channel == "entry 1 of notify.to"
    assert said in problem.text


def test_one_channel_that_is_down_does_not_keep_the_others_from_being_told(registry, service):
    down = Channel("down", "json://user:pass-secret@127.0.0.1:9/secret")
    (working,), _ = channels_of(registry())
    refused = Channel("refused", f"json://{service.address}/refused-secret")
    unknown = Channel("unknown", "nonsense://secret")
    found = send([down, working, refused, unknown], MESSAGE, timeout=5)
    assert [problem.channel for problem in found] == ["down", "refused", "unknown"]
    assert len(service.messages) == 1
    assert "secret" not in str(found)


def test_a_slow_channel_has_a_time(service):
    slow = Channel("slow", f"json://{service.address}/slow")
    started = time.monotonic()
    (problem,) = send([slow, slow], MESSAGE, timeout=0.3)[:1]
    assert time.monotonic() - started < 3
    assert problem.channel == "slow"


def test_apprise_says_nothing_itself(service, capfd):
    send([Channel("down", "json://127.0.0.1:9/secret"), Channel("no", "x://")], MESSAGE, timeout=5)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("path", "said"),
    [("ping", None), ("refused", "the service answered 500"), ("slow", "no answer in 0.3 seconds")],
)
def test_the_sign_of_life(registry, service, path, said):
    heartbeat = heartbeat_of(registry(heartbeat=f"http://{service.address}/{path}"))
    assert isinstance(heartbeat, Channel)
    found = beat(heartbeat, timeout=0.3)
    assert service.beats == ([] if said else ["/ping"])
    # A socket that gives up a moment earlier says it in its own way.
    if path == "slow":
        assert len(found) == 1
    else:
        assert [problem.text for problem in found] == ([said] if said else [])


@pytest.mark.parametrize("url", ["file:///etc/hostname", "json://127.0.0.1/x"])
def test_a_heartbeat_is_a_web_address(registry, url):
    assert isinstance(heartbeat_of(registry(heartbeat=url)), Problem)
    assert heartbeat_of(registry()) is None


def test_looking_at_channels_sends_nothing(registry, service):
    config = registry(to=[service.url, "nonsense://secret"], heartbeat=f"http://{service.address}/")
    channels, (problem,) = look_at_channels(config)
    assert len(channels) == 3
    assert problem.channel == "nonsense (entry 2 of notify.to)"
    assert (service.messages, service.beats) == ([], [])


@pytest.mark.parametrize(
    ("notify", "said"),
    [
        ({"to": ["token-secret"]}, "write a URL such as mailto://"),
        ({"to": [{"env": "A", "file": "b"}]}, "write one of url, env and file"),
        ({"to": [{}]}, "write one of url, env and file"),
        ({"to": [{"environment": "A"}]}, "notify.to.0.environment: there is no such key"),
        ({"events": ["fail"]}, "'failed', 'held', 'findings' or 'recovered'"),
        ({"urls": ["json://token-secret"]}, "there is no such key; known are to, heartbeat"),
        ({"worse_points": 0}, "greater than 0"),
        ({"heartbeat": 5}, "notify.heartbeat: "),
    ],
)
def test_a_wrong_setting_is_one_sentence_without_its_secret(registry, notify, said):
    with pytest.raises(ConfigurationError) as refused:
        registry(**notify)
    assert said in str(refused.value)
    assert "registry.yml:" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_whom_to_tell_is_no_part_of_a_release(registry, service):
    settings = [
        registry(**notify).settings.model_dump_json(exclude=_NOT_CONTENT)
        for notify in ({}, {"to": [], "heartbeat": "http://127.0.0.1/"}, {"worse_points": 7})
    ]
    assert len(set(settings)) == 1
    assert "notify" not in settings[0]
    assert "path-token" not in registry().settings.model_dump_json()


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("a: 1\nb: 2 # x\n", "a: 1\nb: 2 # x\n"),
        (
            "a: 1 # x\nnotify:\n  to: [secret]\n# of b\nb: 2\n",
            "a: 1 # x\n# notify: is not kept\nb: 2\n",
        ),
        ("ä: 1\nnotify: {to: secret}\n", "ä: 1\n# notify: is not kept\n"),
        ("{a: 1, notify: {to: secret}}", "a: 1\n"),
    ],
)
def test_a_kept_configuration_has_no_addresses(written, kept):
    assert _without_notify(written.encode()) == kept.encode()
