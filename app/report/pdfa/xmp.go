package pdfa

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"time"
)

// xmp returns the metadata packet, equal to the document information. It names
// no conformity level: see the package comment.
func xmp(o Options) []byte {
	var b bytes.Buffer
	day := o.Date.UTC().Format(time.RFC3339)
	b.WriteString("<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n" +
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">` +
		`<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">` + "\n")
	fmt.Fprintf(&b, `<dc:format>application/pdf</dc:format>`+"\n")
	fmt.Fprintf(&b, `<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>`+"\n", esc(o.Title))
	if o.Author != "" {
		fmt.Fprintf(&b, `<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>`+"\n", esc(o.Author))
	}
	if o.Subject != "" {
		fmt.Fprintf(&b, `<dc:description><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:description>`+"\n", esc(o.Subject))
	}
	fmt.Fprintf(&b, `<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>`+"\n", esc(o.Lang))
	if o.Keywords != "" {
		fmt.Fprintf(&b, `<pdf:Keywords>%s</pdf:Keywords>`+"\n", esc(o.Keywords))
	}
	fmt.Fprintf(&b, `<pdf:Producer>%s</pdf:Producer><xmp:CreatorTool>%s</xmp:CreatorTool>`+"\n", Producer, Producer)
	fmt.Fprintf(&b, `<xmp:CreateDate>%[1]s</xmp:CreateDate><xmp:ModifyDate>%[1]s</xmp:ModifyDate>`+
		`<xmp:MetadataDate>%[1]s</xmp:MetadataDate>`+"\n", day)
	b.WriteString("</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>")
	return b.Bytes()
}

func esc(s string) string {
	var b bytes.Buffer
	if err := xml.EscapeText(&b, []byte(s)); err != nil { // a buffer never refuses
		return ""
	}
	return b.String()
}
