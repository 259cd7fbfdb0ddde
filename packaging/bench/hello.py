"""The least that this kind of server can do: what FastAPI and uvicorn themselves cost."""

import socket

import uvicorn
from fastapi import FastAPI

app = FastAPI(telemetry={"tracing": False, "metrics": False, "logs": False})


@app.get("/healthz")
@app.post("/hello")
async def hello() -> dict[str, str]:
    return {"hello": "world"}


def main() -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
    uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning")).run(sockets=[listener])


if __name__ == "__main__":
    main()
