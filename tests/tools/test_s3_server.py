"""The S3 lane's server is strict, as a production bucket is; on a lenient one the other tests would prove little."""

import urllib.error
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tools.services import CephRGW

pytestmark = pytest.mark.s3


def client(server: CephRGW, secret: str = CephRGW.SECRET):
    return boto3.client(
        "s3",
        endpoint_url=server.endpoint,
        region_name=server.REGION,
        aws_access_key_id=server.KEY,
        aws_secret_access_key=secret,
        config=Config(
            signature_version="s3v4", s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}
        ),
    )


@pytest.fixture(scope="module")
def bucket(s3_server: CephRGW) -> str:
    client(s3_server).create_bucket(Bucket="films")
    return "films"


def put(url: str, body: bytes) -> int:
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, data=body, method="PUT"), timeout=30
        ) as response:
            return response.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_wrong_secret_is_refused(s3_server: CephRGW, bucket: str) -> None:
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        client(s3_server, "not-the-secret").list_objects_v2(Bucket=bucket)


def test_nobody_reads_without_a_signature(s3_server: CephRGW, bucket: str) -> None:
    client(s3_server).put_object(Bucket=bucket, Key="film.mp4", Body=b"film")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{s3_server.endpoint}/{bucket}/film.mp4", timeout=30)
    with refused.value:
        assert refused.value.code == 403


def test_parts_go_up_by_signed_links_of_one_size(s3_server: CephRGW, bucket: str) -> None:
    s3 = client(s3_server)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="whole.mp4")["UploadId"]
    bodies = [b"a" * (5 << 20), b"tail"]
    for number, body in enumerate(bodies, 1):
        given = {"Bucket": bucket, "Key": "whole.mp4", "UploadId": upload, "PartNumber": number}
        url = s3.generate_presigned_url(
            "upload_part", Params={**given, "ContentLength": len(body)}, ExpiresIn=60
        )
        if len(body) < 1000:  # a large one would be cut off while it is still being sent
            assert put(url, body + b"!") == 403
        assert put(url, body) == 200
    parts = s3.list_parts(Bucket=bucket, Key="whole.mp4", UploadId=upload)["Parts"]
    assert [part["Size"] for part in parts] == [len(body) for body in bodies]
    chosen = [{"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for part in parts]
    s3.complete_multipart_upload(
        Bucket=bucket, Key="whole.mp4", UploadId=upload, MultipartUpload={"Parts": chosen}
    )
    piece = s3.get_object(Bucket=bucket, Key="whole.mp4", Range=f"bytes={len(bodies[0]) - 1}-")
    assert piece["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert piece["Body"].read() == b"atail"
