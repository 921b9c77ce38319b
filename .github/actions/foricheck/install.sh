# Install foricheck, and give the key of the cache of compiled programs.
#
# A compiled program is of use on the same processor only, with the same versions.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
python -m pip install --quiet "${FORICHECK_REQUIREMENT:-$here/../../..}"

key=$(python - <<'PYTHON'
import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

cpu = Path("/proc/cpuinfo")
lines = cpu.read_text().splitlines() if cpu.exists() else [platform.processor()]
named = {line for line in lines if line.startswith(("model name", "flags", "Features"))}
processor = "\n".join(sorted(named or {platform.machine()}))
digest = hashlib.sha256(processor.encode()).hexdigest()[:12]
print(f"foricheck-{platform.system()}-{digest}-jax-{version('jax')}-jaxlib-{version('jaxlib')}")
PYTHON
)
echo "key=$key" >> "$GITHUB_OUTPUT"
