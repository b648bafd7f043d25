package app_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"

	"traguardo/app/storage"
	"traguardo/app/storage/storagetest"
)

// benchConnections is the number of people who send at the same moment, and of
// connections that pgbench opens.
const benchConnections = 8

// readySubmission is a questionnaire of which only the last button is left.
type readySubmission struct {
	url, contentType string
	body             []byte
	cookies          []*http.Cookie
}

// ready walks people up to the review page, so many at once.
func ready(b *testing.B, base string, links []string) []readySubmission {
	b.Helper()
	out := make([]readySubmission, len(links))
	var group sync.WaitGroup
	errs := make(chan error, len(links))
	queue := make(chan int)
	for range benchConnections {
		group.Go(func() {
			for i := range queue {
				v := newVisitor(base)
				if err := v.review(links[i], newCard, i, 1); err != nil {
					errs <- err
					continue
				}
				form := v.form("/q/invia")
				values, _ := filled(form)
				req, err := v.request(form, values)
				if err != nil {
					errs <- err
					continue
				}
				body, _ := io.ReadAll(req.Body) // bytes in memory
				out[i] = readySubmission{req.URL.String(), req.Header.Get("Content-Type"), body, v.client.Jar.Cookies(req.URL)}
			}
		})
	}
	for i := range links {
		queue <- i
	}
	close(queue)
	group.Wait()
	close(errs)
	for err := range errs {
		b.Fatal(err)
	}
	return out
}

// sendAll presses the buttons, and returns how long that took.
func sendAll(b *testing.B, all []readySubmission) time.Duration {
	b.Helper()
	var group sync.WaitGroup
	errs := make(chan error, len(all))
	queue := make(chan readySubmission, len(all))
	for _, r := range all {
		queue <- r
	}
	close(queue)
	start := time.Now()
	for range benchConnections {
		group.Go(func() {
			client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			defer client.CloseIdleConnections()
			for r := range queue {
				req, err := http.NewRequest(http.MethodPost, r.url, bytes.NewReader(r.body))
				if err != nil {
					errs <- err
					return
				}
				req.Header.Set("Content-Type", r.contentType)
				for _, c := range r.cookies {
					req.AddCookie(c)
				}
				resp, err := client.Do(req)
				if err != nil {
					errs <- err
					return
				}
				page, err := io.ReadAll(resp.Body)
				_ = resp.Body.Close()
				if err != nil || resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/q/grazie" {
					errs <- fmt.Errorf("status %d, %v: %.300s", resp.StatusCode, err, page)
				}
			}
		})
	}
	group.Wait()
	took := time.Since(start)
	close(errs)
	for err := range errs {
		b.Fatal(err)
	}
	return took
}

// BenchmarkSubmit measures the real submit path over HTTP, on both engines, and on
// PostgreSQL beside it pgbench running the same statements (testdata/submit.sql) on
// the same server with as many connections: submit_ratio is the first rate over the
// second. Run it with TRAGUARDO_TEST_DURABLE=1, so that commits reach the disk.
func BenchmarkSubmit(b *testing.B) {
	const people = 1600
	for _, engine := range storagetest.Engines() {
		b.Run(string(engine), func(b *testing.B) {
			dsn := storagetest.URL(b, engine)
			s := newSite(b, dsn)
			o := newOpenSurvey(b, s.App, people, true)
			all := ready(b, s.base, o.links)
			before := s.Store.Queries().Count()
			sendAll(b, all[:1])
			statements := s.Store.Queries().Count() - before
			sendAll(b, all[1:people/4]) // caches warm, statements prepared
			rest := all[people/4:]
			took := sendAll(b, rest)
			rate := float64(len(rest)) / took.Seconds()
			b.ReportMetric(rate, "submit_"+string(engine)+"_per_s")
			b.ReportMetric(float64(statements), "submit_statements")
			if responses, used := o.counts(b); responses != people || used != people {
				b.Fatalf("got %d responses and %d used links, want %d", responses, used, people)
			}
			if engine == storage.PostgreSQL {
				pg := pgbenchRate(b, dsn, int(statements), people)
				b.ReportMetric(pg, "submit_pgbench_per_s")
				b.ReportMetric(rate/pg, "submit_ratio")
			}
		})
	}
}

var pgbenchTPS = regexp.MustCompile(`tps = ([0-9.]+) \(without initial`)

// pgbenchRate fills a second wave with as many rows and runs the statements of the
// submit path on them.
func pgbenchRate(b *testing.B, dsn string, statements, people int) float64 {
	b.Helper()
	script := filepath.Join("testdata", "submit.sql")
	text, err := os.ReadFile(script)
	if err != nil {
		b.Fatal(err)
	}
	if n := len(regexp.MustCompile(`(?m)^(SELECT|INSERT|UPDATE|DELETE)`).FindAll(text, -1)); n != statements {
		b.Fatalf("testdata/submit.sql has %d statements, the submit path %d: bring it up to date", n, statements)
	}
	run := func(name string, args ...string) string {
		out, err := exec.Command(name, args...).CombinedOutput()
		if err != nil {
			b.Fatalf("%s: %v: %s", name, err, out)
		}
		return string(out)
	}
	run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", filepath.Join("testdata", "submit-rows.sql"), dsn)
	each := people / benchConnections
	out := run("pgbench", "-n", "-M", "prepared", "-c", strconv.Itoa(benchConnections), "-j", "2", "-t", strconv.Itoa(each), "-D", "i=0", "-f", script, dsn)
	m := pgbenchTPS.FindStringSubmatch(out)
	if m == nil {
		b.Fatalf("pgbench printed no rate: %s", out)
	}
	rate, err := strconv.ParseFloat(m[1], 64)
	if err != nil {
		b.Fatal(err)
	}
	return rate
}
