# Sourced by mvnw, davy and bench/run: sets JAVA_HOME to an installed JDK 25 or newer, or says what to install.
# Looks at DAVY_JAVA_HOME, JAVA_HOME, the java on PATH, then the folders where systems put their JDKs.

davy_java_major() { # DAVY_JAVA_MAJOR of the JDK in folder $1, 0 if there is none; starts no other program where it can
  DAVY_JAVA_MAJOR=0
  [ -x "$1/bin/javac" ] || [ -x "$1/bin/javac.exe" ] || return 0
  local line major=""
  if [ -r "$1/release" ]; then
    while IFS= read -r line || [ -n "$line" ]; do
      case $line in JAVA_VERSION=*) major=${line#JAVA_VERSION=}; break ;; esac
    done <"$1/release"
    major=${major#\"}
  else
    major=$("$1/bin/java" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  fi
  major=${major%%[!0-9]*}
  DAVY_JAVA_MAJOR=${major:-0}
}

davy_find_jdk() {
  local path_java="" candidate best="" best_major=0
  if command -v javac >/dev/null 2>&1; then
    path_java=$(dirname "$(dirname "$(readlink -f "$(command -v javac)" 2>/dev/null || command -v javac)")")
  fi
  for candidate in "${DAVY_JAVA_HOME:-}" "${JAVA_HOME:-}" "$path_java"; do
    [ -n "$candidate" ] || continue
    davy_java_major "$candidate"
    if [ "$DAVY_JAVA_MAJOR" -ge 25 ]; then JAVA_HOME=$candidate; export JAVA_HOME; return 0; fi
  done
  for candidate in /usr/lib/jvm/* /usr/java/* /opt/java/* /opt/jdk* /Library/Java/JavaVirtualMachines/*/Contents/Home \
      "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/*; do
    davy_java_major "$candidate"
    # The oldest that is new enough: what the project is built and tested with.
    if [ "$DAVY_JAVA_MAJOR" -ge 25 ] && { [ -z "$best" ] || [ "$DAVY_JAVA_MAJOR" -lt "$best_major" ]; }; then
      best=$candidate; best_major=$DAVY_JAVA_MAJOR
    fi
  done
  if [ -n "$best" ]; then JAVA_HOME=$best; export JAVA_HOME; return 0; fi
  echo "Davy needs a JDK 25 or newer and found none: install one (for example Temurin 25) or set JAVA_HOME to it." >&2
  return 3
}

davy_find_jdk || exit 3
