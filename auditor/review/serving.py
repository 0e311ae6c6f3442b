"""Listens and serves until it is told to stop; the only door to uvicorn."""

from __future__ import annotations

import socket

import uvicorn
from starlette.applications import Starlette

from auditor.errors import UsageError

PORT = 8448
"""Where the page stands if that port is free: one address every day, so that a browser keeps an editor's keys."""


def listening(host: str, port: int | None) -> socket.socket:
    """A socket that takes connections from now on; without a port the usual one or, where it is taken, any. UsageError where it cannot be had."""
    for number in (PORT, 0) if port is None else (port,):
        try:
            family, kind, _, _, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
            found = socket.socket(family, kind)
        except OSError as error:
            problem = error
            continue
        try:
            found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.bind(address)
            found.listen(128)
        except OSError as error:
            found.close()
            problem = error
            continue
        return found
    raise UsageError(f"--host {host} --port {number}: nothing can listen there ({problem.strerror or problem})") from problem


def serve(application: Starlette, at: socket.socket) -> None:
    """Answers what comes in until an interrupt; what is being answered then is answered still."""
    settings = uvicorn.Config(
        application, log_config=None, log_level="critical", access_log=False, server_header=False, proxy_headers=False, timeout_graceful_shutdown=3
    )
    uvicorn.Server(settings).run(sockets=[at])
