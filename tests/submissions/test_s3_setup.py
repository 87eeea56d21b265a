"""`prepare_bucket` against a real S3 server, and what it says when something is wrong."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from submissions import bucket as store
from submissions import bucket_setup

pytestmark = [pytest.mark.s3, pytest.mark.django_db]


def said(*options: str) -> tuple[str, bool]:
    """What the command printed, and whether it found the bucket ready."""
    out = StringIO()
    try:
        call_command("prepare_bucket", *options, stdout=out)
    except CommandError:
        return out.getvalue(), False
    return out.getvalue(), True


def change(settings: Settings, **options: str) -> None:
    here = settings.STORAGES["default"]
    settings.STORAGES = {**settings.STORAGES, "default": {**here, "OPTIONS": {**here["OPTIONS"], **options}}}


def test_prepared_twice_and_nothing_is_left(bucket: str, settings: Settings) -> None:
    client = store.client()
    theirs = {"ID": "theirs", "AllowedOrigins": ["https://other.example"], "AllowedMethods": ["GET"]}
    client.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": [theirs]})
    text, ready = said("--check")
    assert not ready
    assert "It lacks the CORS rule" in text
    for _twice in range(2):
        text, ready = said()
        assert ready, text
        assert [line[:3] for line in text.splitlines()[:-1]] == ["ok "] * 12
    rules = client.get_bucket_cors(Bucket=bucket)["CORSRules"]
    assert {rule["ID"]: rule["AllowedOrigins"] for rule in rules} == {
        "theirs": ["https://other.example"],
        "firstlight-uploads": [settings.SITE_URL],
    }
    lifecycle = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    assert [rule["AbortIncompleteMultipartUpload"] for rule in lifecycle] == [{"DaysAfterInitiation": 8}]
    assert said("--check")[1]
    assert client.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    assert client.list_multipart_uploads(Bucket=bucket).get("Uploads", []) == []


def test_a_public_bucket_is_told(bucket: str) -> None:
    policy = (
        '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",'
        f' "Action": "s3:GetObject", "Resource": "arn:aws:s3:::{bucket}/*"}}]}}'
    )
    store.client().put_bucket_policy(Bucket=bucket, Policy=policy)
    text, ready = said()
    assert not ready
    assert [line for line in text.splitlines() if line.startswith("no")] == ["no  Strangers cannot read it"]


def test_made_when_it_is_not_there(bucket: str, settings: Settings) -> None:
    change(settings, bucket_name=f"{bucket[:55]}-new")
    text, ready = said("--check")
    assert not ready
    assert "There is no such bucket" in text
    assert said("--create")[1]
    assert said("--create")[1]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"secret_key": "wrong"}, "AWS_SECRET_ACCESS_KEY"),
        ({"access_key": "NOBODY"}, "AWS_ACCESS_KEY_ID"),
        ({"endpoint_url": "http://127.0.0.1:9"}, "does not answer"),
    ],
)
def test_what_is_wrong_is_said(
    bucket: str, settings: Settings, options: dict[str, str], sentence: str
) -> None:
    change(settings, **options)
    text, ready = said("--check")
    assert not ready
    assert sentence in text
    assert len([line for line in text.splitlines() if line.startswith(("ok", "no"))]) == 1


def test_rules_are_told_where_they_cannot_be_set() -> None:
    assert '"PUT"' in bucket_setup.as_json(bucket_setup.cors_rules("https://site.example"), "CORSRules")
