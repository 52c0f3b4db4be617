#!/usr/bin/env python3
"""The published Triton HTTP client against a server of the Open Inference Protocol v2.

    python triton_http.py HOST:PORT [--token T] [--without MODEL,...] [--only NAME]

The server has the models of make_models.py under their file names, each in version 1. Prints what went wrong, then
`N passed, N failed, N skipped`; exit 0 when none failed.
"""

import asyncio
import gzip
import http.client
import json
import sys
import threading

import numpy as np
import tritonclient.http as triton
import tritonclient.http.aio as triton_aio
from checks import NotOffered, arguments, refused, run
from tensors import SAMPLES, operands, same

TOLD = arguments(__doc__, "localhost:8080")
HEADERS = {"Authorization": f"Bearer {TOLD.token}"} if TOLD.token else {}
CHECKS = {}


def check(function):
    CHECKS[function.__name__] = function
    return function


class Bearer(triton.InferenceServerClientPlugin):
    """Adds the token to every request."""

    def __call__(self, request):
        request.headers.update(HEADERS)


def connected(**how) -> triton.InferenceServerClient:
    client = triton.InferenceServerClient(TOLD.url, **how)
    if HEADERS:
        client.register_plugin(Bearer())
    return client


def needs(model: str) -> None:
    if model in TOLD.without:
        raise NotOffered(f"the server has no {model}, it was said")


def tensor(name: str, values: np.ndarray, binary: bool, datatype: str) -> triton.InferInput:
    return triton.InferInput(name, list(values.shape), datatype).set_data_from_numpy(values, binary_data=binary)


def pair(a, b, binary=True, datatype="INT32") -> list[triton.InferInput]:
    return [tensor("INPUT0", a, binary, datatype), tensor("INPUT1", b, binary, datatype)]


def wanted(*names: str, binary: bool = True) -> list[triton.InferRequestedOutput]:
    return [triton.InferRequestedOutput(name, binary_data=binary) for name in names]


def adds_up(result, a, b) -> None:
    same(result.as_numpy("OUTPUT0"), a + b)
    same(result.as_numpy("OUTPUT1"), a - b)


def still_well() -> None:
    a, b = operands(1)
    with connected() as client:
        adds_up(client.infer("simple", pair(a, b)), a, b)


def raw(method: str, path: str, body: bytes = b"", **headers) -> tuple[int, dict, bytes]:
    """One request as no client would send it; header names with _ for -."""
    host, _, port = TOLD.url.partition(":")
    line = http.client.HTTPConnection(host, int(port or 80), timeout=30)
    try:
        line.request(method, path, body or None, {k.replace("_", "-"): str(v) for k, v in headers.items()} | HEADERS)
        answer = line.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
    finally:
        line.close()


def says_error(status: int, body: bytes, *statuses: int) -> str:
    assert status in statuses, f"status {status}, not {statuses}: {body[:300]!r}"
    error = json.loads(body)["error"]
    assert isinstance(error, str) and error
    return error


# ---- health, metadata, repository, statistics


@check
def server_and_model_are_ready():
    with connected() as client:
        assert client.is_server_live() and client.is_server_ready()
        assert client.is_model_ready("simple") and client.is_model_ready("simple", "1")
        assert not client.is_model_ready("no-such-model") and not client.is_model_ready("simple", "999")


@check
def health_bodies_hold_the_keys_that_kserve_reads():
    status, _, body = raw("GET", "/v2/health/live")
    assert status == 200 and json.loads(body)["live"] is True
    status, _, body = raw("GET", "/v2/health/ready")
    assert status == 200 and json.loads(body)["ready"] is True and json.loads(body)["live"] is True
    status, _, body = raw("GET", "/v2/models/simple/ready")
    assert status == 200 and json.loads(body) == {"name": "simple", "ready": True}


@check
def server_metadata_names_its_extensions():
    with connected() as client:
        about = client.get_server_metadata(query_params={"unknown": ["1", "2"]})
    assert about["name"] and about["version"]
    assert {"binary_tensor_data", "model_repository", "statistics"} <= set(about["extensions"]), about
    assert raw("GET", "/v2/")[0] == 200


@check
def model_metadata_is_the_signature():
    with connected() as client:
        for version in ("", "1"):
            about = client.get_model_metadata("simple", version)
            assert about["name"] == "simple" and "1" in about["versions"] and about["platform"]
            kinds = {t["name"]: (t["datatype"], t["shape"]) for t in about["inputs"] + about["outputs"]}
            assert kinds == {n: ("INT32", [-1, 16]) for n in ("INPUT0", "INPUT1", "OUTPUT0", "OUTPUT1")}, kinds
            assert all(type(v) is str for v in about["versions"])
        assert client.get_model_metadata("sum-model")["inputs"][0]["name"] == "input-0"
        for name in SAMPLES:
            if f"identity_{name}" not in TOLD.without:
                about = client.get_model_metadata(f"identity_{name}")
                assert about["inputs"][0]["datatype"] == about["outputs"][0]["datatype"] == name.upper(), about


@check
def unknown_model_is_named():
    message = "Request for unknown model: 'no-such-model' is not found"
    with connected() as client:
        with refused("400", "404", saying=message):
            client.get_model_metadata("no-such-model")
        a, b = operands(1)
        with refused("400", "404", saying=message):
            client.infer("no-such-model", pair(a, b))
        with refused("400", "404"):
            client.get_model_metadata("simple", "999")
        with refused("400", "404"):
            client.infer("simple", pair(a, b), model_version="999")
        for strange in ("no such model", "../simple", "%2e%2e", "simple%00", "ein-größeres"):
            with refused("400", "404"):
                client.infer(strange, pair(a, b))


@check
def repository_lists_models():
    with connected() as client:
        models = {m["name"]: m for m in client.get_model_repository_index()}
    assert models["simple"]["state"] == "READY", models["simple"]
    assert models["simple"]["version"] == "1", models["simple"]
    status, _, body = raw("POST", "/v2/repository/index", b'{"ready":true}', Content_Type="application/json")
    assert status == 200 and "simple" in {m["name"] for m in json.loads(body)}


@check
def model_is_unloaded_and_loaded():
    needs("simple_int8")
    with connected() as client:
        client.load_model("simple_int8")
        assert client.is_model_ready("simple_int8")
        client.unload_model("simple_int8")
        try:
            assert not client.is_model_ready("simple_int8")
            states = {m["name"]: m["state"] for m in client.get_model_repository_index()}
            assert states["simple_int8"] == "UNAVAILABLE", states["simple_int8"]
            a = np.ones((1, 16), np.int8)
            with refused("400", "404", "503"):
                client.infer("simple_int8", pair(a, a, datatype="INT8"))
        finally:
            client.load_model("simple_int8")
        assert client.is_model_ready("simple_int8")
        same(client.infer("simple_int8", pair(a, a, datatype="INT8")).as_numpy("OUTPUT0"), a + a)


@check
def loading_an_unknown_model_fails_with_the_words_that_samples_test():
    with connected() as client:
        with refused("400", "404", saying="failed to load"):
            client.load_model("no-such-model")
        with refused("400", "404"):
            client.unload_model("no-such-model")


@check
def statistics_count_requests_and_rows():
    with connected() as client:
        before = client.get_inference_statistics("simple")["model_stats"]
        assert len(before) == 1, before
        a, b = operands(5)
        for _ in range(3):
            client.infer("simple", pair(a, b))
        after = client.get_inference_statistics("simple", "1")["model_stats"]
        assert len(after) == 1 and after[0]["name"] == "simple" and after[0]["version"] == "1", after
        assert after[0]["inference_count"] - before[0]["inference_count"] == 15, (before, after)
        count = [one[0]["inference_stats"]["success"]["count"] for one in (before, after)]
        assert count[1] - count[0] == 3, count
        everything = client.get_inference_statistics()["model_stats"]
        assert "simple" in {m["name"] for m in everything}
        with refused("400", "404"):
            client.get_inference_statistics("no-such-model")


# ---- infer


@check
def infers_json():
    a, b = operands(1)
    with connected() as client:
        outputs = wanted("OUTPUT0", "OUTPUT1", binary=False)
        result = client.infer("simple", pair(a, b, binary=False), outputs=outputs, request_id="call-42")
        adds_up(result, a, b)
        body = result.get_response()
        assert body["model_name"] == "simple" and body["model_version"] == "1" and body["id"] == "call-42", body
        assert all("data" in out and out["datatype"] == "INT32" and out["shape"] == [1, 16] for out in body["outputs"])


@check
def infers_binary():
    a, b = operands(7)
    with connected() as client:
        for version in ("", "1"):
            result = client.infer("simple", pair(a, b), model_version=version)
            adds_up(result, a, b)
            for out in result.get_response()["outputs"]:
                assert out["parameters"]["binary_data_size"] == 7 * 16 * 4 and "data" not in out, out


@check
def mixes_json_and_binary():
    a, b = operands(2)
    with connected() as client:
        for first, second in ((True, False), (False, True)):
            inputs = [tensor("INPUT0", a, first, "INT32"), tensor("INPUT1", b, second, "INT32")]
            outputs = wanted("OUTPUT0", binary=first) + wanted("OUTPUT1", binary=second)
            adds_up(client.infer("simple", inputs, outputs=outputs), a, b)
        adds_up(client.infer("simple", pair(a, b, binary=False)), a, b)  # named no outputs: raw ones come back


@check
def inputs_may_come_in_any_order():
    a, b = operands(1)
    with connected() as client:
        for binary in (True, False):
            adds_up(client.infer("simple", pair(a, b, binary)[::-1]), a, b)


@check
def answers_the_requested_outputs_in_their_order():
    a, b = operands(1)
    with connected() as client:
        result = client.infer("simple", pair(a, b), outputs=wanted("OUTPUT1"))
        same(result.as_numpy("OUTPUT1"), a - b)
        assert result.as_numpy("OUTPUT0") is None
        result = client.infer("simple", pair(a, b), outputs=wanted("OUTPUT1", "OUTPUT0"))
        adds_up(result, a, b)
        assert [out["name"] for out in result.get_response()["outputs"]] == ["OUTPUT1", "OUTPUT0"]
        with refused("400"):
            client.infer("simple", pair(a, b), outputs=wanted("OUTPUT9"))
    still_well()


@check
def compresses_both_ways():
    a, b = operands(64)
    ways = [None, "gzip", "deflate"]
    with connected() as client:
        for asked in ways:
            for answered in ways:
                for binary in (True, False):
                    result = client.infer(
                        "simple",
                        pair(a, b, binary),
                        outputs=wanted("OUTPUT0", "OUTPUT1", binary=binary),
                        request_compression_algorithm=asked,
                        response_compression_algorithm=answered,
                    )
                    adds_up(result, a, b)


@check
def answers_are_compressed_when_asked():
    a, b = operands(64)
    body, size = triton.InferenceServerClient.generate_request_body(pair(a, b))
    path = "/v2/models/simple/infer"
    status, headers, answer = raw("POST", path, body, Inference_Header_Content_Length=size, Accept_Encoding="gzip")
    assert status == 200 and headers.get("content-encoding") == "gzip", headers
    result = triton.InferenceServerClient.parse_response_body(
        answer, header_length=int(headers["inference-header-content-length"]), content_encoding="gzip"
    )
    adds_up(result, a, b)
    assert len(gzip.decompress(answer)) > len(answer)
    for broken in (gzip.compress(body)[:-9], b"no gzip", gzip.compress(gzip.compress(body))):
        headers = dict(Inference_Header_Content_Length=size, Content_Encoding="gzip")
        status, _, answer = raw("POST", path, broken, **headers)
        says_error(status, answer, 400)
    status, _, answer = raw("POST", path, body, Inference_Header_Content_Length=size, Content_Encoding="snappy")
    says_error(status, answer, 400, 415)
    still_well()


@check
def body_made_and_read_apart():
    a, b = operands(3)
    for binary in (True, False):
        body, size = triton.InferenceServerClient.generate_request_body(pair(a, b, binary), request_id="apart")
        length = {} if size is None else {"inference-header-content-length": size}  # in any case of letters
        status, headers, answer = raw("POST", "/v2/models/simple/infer", body, **length)
        assert status == 200, answer[:300]
        assert headers["content-type"] == "application/octet-stream", headers
        adds_up(
            triton.InferenceServerClient.parse_response_body(
                answer, header_length=int(headers["inference-header-content-length"])
            ),
            a,
            b,
        )


@check
def plain_answers_have_no_header_length():
    body = json.dumps(
        {"inputs": [{"name": "input-0", "shape": [2, 2], "datatype": "FP32", "data": [[1, 2], [3.5, 4]]}]}
    )
    for kind in ("application/json", "application/json; charset=utf-8"):
        status, headers, answer = raw("POST", "/v2/models/sum-model/infer", body.encode(), Content_Type=kind)
        assert status == 200 and "inference-header-content-length" not in headers, (status, headers)
        assert headers["content-type"].startswith("application/json"), headers
        out = json.loads(answer)["outputs"][0]
        assert out["shape"] == [2, 1] and np.array(out["data"]).ravel().tolist() == [3.0, 7.5], out


@check
def bytes_travel_as_text_and_raw():
    needs("simple_string")
    a, b = operands(2)
    texts = [np.array([[str(v).encode() for v in row] for row in t], dtype=np.object_) for t in (a, b)]
    plus = np.array([[str(v).encode() for v in row] for row in a + b], dtype=np.object_)
    minus = np.array([[str(v).encode() for v in row] for row in a - b], dtype=np.object_)
    with connected() as client:
        for binary in (True, False):
            inputs = pair(*texts, binary, "BYTES")
            result = client.infer("simple_string", inputs, outputs=wanted("OUTPUT0", "OUTPUT1", binary=True))
            same(result.as_numpy("OUTPUT0"), plus)
            same(result.as_numpy("OUTPUT1"), minus)
            result = client.infer("simple_string", inputs, outputs=wanted("OUTPUT0", binary=False))
            assert result.as_numpy("OUTPUT0").ravel().tolist() == [str(v) for v in (a + b).ravel()]


@check
def any_text_comes_back_unchanged():
    texts = SAMPLES["bytes"]
    with connected() as client:
        for binary_in in (True, False):
            for binary_out in (True, False):
                result = client.infer(
                    "simple_identity",
                    [tensor("INPUT0", texts, binary_in, "BYTES")],
                    outputs=wanted("OUTPUT0", binary=binary_out),
                )
                got = result.as_numpy("OUTPUT0")
                want = texts if binary_out else np.array([[t.decode() for t in row] for row in texts], dtype=np.object_)
                same(got, want)


@check
def bytes_that_are_no_text_are_refused_or_unchanged():
    for strange in (b"\xff\xfe\x00", b"a\x00b", b"\xed\xa0\x80", b"\xc0\x80"):
        values = np.array([[strange]], dtype=np.object_)
        with connected() as client:
            try:
                result = client.infer("simple_identity", [tensor("INPUT0", values, True, "BYTES")])
            except triton.InferenceServerException as no:
                assert no.status() == "400", no
            else:
                same(result.as_numpy("OUTPUT0"), values)


def identity(name: str, binary: bool):
    needs(f"identity_{name}")
    values = SAMPLES[name]
    with connected() as client:
        result = client.infer(
            f"identity_{name}",
            [tensor("INPUT0", values, binary, name.upper())],
            outputs=wanted("OUTPUT0", binary=binary),
        )
    got = result.as_numpy("OUTPUT0")
    same(got, values if binary or name != "bytes" else np.array([[t.decode() for t in r] for r in values], object))


for each in SAMPLES:
    CHECKS[f"identity_{each}_raw"] = lambda name=each: identity(name, True)
    if each not in ("fp16", "bf16"):
        CHECKS[f"identity_{each}_json"] = lambda name=each: identity(name, False)


@check
def not_a_number_travels_raw():
    values = np.array([[np.nan, np.inf, -np.inf, 1]], np.float32)
    with connected() as client:
        same(client.infer("identity_fp32", [tensor("INPUT0", values, True, "FP32")]).as_numpy("OUTPUT0"), values)


@check
def half_floats_in_json_are_refused():
    needs("identity_fp16")
    with connected() as client, refused("400"):
        client.infer("identity_fp16", [tensor("INPUT0", np.ones((1, 2), np.float16), False, "FP16")])


@check
def megabyte_image_goes_and_comes():
    image = np.random.default_rng(1).integers(0, 256, (1, 1024 * 1024), np.uint8)
    with connected() as client:
        same(client.infer("identity_uint8", [tensor("INPUT0", image, True, "UINT8")]).as_numpy("OUTPUT0"), image)
        squeezed = client.infer(
            "identity_uint8", [tensor("INPUT0", image, True, "UINT8")], request_compression_algorithm="gzip"
        )
        same(squeezed.as_numpy("OUTPUT0"), image)
        short = image[:, :50_000]
        same(client.infer("identity_uint8", [tensor("INPUT0", short, False, "UINT8")]).as_numpy("OUTPUT0"), short)


@check
def parameters_are_taken():
    a, b = operands(1)
    with connected() as client:
        result = client.infer(
            "simple",
            pair(a, b),
            sequence_id=7,
            sequence_start=True,
            sequence_end=True,
            priority=1,
            timeout=30_000_000,
            parameters={"mine": "x", "yours": 2, "half": 0.5, "yes": True},
            headers={"X-Mine": "y"},
            query_params={"unknown": 1},
        )
        adds_up(result, a, b)


# ---- mistakes


@check
def wrong_tensors_are_refused():
    a, b = operands(1)
    cases = {
        "one column too few": pair(a[:, :15], b),
        "rank 1": pair(a[0], b),
        "rank 3": pair(a[None], b),
        "INT64 for INT32": pair(a.astype(np.int64), b.astype(np.int64), datatype="INT64"),
        "rows that do not match": pair(np.repeat(a, 2, 0), b),
        "an input missing": pair(a, b)[:1],
        "an input twice": pair(a, b) + pair(a, b)[:1],
        "an unknown input": pair(a, b) + [tensor("INPUT9", a, True, "INT32")],
        "no input": [],
    }
    with connected() as client:
        for name, inputs in cases.items():
            try:
                with refused("400"):
                    client.infer("simple", inputs)
            except AssertionError as wrong:
                raise AssertionError(f"{name}: {wrong}") from None
            adds_up(client.infer("simple", pair(a, b)), a, b)


def infer_json(model: str, body, **headers):
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return raw("POST", f"/v2/models/{model}/infer", text, **headers)


@check
def wrong_json_is_refused():
    def one(**changes):
        return {"inputs": [{"name": "INPUT0", "shape": [1, 2], "datatype": "INT32", "data": [1, 2]} | changes]}

    assert infer_json("identity_int32", one())[0] == 200
    assert infer_json("identity_int32", one() | {"unknown": {"field": 1}})[0] == 200
    assert infer_json("identity_int32", one(data=[[1, 2]]))[0] == 200
    cases = [
        one(data=[1]), one(data=[1, 2, 3]), one(data=[1, 2.5]), one(data=[1, "2"]), one(data=[1, None]),
        one(data=[1, 2**31]), one(data=[[1], [2]]), one(data=[[1, 2], [3]]), one(data=[[[1, 2]]]), one(data=5),
        one(shape=[2, -1]), one(shape=[1, 2.0001]), one(shape="2"), one(shape=[2**33, 2**33]), one(shape=[2**63, 1]),
        one(datatype="INT64"), one(datatype="int32"), one(datatype=None), one(name=None),
        {"inputs": []}, {"inputs": None}, {}, [], "text", 5,
    ]  # fmt: skip
    for body in cases:
        status, _, answer = infer_json("identity_int32", body)
        try:
            says_error(status, answer, 400)
        except Exception as wrong:
            raise AssertionError(f"{json.dumps(body)}: {wrong!r}") from None
    for text in (b"", b"{", b'{"inputs":[', b"\xff\xfe", b"[" * 100_000, b'{"inputs":[]}garbage', b"nan"):
        status, _, answer = infer_json("identity_int32", text)
        says_error(status, answer, 400)
    still_well()


@check
def wrong_binary_is_refused():
    def asked(size, length=8, **more):
        inputs = [{"name": "INPUT0", "shape": [1, 2], "datatype": "INT32", "parameters": {"binary_data_size": size}}]
        head = json.dumps({"inputs": inputs} | more).encode()
        return head + bytes(length), len(head)

    body, size = asked(8)
    assert infer_json("identity_int32", body, Inference_Header_Content_Length=size)[0] == 200
    cases = [(*asked(7, 7),), (*asked(12, 12),), (*asked(8, 7),), (*asked(8, 9),), (*asked(-8, 0),), (*asked("8"),)]
    cases += [(body, wrong) for wrong in (size - 1, size + 1, len(body) + 1, -1, "x", 2**63, 2**31)]
    for text, length in cases:
        status, _, answer = infer_json("identity_int32", text, Inference_Header_Content_Length=length)
        try:
            says_error(status, answer, 400)
        except Exception as wrong:
            raise AssertionError(f"header length {length} of {size}, body {text!r}: {wrong!r}") from None
    for prefix in (b"\x05\x00\x00\x00abc", b"\xff\xff\xff\xff", b"\x01\x00", b"\x01\x00\x00\x00ab"):
        inputs = [
            {"name": "INPUT0", "shape": [1, 1], "datatype": "BYTES", "parameters": {"binary_data_size": len(prefix)}}
        ]
        head = json.dumps({"inputs": inputs}).encode()
        status, _, answer = infer_json("simple_identity", head + prefix, Inference_Header_Content_Length=len(head))
        says_error(status, answer, 400)
    still_well()


@check
def wrong_method_and_path_are_refused():
    for method, path in (("GET", "/v2/models/simple/infer"), ("DELETE", "/v2/models/simple"), ("PUT", "/v2")):
        status, _, _ = raw(method, path)
        assert status in (404, 405), (method, path, status)
    assert raw("GET", "/v2/no/such/path")[0] == 404
    still_well()


# ---- many at once


@check
def async_infer_answers_each_its_own():
    with connected(concurrency=8) as client:
        asked = []
        for k in range(60):
            a, b = operands(1 + k % 3, k * 100)
            asked.append((a, b, client.async_infer("simple", pair(a, b), request_id=str(k))))
        for k, (a, b, answer) in enumerate(asked):
            result = answer.get_result()
            adds_up(result, a, b)
            assert result.get_response()["id"] == str(k)
        wrong = client.async_infer("simple", pair(a[:, :3], b))
        with refused("400"):
            wrong.get_result()


@check
def threads_with_a_client_each():
    failures = []

    def work(which: int):
        try:
            with connected() as client:
                for k in range(25):
                    a, b = operands(1 + (k + which) % 4, 1_000 * which + k)
                    adds_up(client.infer("simple", pair(a, b, binary=k % 2 == 0)), a, b)
        except Exception as wrong:  # noqa: BLE001  told below
            failures.append(wrong)

    threads = [threading.Thread(target=work, args=(which,)) for which in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures, failures[:3]


@check
def one_connection_for_hundreds_of_calls():
    with connected() as client:
        for k in range(300):
            a, b = operands(1 + k % 5, k)
            adds_up(client.infer("simple", pair(a, b, binary=k % 3 == 0)), a, b)


@check
def asyncio_client_works():
    async def talk():
        client = triton_aio.InferenceServerClient(TOLD.url, conn_limit=10)
        if HEADERS:
            client.register_plugin(Bearer())
        try:
            assert await client.is_server_ready() and await client.is_model_ready("simple")
            assert (await client.get_model_metadata("simple"))["name"] == "simple"

            async def one(k):
                a, b = operands(1, k)
                how = [None, "gzip", "deflate"][k % 3]
                made = await client.infer(
                    "simple", pair(a, b), request_compression_algorithm=how, response_compression_algorithm=how
                )
                adds_up(made, a, b)

            await asyncio.gather(*(one(k) for k in range(40)))
            with refused("400", "404", saying="Request for unknown model"):
                await client.get_model_metadata("no-such-model")
        finally:
            await client.close()

    asyncio.run(talk())


if __name__ == "__main__":
    sys.exit(run(CHECKS, TOLD))
