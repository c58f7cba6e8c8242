#!/bin/sh
# Starts the LiteLLM proxy that oO asks, on this machine alone; what follows is passed on to `litellm`: --host, --port.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

# Without a key, the proxy would let everybody in.
: "${LITELLM_MASTER_KEY:?is not set: a key of your choice, which begins with sk-, for oO to ask with}"
export OLLAMA_API_BASE="${OLLAMA_API_BASE:-http://localhost:11434}"

# It fetches nothing at start, shows no pages, and keeps what went wrong without what was asked.
export LITELLM_LOCAL_MODEL_COST_MAP=True LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS=True LITELLM_LOCAL_BLOG_POSTS=True
export LITELLM_LOCAL_POLICY_TEMPLATES=True LITELLM_LOCAL_AUTOROUTER_PRESETS=True
export DISABLE_ADMIN_UI=True NO_DOCS=True NO_REDOC=True NO_OPENAPI=True

config=litellm.yaml
if [ -n "${ANTHROPIC_API_KEY:-}" ]; then config=litellm.anthropic.yaml; fi
exec litellm --config "$here/$config" --host 127.0.0.1 "$@"
