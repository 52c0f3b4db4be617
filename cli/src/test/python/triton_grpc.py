#!/usr/bin/env python3
"""The published Triton gRPC client against a server of the Open Inference Protocol v2.

    python triton_grpc.py HOST:PORT [--token T] [--without MODEL,...] [--only NAME]

The server has the models of make_models.py under their file names, each in version 1. Prints what went wrong, then
`N passed, N failed, N skipped`; exit 0 when none failed.
"""

import asyncio
import queue
import sys
import threading

import grpc
import numpy as np
import tritonclient.grpc as triton
import tritonclient.grpc.aio as triton_aio
from checks import NotOffered, arguments, refused, run
from tensors import SAMPLES, operands, same
from tritonclient.grpc import service_pb2 as messages
from tritonclient.grpc import service_pb2_grpc as service

TOLD = arguments(__doc__, "localhost:8080")
HEADERS = {"authorization": f"Bearer {TOLD.token}"} if TOLD.token else {}
CHECKS = {}
INVALID = "StatusCode.INVALID_ARGUMENT"
MISSING = "StatusCode.NOT_FOUND"
LARGE = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]

# the field of InferTensorContents for each datatype that has one; FP16 and BF16 travel raw only
CONTENTS = {
    "bool": "bool_contents", "uint8": "uint_contents", "uint16": "uint_contents", "uint32": "uint_contents",
    "uint64": "uint64_contents", "int8": "int_contents", "int16": "int_contents", "int32": "int_contents",
    "int64": "int64_contents", "fp32": "fp32_contents", "fp64": "fp64_contents", "bytes": "bytes_contents",
}  # fmt: skip


def check(function):
    CHECKS[function.__name__] = function
    return function


class Bearer(triton.InferenceServerClientPlugin):
    """Adds the token to every call."""

    def __call__(self, request):
        request.headers.update(HEADERS)


def connected() -> triton.InferenceServerClient:
    client = triton.InferenceServerClient(TOLD.url)
    if HEADERS:
        client.register_plugin(Bearer())
    return client


def needs(model: str) -> None:
    if model in TOLD.without:
        raise NotOffered(f"the server has no {model}, it was said")


def tensor(name: str, values: np.ndarray, datatype: str) -> triton.InferInput:
    return triton.InferInput(name, list(values.shape), datatype).set_data_from_numpy(values)


def pair(a, b, datatype="INT32") -> list[triton.InferInput]:
    return [tensor("INPUT0", a, datatype), tensor("INPUT1", b, datatype)]


def wanted(*names: str) -> list[triton.InferRequestedOutput]:
    return [triton.InferRequestedOutput(name) for name in names]


def adds_up(result, a, b) -> None:
    same(result.as_numpy("OUTPUT0"), a + b)
    same(result.as_numpy("OUTPUT1"), a - b)


def still_well() -> None:
    a, b = operands(1)
    with connected() as client:
        adds_up(client.infer("simple", pair(a, b)), a, b)


def called(method: str, request, **how):
    """One call without the client's help, so that a request may be wrong."""
    with grpc.insecure_channel(TOLD.url, options=LARGE) as channel:
        stub = service.GRPCInferenceServiceStub(channel)
        return getattr(stub, method)(request, metadata=tuple(HEADERS.items()), timeout=30, **how)


def refuses(request: messages.ModelInferRequest, *codes: grpc.StatusCode) -> None:
    try:
        called("ModelInfer", request)
    except grpc.RpcError as no:
        assert no.code() in codes, f"refused with {no.code()} ({no.details()}), not {codes}"
        assert no.details()
        return
    raise AssertionError(f"not refused: {str(request)[:300]}")


# ---- health, metadata, repository, statistics


@check
def server_and_model_are_ready():
    with connected() as client:
        assert client.is_server_live() and client.is_server_ready()
        assert client.is_model_ready("simple") and client.is_model_ready("simple", "1")
        for name, version in (("no-such-model", ""), ("simple", "999")):
            try:
                assert not client.is_model_ready(name, version)
            except triton.InferenceServerException as no:
                assert no.status() == MISSING, no


@check
def kubernetes_health_check_is_answered():
    with grpc.insecure_channel(TOLD.url) as channel:
        ask = channel.unary_unary("/grpc.health.v1.Health/Check")  # a request without fields is of no bytes
        assert ask(b"", timeout=30, metadata=tuple(HEADERS.items())) == b"\x08\x01"  # status 1: SERVING


@check
def server_metadata_names_its_extensions():
    with connected() as client:
        about = client.get_server_metadata()
        assert about.name and about.version and "model_repository" in about.extensions
        assert client.get_server_metadata(as_json=True)["name"] == about.name


@check
def model_metadata_is_the_signature():
    with connected() as client:
        for version in ("", "1"):
            about = client.get_model_metadata("simple", version)
            assert about.name == "simple" and "1" in about.versions and about.platform
            kinds = {t.name: (t.datatype, list(t.shape)) for t in [*about.inputs, *about.outputs]}
            assert kinds == {n: ("INT32", [-1, 16]) for n in ("INPUT0", "INPUT1", "OUTPUT0", "OUTPUT1")}, kinds
        assert client.get_model_metadata("simple", as_json=True)["inputs"][0]["shape"] == ["-1", "16"]


@check
def unknown_model_is_named():
    message = "Request for unknown model: 'no-such-model' is not found"
    a, b = operands(1)
    with connected() as client:
        with refused(MISSING, saying=message):
            client.get_model_metadata("no-such-model")
        with refused(MISSING, saying=message):
            client.infer("no-such-model", pair(a, b))
        for name, version in (("simple", "999"), ("", ""), ("../simple", ""), ("simple", "one")):
            with refused(MISSING, INVALID):
                client.infer(name, pair(a, b), model_version=version)


@check
def repository_lists_models():
    with connected() as client:
        models = {m.name: m for m in client.get_model_repository_index().models}
    assert models["simple"].state == "READY" and models["simple"].version == "1", models["simple"]


@check
def model_is_unloaded_and_loaded():
    needs("simple_int8")
    a = np.ones((1, 16), np.int8)
    with connected() as client:
        client.load_model("simple_int8")
        assert client.is_model_ready("simple_int8")
        client.unload_model("simple_int8")
        try:
            assert not client.is_model_ready("simple_int8")
            with refused("StatusCode.UNAVAILABLE", MISSING, "StatusCode.FAILED_PRECONDITION"):
                client.infer("simple_int8", pair(a, a, "INT8"))
        finally:
            client.load_model("simple_int8")
        same(client.infer("simple_int8", pair(a, a, "INT8")).as_numpy("OUTPUT0"), a + a)
        with refused(MISSING, INVALID, saying="failed to load"):
            client.load_model("no-such-model")
        with refused(MISSING, INVALID):
            client.unload_model("no-such-model")


@check
def statistics_count_requests_and_rows():
    with connected() as client:
        try:
            before = client.get_inference_statistics("simple").model_stats
        except triton.InferenceServerException as no:
            if no.status() == "StatusCode.UNIMPLEMENTED":
                raise NotOffered("ModelStatistics over gRPC") from None
            raise
        a, b = operands(5)
        client.infer("simple", pair(a, b))
        after = client.get_inference_statistics("simple").model_stats
        assert len(after) == 1 and after[0].name == "simple" and after[0].version == "1", after
        assert after[0].inference_count - before[0].inference_count == 5


# ---- infer


@check
def infers_raw():
    a, b = operands(7)
    with connected() as client:
        for version in ("", "1"):
            result = client.infer("simple", pair(a, b), model_version=version, request_id="call-42")
            adds_up(result, a, b)
            answer = result.get_response()
            assert answer.id == "call-42" and answer.model_name == "simple" and answer.model_version == "1"
            assert len(answer.raw_output_contents) == 2 and not answer.outputs[0].HasField("contents")


@check
def answers_the_requested_outputs_in_their_order():
    a, b = operands(1)
    with connected() as client:
        result = client.infer("simple", pair(a, b), outputs=wanted("OUTPUT1"))
        same(result.as_numpy("OUTPUT1"), a - b)
        assert result.as_numpy("OUTPUT0") is None
        result = client.infer("simple", pair(a, b), outputs=wanted("OUTPUT1", "OUTPUT0"))
        adds_up(result, a, b)
        assert [out.name for out in result.get_response().outputs] == ["OUTPUT1", "OUTPUT0"]
        adds_up(client.infer("simple", pair(a, b)[::-1]), a, b)
        with refused(INVALID):
            client.infer("simple", pair(a, b), outputs=wanted("OUTPUT9"))
    still_well()


@check
def bytes_travel():
    needs("simple_string")
    a, b = operands(2)
    texts = [np.array([[str(v).encode() for v in row] for row in t], dtype=np.object_) for t in (a, b, a + b)]
    with connected() as client:
        same(client.infer("simple_string", pair(*texts[:2], "BYTES")).as_numpy("OUTPUT0"), texts[2])
        for strange in (b"\xff\xfe\x00", b"a\x00b", b"\xed\xa0\x80", b"\xc0\x80"):
            values = np.array([[strange]], dtype=np.object_)
            try:
                result = client.infer("simple_identity", [tensor("INPUT0", values, "BYTES")])
            except triton.InferenceServerException as no:
                assert no.status() == INVALID, no
            else:
                same(result.as_numpy("OUTPUT0"), values)


def identity_raw(name: str):
    needs(f"identity_{name}")
    with connected() as client:
        values = SAMPLES[name]
        same(client.infer(f"identity_{name}", [tensor("INPUT0", values, name.upper())]).as_numpy("OUTPUT0"), values)


def typed(name: str, values: np.ndarray, shape=None) -> messages.ModelInferRequest:
    request = messages.ModelInferRequest(model_name=f"identity_{name}")
    inside = request.inputs.add(name="INPUT0", datatype=name.upper(), shape=shape or list(values.shape))
    getattr(inside.contents, CONTENTS[name]).extend(values.ravel().tolist())
    return request


def identity_typed(name: str):
    needs(f"identity_{name}")
    values = SAMPLES[name]
    answer = called("ModelInfer", typed(name, values))
    same(triton.InferResult(answer).as_numpy("OUTPUT0"), values)


for each in SAMPLES:
    CHECKS[f"identity_{each}_raw"] = lambda name=each: identity_raw(name)
    if each in CONTENTS:
        CHECKS[f"identity_{each}_typed"] = lambda name=each: identity_typed(name)


@check
def not_a_number_travels():
    values = np.array([[np.nan, np.inf, -np.inf, 1]], np.float32)
    with connected() as client:
        same(client.infer("identity_fp32", [tensor("INPUT0", values, "FP32")]).as_numpy("OUTPUT0"), values)


@check
def images_of_one_and_of_six_megabytes_go_and_come():
    chance = np.random.default_rng(1)
    with connected() as client:
        for megabytes in (1, 6):
            image = chance.integers(0, 256, (1, megabytes * 1024 * 1024), np.uint8)
            same(client.infer("identity_uint8", [tensor("INPUT0", image, "UINT8")]).as_numpy("OUTPUT0"), image)


@check
def compresses():
    a, b = operands(64)
    image = np.tile(np.arange(256, dtype=np.uint8), (1, 4096))
    with connected() as client:
        for way in (None, "gzip"):
            adds_up(client.infer("simple", pair(a, b), compression_algorithm=way), a, b)
        with refused("StatusCode.UNIMPLEMENTED", saying="gzip"):
            client.infer("simple", pair(a, b), compression_algorithm="deflate")
        made = client.infer("identity_uint8", [tensor("INPUT0", image, "UINT8")], compression_algorithm="gzip")
        same(made.as_numpy("OUTPUT0"), image)


@check
def parameters_are_taken():
    a, b = operands(1)
    with connected() as client:
        result = client.infer(
            "simple",
            pair(a, b),
            sequence_id="seven",
            sequence_start=True,
            sequence_end=True,
            priority=1,
            timeout=30_000_000,
            parameters={"mine": "x", "yours": 2, "half": 0.5, "yes": True},
            headers={"x-mine": "y"},
            client_timeout=30,
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
        "INT64 for INT32": pair(a.astype(np.int64), b.astype(np.int64), "INT64"),
        "rows that do not match": pair(np.repeat(a, 2, 0), b),
        "an input missing": pair(a, b)[:1],
        "an input twice": pair(a, b) + pair(a, b)[:1],
        "an unknown input": pair(a, b) + [tensor("INPUT9", a, "INT32")],
        "no input": [],
    }
    with connected() as client:
        for name, inputs in cases.items():
            try:
                with refused(INVALID):
                    client.infer("simple", inputs)
            except AssertionError as wrong:
                raise AssertionError(f"{name}: {wrong}") from None
            adds_up(client.infer("simple", pair(a, b)), a, b)


@check
def wrong_messages_are_refused():
    one = np.array([[1, 2]], np.int32)

    def raw(*parts: bytes, shape=(1, 2), datatype="INT32", model="identity_int32"):
        request = messages.ModelInferRequest(model_name=model, raw_input_contents=parts)
        request.inputs.add(name="INPUT0", datatype=datatype, shape=shape)
        return request

    called("ModelInfer", raw(bytes(8)))
    mixed = typed("int32", one)
    mixed.raw_input_contents.append(one.tobytes())
    two_fields = typed("int32", one)
    two_fields.inputs[0].contents.int64_contents.extend([1, 2])
    wrong_field = messages.ModelInferRequest(model_name="identity_int32")
    inside = wrong_field.inputs.add(name="INPUT0", datatype="INT32", shape=[1, 2])
    inside.contents.fp32_contents.extend([1, 2])
    cases = [
        raw(bytes(7)), raw(bytes(12)), raw(b""), raw(bytes(8), bytes(8)), raw(bytes(8), shape=(2, -1)),
        raw(bytes(8), shape=(2**33, 2**33)), raw(bytes(8), shape=(2**62, 4)), raw(bytes(8), datatype="int32"),
        raw(bytes(8), datatype=""), raw(b"\xff\xff\xff\xff", shape=(1, 1), datatype="BYTES", model="simple_identity"),
        raw(b"\x01\x00", shape=(1, 1), datatype="BYTES", model="simple_identity"),
        mixed, two_fields, wrong_field, typed("int32", one, [1, 3]), typed("int32", one, [3, 1]),
        messages.ModelInferRequest(model_name="identity_int32"),
    ]  # fmt: skip
    for request in cases:
        refuses(request, grpc.StatusCode.INVALID_ARGUMENT)
    if "identity_int8" not in TOLD.without:
        refuses(typed("int8", np.array([[1, 200]])), grpc.StatusCode.INVALID_ARGUMENT)
    still_well()


@check
def what_is_not_served_is_unimplemented():
    with grpc.insecure_channel(TOLD.url) as channel:
        for path in ("/inference.GRPCInferenceService/NoSuchCall", "/no.such.Service/Call"):
            try:
                channel.unary_unary(path)(b"", timeout=30, metadata=tuple(HEADERS.items()))
            except grpc.RpcError as no:
                assert no.code() == grpc.StatusCode.UNIMPLEMENTED, no.code()
            else:
                raise AssertionError(f"{path} was answered")
        try:
            ask = channel.unary_unary("/inference.GRPCInferenceService/ModelInfer")
            ask(b"\xff\xff\xff", timeout=30, metadata=tuple(HEADERS.items()))
        except grpc.RpcError as no:
            assert no.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.INTERNAL), no.code()
        else:
            raise AssertionError("a message that is no protobuf was answered")
    still_well()


# ---- many at once


@check
def async_infer_answers_each_its_own():
    done = queue.Queue()
    with connected() as client:
        for k in range(60):
            a, b = operands(1 + k % 3, k * 100)
            client.async_infer("simple", pair(a, b), lambda result, error, k=k: done.put((k, result, error)))
        for _ in range(60):
            k, result, error = done.get(timeout=60)
            assert error is None, error
            adds_up(result, *operands(1 + k % 3, k * 100))


@check
def threads_with_a_client_each():
    failures = []

    def work(which: int):
        try:
            with connected() as client:
                for k in range(25):
                    a, b = operands(1 + (k + which) % 4, 1_000 * which + k)
                    adds_up(client.infer("simple", pair(a, b)), a, b)
        except Exception as wrong:  # noqa: BLE001  told below
            failures.append(wrong)

    threads = [threading.Thread(target=work, args=(which,)) for which in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failures, failures[:3]


@check
def asyncio_client_works():
    async def talk():
        client = triton_aio.InferenceServerClient(TOLD.url)
        if HEADERS:
            client.register_plugin(Bearer())
        try:
            assert await client.is_server_ready() and await client.is_model_ready("simple")
            assert (await client.get_model_metadata("simple")).name == "simple"

            async def one(k):
                a, b = operands(1, k)
                adds_up(await client.infer("simple", pair(a, b), compression_algorithm=[None, "gzip"][k % 2]), a, b)

            await asyncio.gather(*(one(k) for k in range(40)))
            with refused(MISSING, saying="Request for unknown model"):
                await client.get_model_metadata("no-such-model")
        finally:
            await client.close()

    asyncio.run(talk())


if __name__ == "__main__":
    sys.exit(run(CHECKS, TOLD))
