// Package web answers the pages: it reads the request, calls one method of
// app/service and renders a template or redirects. It knows no SQL and decides
// nothing: permissions, figures and states come from below.
package web
