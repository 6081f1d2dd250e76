#!/bin/sh
# Starts the game: with the page it was built with when the shared directory has none yet.
set -eu
page=/var/www/html/index.html
if [ ! -e "$page" ]; then
  # link(2) never replaces a page that the sidecar puts there in the meantime.
  cp /usr/share/game-2048/index.html "/var/www/html/.index.html.$$"
  ln "/var/www/html/.index.html.$$" "$page" 2>/dev/null || [ -e "$page" ]
  rm "/var/www/html/.index.html.$$"
fi
exec nginx -c /etc/game-2048/nginx.conf
