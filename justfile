# `just` lists the recipes. The first group uses Docker Compose, the second this machine itself.

# Project and file are named here, because `.env` may name those of production.
compose := "docker compose --project-name image-processing-service-local --file docker-compose.local.yml"

# Containers run as you, so the files that they write into the checkout belong to you.
export APP_UID := `id -u`
export APP_GID := `id -g`

_default:
    @just --list --unsorted

# Build the images of the local stack.
[group("compose")]
build *services:
    {{ compose }} build {{ services }}

# Start the whole local stack in the background.
[group("compose")]
up *services:
    {{ compose }} up -d --remove-orphans {{ services }}

# Start the local stack with the debugger on ports 5678 (web server) and 5679 (worker).
[group("compose")]
up_debugger *services:
    {{ compose }} --file compose/local/debugger.yml up -d --remove-orphans {{ services }}

# Stop the local stack and keep its data.
[group("compose")]
down:
    {{ compose }} down --remove-orphans

# Follow the logs of one service, or of all.
[group("compose")]
logs *service:
    {{ compose }} logs --follow --tail 100 {{ service }}

# Stop the local stack and delete its volumes: database, images and logs.
[group("compose")]
[confirm("This deletes the database, the images and the logs of the local stack. Continue?")]
prune:
    {{ compose }} down --volumes --remove-orphans

# Start everything except the web server, to run that outside of Docker.
[group("compose")]
up_services:
    {{ compose }} up -d --remove-orphans db redis storage worker worker_heavy worker_import worker_system worker_derive worker_interactive beat elasticsearch kibana filebeat

# Run the service on this machine without Docker.
[group("machine")]
run *arguments:
    ./scripts/up {{ arguments }}

# Run the checks and quick tests; `just test --all` runs all tests, `just test PATH` some tests.
[group("machine")]
test *arguments:
    ./scripts/test {{ arguments }}

# Check lint, formatting, types and the direction of imports.
[group("machine")]
check:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/mypy
    .venv/bin/lint-imports

# Regenerate the derived files, such as the OpenAPI document.
[group("machine")]
generate *arguments:
    ./scripts/generate {{ arguments }}

# Resolve requirements*.in into the pinned requirements*.txt; `just lock --upgrade` upgrades them.
[group("machine")]
lock *arguments:
    #!/usr/bin/env sh
    set -eu
    for name in requirements requirements-local requirements-dev requirements-formats; do
        uv pip compile "$name.in" -o "$name.txt" --universal --python-version 3.11 \
            --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet {{ arguments }}
    done
