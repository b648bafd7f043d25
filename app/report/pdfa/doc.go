// Package pdfa rewrites the finished file of maroto (gofpdf 1.4.3) into one
// that can be filed: the same bytes for the same data, a 1.7 header with the
// binary mark, language, shown title, XMP metadata that the catalogue
// references, bookmarks, a document identifier taken from the content, a legal
// ToUnicode map, an sRGB output intent, compressed page streams and no empty
// name trees. The figures behind this list stand in shared/design/PDFA.md.
//
// The file does not call itself PDF/A or PDF/UA: text is not tagged yet, and no
// XMP of ours claims a conformity that is not reached.
//
// The parser reads what gofpdf writes (one cross-reference table, direct
// stream lengths, no encryption, no object streams) and refuses anything else.
// The package knows nothing of reports.
package pdfa
