package report

// DemoMark returns the sentence that marks an invented ente, for the tests.
func DemoMark(r *Reports, lang string) string { return r.texts.For(lang).T("report.demo_cover") }
