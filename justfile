# `just` lists these. The first group drives Docker Compose, the second this machine itself.

compose := "docker compose -f docker-compose.local.yml"

# Files that containers write into the checkout belong to you.
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

# Stop the local stack; data is kept.
[group("compose")]
down:
    {{ compose }} down --remove-orphans

# Follow the logs of one service, or of all.
[group("compose")]
logs *service:
    {{ compose }} logs --follow --tail 100 {{ service }}

# Stop the local stack and delete its volumes: database, images and logs are gone.
[group("compose")]
[confirm("This deletes the database, the images and the logs of the local stack. Continue?")]
prune:
    {{ compose }} down --volumes --remove-orphans

# Start everything but the web server, which then runs outside of Docker.
[group("compose")]
up_services:
    {{ compose }} up -d --remove-orphans db redis storage worker worker_heavy worker_import worker_system worker_derive worker_interactive beat elasticsearch kibana filebeat

# Run the service on this machine without Docker.
[group("machine")]
run *arguments:
    ./scripts/up {{ arguments }}

# Prove a change; `just test --all` runs everything, `just test PATH` some tests.
[group("machine")]
test *arguments:
    ./scripts/test {{ arguments }}

# Lint, formatting, types and the direction of imports.
[group("machine")]
check:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check .
    .venv/bin/mypy
    .venv/bin/lint-imports

# Write the derived files anew (OpenAPI document and the like).
[group("machine")]
generate *arguments:
    ./scripts/generate {{ arguments }}

# Resolve requirements*.in into the pinned requirements*.txt; `just lock --upgrade` takes newer ones.
[group("machine")]
lock *arguments:
    #!/usr/bin/env sh
    set -eu
    for name in requirements requirements-local requirements-dev requirements-formats; do
        uv pip compile "$name.in" -o "$name.txt" --universal --python-version 3.11 \
            --no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet {{ arguments }}
    done
