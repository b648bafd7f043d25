package pdfa

import (
	"bytes"
	"encoding/binary"
	"math"
)

// outputIntent adds the sRGB profile that says what the file's RGB values mean.
func (f *file) outputIntent() ref {
	icc := f.add(&stream{d: dict{"N": number(3)}, data: profile()})
	return f.add(dict{"Type": name("OutputIntent"), "S": name("GTS_PDFA1"),
		"OutputConditionIdentifier": token("(sRGB IEC61966-2.1)"), "Info": token("(sRGB IEC61966-2.1)"),
		"DestOutputProfile": icc})
}

// curvePoints is the length of the tone curve's table.
const curvePoints = 1024

// profile builds an ICC v2.1 display profile of sRGB: its primaries adapted to
// D50 and its transfer curve (IEC 61966-2-1:1999).
func profile() []byte {
	type tagged struct {
		sig  string
		data []byte
	}
	curve := toneCurve()
	tags := []tagged{
		{"desc", description("sRGB IEC61966-2.1")},
		{"cprt", append([]byte("text\x00\x00\x00\x00"), "No copyright, use freely\x00"...)},
		{"wtpt", xyz(0.9504559, 1, 1.0890578)},
		{"rXYZ", xyz(0.4360747, 0.2225045, 0.0139322)},
		{"gXYZ", xyz(0.3850649, 0.7168786, 0.0971045)},
		{"bXYZ", xyz(0.1430804, 0.0606169, 0.7141733)},
		{"rTRC", curve}, {"gTRC", curve}, {"bTRC", curve},
	}
	var table, body bytes.Buffer
	put(&table, uint32(len(tags))) //nolint:gosec // nine
	at := 128 + 4 + 12*len(tags)
	curveAt := 0
	for _, t := range tags {
		off := at + body.Len()
		if t.sig[1:] == "TRC" && curveAt > 0 {
			off = curveAt // the three curves share one table
		} else {
			body.Write(t.data)
			body.Write(make([]byte, (4-len(t.data)%4)%4))
			if t.sig[1:] == "TRC" {
				curveAt = off
			}
		}
		table.WriteString(t.sig)
		put(&table, uint32(off))         //nolint:gosec // a few thousand
		put(&table, uint32(len(t.data))) //nolint:gosec // a few thousand
	}
	head := make([]byte, 128)
	binary.BigEndian.PutUint32(head[0:], uint32(at+body.Len())) //nolint:gosec // a few thousand
	binary.BigEndian.PutUint32(head[8:], 0x02100000)
	copy(head[12:], "mntrRGB XYZ ")
	for i, v := range []uint16{1999, 1, 1} { // date of the profile's standard, no clock
		binary.BigEndian.PutUint16(head[24+2*i:], v)
	}
	copy(head[36:], "acsp")
	copy(head[68:], xyz(0.9642, 1, 0.8249)[8:])
	return bytes.Join([][]byte{head, table.Bytes(), body.Bytes()}, nil)
}

func put(b *bytes.Buffer, v uint32) {
	var w [4]byte
	binary.BigEndian.PutUint32(w[:], v)
	b.Write(w[:])
}

// xyz writes an XYZ tag of three s15Fixed16 numbers.
func xyz(x, y, z float64) []byte {
	b := bytes.NewBufferString("XYZ \x00\x00\x00\x00")
	for _, v := range []float64{x, y, z} {
		put(b, uint32(math.Round(v*65536)))
	}
	return b.Bytes()
}

// description writes a textDescription tag (ICC.1:1998, 6.5.17).
func description(s string) []byte {
	b := bytes.NewBufferString("desc\x00\x00\x00\x00")
	put(b, uint32(len(s)+1)) //nolint:gosec // short text
	b.WriteString(s)
	b.Write(make([]byte, 1+4+4+2+1+67))
	return b.Bytes()
}

func toneCurve() []byte {
	b := bytes.NewBufferString("curv\x00\x00\x00\x00")
	put(b, curvePoints)
	for i := range curvePoints {
		v := float64(i) / (curvePoints - 1)
		lin := v / 12.92
		if v > 0.04045 {
			lin = math.Pow((v+0.055)/1.055, 2.4)
		}
		var w [2]byte
		binary.BigEndian.PutUint16(w[:], uint16(math.Round(lin*65535)))
		b.Write(w[:])
	}
	return b.Bytes()
}
