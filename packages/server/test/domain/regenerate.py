"""
Asks Prefect 2.8.0 once more what the recorded cases below this folder say, and writes its answers beside their inputs:

    blocks/checksum-cases.json              checksums of block schemas
    blocks/encryption/fernet-cases.json            tokens of the `cryptography` package; one that still can be read stays
    notifications/recorded-messages.json    messages made from templates
    notifications/recorded-deliveries.json  the requests that notification blocks send, caught before they leave

To add a case, write its input, then run

    $(npx node packages/testing/src/reference.ts) packages/server/test/domain/regenerate.py

Unchanged files mean that the answers are as they were.
"""

import asyncio
import datetime
import json
import os
import pathlib
import tempfile
import urllib.parse
import uuid

os.environ["PREFECT_HOME"] = tempfile.mkdtemp()

import pendulum
import requests
from cryptography.fernet import Fernet, InvalidToken
from prefect.blocks import notifications as blocks
from prefect.blocks.core import Block
from prefect.orion.schemas.states import StateType
from prefect.orion.services.flow_run_notifications import FlowRunNotifications

folder = pathlib.Path(__file__).parent


def read(name):
    return json.loads((folder / name).read_text())


def write(name, content):
    (folder / name).write_text(json.dumps(content, indent=2) + "\n")
    print(name)


def checksums():
    cases = read("blocks/checksum-cases.json")
    for case in cases:
        case["checksum"] = Block._calculate_schema_checksum(case["fields"])
    write("blocks/checksum-cases.json", cases)


def tokens():
    cases = read("blocks/encryption/fernet-cases.json")
    for case in cases:
        fernet = Fernet(case["key"])
        try:
            still_read = fernet.decrypt(case.get("token", "").encode()) == case["text"].encode()
        except InvalidToken:
            still_read = False
        if not still_read:
            case["token"] = fernet.encrypt_at_time(case["text"].encode(), case["time"]).decode()
    write("blocks/encryption/fernet-cases.json", cases)


class Notification(dict):
    """A row of the queue that can be read by key and by attribute."""

    __getattr__ = dict.__getitem__


def numbered(number):
    return uuid.UUID(int=number)


def message(template, parameters):
    notification = Notification(
        flow_run_notification_policy_message_template=template,
        flow_run_notification_policy_id=numbered(1),
        flow_id=numbered(3),
        flow_name="f",
        flow_run_id=numbered(4),
        flow_run_name="r",
        flow_run_parameters=parameters,
        flow_run_state_type=StateType.FAILED,
        flow_run_state_name="Failed",
        flow_run_state_timestamp=pendulum.parse("2023-02-01T03:04:05.123456+00:00"),
        flow_run_state_message=None,
    )
    return FlowRunNotifications.construct_notification_message(FlowRunNotifications(), notification)


def messages():
    recorded = read("notifications/recorded-messages.json")
    parameters = json.loads(recorded["parameters"])
    templates = [case["template"] for case in recorded["filled"]] + recorded["failing"]
    filled, failing = [], []
    for template in templates:
        try:
            filled.append({"template": template, "message": message(template, parameters)})
        except Exception:
            failing.append(template)
    write(
        "notifications/recorded-messages.json",
        {"parameters": recorded["parameters"], "filled": filled, "failing": failing},
    )


KINDS = {
    "slack-webhook": blocks.SlackWebhook,
    "ms-teams-webhook": blocks.MicrosoftTeamsWebhook,
    "pager-duty-webhook": blocks.PagerDutyWebHook,
    "twilio-sms": blocks.TwilioSMS,
    "opsgenie-webhook": blocks.OpsgenieWebhook,
}


def caught(sent):
    """Replaces `requests.post`: records the request, and answers as if it had arrived."""

    def post(url, data=None, headers=None, auth=None, params=None, **_):
        prepared = requests.Request("POST", url, data=data, headers=headers, auth=auth, params=params).prepare()
        names = {name.lower(): value for name, value in prepared.headers.items() if name != "Content-Length"}
        body = prepared.body.decode() if isinstance(prepared.body, bytes) else prepared.body
        if names.get("content-type") == "application/x-www-form-urlencoded":
            names.pop("content-type")
            content = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
        else:
            content = json.loads(body)
        for attachment in content.get("attachments", []):
            attachment.pop("ts", None)
        sent.append({"method": "POST", "url": prepared.url, "headers": names, "body": content})
        answer = requests.Response()
        answer.status_code = 200
        answer._content = b"ok"
        return answer

    return post


async def deliveries():
    recorded = read("notifications/recorded-deliveries.json")
    for case in recorded["cases"]:
        sent = []
        requests.post = caught(sent)
        block = KINDS[case["slug"]](**case["data"])
        await block.notify(body=recorded["body"], subject=recorded["subject"])
        case["deliveries"] = sent
    write("notifications/recorded-deliveries.json", recorded)


checksums()
tokens()
messages()
asyncio.run(deliveries())
