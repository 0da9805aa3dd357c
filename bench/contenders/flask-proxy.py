# A caching proxy as small teams write them: Flask, requests and Redis, bodies packed with zlib. A stand-in for
# comparison, run by gunicorn; ORIGIN and REDIS_PORT come from the environment.
import json
import os
import zlib

import redis
import requests
from flask import Flask, Response, request

TTL_SECONDS = 86400
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "content-length"}

origin = os.environ["ORIGIN"]
pool = redis.ConnectionPool(host="127.0.0.1", port=int(os.environ["REDIS_PORT"]), max_connections=20)
store = redis.Redis(connection_pool=pool)
session = requests.Session()
app = Flask(__name__)


@app.route("/", defaults={"path": ""}, methods=["GET"])
@app.route("/<path:path>", methods=["GET"])
def answer(path):
    key = "flask:" + request.full_path
    stored = store.get(key)
    if stored is not None:
        head, body = stored.split(b"\n", 1)
        meta = json.loads(head)
        return respond(meta["status"], meta["fields"], zlib.decompress(body), "HIT")
    received = session.get(origin + "/" + path, params=request.args, timeout=10)
    fields = [(name, value) for name, value in received.headers.items() if name.lower() not in HOP_BY_HOP]
    if received.status_code == 200:
        head = json.dumps({"status": received.status_code, "fields": fields}).encode()
        store.set(key, head + b"\n" + zlib.compress(received.content), ex=TTL_SECONDS)
    return respond(received.status_code, fields, received.content, "MISS")


def respond(status, fields, body, outcome):
    response = Response(body, status=status, headers=[tuple(field) for field in fields])
    response.headers["X-Cache"] = outcome
    return response
