# Runs start.py with the first Python that is new enough. A name alone says little: Windows has a
# `python3` that only opens its store.
for python in python3 python py; do
  if "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' > /dev/null 2>&1; then
    exec "$python" -I -X utf8 "$GITHUB_ACTION_PATH/start.py" "$1"
  fi
done
echo "::error title=Python missing::the action needs Python 3.11 or newer, and this runner has none. To fix: let actions/setup-python set one up before this step"
exit 1
