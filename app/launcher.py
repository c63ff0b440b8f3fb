"""`make run`: the demo county with web, worker, scheduler and queue under one process.

It is for the demo on one machine; a real installation uses the machine's service manager (docs/deploy.md).
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping, Sequence
from os import getppid
from pathlib import Path

from app.config import (
    PROJECT_ROOT,
    Settings,
    SettingsError,
    data_directory,
    load_settings,
    process_environment,
)
from app.config_values import is_loopback
from app.data_home import HomeError, check_port, keep_demo_settings, locked
from app.dispatch import Doorbell
from app.plan import Plan, Service, Step, answers_http, asks, at_once
from app.queue_server import QueuePlan, QueueServerError, plan_queue_server
from app.supervisor import StartError, Supervisor
from app.tether import adopt_orphans, die_with_parent

HEALTH_PATH = "/healthz"
WEB_THREADS = 8
_REAL = ("JIANJIAN_SECRET_KEY", "JIANJIAN_IDENTITY_KEYS")


def demo_plan(settings: Settings, queue: QueuePlan, env: Mapping[str, str]) -> Plan:
    """Return what the demo consists of, in the order of starting.

    Args:
        settings: of the demo.
        queue: the queue server that is named or will be ours.
        env: whole environment of every program.
    """
    python = sys.executable
    flask = (python, "-m", "flask", "--app", "wsgi")
    listen = f"{f'[{settings.host}]' if ':' in settings.host else settings.host}:{settings.port}"
    own_queue = (Service("queue", queue.argv, env, ready=asks(queue.answers)),) if queue.argv else ()
    return (
        *own_queue,
        Step("migrate", (*flask, "migrate"), env),
        Step("demo", (*flask, "demo", "load"), env, keeps_output=True),
        Service(
            "web",
            (
                python,
                "-m",
                "waitress",
                f"--listen={listen}",
                f"--threads={WEB_THREADS}",
                "--call",
                "wsgi:serve",
            ),
            env,
            ready=answers_http(settings.host, settings.port, HEALTH_PATH),
        ),
        Service("worker", (python, "-m", "workers.runtime", "worker"), env, ready=at_once, stop_seconds=15.0),
        Service("trials", (python, "-m", "workers.runtime", "trials"), env, ready=at_once, stop_seconds=15.0),
        Service("scheduler", (python, "-m", "workers.runtime", "scheduler"), env, ready=at_once),
    )


def child_environment(environ: Mapping[str, str], demo: Mapping[str, str], data_dir: Path) -> dict[str, str]:
    """Return the environment of the programs: ours, the demo's settings, and what children of ours need."""
    return {
        **environ,
        **demo,
        "JIANJIAN_DATA_DIR": str(data_dir),
        "PYTHONUNBUFFERED": "1",  # lines appear when they are printed
        "PYTHONPATH": str(PROJECT_ROOT),
        "TZ": "Asia/Shanghai",  # RQ 3.0 reads cron strings as local time
    }


def refuse_real_secrets(environ: Mapping[str, str]) -> None:
    """Return when `environ` is not that of a real installation, with whose data the demo would mix its own.

    Raises:
        HomeError: it is.
    """
    found = [name for name in _REAL if environ.get(name)]
    if found:
        raise HomeError(
            f"`make run` starts the demo, but {' and '.join(found)} belong to a real installation. "
            "Unset them for the demo, or start the real one as docs/deploy.md says."
        )


def refuse_open_demo(settings: Settings, environ: Mapping[str, str]) -> None:
    """Return when the demo listens on this machine only, or was meant to be open to the network.

    Raises:
        HomeError: everybody on the network could sign in to it with a password that stands in the source.
    """
    if is_loopback(settings.host) or environ.get("JIANJIAN_DEMO_PUBLIC") == "1":
        return
    raise HomeError(
        f"JIANJIAN_HOST={settings.host} would open the demo to the network, and its accounts have a password "
        "that everybody knows. Leave JIANJIAN_HOST unset and come from this machine or by an SSH tunnel; "
        "install a real one as docs/deploy.md says; or, with nothing but demo data and for a moment, set "
        "JIANJIAN_DEMO_PUBLIC=1.\n"
        f"演示账号的密码是公开的，JIANJIAN_HOST={settings.host} 会让网络上的任何人都能登录，因此没有启动。"
        "请不要设置 JIANJIAN_HOST；确需短时对外演示的，请设置 JIANJIAN_DEMO_PUBLIC=1。"
    )


def launch(environ: Mapping[str, str]) -> None:
    """Run the demo until it is asked to stop.

    Raises:
        HomeError, SettingsError, QueueServerError, StartError: it cannot start; each says what to do.
    """
    refuse_real_secrets(environ)
    data_dir = data_directory(environ)
    with locked(data_dir):
        queue = plan_queue_server(data_dir, environ.get("REDIS_URL"))
        named = {name: environ[name] for name in ("DATABASE_URL", "PORT") if environ.get(name)}
        demo = keep_demo_settings(data_dir, {"REDIS_URL": queue.url, **named})
        env = child_environment(environ, demo, data_dir)
        settings = load_settings(env)
        refuse_open_demo(settings, environ)
        check_port(settings.host, settings.port)
        check_queue(queue)
        _write("launcher", f"starting; data in {data_dir}")
        supervisor = Supervisor(
            demo_plan(settings, queue, env),
            write=_write,
            on_ready=lambda kept: print(welcome(settings, kept), flush=True),  # noqa: T201
        )
        supervisor.run()


def check_queue(queue: QueuePlan) -> None:
    """Return when the queue server is one of our own, to be started yet, or answers.

    Raises:
        QueueServerError: the one that was named does not answer.
    """
    if queue.argv or Doorbell(queue.url).answers():
        return
    raise QueueServerError(
        "the server that REDIS_URL names does not answer. Start it, correct the address, or leave "
        "REDIS_URL unset to have a server of our own.\n"
        "REDIS_URL 所指的服务没有应答。请启动该服务或更正地址；不设置 REDIS_URL 时使用自带的服务。"
    )


def welcome(settings: Settings, accounts: str) -> str:
    """Return what is printed when everything is up, with the table that the demo's loader printed."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    open_to_all = "" if is_loopback(settings.host) else _OPEN_TO_ALL
    return (
        f"\n件件 Jianjian 已启动 is running:  http://{host}:{settings.port}\n\n{accounts.strip()}\n\n"
        f"数据 data: {settings.data_dir}\n停止 stop: Ctrl-C\n{open_to_all}"
    )


_OPEN_TO_ALL = f"""
{"!" * 100}
!!  警告：演示系统已对网络开放，账号和密码是公开的，任何人都能登录。不得录入任何真实信息，演示完立即停止。
!!  WARNING: this demo is open to the network and its passwords are public: anybody can sign in.
!!  Enter nothing real, and stop it right after the show.
{"!" * 100}
"""


def main(arguments: Sequence[str]) -> int:
    """Return the exit status of `make run`: 0 after a stop that was asked for, 1 when it could not start."""
    if "--stop-with-parent" in arguments:
        die_with_parent(getppid(), signal.SIGTERM)
    adopt_orphans()
    try:
        launch(process_environment())
    except (HomeError, SettingsError, QueueServerError, StartError) as error:
        print(f"\n{error}", file=sys.stderr)  # noqa: T201
        return 1
    print("已停止 stopped", flush=True)  # noqa: T201
    return 0


def _write(name: str, line: str) -> None:
    print(f"{name:<9} | {line}", flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
