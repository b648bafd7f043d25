// Package templates embeds the HTML of the pages and the static files that
// browsers load. It holds no code but the embedding: app/web parses and serves.
//
// layouts/ hold the frames (base, survey, plain), partials/ the pieces that pages
// share, pages/<group>/ one file per page, static/ our style sheet and script, and
// static/vendor/ what `make assets` copies from npm packages (not committed but
// for a placeholder). How to write a page: docs/developers/pages.md.
package templates
